//! The checks: what InfVerif finds, and a little more.
//!
//! A check walks the file as an installation would: from `[Manufacturer]` over the models to the DDInstall sections
//! and what they name. What that walk collects (files, registry sections, services) is judged once at its end.

mod binaries;
mod devices;
mod files;
mod install;
mod references;
mod registry;
mod services;
mod text;
mod version;
mod wdf;

use super::classes;
use super::rules::{self, Rule};
use super::tree::{Field, Inf, Merged, Span};
use install::Walk;
use references::References;
use std::collections::HashSet;
use std::fmt;
use std::str::FromStr;

/// Which requirements a file has to meet. One of InfVerif's modes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Mode {
    /// It installs.
    #[default]
    Default,
    /// It is universal: InfVerif's `/u`.
    Universal,
    /// It is a Windows driver, declarative and isolated: `/w`.
    Windows,
    /// Hardware Dev Center signs it: `/h`. As `/w`, with the exceptions that are documented for now.
    Hardware,
}

impl Mode {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Default, Self::Universal, Self::Windows, Self::Hardware];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Universal => "universal",
            Self::Windows => "windows",
            Self::Hardware => "hardware",
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Mode {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|mode| mode.name() == name).ok_or_else(|| {
            format!("there is no mode `{name}` (there are default, universal, windows and hardware)")
        })
    }
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Good to know.
    Info,
    /// Probably not what was meant.
    Warning,
    /// Does not install, or does not meet the requirements of the mode.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// What is checked, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// The requirements.
    pub mode: Mode,
    /// The file is yet to be stamped: `$ARCH$` and the other placeholders stand for what they will be, and
    /// `DriverVer` may be empty.
    pub unstamped: bool,
}

/// Something that is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// How bad it is in the mode that was asked for.
    pub severity: Severity,
    /// What is wrong here.
    pub message: String,
    /// Where.
    pub span: Span,
    /// A second place, and what it has to do with it.
    pub related: Option<(Span, String)>,
}

/// Checks a file. The findings come in the order of the file.
pub fn check(inf: &Inf, options: &Options) -> Vec<Finding> {
    let mut checker = Checker {
        inf,
        options: *options,
        class: Class::of(inf),
        references: References::new(inf),
        walk: Walk::default(),
        findings: Vec::new(),
        seen: HashSet::new(),
    };
    checker.encoding();
    checker.malformed();
    if !checker.findings.iter().any(|finding| finding.rule == &rules::DAMAGED_LINE_ENDS) {
        checker.text();
        checker.version();
        checker.devices();
        checker.defaults();
        checker.installs();
        checker.services();
        checker.registry();
        checker.files();
        checker.unused();
    }
    let mut findings = checker.findings;
    findings.sort_by_key(|finding| (finding.span, finding.rule.number));
    findings
}

/// Where a check stops to report.
const MAX_FINDINGS: usize = 10_000;

/// The setup class that `[Version]` names.
#[derive(Debug, Default)]
struct Class {
    name: String,
    guid: String,
}

impl Class {
    fn of(inf: &Inf) -> Self {
        let value = |key| {
            let field = inf.section("Version").and_then(|section| section.directive(key)?.value(0));
            field.map(|field| inf.expand(field)).unwrap_or_default()
        };
        Self { name: value("Class"), guid: value("ClassGuid") }
    }

    fn system(&self) -> Option<classes::Class> {
        classes::by_guid(&self.guid).or_else(|| classes::by_name(&self.name))
    }

    fn is_one_of(&self, names: &[&str]) -> bool {
        self.system().is_some_and(|class| names.contains(&class.name))
    }
}

struct Checker<'a> {
    inf: &'a Inf,
    options: Options,
    class: Class,
    references: References,
    walk: Walk,
    findings: Vec<Finding>,
    /// What has been reported. A section that is reached on several ways is judged once.
    seen: HashSet<(u16, Span, String)>,
}

impl<'a> Checker<'a> {
    fn report(&mut self, rule: &'static Rule, span: Span, message: impl Into<String>) {
        if let Some(severity) = rule.severity(self.options.mode) {
            self.put(rule, severity, span, message.into(), None);
        }
    }

    /// Reports what is a warning here, whatever the mode makes of the rule.
    fn warn(&mut self, rule: &'static Rule, span: Span, message: impl Into<String>) {
        if let Some(severity) = rule.severity(self.options.mode) {
            self.put(rule, severity.min(Severity::Warning), span, message.into(), None);
        }
    }

    fn report_with(
        &mut self,
        rule: &'static Rule,
        span: Span,
        message: impl Into<String>,
        related: (Span, &str),
    ) {
        if let Some(severity) = rule.severity(self.options.mode) {
            self.put(rule, severity, span, message.into(), Some((related.0, related.1.to_owned())));
        }
    }

    fn put(
        &mut self,
        rule: &'static Rule,
        severity: Severity,
        span: Span,
        message: String,
        related: Option<(Span, String)>,
    ) {
        if self.findings.len() == MAX_FINDINGS {
            let message = format!("there are more than {MAX_FINDINGS} findings");
            self.findings.push(Finding {
                rule: &rules::TOO_MUCH,
                severity: Severity::Warning,
                message,
                span,
                related: None,
            });
        }
        if self.findings.len() > MAX_FINDINGS {
            return;
        }
        if self.seen.insert((rule.number, span, message.clone())) {
            self.findings.push(Finding { rule, severity, message, span, related });
        }
    }

    fn text_of(&self, field: &Field) -> String {
        self.inf.expand(field)
    }

    /// A section, which is now in use.
    fn take(&mut self, name: &str) -> Option<Merged<'a>> {
        let section = self.inf.section(name)?;
        self.references.used.insert(name.to_ascii_lowercase());
        Some(section)
    }
}
