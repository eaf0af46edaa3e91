//! AddService, and the service-install sections.

use super::Checker;
use super::files::Targets;
use super::install::Visit;
use crate::inf::number::number;
use crate::inf::rules::{self, Rule};
use crate::inf::tree::{Line, Merged, Span};
use std::collections::{BTreeMap, HashMap};

/// SPSVCINST_ASSOCSERVICE: the service is the one of the device.
const ASSOCIATED: u32 = 2;
/// All bits of SPSVCINST_….
const KNOWN_FLAGS: u32 = 0xFFFF;

/// An AddService line.
#[derive(Debug, Clone)]
pub(super) struct Added {
    /// Empty for the null service.
    pub(super) name: String,
    pub(super) is_associated: bool,
    pub(super) span: Span,
}

/// A section that AddService names.
#[derive(Debug, Clone, Default)]
pub(super) struct ServiceInstall {
    /// The services that it is for, and where AddService says so.
    pub(super) names: Vec<(String, Span)>,
}

const DIRECTIVES: [&str; 22] = [
    "bootflags",
    "displayname",
    "description",
    "servicetype",
    "starttype",
    "errorcontrol",
    "servicebinary",
    "startname",
    "dependencies",
    "loadordergroup",
    "security",
    "addreg",
    "delreg",
    "bitreg",
    "addtrigger",
    "failureactions",
    "requiredprivileges",
    "servicesidtype",
    "delayedautostart",
    "include",
    "needs",
    "userserviceflags",
];

impl<'a> Checker<'a> {
    pub(super) fn add_service(&mut self, line: &'a Line, includes: bool, visit: &mut Visit) {
        let name = line.value(0).map(|field| self.text_of(field)).unwrap_or_default();
        let flags = match line.value(1).map(|field| (field.span, self.text_of(field))) {
            None => 0,
            // An undefined token is complained about as such.
            Some((_, text)) if text.contains('%') => ASSOCIATED,
            Some((span, text)) => match number(&text) {
                Some(flags) if flags & !KNOWN_FLAGS == 0 => flags,
                _ => {
                    self.report(
                        &rules::BAD_SERVICE_FLAGS,
                        span,
                        format!("`{text}` are no flags of AddService"),
                    );
                    0
                }
            },
        };
        let is_associated = flags & ASSOCIATED != 0;
        if name.is_empty() && !is_associated {
            self.report(&rules::NO_SERVICE_NAME, line.span, "AddService has neither a name nor the flag 2");
        }
        match line.value(2) {
            Some(field) => {
                if let Some(section) = self.refer("AddService", field, includes) {
                    let install = self.walk.services.entry(section.name().to_ascii_lowercase()).or_default();
                    install.names.push((name.clone(), line.span));
                }
            }
            None if !name.is_empty() => {
                let message = format!("AddService of `{name}` names no service-install section");
                self.report(&rules::NO_SERVICE_NAME, line.span, message);
            }
            None => {}
        }
        if let Some(section) = line.value(3).and_then(|field| self.refer("AddService", field, includes)) {
            let fields = section.directives("AddReg").flat_map(|line| &line.values);
            let found: Vec<_> = fields.filter_map(|field| self.refer("AddReg", field, false)).collect();
            self.registry_sections(&found, "addreg", false);
        }
        visit.added.push(Added { name, is_associated, span: line.span });
    }

    /// Whether a device has exactly one service.
    pub(super) fn judge_services(
        &mut self,
        install: &str,
        is_device: bool,
        section: Option<Span>,
        visit: &Visit,
    ) {
        let mut associated = visit.added.iter().filter(|added| added.is_associated);
        if let (Some(first), Some(second)) = (associated.next(), associated.next()) {
            let message =
                format!("`{}` and `{}` are both the service of the device", first.name, second.name);
            self.report_with(&rules::TWO_SERVICES, second.span, message, (first.span, "the first one"));
        }
        const WITHOUT: [&str; 8] =
            ["Extension", "Firmware", "Monitor", "NetClient", "NetService", "NetTrans", "Printer", "Unknown"];
        if !is_device || self.class.is_one_of(&WITHOUT) || visit.has_foreign_services {
            return;
        }
        let header = self.header(install);
        match section {
            None => {
                let message = format!("[{}] has no Services section", self.inf.source(header));
                self.report(&rules::NO_SERVICE, header, message);
            }
            Some(section) if !visit.added.iter().any(|added| added.is_associated) => {
                let message =
                    format!("no service of [{}] is the one of the device", self.inf.source(section));
                self.report(&rules::NO_SERVICE, section, message);
            }
            Some(_) => {}
        }
    }

