//! DDInstall sections, their extensions, and what their directives name.

use super::Checker;
use super::registry::RegistryUse;
use super::services::{Added, ServiceInstall};
use crate::inf::decoration::Architecture;
use crate::inf::rules;
use crate::inf::tree::{Field, Line, Merged, Span};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Where an installation takes place.
#[derive(Debug, Clone, Default)]
pub(super) struct Scope {
    /// The architectures; none when it is not said.
    pub(super) architectures: BTreeSet<Architecture>,
    /// The oldest Windows, and what says so.
    pub(super) oldest: Option<((u32, u32, u32), Span)>,
}

impl Scope {
    pub(super) fn join(&mut self, other: &Self) {
        self.architectures.extend(&other.architectures);
        self.oldest = match (self.oldest, other.oldest) {
            (Some(own), Some(other)) => Some(if other.0 < own.0 { other } else { own }),
            (own, other) => own.or(other),
        };
    }
}

/// A section that starts an installation.
#[derive(Debug, Clone)]
pub(super) struct Install {
    pub(super) scope: Scope,
    pub(super) is_device: bool,
}

/// What the walk has collected, by the names of the sections in lower case.
#[derive(Debug, Default)]
pub(super) struct Walk {
    pub(super) installs: BTreeMap<String, Install>,
    /// Sections that CopyFiles names.
    pub(super) copied: BTreeMap<String, Scope>,
    /// Files that CopyFiles names by themselves.
    pub(super) single: Vec<(String, Span, Scope)>,
    /// Other sections of files.
    pub(super) file_lists: BTreeSet<String>,
    pub(super) registry: BTreeMap<String, RegistryUse>,
    pub(super) services: BTreeMap<String, ServiceInstall>,
    /// The sections that UmdfService names.
    pub(super) umdf: BTreeSet<String>,
    /// Another file says where files are.
    pub(super) has_layout: bool,
    /// Class installers may extend the names of sections.
    pub(super) has_extensions: bool,
}

/// The kinds of sections that belong to a DDInstall section.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    Install,
    Hw,
    Services,
    Wdf,
    Interfaces,
    Components,
    Software,
    Events,
    Filters,
    CoInstallers,
    FactDef,
    LogConfigOverride,
    /// What a directive with parameters names, such as AddInterface.
    Other,
}

const EXTENSIONS: [(&str, Kind); 11] = [
    (".hw", Kind::Hw),
    (".services", Kind::Services),
    (".wdf", Kind::Wdf),
    (".interfaces", Kind::Interfaces),
    (".components", Kind::Components),
    (".software", Kind::Software),
    (".events", Kind::Events),
    (".filters", Kind::Filters),
    (".coinstallers", Kind::CoInstallers),
    (".factdef", Kind::FactDef),
    (".logconfigoverride", Kind::LogConfigOverride),
];

/// Directives that name a section in one of their values, counted from 0.
const WITH_SECTION: [(&str, usize); 6] = [
    ("addinterface", 2),
    ("addcomponent", 2),
    ("addsoftware", 2),
    ("addfilter", 2),
    ("addeventprovider", 1),
    ("addautologger", 2),
];

/// Directives that are a list of sections, and whether they are legacy.
const WITH_LIST: [(&str, bool); 11] = [
    ("addproperty", false),
    ("addpowersetting", false),
    ("delproperty", true),
    ("bitreg", true),
    ("ini2reg", true),
    ("logconfig", true),
    ("profileitems", true),
    ("registerdlls", true),
    ("unregisterdlls", true),
    ("updateinis", true),
    ("updateinifields", true),
];

/// How many sections Needs can join before the rest is left out.
const MAX_NEEDED: usize = 64;

/// One installation, as far as it has been walked.
#[derive(Debug, Default)]
pub(super) struct Visit {
    pub(super) scope: Scope,
    /// It removes what an earlier package installed, and is not part of what has to be universal.
    pub(super) is_uninstall: bool,
    pub(super) added: Vec<Added>,
    /// The Services section takes something from another INF.
    pub(super) has_foreign_services: bool,
    pub(super) includes: BTreeSet<String>,
    /// The names that KmdfService binds, and the places of UmdfService.
    pub(super) kmdf: Vec<(String, Span)>,
    pub(super) umdf: Vec<Span>,
    walked: HashSet<(String, Kind)>,
}

