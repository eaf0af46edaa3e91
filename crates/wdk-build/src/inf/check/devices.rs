//! `[Manufacturer]`, the models sections and `[DefaultInstall]`: what is installed, and where.

use super::Checker;
use super::install::{Install, Scope};
use crate::inf::decoration::{Architecture, Decoration};
use crate::inf::rules;
use crate::inf::tree::{Field, Line, Merged, Span};
use std::collections::HashMap;

/// The longest hardware ID, in characters.
const MAX_HARDWARE_ID: usize = 199;
/// The first build that understands builds in decorations.
const FIRST_BUILD: u32 = 14310;

impl<'a> Checker<'a> {
    pub(super) fn devices(&mut self) {
        let Some(manufacturers) = self.take("Manufacturer") else { return };
        let mut has_ids = false;
        for line in manufacturers.lines() {
            // `%name% = models, decorations…`, or a name alone that is that of the models section too.
            let Some(models) = line.value(0) else { continue };
            let base = self.text_of(models);
            let mut is_decorated = false;
            for field in line.values.iter().skip(1).filter(|field| !field.text.is_empty()) {
                is_decorated = true;
                has_ids |= self.decorated_models(&base, field);
            }
            let plain = self.take(&base);
            if !is_decorated {
                let message = format!("[{base}] should say for which architecture it is");
                self.report(&rules::UNDECORATED_MODELS, models.span, message);
                if plain.is_none() {
                    self.report(
                        &rules::SECTION_NOT_FOUND,
                        models.span,
                        format!("models section [{base}] not found"),
                    );
                }
            }
            if let Some(plain) = plain {
                has_ids |= self.models(&plain, &Scope::new(Decoration::default(), models.span));
            }
        }
        if !has_ids {
            let message = "there is no device with a hardware ID: the driver installs on nothing";
            self.report(&rules::INSTALLS_ON_NOTHING, manufacturers.span(), message);
        }
    }

    fn decorated_models(&mut self, base: &str, field: &Field) -> bool {
        let text = self.text_of(field);
        let Some(decoration) = Decoration::parse(&text) else {
            let message = format!("`{text}` is no decoration");
            self.report(&rules::BAD_DECORATION, field.span, message);
            return false;
        };
        if decoration.product_type.is_some() || decoration.suite_mask.is_some() {
            let message = format!("legacy decoration `{text}`: it names a product type or a suite");
            self.report(&rules::LEGACY_SECTION, field.span, message);
        }
        if decoration.architecture.is_none() {
            let message = format!("`{text}` should name an architecture");
            self.report(&rules::UNDECORATED_MODELS, field.span, message);
        }
        if decoration.build.is_some_and(|build| build < FIRST_BUILD) {
            let message = format!("builds before {FIRST_BUILD} do not understand `{text}`");
            self.report(&rules::EARLY_BUILD, field.span, message);
        }
        let name = format!("{base}.{text}");
        let Some(models) = self.take(&name) else {
            let message = format!("models section [{name}] not found");
            self.report(&rules::SECTION_NOT_FOUND, field.span, message);
            return false;
        };
        self.models(&models, &Scope::new(decoration, field.span))
    }

    /// Looks at the devices of a models section. Whether one of them has an ID.
    fn models(&mut self, models: &Merged<'a>, scope: &Scope) -> bool {
        let mut known: HashMap<String, Span> = HashMap::new();
        let mut has_ids = false;
        for line in models.lines().filter(|line| line.key.is_some()) {
            let Some(install) = line.value(0) else {
                self.report(&rules::SECTION_NOT_FOUND, line.span, "this device names no install section");
                continue;
            };
            has_ids |= self.hardware_ids(line, &mut known);
            let name = self.text_of(install);
            if !self.add_installs(&name, scope, true) && !name.contains('%') {
                let message = format!("install section [{name}] not found");
                self.report(&rules::SECTION_NOT_FOUND, install.span, message);
            }
        }
        has_ids
    }

    /// Puts the DDInstall sections of a name on the list, as far as the architecture can choose them.
    fn add_installs(&mut self, base: &str, scope: &Scope, is_device: bool) -> bool {
        let mut found = false;
        let names = self.references.decorated(base);
        let decoration = |name: &String| Decoration::split(name).1;
        // Windows takes the name without a decoration only where there is none with one.
        let is_shadowed = names.iter().any(|name| {
            decoration(name).is_some_and(|own| own.architecture.is_none() && own.oldest() == (0, 0, 0))
        });
        for name in names {
            let own = decoration(&name);
            let Some(own) = scope.within(own.unwrap_or_default()).filter(|_| own.is_some() || !is_shadowed)
            else {
                continue;
            };
            found = true;
            self.references.used.insert(name.clone());
            let install =
                self.walk.installs.entry(name).or_insert_with(|| Install { scope: own.clone(), is_device });
            install.scope.join(&own);
        }
        found
    }

