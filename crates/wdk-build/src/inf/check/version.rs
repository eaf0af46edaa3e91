//! `[Version]`.

use super::Checker;
use crate::inf::classes;
use crate::inf::date::Date;
use crate::inf::number::{is_guid, number};
use crate::inf::rules;
use crate::inf::tree::{Line, Merged, Span};
use crate::inf::version::DriverVersion;
use std::collections::HashMap;

/// The longest name of a setup class, in characters.
const MAX_CLASS_NAME: usize = 32;

impl<'a> Checker<'a> {
    pub(super) fn version(&mut self) {
        let Some(version) = self.take("Version") else {
            return self.report(&rules::NO_VERSION, Span::new(0, 0), "there is no [Version]");
        };
        self.signature(&version);
        self.provider(&version);
        self.class(&version);
        self.driver_version(&version);
        self.catalog(&version);
        let locked = version.directive("PnpLockdown").and_then(|line| line.value(0));
        if locked.and_then(|field| number(&self.text_of(field))) != Some(1) {
            let span = locked.map_or(version.span(), |field| field.span);
            self.report(&rules::NO_LOCKDOWN, span, "[Version] should say PnpLockdown = 1");
        }
        self.twice(&version);
    }

    fn signature(&mut self, version: &Merged<'a>) {
        let field = version.directive("Signature").and_then(|line| line.value(0));
        let Some(field) = field else {
            return self.report(&rules::BAD_SIGNATURE, version.span(), "[Version] has no Signature");
        };
        let text = self.text_of(field);
        if !["$windows nt$", "$chicago$"].iter().any(|known| text.eq_ignore_ascii_case(known)) {
            self.report(
                &rules::BAD_SIGNATURE,
                field.span,
                format!("`{text}` is no signature of an INF file"),
            );
        }
    }

    fn provider(&mut self, version: &Merged<'a>) {
        let Some(field) = version.directive("Provider").and_then(|line| line.value(0)) else {
            return self.report(&rules::NO_PROVIDER, version.span(), "[Version] has no Provider");
        };
        let text = self.text_of(field);
        if text.trim().is_empty() {
            self.report(&rules::NO_PROVIDER, field.span, "Provider is empty");
        }
        if text.trim().eq_ignore_ascii_case("Microsoft") {
            self.report(&rules::PROVIDER_IS_MICROSOFT, field.span, "Provider cannot be Microsoft");
        }
    }

    fn class(&mut self, version: &Merged<'a>) {
        let name = version.directive("Class").and_then(|line| line.value(0));
        let guid = version.directive("ClassGuid").and_then(|line| line.value(0));
        let is_for_devices = self.inf.section("Manufacturer").is_some();
        for (field, key) in [(name, "Class"), (guid, "ClassGuid")] {
            if field.is_none() && is_for_devices {
                self.report(&rules::NO_CLASS, version.span(), format!("[Version] has no {key}"));
            }
        }
        if let Some(field) = name
            && self.class.name.chars().count() > MAX_CLASS_NAME
        {
            let message = format!("a class name of more than {MAX_CLASS_NAME} characters");
            self.report(&rules::LONG_CLASS_NAME, field.span, message);
        }
        if let Some(field) = guid
            && !is_guid(&self.class.guid)
        {
            let message = format!("`{}` is no GUID", self.class.guid);
            return self.report(&rules::BAD_CLASS_GUID, field.span, message);
        }
        if let (Some(name), Some(guid)) = (name, guid) {
            self.class_agrees(name.span, guid.span);
        }
        self.class_install(is_for_devices, name.map_or(version.span(), |field| field.span));
    }