    /// The service-install sections.
    pub(super) fn services(&mut self) {
        let targets = self.targets();
        for name in self.walk.umdf.clone() {
            if let Some(section) = self.inf.section(&name) {
                self.binary_is_copied(&section, &targets);
            }
        }
        let mut by_name: HashMap<String, BTreeMap<String, String>> = HashMap::new();
        for (name, install) in self.walk.services.clone() {
            let Some(section) = self.inf.section(&name) else { continue };
            self.service_install(&section, &targets);
            let settings = self.settings(&section);
            for (service, span) in &install.names {
                let known = by_name.entry(service.to_ascii_lowercase()).or_insert_with(|| settings.clone());
                if *known != settings {
                    let message = format!("service `{service}` is configured in different ways");
                    self.report(&rules::CONFLICTING_SERVICES, *span, message);
                }
            }
        }
    }

    /// What makes one service-install section different from another.
    fn settings(&self, section: &Merged<'a>) -> BTreeMap<String, String> {
        ["ServiceType", "StartType", "ErrorControl", "ServiceBinary"]
            .into_iter()
            .filter_map(|key| {
                let text = self.text_of(section.directive(key)?.value(0)?);
                let value =
                    number(&text).map_or_else(|| text.to_ascii_lowercase(), |number| number.to_string());
                Some((key.to_owned(), value))
            })
            .collect()
    }

    fn service_install(&mut self, section: &Merged<'a>, targets: &Targets) {
        self.service_number(section, "ServiceType", &rules::BAD_SERVICE_TYPE, |kind| {
            kind != 0 && kind & !0x1FF == 0
        });
        self.service_number(section, "StartType", &rules::BAD_START_TYPE, |start| start <= 4);
        self.service_number(section, "ErrorControl", &rules::BAD_ERROR_CONTROL, |control| control <= 3);
        self.service_binary(section, targets);
        for line in section.lines() {
            let Some(key) = &line.key else { continue };
            let name = key.text.to_ascii_lowercase();
            match name.as_str() {
                "addreg" | "delreg" => {
                    let fields: Vec<_> = line.values.iter().filter(|field| !field.text.is_empty()).collect();
                    let found: Vec<_> =
                        fields.into_iter().filter_map(|field| self.refer(&key.text, field, false)).collect();
                    self.registry_sections(&found, &name, true);
                    if name == "delreg" {
                        self.report(&rules::LEGACY_OPERATION, key.span, "legacy operation DelReg");
                    }
                }
                "addtrigger" | "failureactions" => {
                    for field in line.values.iter().filter(|field| !field.text.is_empty()) {
                        self.refer(&key.text, field, false);
                    }
                }
                known if DIRECTIVES.contains(&known) => {}
                _ => {
                    let message = format!("`{}` is no directive of a service-install section", key.text);
                    self.report(&rules::UNKNOWN_SERVICE_DIRECTIVE, key.span, message);
                }
            }
        }
    }

    fn service_number(
        &mut self,
        section: &Merged<'a>,
        key: &str,
        rule: &'static Rule,
        is_good: impl Fn(u32) -> bool,
    ) {
        let Some(field) = section.directive(key).and_then(|line| line.value(0)) else {
            return self.report(rule, section.span(), format!("[{}] has no {key}", section.name()));
        };
        let text = self.text_of(field);
        if !text.contains('%') && !number(&text).is_some_and(is_good) {
            self.report(rule, field.span, format!("`{text}` is no {key}"));
        }
    }
}
