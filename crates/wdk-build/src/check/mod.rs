//! Judges a driver image: what the Windows loader, memory integrity and production signing want of it.
//!
//! Any driver image: of any compiler and linker, signed or not. Each rule has a name that stays, and says what it found
//! whether or not the image keeps it.

mod rules;
#[cfg(test)]
mod tests;
mod view;

pub use rules::RULES;

use crate::error::{Error, Result};
use serde::Serialize;
use std::path::Path;
use view::View;

/// What follows when a rule is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Windows does not load the image, or not everywhere.
    Error,
    /// It loads, but is not what is shipped.
    Warning,
}

/// A rule for driver images.
pub struct Rule {
    /// The name, which stays.
    pub id: &'static str,
    /// What it asks for.
    pub title: &'static str,
    /// What follows when it is broken.
    pub severity: Severity,
    /// Why, and what to do.
    pub help: &'static str,
    judge: fn(&View<'_>) -> Judgement,
}

/// What a rule makes of an image.
struct Judgement {
    outcome: Outcome,
    found: String,
}

impl Judgement {
    fn of(kept: bool, found: impl Into<String>) -> Self {
        Self { outcome: if kept { Outcome::Pass } else { Outcome::Fail }, found: found.into() }
    }

    fn not_applicable(why: &str) -> Self {
        Self { outcome: Outcome::NotApplicable, found: why.to_owned() }
    }
}

/// Whether an image keeps a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It does.
    Pass,
    /// It does not.
    Fail,
    /// The rule is for another kind of image.
    NotApplicable,
}

/// One rule's line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// The rule's name.
    pub rule: &'static str,
    /// What it asks for.
    pub title: &'static str,
    /// What follows when it is broken.
    pub severity: Severity,
    /// Whether it is kept.
    pub outcome: Outcome,
    /// What was found.
    pub found: String,
    /// What to do, where it is broken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<&'static str>,
}

/// What all rules make of an image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// `kernel` or `user`.
    pub kind: &'static str,
    /// A line for each rule, in the order of [`RULES`].
    pub lines: Vec<Line>,
}

impl Report {
    /// Whether no rule is broken whose breach keeps the image from loading; with `strict`, none at all.
    pub fn is_good(&self, strict: bool) -> bool {
        self.broken().all(|line| line.severity == Severity::Warning && !strict)
    }

    /// The rules that are broken.
    pub fn broken(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(|line| line.outcome == Outcome::Fail)
    }
}

/// Judges the image in a file.
///
/// # Errors
///
/// [`Error::File`] when it cannot be read, [`Error::Image`] when it is no 64-bit Windows image.
pub fn check_file(path: &Path) -> Result<Report> {
    if path.is_dir() {
        let what = "is a directory (give the driver's `.sys` file)".to_owned();
        return Err(Error::Image { path: path.to_owned(), what });
    }
    let image = crate::files::read(path, crate::image::LIMIT)?;
    check(&image).map_err(|what| Error::Image { path: path.to_owned(), what })
}

/// Judges an image.
///
/// # Errors
///
/// What the bytes are instead of a 64-bit Windows image.
pub fn check(image: &[u8]) -> std::result::Result<Report, String> {
    let view = View::new(image)?;
    let lines = RULES.iter().map(|rule| {
        let Judgement { outcome, found } = (rule.judge)(&view);
        let help = (outcome == Outcome::Fail).then_some(rule.help);
        Line { rule: rule.id, title: rule.title, severity: rule.severity, outcome, found, help }
    });
    Ok(Report { kind: if view.is_kernel() { "kernel" } else { "user" }, lines: lines.collect() })
}