    fn class_agrees(&mut self, name: Span, guid: Span) {
        let of_name = classes::by_name(&self.class.name);
        let of_guid = classes::by_guid(&self.class.guid);
        match (of_name, of_guid) {
            (Some(of_name), _) if !matches!(of_guid, Some(of_guid) if of_guid.name == of_name.name) => {
                let message = format!("the GUID of class {} is {{{}}}", of_name.name, of_name.guid);
                self.report_with(&rules::CLASS_MISMATCH, guid, message, (name, "the class"));
            }
            (None, Some(of_guid)) => {
                let message = format!("this GUID is that of class {}", of_guid.name);
                self.report_with(&rules::CLASS_MISMATCH, guid, message, (name, "another class"));
            }
            _ => {}
        }
    }

    fn class_install(&mut self, is_for_devices: bool, place: Span) {
        let sections = self.references.decorated("ClassInstall32");
        let system = self.class.system();
        for section in &sections {
            if let Some(class) = system {
                let message = format!("class {} is Microsoft's: [ClassInstall32] is not allowed", class.name);
                self.report(&rules::CLASS_INSTALL_OF_MICROSOFT, self.header(section), message);
            }
        }
        if sections.is_empty() && is_for_devices && system.is_none() && !self.class.name.is_empty() {
            let message = format!(
                "class {} is none of the system's, and there is no [ClassInstall32]",
                self.class.name
            );
            self.report(&rules::NO_CLASS_INSTALL, place, message);
        }
    }

    fn driver_version(&mut self, version: &Merged<'a>) {
        let Some(line) = version.directive("DriverVer") else {
            if !self.options.unstamped {
                self.report(&rules::NO_DRIVER_VERSION, version.span(), "[Version] has no DriverVer");
            }
            return;
        };
        let Some(date) = line.value(0) else {
            if !self.options.unstamped {
                self.report(
                    &rules::NO_DRIVER_VERSION,
                    line.first().span,
                    "DriverVer is empty: the file is not stamped",
                );
            }
            return;
        };
        let text = self.text_of(date).replace('-', "/");
        if let Err(why) = text.parse::<Date>() {
            let message = format!("`{}`: {why}", self.text_of(date));
            self.report(&rules::BAD_DRIVER_DATE, date.span, message);
        }
        match line.value(1).map(|field| (field.span, self.text_of(field))) {
            // It was optional once, and still installs.
            None => self.warn(&rules::BAD_DRIVER_VERSION, line.span, "DriverVer has no version"),
            Some((span, text)) => {
                if let Err(why) = text.parse::<DriverVersion>() {
                    self.report(&rules::BAD_DRIVER_VERSION, span, format!("`{text}`: {why}"));
                }
            }
        }
    }

    fn catalog(&mut self, version: &Merged<'a>) {
        let is_catalog = |line: &&Line| {
            let Some(key) = &line.key else { return false };
            let key = key.text.to_ascii_lowercase();
            key == "catalogfile" || key.starts_with("catalogfile.nt")
        };
        let mut is_there = false;
        for field in version.lines().filter(is_catalog).filter_map(|line| line.value(0)) {
            is_there = true;
            let text = self.text_of(field);
            let is_name = text.len() > 4 && text.to_ascii_lowercase().ends_with(".cat");
            if !is_name || text.contains(['\\', '/', ':']) {
                self.report(
                    &rules::BAD_CATALOG_NAME,
                    field.span,
                    format!("`{text}` is no name of a catalog"),
                );
            }
        }
        if !is_there {
            let message = "[Version] has no CatalogFile, which is required for a signature";
            self.report(&rules::NO_CATALOG, version.span(), message);
        }
    }

    fn twice(&mut self, version: &Merged<'a>) {
        let mut first: HashMap<String, (Span, Vec<String>)> = HashMap::new();
        for line in version.lines() {
            let Some(key) = &line.key else { continue };
            let values: Vec<_> = line.values.iter().map(|field| self.text_of(field)).collect();
            let name = key.text.to_ascii_lowercase();
            let Some((span, before)) = first.get(&name) else {
                first.insert(name, (key.span, values));
                continue;
            };
            if *before != values {
                let (span, message) = (*span, format!("{} is given twice, with different values", key.text));
                self.report_with(&rules::GIVEN_TWICE, key.span, message, (span, "the first one counts"));
            }
        }
    }
}
