//! What is wanted: `selection.txt`.

use anyhow::{Context, Result, bail};

/// The list, in file order.
#[derive(Default)]
pub struct Selection {
    /// Files to write types to, in order: file name and one-line description.
    pub areas: Vec<(String, String)>,
    /// Types, each with its file.
    pub types: Vec<(String, String)>,
    pub functions: Vec<Wanted>,
    /// Constant names or `PREFIX*` patterns.
    pub constants: Vec<String>,
    /// `!PATTERN`: constants not wanted although a pattern above matches.
    pub without: Vec<String>,
}

/// A function and what the metadata does not know about it.
pub struct Wanted {
    pub name: String,
    pub min: String,
    pub max: String,
    pub doc: String,
}

impl Selection {
    /// Reads the list. Lines: `area NAME: what`, `type NAME…`, `const PATTERN…`, `fn NAME MIN..MAX: what`, `# comment`.
    pub fn parse(text: &str) -> Result<Self> {
        let mut this = Self::default();
        for (number, line) in text.lines().enumerate() {
            this.line(line.trim()).with_context(|| format!("selection.txt line {}", number + 1))?;
        }
        Ok(this)
    }

    fn line(&mut self, line: &str) -> Result<()> {
        if line.is_empty() || line.starts_with('#') {
            return Ok(());
        }
        let (word, rest) = line.split_once(' ').context("a word and something to apply it to")?;
        match word {
            "area" => {
                let (name, what) = rest.split_once(": ").context("area NAME: what it holds")?;
                self.areas.push((name.into(), what.into()));
            }
            "type" => {
                let area = self.areas.last().context("no area before the first type")?.0.clone();
                self.types.extend(rest.split_whitespace().map(|name| (name.to_string(), area.clone())));
            }
            "const" => {
                for pattern in rest.split_whitespace() {
                    match pattern.strip_prefix('!') {
                        Some(pattern) => self.without.push(pattern.into()),
                        None => self.constants.push(pattern.into()),
                    }
                }
            }
            "fn" => {
                let (head, doc) = rest.split_once(": ").context("fn NAME MIN..MAX: what it does")?;
                let (name, irql) = head.split_once(' ').context("fn NAME MIN..MAX")?;
                let (min, max) = irql.split_once("..").context("MIN..MAX")?;
                for level in [min, max] {
                    if !["PASSIVE", "APC", "DISPATCH", "HIGH"].contains(&level) {
                        bail!("{level} is not an IRQL this tool knows");
                    }
                }
                self.functions.push(Wanted {
                    name: name.into(),
                    min: format!("{min}_LEVEL"),
                    max: format!("{max}_LEVEL"),
                    doc: doc.into(),
                });
            }
            other => bail!("unknown word {other}"),
        }
        Ok(())
    }
}

/// Whether `name` matches `pattern`, which may end in `*`.
pub fn matches(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(stem) => name.starts_with(stem),
        None => name == pattern,
    }
}
