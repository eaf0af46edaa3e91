//! `cargo driver inf explain`.

use super::Explain;
use crate::exit::{Exit, Failure, Result};
use std::fmt::Write as _;
use std::io::Write as _;
use wdk_build::inf::{Mode, RULES, Rule, rule};

pub fn explain(options: &Explain) -> Result<Exit> {
    let text = match &options.number {
        None => RULES.iter().map(|rule| format!("{}  {}\n", rule.name(), rule.title)).collect(),
        Some(text) => long(find(text)?),
    };
    // A reader that has gone away does not want the rest.
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
    Ok(Exit::Ok)
}

fn find(text: &str) -> Result<&'static Rule> {
    let digits = text.get(..3).filter(|start| start.eq_ignore_ascii_case("INF")).map_or(text, |_| &text[3..]);
    digits.parse().ok().and_then(rule).ok_or_else(|| {
        let what = format!("there is no finding `{text}` (`cargo driver inf explain` lists them)");
        Failure::new(Exit::Usage, what)
    })
}

fn long(rule: &Rule) -> String {
    let mut text =
        format!("{}: {}\n\n{}\n\nWhat to do: {}\n\n", rule.name(), rule.title, rule.meaning, rule.mend);
    let source = match rule.number {
        ..9000 => "The number is that of Microsoft's InfVerif.",
        9000.. => "The number is ours; InfVerif has none for it that is documented.",
    };
    for mode in Mode::ALL {
        let severity = rule.severity(mode).map_or("not reported".to_owned(), |severity| severity.to_string());
        let _ = writeln!(text, "{:<10} {severity}", mode.name());
    }
    text + "\n" + source + "\n"
}
