//! Which sections are named, by what, and which are not.

use super::Checker;
use crate::inf::decoration::Decoration;
use crate::inf::rules;
use crate::inf::strings;
use crate::inf::tree::{Field, Inf, Merged, Span};
use std::collections::{HashMap, HashSet};

/// Sections by the names that lead to them.
#[derive(Debug)]
pub(super) struct References {
    /// Sections that the walk has reached, in lower case.
    pub(super) used: HashSet<String>,
    /// Which directive named a section first.
    by: HashMap<String, String>,
    /// The sections of a name without its decoration, in the order of the file.
    bases: HashMap<String, Vec<String>>,
}

impl References {
    pub(super) fn new(inf: &Inf) -> Self {
        let mut bases: HashMap<String, Vec<String>> = HashMap::new();
        let mut known = HashSet::new();
        for section in inf.sections() {
            let name = section.name.to_ascii_lowercase();
            if known.insert(name.clone()) {
                bases.entry(Decoration::split(&name).0.to_owned()).or_default().push(name);
            }
        }
        Self { used: HashSet::new(), by: HashMap::new(), bases }
    }

    /// The sections of a name, with any decoration: their names in lower case.
    pub(super) fn decorated(&self, base: &str) -> Vec<String> {
        let base = base.to_ascii_lowercase();
        let mut names = self.bases.get(&base).cloned().unwrap_or_default();
        // The name may itself end with what looks like a decoration.
        let (inner, decoration) = Decoration::split(&base);
        if decoration.is_some() && self.bases.get(inner).is_some_and(|names| names.contains(&base)) {
            names.push(base);
        }
        names
    }
}

/// Sections that Windows reads by themselves. What follows a dot does not matter.
const BY_THEMSELVES: [&str; 13] = [
    "version",
    "strings",
    "manufacturer",
    "sourcedisksnames",
    "sourcedisksfiles",
    "destinationdirs",
    "controlflags",
    "classinstall32",
    "interfaceinstall32",
    "defaultinstall",
    "defaultuninstall",
    "signatureattributes",
    "driverpackagetarget",
];

impl<'a> Checker<'a> {
    /// The section that a directive names. Complains when there is none.
    pub(super) fn refer(&mut self, directive: &str, field: &Field, includes: bool) -> Option<Merged<'a>> {
        let name = self.text_of(field);
        let Some(section) = self.take(&name) else {
            // A token that has no string is complained about as such.
            if !name.contains('%') {
                self.not_found(directive, field, &name, includes);
            }
            return None;
        };
        let key = name.to_ascii_lowercase();
        match self.references.by.get(&key) {
            None => {
                self.references.by.insert(key, directive.to_owned());
            }
            Some(first) if !first.eq_ignore_ascii_case(directive) => {
                let message = format!("[{}] is referenced from {first} and {directive}", section.name());
                self.report_with(
                    &rules::REFERENCED_BY_TWO_DIRECTIVES,
                    section.span(),
                    message,
                    (field.span, "the second reference"),
                );
            }
            Some(_) => {}
        }
        Some(section)
    }

    fn not_found(&mut self, directive: &str, field: &Field, name: &str, includes: bool) {
        if includes {
            let message = format!("{directive} names the section [{name}], which is not in this file");
            return self.report(&rules::DEFINED_ELSEWHERE, field.span, message);
        }
        let is_file =
            directive.eq_ignore_ascii_case("CopyFiles") && name.contains('.') && !name.contains(' ');
        let hint = if is_file { format!("; for a file of that name write @{name}") } else { String::new() };
        self.report(&rules::SECTION_NOT_FOUND, field.span, format!("section [{name}] not found{hint}"));
    }

    /// Complains about sections that nothing names.
    pub(super) fn unused(&mut self) {
        let mut mentioned = HashSet::new();
        for section in self.inf.sections() {
            if strings::language(&section.name).is_some() {
                continue;
            }
            // Class installers have directives of their own, which may name sections.
            for field in section.lines.iter().flat_map(|line| &line.values) {
                mentioned.insert(self.text_of(field).to_ascii_lowercase());
            }
        }
        for section in self.inf.sections() {
            let name = section.name.to_ascii_lowercase();
            let first = name.split('.').next().unwrap_or_default();
            // A class installer appends extensions of its own to the name of a DDInstall section.
            let mut parents = name.match_indices('.').map(|(dot, _)| &name[..dot]);
            let is_used = self.references.used.contains(&name)
                || mentioned.contains(&name)
                || BY_THEMSELVES.contains(&first)
                || Decoration::split(&name).1.is_some() && mentioned.contains(Decoration::split(&name).0)
                || self.walk.has_extensions && parents.any(|parent| self.references.used.contains(parent));
            if !is_used && !name.is_empty() {
                let message = format!("section [{}] is not referenced or used", section.name);
                self.report(&rules::NOT_USED, section.span, message);
            }
        }
    }

    /// The span of the header of a section.
    pub(super) fn header(&self, name: &str) -> Span {
        self.inf.section(name).map_or(Span::new(0, 0), |section| section.span())
    }
}