impl<'a> Checker<'a> {
    pub(super) fn installs(&mut self) {
        self.walk.has_extensions =
            self.class.is_one_of(&["Modem", "Net", "NetClient", "NetService", "NetTrans", "Printer"]);
        for name in self.references.decorated("ClassInstall32") {
            self.references.used.insert(name.clone());
            let mut visit = Visit::default();
            self.section(&name, Kind::Other, &mut visit);
        }
        if let Some(section) = self.take("InterfaceInstall32") {
            for field in section.lines().filter_map(|line| line.value(0)) {
                if let Some(section) = self.refer("InterfaceInstall32", field, false) {
                    self.section(section.name(), Kind::Other, &mut Visit::default());
                }
            }
        }
        for (name, install) in self.walk.installs.clone() {
            let is_uninstall = name.starts_with("defaultuninstall");
            let mut visit = Visit { scope: install.scope.clone(), is_uninstall, ..Visit::default() };
            self.section(&name, Kind::Install, &mut visit);
            let mut services = None;
            for (extension, kind) in EXTENSIONS {
                let full = format!("{name}{extension}");
                let Some(section) = self.take(&full) else { continue };
                if kind == Kind::Services {
                    services = Some(section.span());
                }
                self.legacy_kind(&section, kind);
                self.section(&full, kind, &mut visit);
            }
            self.judge_services(&name, install.is_device, services, &visit);
            self.judge_wdf(services.is_some(), &visit);
        }
    }

    fn legacy_kind(&mut self, section: &Merged<'a>, kind: Kind) {
        if matches!(kind, Kind::CoInstallers | Kind::FactDef | Kind::LogConfigOverride) {
            let message = format!("legacy section [{}]", section.name());
            self.report(&rules::LEGACY_SECTION, section.span(), message);
        }
    }

    /// Goes through the lines of a section.
    fn section(&mut self, name: &str, kind: Kind, visit: &mut Visit) {
        // Sections that need each other are walked one after the other, not inside each other.
        let mut waiting = vec![name.to_owned()];
        let mut walked = 0;
        while let Some(name) = waiting.pop() {
            walked += 1;
            if walked > MAX_NEEDED {
                let message = format!("this needs more than {MAX_NEEDED} sections");
                return self.report(&rules::TOO_MUCH, self.header(&name), message);
            }
            if !visit.walked.insert((name.to_ascii_lowercase(), kind)) {
                continue;
            }
            let Some(section) = self.inf.section(&name) else { continue };
            let includes: Vec<_> = section
                .directives("Include")
                .flat_map(|line| &line.values)
                .map(|field| self.text_of(field).to_ascii_lowercase())
                .filter(|file| !file.is_empty())
                .collect();
            for line in section.lines() {
                if line.is("Needs") {
                    waiting.extend(self.needs(line, kind, !includes.is_empty(), visit));
                } else {
                    self.directive(line, kind, !includes.is_empty(), visit);
                }
            }
            visit.includes.extend(includes);
        }
        if kind == Kind::Wdf {
            self.service_order(name);
        }
    }

    /// The sections of this file that a Needs directive names.
    fn needs(&mut self, line: &Line, kind: Kind, includes: bool, visit: &mut Visit) -> Vec<String> {
        let mut own = Vec::new();
        for field in line.values.iter().filter(|field| !field.text.is_empty()) {
            let name = self.text_of(field);
            let lower = name.to_ascii_lowercase();
            let other =
                EXTENSIONS.iter().find(|(extension, _)| lower.ends_with(extension)).map(|(_, kind)| *kind);
            let other = other.unwrap_or(Kind::Install);
            if other != kind && kind != Kind::Other {
                let message = format!("[{name}] is not the same kind of section as the one that needs it");
                self.report(&rules::NEEDS_OTHER_KIND, field.span, message);
            }
            if self.take(&name).is_some() {
                own.push(name);
                continue;
            }
            visit.has_foreign_services |= kind == Kind::Services;
            if !includes {
                let message = format!("[{name}] is not in this file, and no Include says where it is");
                self.report(&rules::NEEDS_WITHOUT_INCLUDE, field.span, message);
            }
        }
        own
    }

