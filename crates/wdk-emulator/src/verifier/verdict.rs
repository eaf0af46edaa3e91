//! What a stopped run says.

use super::{Level, place};
use crate::kernel::Kernel;
use std::fmt;

/// Whose fault it is that the run stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// The driver did something that it must not do.
    DriverBug,
    /// The driver used something that this emulator does not model. Not a bug in the driver.
    NotModelled,
    /// The run could not go on, or went on for too long.
    LimitReached,
}

/// A rule that drivers keep.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Short name that stays.
    pub id: &'static str,
    /// What Microsoft calls it: a DDI-compliance rule, a Driver Verifier option or a bug check.
    pub microsoft: &'static str,
    /// What the driver did, in one sentence.
    pub means: &'static str,
    /// What to do about it.
    pub help: &'static str,
    /// The least level at which it is checked.
    pub level: Level,
}

/// Why a run stopped.
#[derive(Debug, Clone)]
pub struct Verdict {
    /// Whose fault it is.
    pub kind: Kind,
    /// The rule that was broken.
    pub rule: Option<&'static Rule>,
    /// One line.
    pub title: String,
    /// Where it showed: source place if known, thread, callback and call, IRQL.
    pub effect: String,
    /// What led to it.
    pub cause: String,
    /// The object that it is about, and what happened to it.
    pub history: Vec<String>,
    /// The driver's source line of the effect, where debug information gives it.
    pub place: Option<String>,
    /// The frames of an image's code at the effect, innermost first: `module+offset function+offset (file:line)`.
    pub backtrace: Vec<String>,
    /// The seed with which the run repeats.
    pub seed: u64,
}

impl Verdict {
    pub(crate) fn driver_bug(k: &Kernel, rule: &'static Rule, effect: String, cause: String) -> Self {
        let place::Location { place, backtrace } = place::of_driver(k);
        Self {
            kind: Kind::DriverBug,
            rule: Some(rule),
            title: rule.means.to_owned(),
            effect: in_context(k, effect),
            cause,
            history: Vec::new(),
            place,
            backtrace,
            seed: k.config.seed,
        }
    }

    /// A verdict about a driver whose stack cannot run any more.
    pub(crate) fn of_lost_driver(k: &Kernel, rule: &'static Rule, effect: String) -> Self {
        Self {
            kind: Kind::DriverBug,
            rule: Some(rule),
            title: rule.means.to_owned(),
            effect: in_context(k, effect),
            cause: String::new(),
            history: Vec::new(),
            place: None,
            backtrace: Vec::new(),
            seed: k.config.seed,
        }
    }

    pub(crate) fn not_modelled(k: &Kernel, what: &str) -> Self {
        let place::Location { place, backtrace } = place::of_driver(k);
        Self {
            kind: Kind::NotModelled,
            rule: None,
            title: format!("not modelled: {what} — this is not a bug in the driver"),
            effect: in_context(k, format!("`{what}` was called")),
            cause: String::new(),
            history: Vec::new(),
            place,
            backtrace,
            seed: k.config.seed,
        }
    }

    pub(crate) fn limit(k: &Kernel, what: String) -> Self {
        Self {
            kind: Kind::LimitReached,
            rule: None,
            title: format!("limit reached: {what}"),
            effect: in_context(k, "the run cannot go on".to_owned()),
            cause: k.who_waits(),
            history: Vec::new(),
            place: None,
            backtrace: Vec::new(),
            seed: k.config.seed,
        }
    }

    /// The id of the broken rule, or of the kind of stop.
    pub fn id(&self) -> &'static str {
        match (self.rule, self.kind) {
            (Some(rule), _) => rule.id,
            (None, Kind::NotModelled) => "not-modelled",
            (None, _) => "limit-reached",
        }
    }
}

/// Adds who was doing what, at which IRQL.
fn in_context(k: &Kernel, effect: String) -> String {
    if !k.on_thread() {
        return effect;
    }
    let thread = k.thread();
    let mut text = effect;
    if let Some(callback) = thread.callback.get() {
        text.push_str(&format!(", in {callback}"));
    }
    text.push_str(&format!(", on {} at {}", thread.label(), irql_name(thread.irql.get())));
    text
}

/// The name of an IRQL.
pub(crate) fn irql_name(irql: u8) -> String {
    match irql {
        0 => "PASSIVE_LEVEL".to_owned(),
        1 => "APC_LEVEL".to_owned(),
        2 => "DISPATCH_LEVEL".to_owned(),
        15 => "HIGH_LEVEL".to_owned(),
        level => format!("IRQL {level}"),
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            Kind::DriverBug => "driver bug",
            Kind::NotModelled => "not modelled",
            Kind::LimitReached => "limit reached",
        };
        match self.kind {
            Kind::DriverBug => writeln!(f, "error: {kind}: {}", self.title)?,
            _ => writeln!(f, "error: {}", self.title)?,
        }
        if let Some(place) = &self.place {
            writeln!(f, "  --> {place}")?;
        }
        writeln!(f, "   = effect: {}", self.effect)?;
        if !self.cause.is_empty() {
            writeln!(f, "   = cause: {}", self.cause)?;
        }
        for frame in &self.backtrace {
            writeln!(f, "   = frame: {frame}")?;
        }
        for line in &self.history {
            writeln!(f, "   = history: {line}")?;
        }
        if let Some(rule) = self.rule {
            writeln!(f, "   = help: {}", rule.help)?;
            writeln!(f, "   = rule: {} ({})", rule.id, rule.microsoft)?;
        }
        write!(f, "   = seed: {}", self.seed)
    }
}