    fn hardware_ids(&mut self, line: &Line, known: &mut HashMap<String, Span>) -> bool {
        let (mut has_ids, mut is_first, mut here) = (false, true, HashMap::new());
        for field in line.values.iter().skip(1).filter(|field| !field.text.is_empty()) {
            has_ids = true;
            let id = self.text_of(field);
            if let Some(why) = malformed(&id) {
                self.report(&rules::BAD_HARDWARE_ID, field.span, format!("hardware ID `{id}` {why}"));
            } else if let Some(why) = suspicious(&id) {
                self.report(&rules::SUSPICIOUS_HARDWARE_ID, field.span, format!("hardware ID `{id}` {why}"));
            }
            // The first is the hardware ID, and others are compatible IDs, which devices can share.
            let place = if is_first { &mut *known } else { &mut here };
            is_first = false;
            if let Some(first) = place.insert(id.to_ascii_lowercase(), field.span) {
                let message = format!("hardware ID `{id}` is listed twice");
                self.report_with(&rules::SAME_HARDWARE_ID, field.span, message, (first, "the first time"));
            }
        }
        if !has_ids {
            self.report(&rules::NO_HARDWARE_ID, line.span, "this device has no hardware ID");
        }
        has_ids
    }

    /// The sections that install without a device.
    pub(super) fn defaults(&mut self) {
        let installs = self.references.decorated("DefaultInstall");
        let uninstalls = self.references.decorated("DefaultUninstall");
        if let (Some(first), Some(manufacturers)) = (installs.first(), self.inf.section("Manufacturer")) {
            self.report_with(
                &rules::DEFAULT_INSTALL_WITH_MANUFACTURER,
                self.header(first),
                "there cannot be both [DefaultInstall] and [Manufacturer]",
                (manufacturers.span(), "the other one"),
            );
        }
        for name in installs.iter().chain(&uninstalls) {
            let span = self.header(name);
            let decoration = Decoration::split(name).1.unwrap_or_default();
            if decoration.architecture.is_none() {
                let message = format!("[{}] should have an architecture decoration", self.inf.source(span));
                self.report(&rules::NO_ARCHITECTURE, span, message);
            }
            self.references.used.insert(name.clone());
            self.walk
                .installs
                .entry(name.clone())
                .or_insert_with(|| Install { scope: Scope::new(decoration, span), is_device: false });
        }
        let classes = self.references.decorated("ClassInstall32");
        let interfaces = self.inf.section("InterfaceInstall32").is_some();
        if installs.is_empty()
            && classes.is_empty()
            && !interfaces
            && self.inf.section("Manufacturer").is_none()
        {
            let message = "there is neither [Manufacturer] nor [DefaultInstall]";
            self.report(&rules::NOTHING_TO_INSTALL, Span::new(0, 0), message);
        }
    }
}

impl Scope {
    fn new(decoration: Decoration, span: Span) -> Self {
        Self {
            architectures: decoration.architecture.into_iter().collect(),
            oldest: Some((decoration.oldest(), span)),
        }
    }

    /// The part of this scope in which a decorated section counts.
    fn within(&self, decoration: Decoration) -> Option<Self> {
        let architectures: Vec<Architecture> = match decoration.architecture {
            _ if self.architectures.is_empty() => decoration.architecture.into_iter().collect(),
            None => self.architectures.iter().copied().collect(),
            Some(_) => self.architectures.iter().copied().filter(|own| decoration.covers(*own)).collect(),
        };
        if architectures.is_empty() && !self.architectures.is_empty() {
            return None;
        }
        let oldest = self.oldest.map(|(oldest, span)| (oldest.max(decoration.oldest()), span));
        Some(Self { architectures: architectures.into_iter().collect(), oldest })
    }
}

/// Why no bus can ever report an ID.
fn malformed(id: &str) -> Option<&'static str> {
    // What has an undefined token or a placeholder is complained about as such.
    if id.contains(['%', '$']) {
        return None;
    }
    if id.chars().count() > MAX_HARDWARE_ID {
        return Some("is longer than 199 characters");
    }
    if id.contains(' ') {
        return Some("has a blank");
    }
    if id.contains(',') || !id.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Some("has a character that is not allowed");
    }
    id.split('\\').any(str::is_empty).then_some("has an empty part")
}

/// Why the bus that an ID names would not report it.
fn suspicious(id: &str) -> Option<&'static str> {
    let upper = id.to_ascii_uppercase();
    let (bus, rest) = upper.split_once('\\')?;
    let (vendor, device) = match bus {
        "PCI" => ("VEN_", "DEV_"),
        "USB" | "HID" => ("VID_", "PID_"),
        _ => return None,
    };
    let is_bad = |part: &str, prefix: &str| {
        part.strip_prefix(prefix)
            .is_some_and(|digits| digits.len() != 4 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
    };
    let parts: Vec<_> = rest.split('&').collect();
    if parts.iter().any(|part| is_bad(part, vendor) || is_bad(part, device)) {
        return Some("needs four hexadecimal digits for vendor and device");
    }
    let names_vendor = parts.iter().any(|part| part.starts_with(vendor));
    (bus == "PCI" && !names_vendor && !parts[0].starts_with("CC_")).then_some("has neither VEN_ nor CC_")
}