    fn directive(&mut self, line: &'a Line, kind: Kind, includes: bool, visit: &mut Visit) {
        let Some(key) = &line.key else { return };
        let name = key.text.to_ascii_lowercase();
        match (name.as_str(), kind) {
            ("copyfiles", _) => self.copy_files(line, includes, visit),
            ("delfiles" | "renfiles", _) => {
                for section in self.list(&key.text, line, includes) {
                    self.walk.file_lists.insert(section.name().to_ascii_lowercase());
                }
                if name == "delfiles" {
                    self.legacy_operation(key, visit)
                } else {
                    self.legacy_directive(key, visit)
                }
            }
            ("addreg" | "delreg", _) => {
                let found = self.list(&key.text, line, includes);
                self.registry_sections(&found, &name, false);
                if name == "delreg" {
                    self.legacy_operation(key, visit);
                }
            }
            ("addservice", Kind::Services) => self.add_service(line, includes, visit),
            ("delservice", Kind::Services) => self.legacy_operation(key, visit),
            ("kmdfservice" | "umdfservice", Kind::Wdf) => self.wdf_service(line, &name, includes, visit),
            (_, Kind::Wdf) => self.umdf_value(line, &name),
            _ => self.other_directive(line, key, &name, kind, includes, visit),
        }
    }

    fn other_directive(
        &mut self,
        line: &'a Line,
        key: &Field,
        name: &str,
        kind: Kind,
        includes: bool,
        visit: &mut Visit,
    ) {
        if let Some((_, is_legacy)) = WITH_LIST.iter().find(|(known, _)| *known == name) {
            self.list(&key.text, line, includes);
            if name == "logconfig" && kind == Kind::LogConfigOverride {
                let message = format!("{} is ignored", key.text);
                self.report(&rules::IGNORED_DIRECTIVE, key.span, message);
            } else if *is_legacy {
                self.legacy_directive(key, visit);
            }
        }
        if let Some((_, place)) = WITH_SECTION.iter().find(|(known, _)| *known == name) {
            if name == "addinterface" {
                self.interface(line);
            }
            self.newer_than(name, key.span, visit);
            if let Some(field) = line.value(*place)
                && let Some(section) = self.refer(&key.text, field, includes)
            {
                self.section(section.name(), Kind::Other, visit);
            }
        }
    }

    /// The sections that a list names.
    fn list(&mut self, directive: &str, line: &Line, includes: bool) -> Vec<Merged<'a>> {
        let fields = line.values.iter().filter(|field| !field.text.is_empty());
        fields.filter_map(|field| self.refer(directive, field, includes)).collect()
    }

    pub(super) fn registry_sections(&mut self, sections: &[Merged<'a>], directive: &str, in_service: bool) {
        for section in sections {
            let use_of = self.walk.registry.entry(section.name().to_ascii_lowercase()).or_default();
            use_of.is_delete |= directive == "delreg";
            use_of.in_service |= in_service;
        }
    }

    fn copy_files(&mut self, line: &Line, includes: bool, visit: &Visit) {
        for field in line.values.iter().filter(|field| !field.text.is_empty()) {
            let text = self.text_of(field);
            if let Some(file) = text.strip_prefix('@') {
                self.walk.single.push((file.to_owned(), field.span, visit.scope.clone()));
            } else if let Some(section) = self.refer("CopyFiles", field, includes) {
                let name = section.name().to_ascii_lowercase();
                self.walk.copied.entry(name).or_insert_with(|| visit.scope.clone()).join(&visit.scope);
            }
        }
    }

    fn legacy_directive(&mut self, key: &Field, visit: &Visit) {
        if !visit.is_uninstall {
            self.report(&rules::LEGACY_DIRECTIVE, key.span, format!("legacy directive {}", key.text));
        }
    }

    fn legacy_operation(&mut self, key: &Field, visit: &Visit) {
        if !visit.is_uninstall {
            let message =
                format!("legacy operation {}: it takes away what may not be the package's", key.text);
            self.report(&rules::LEGACY_OPERATION, key.span, message);
        }
    }

    fn interface(&mut self, line: &Line) {
        let Some(field) = line.values.first() else { return };
        let text = self.text_of(field);
        if !crate::inf::number::is_guid(&text) && !text.contains('%') {
            self.report(&rules::BAD_INTERFACE_GUID, field.span, format!("`{text}` is no GUID"));
        }
    }

    fn newer_than(&mut self, directive: &str, span: Span, visit: &Visit) {
        let first = match directive {
            "addcomponent" => 15063,
            "addeventprovider" => 17763,
            _ => return,
        };
        self.needs_build(first, directive, span, &visit.scope);
    }

    /// Complains when an installation can take place on a Windows 10 before a build.
    pub(super) fn needs_build(&mut self, build: u32, what: &str, span: Span, scope: &Scope) {
        if let Some((oldest, place)) = scope.oldest
            && oldest < (10, 0, build)
        {
            let message = format!("{what} came with build {build}, but this installs on earlier ones");
            self.report_with(
                &rules::TOO_NEW_FOR_ITS_WINDOWS,
                place,
                message,
                (span, "what needs that build"),
            );
        }
    }
}
