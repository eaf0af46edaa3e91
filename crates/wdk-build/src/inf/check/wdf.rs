//! The directives of the framework.

use super::Checker;
use super::install::Visit;
use crate::inf::rules;
use crate::inf::stamp::placeholders_in;
use crate::inf::tree::{Line, Merged};
use crate::inf::version::LibraryVersion;

/// The words that a UMDF directive can have.
const WORDS: [(&str, &[&str]); 9] = [
    ("umdfdispatcher", &["FileHandle", "WinUsb", "NativeUSB"]),
    ("umdfimpersonationlevel", &["Anonymous", "Identification", "Impersonation", "Delegation"]),
    ("umdfmethodneitheraction", &["Copy", "Reject"]),
    ("umdfkernelmodeclientpolicy", &["AllowKernelModeClients", "RejectKernelModeClients"]),
    ("umdffileobjectpolicy", &["RejectNullAndUnknownFileObjects", "AllowNullAndUnknownFileObjects"]),
    ("umdffscontextusepolicy", &["CanUseFsContext", "CanUseFsContext2", "CannotUseFsContexts"]),
    ("umdfhostprocesssharing", &["ProcessSharingDisabled", "ProcessSharingEnabled"]),
    ("umdfdirecthardwareaccess", &["AllowDirectHardwareAccess", "RejectDirectHardwareAccess"]),
    ("umdfregisteraccessmode", &["RegisterAccessUsingSystemCall", "RegisterAccessUsingUserModeMapping"]),
];

impl<'a> Checker<'a> {
    /// KmdfService and UmdfService.
    pub(super) fn wdf_service(&mut self, line: &'a Line, directive: &str, includes: bool, visit: &mut Visit) {
        let (Some(name), Some(section)) = (line.value(0), line.value(1)) else {
            let message = "this needs the name of a service and a section";
            return self.report(&rules::INCOMPLETE_WDF_SERVICE, line.span, message);
        };
        let is_kmdf = directive == "kmdfservice";
        if is_kmdf {
            visit.kmdf.push((self.text_of(name), name.span));
        } else {
            visit.umdf.push(line.span);
        }
        let (directive, key) = if is_kmdf {
            ("KmdfService", "KmdfLibraryVersion")
        } else {
            ("UmdfService", "UmdfLibraryVersion")
        };
        let Some(section) = self.refer(directive, section, includes) else { return };
        self.library_version(&section, key);
        if !is_kmdf && section.directive("ServiceBinary").and_then(|line| line.value(0)).is_none() {
            let message = format!("[{}] has no ServiceBinary", section.name());
            self.report(&rules::NO_SERVICE_BINARY, section.span(), message);
        } else if !is_kmdf {
            self.walk.umdf.insert(section.name().to_ascii_lowercase());
        }
    }

    fn library_version(&mut self, section: &Merged<'a>, key: &str) {
        let Some(field) = section.directive(key).and_then(|line| line.value(0)) else {
            let message = format!("[{}] has no {key}", section.name());
            return self.report(&rules::BAD_LIBRARY_VERSION, section.span(), message);
        };
        let text = self.text_of(field);
        let is_placeholder = placeholders_in(&text).next().is_some();
        if let Err(why) = text.parse::<LibraryVersion>()
            && !is_placeholder
        {
            self.report(&rules::BAD_LIBRARY_VERSION, field.span, format!("`{text}`: {why}"));
        }
    }

    /// Whether UmdfServiceOrder lists the services of a Wdf section.
    pub(super) fn service_order(&mut self, name: &str) {
        let Some(section) = self.inf.section(name) else { return };
        let services: Vec<_> = section
            .directives("UmdfService")
            .filter_map(|line| line.value(0))
            .map(|field| self.text_of(field))
            .collect();
        if services.is_empty() {
            return;
        }
        let Some(order) = section.directive("UmdfServiceOrder") else {
            let message = format!("[{}] has no UmdfServiceOrder", section.name());
            return self.report(&rules::NO_SERVICE_ORDER, section.span(), message);
        };
        let listed: Vec<_> = order.values.iter().map(|field| self.text_of(field)).collect();
        for service in services {
            if !listed.iter().any(|name| name.eq_ignore_ascii_case(&service)) {
                let message = format!("`{service}` is missing in UmdfServiceOrder");
                self.report(&rules::NO_SERVICE_ORDER, order.span, message);
            }
        }
    }

    /// A directive with a fixed set of words.
    pub(super) fn umdf_value(&mut self, line: &Line, directive: &str) {
        let Some((_, words)) = WORDS.iter().find(|(known, _)| *known == directive) else { return };
        let field = &line.values[0];
        let text = self.text_of(field);
        if !words.iter().any(|word| word.eq_ignore_ascii_case(&text)) {
            let message = format!("`{text}` is unknown; the words are {}", words.join(", "));
            self.report(&rules::BAD_UMDF_VALUE, field.span, message);
        }
    }

    pub(super) fn judge_wdf(&mut self, has_services: bool, visit: &Visit) {
        let knows_all = has_services && !visit.has_foreign_services;
        for (name, span) in &visit.kmdf {
            let is_added = visit.added.iter().any(|added| added.name.eq_ignore_ascii_case(name));
            if knows_all && !is_added {
                let message = format!("no AddService of this installation adds `{name}`");
                self.report(&rules::UNKNOWN_KMDF_SERVICE, *span, message);
            }
        }
        let Some(first) = visit.umdf.first() else { return };
        let reflected = visit.added.iter().any(|added| added.name.eq_ignore_ascii_case("WUDFRd"))
            || visit.includes.iter().any(|file| file == "wudfrd.inf")
            || visit.has_foreign_services;
        if !reflected && !self.class.is_one_of(&["Extension"]) {
            let message = "this UMDF driver cannot be reached: the installation does not add WUDFRd";
            self.report(&rules::NO_REFLECTOR, *first, message);
        }
    }
}
