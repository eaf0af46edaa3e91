//! The functions that are only declared: `declared.txt`.

use std::fmt::Write as _;

use anyhow::{Context, Result, bail};

use crate::convert::Converter;
use crate::emit::header;
use crate::metadata::Metadata;
use crate::model::{Model, Ty};
use crate::overrides::Overrides;
use crate::selection::Selection;

/// The list, in file order.
#[derive(Default)]
pub struct Declared {
    pub groups: Vec<Group>,
}

/// The functions of a DDI module of `wdk-sys` that one module of Windows exports.
pub struct Group {
    /// The macro's name, and the module of `wdk-sys`: `ntddk`, `hid`.
    pub name: String,
    /// The module that exports them: `ntoskrnl.exe`.
    pub module: String,
    /// Each with the constant of its highest IRQL, where that is known.
    pub functions: Vec<(String, Option<String>)>,
}

impl Declared {
    /// Reads the list. Lines: `module NAME`, `in MODULE-OF-WDK-SYS`, `FUNCTION IRQL`, `# comment`.
    pub fn parse(text: &str) -> Result<Self> {
        let mut this = Self::default();
        let mut place = String::from("ntddk");
        for (number, line) in text.lines().enumerate() {
            this.line(line.trim(), &mut place)
                .with_context(|| format!("declared.txt line {}", number + 1))?;
        }
        Ok(this)
    }

    fn line(&mut self, line: &str, place: &mut String) -> Result<()> {
        if line.is_empty() || line.starts_with('#') {
            return Ok(());
        }
        let (word, rest) = line.split_once(' ').context("a word and something behind it")?;
        match word {
            "in" => *place = rest.into(),
            "module" => {
                self.groups.push(Group { name: place.clone(), module: rest.into(), functions: Vec::new() });
            }
            name => {
                let irql = match rest {
                    "?" => None,
                    "PASSIVE" | "APC" | "DISPATCH" | "HIGH" => Some(format!("{rest}_LEVEL")),
                    "DIRQL" => Some(rest.to_string()),
                    other => bail!("{other} is not an IRQL this tool knows"),
                };
                let group = self.groups.last_mut().context("no module before the first function")?;
                group.functions.push((name.into(), irql));
            }
        }
        Ok(())
    }
}

/// One function, resolved.
pub struct Function<'a> {
    group: &'a Group,
    name: &'a str,
    irql: Option<&'a str>,
    params: Vec<(String, Ty)>,
    ret: Ty,
    optional: Vec<String>,
}

/// Looks up every declared function. All problems are reported at once.
pub fn resolve<'a>(
    converter: &mut Converter<'_>,
    metadata: &Metadata<'_>,
    overrides: &Overrides,
    selection: &Selection,
    declared: &'a Declared,
) -> Result<Vec<Function<'a>>> {
    let mut out: Vec<Function<'a>> = Vec::new();
    let mut problems = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    for group in &declared.groups {
        for (name, irql) in &group.functions {
            if selection.functions.iter().any(|wanted| wanted.name == *name) {
                problems.push(format!("{name} is in selection.txt, too"));
                continue;
            }
            if !seen.insert(name.as_str()) {
                problems.push(format!("{name} is declared twice"));
                continue;
            }
            let signature = match (metadata.function(name), overrides.function(name)) {
                (Some(_), Some(_)) => {
                    problems.push(format!("{name} has come into the metadata: drop the override"));
                    continue;
                }
                (None, Some(entry)) => converter
                    .signature(&entry.signature)
                    .map(|(params, ret)| (params, ret, entry.optional.clone())),
                _ => converter.wanted_method(name),
            };
            match signature {
                Ok((params, ret, optional)) => {
                    out.push(Function { group, name, irql: irql.as_deref(), params, ret, optional });
                }
                Err(problem) => problems.push(format!("fn {name}: {problem:#}")),
            }
        }
    }
    if !problems.is_empty() {
        bail!("{}", problems.join("\n  "));
    }
    Ok(out)
}

/// The file holding the declarations: a macro for each module of `wdk-sys`.
pub fn statement(model: &Model, functions: &[Function<'_>], what: &str) -> Result<String> {
    let mut out = header(what, "");
    let mut names: Vec<&str> = functions.iter().map(|function| function.group.name.as_str()).collect();
    names.dedup();
    for name in &names {
        writeln!(
            out,
            "\n/// The functions of the module `{name}` that have no slot in an emulator, once. `max` is the highest IRQL of\n\
             /// a caller (nothing where it is not known); `optional` names the pointers that may be NULL.\n\
             #[doc(hidden)]\n#[macro_export]\nmacro_rules! {name}_declared {{\n    ($($then:tt)+) => {{ $($then)+! {{"
        )?;
        for function in functions.iter().filter(|function| function.group.name == **name) {
            one(&mut out, model, function)?;
        }
        writeln!(out, "    }} }};\n}}\n#[allow(unused_imports)]\npub(crate) use {name}_declared;")?;
    }
    for name in &names {
        let count = functions.iter().filter(|function| function.group.name == **name).count();
        writeln!(
            out,
            "\n/// How many functions `{name}_declared` states.\npub const {}_DECLARED: usize = {count};",
            name.to_uppercase()
        )?;
    }
    Ok(out)
}

fn one(out: &mut String, model: &Model, function: &Function<'_>) -> Result<()> {
    let params: Vec<String> =
        function.params.iter().map(|(name, ty)| format!("{name}: {}", model.spell(ty))).collect();
    let ret = model.spell(&function.ret);
    let one_line = format!("        fn {}({}) -> {ret} {{", function.name, params.join(", "));
    if one_line.len() <= 110 {
        writeln!(out, "{one_line}")?;
    } else {
        writeln!(out, "        fn {}(", function.name)?;
        for param in &params {
            writeln!(out, "            {param},")?;
        }
        writeln!(out, "        ) -> {ret} {{")?;
    }
    write!(out, "            module: \"{}\"; max: {};", function.group.module, function.irql.unwrap_or(""))?;
    match &function.optional[..] {
        [] => writeln!(out, " optional: ;")?,
        some => writeln!(out, " optional: {};", some.join(", "))?,
    }
    writeln!(out, "        }}")?;
    Ok(())
}
