//! AddReg and DelReg sections.

use super::{Checker, Mode};
use crate::inf::number::number;
use crate::inf::rules;
use crate::inf::tree::{Line, Span};

/// How a section of registry lines is used.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct RegistryUse {
    /// By DelReg.
    pub(super) is_delete: bool,
    /// By a service-install section, where HKR is the key of the service.
    pub(super) in_service: bool,
}

const APPEND: u32 = 0x0001_0008;
const DELETE_STRING: u32 = 0x0001_8002;
const KEY_ONLY: u32 = 0x0000_0010;
const DWORD: u32 = 0x0001_0001;
const TYPE: u32 = 0xFFFF_0001;

/// Where a universal INF may write outside of HKR: COM classes and media foundation transforms.
const UNIVERSAL: [(&str, &str); 5] = [
    ("HKCR", ""),
    ("HKLM", r"software\classes"),
    ("HKLM", r"software\microsoft\windows media foundation"),
    ("HKLM", r"software\wow6432node\microsoft\windows media foundation"),
    ("HKLM", r"software\wowaa32node\microsoft\windows media foundation"),
];

/// Where a signed driver may write outside of HKR besides, for now.
const HARDWARE: [&str; 28] = [
    r"system\currentcontrolset",
    r"software\khronos",
    r"software\microsoft\analog\providers",
    r"software\microsoft\cellular\mvsettings\devicespecific\cellux",
    r"software\microsoft\cryptography\calais\readers",
    r"software\microsoft\cryptography\calais\smartcards",
    r"software\microsoft\cryptography\drm_rng",
    r"software\microsoft\eapol",
    r"software\microsoft\palm\delaymanipulationduration",
    r"software\microsoft\shell\oem\quickactions\colorprofilequickaction",
    r"software\microsoft\speech_onecore\audioinput",
    r"software\microsoft\windows nt\currentversion\adaptivedisplaybrightness",
    r"software\microsoft\windows nt\currentversion\drivers.desc",
    r"software\microsoft\windows nt\currentversion\drivers32",
    r"software\microsoft\windows nt\currentversion\icm",
    r"software\microsoft\windows nt\currentversion\opengldrivers",
    r"software\microsoft\windows nt\currentversion\winlogon\notify\sccertprop",
    r"software\microsoft\windows\currentversion\app paths",
    r"software\microsoft\windows\currentversion\audio",
    r"software\microsoft\windows\currentversion\authentication",
    r"software\microsoft\windows\currentversion\control panel",
    r"software\microsoft\windows\currentversion\controls folder",
    r"software\microsoft\windows\currentversion\explorer",
    r"software\microsoft\windows\currentversion\reliability\userdefined",
    r"software\microsoft\windows\currentversion\run",
    r"software\microsoft\windows\currentversion\runonce",
    r"software\microsoft\windows\currentversion\uninstall",
    r"software\wow6432node\khronos",
];

/// Whether a key is another one or below it; both in lower case.
fn is_below(key: &str, parent: &str) -> bool {
    parent.is_empty()
        || key.strip_prefix(parent).is_some_and(|rest| rest.is_empty() || rest.starts_with('\\'))
}

impl Checker<'_> {
    pub(super) fn registry(&mut self) {
        for (name, use_of) in self.walk.registry.clone() {
            let Some(section) = self.inf.section(&name) else { continue };
            for line in section.lines() {
                self.registry_line(line, use_of);
            }
        }
    }

    fn registry_line(&mut self, line: &Line, use_of: RegistryUse) {
        let text = |number: usize| line.value(number).map(|field| self.text_of(field)).unwrap_or_default();
        let root = text(0).to_ascii_uppercase();
        let subkey = text(1).trim_matches('\\').to_ascii_lowercase();
        let (name, flags) = (text(2), text(3));
        if !["HKR", "HKLM", "HKCR", "HKCU", "HKU"].contains(&root.as_str()) {
            if !root.contains('%') {
                let message = format!("`{root}` is no registry root");
                self.report(&rules::BAD_REGISTRY_ROOT, line.first().span, message);
            }
            return;
        }
        if root == "HKR" {
            self.relative(line, use_of, &subkey, &name);
        } else {
            self.absolute(line, &root, &subkey, line.value(2).is_some().then_some(name.as_str()));
        }
        let flags = match number(&flags) {
            Some(flags) => flags,
            None if flags.is_empty() || flags.contains('%') => 0,
            None => {
                let span = line.values[3].span;
                return self.report(
                    &rules::BAD_REGISTRY_FLAGS,
                    span,
                    format!("`{flags}` are no registry flags"),
                );
            }
        };
        let appends = !use_of.is_delete && flags & APPEND == APPEND;
        if appends || use_of.is_delete && flags & DELETE_STRING == DELETE_STRING {
            let what = if appends { "appends to" } else { "takes away from" };
            let message = format!("this {what} a REG_MULTI_SZ value");
            self.report(&rules::APPENDS, line.span, message);
        }
        if !use_of.is_delete && flags & TYPE == DWORD && flags & KEY_ONLY == 0 {
            self.dword(line);
        }
    }

    fn relative(&mut self, line: &Line, use_of: RegistryUse, subkey: &str, name: &str) {
        if name.eq_ignore_ascii_case("CoInstallers32") && !use_of.is_delete {
            let message = "legacy operation: this registers a co-installer";
            self.report(&rules::CO_INSTALLER_VALUE, line.span, message);
        }
        if use_of.in_service && !use_of.is_delete && !is_below(subkey, "parameters") {
            let shown = if subkey.is_empty() { name } else { subkey };
            let message = format!("`{shown}` must be under the Parameters subkey of the service");
            self.report(&rules::NOT_UNDER_PARAMETERS, line.span, message);
        }
    }

    fn absolute(&mut self, line: &Line, root: &str, subkey: &str, name: Option<&str>) {
        let root_span = line.first().span;
        if root == "HKLM" && is_below(subkey, r"system\currentcontrolset\services") {
            let span = line.value(1).map_or(root_span, |field| field.span);
            return self.report(&rules::SERVICES_KEY, span, "the services key cannot be written, use HKR");
        }
        let is_universal = UNIVERSAL.iter().any(|(known, key)| *known == root && is_below(subkey, key));
        if !is_universal {
            let message = format!("legacy operation: the registry root {root} is not HKR");
            self.report(&rules::NOT_RELATIVE, root_span, message);
        }
        let is_hardware = root == "HKLM" && HARDWARE.iter().any(|key| is_below(subkey, key));
        if self.options.mode == Mode::Hardware && (is_universal || is_hardware) {
            return;
        }
        self.isolation(root_span, root, name, is_universal);
    }

    fn isolation(&mut self, span: Span, root: &str, name: Option<&str>, is_universal: bool) {
        let (rule, message) = match name {
            None => (&rules::KEY_NOT_ISOLATED, format!("registry root {root} is not isolated to HKR")),
            Some(name) => (
                &rules::VALUE_NOT_ISOLATED,
                format!("registry root {root} of value `{name}` is not isolated to HKR"),
            ),
        };
        // COM classes and transforms have no other place yet.
        if is_universal { self.warn(rule, span, message) } else { self.report(rule, span, message) }
    }

    fn dword(&mut self, line: &Line) {
        let values: Vec<_> =
            line.values.iter().skip(4).map(|field| (field.span, self.text_of(field))).collect();
        let is_good = match values.as_slice() {
            [] => true,
            [(_, one)] => one.is_empty() || one.contains('%') || is_dword(one),
            four => four.len() == 4 && four.iter().all(|(_, byte)| u8::from_str_radix(byte, 16).is_ok()),
        };
        if let (false, Some((span, text))) = (is_good, values.first()) {
            self.report(&rules::BAD_DWORD, *span, format!("`{text}` is no number of 32 bits"));
        }
    }
}

fn is_dword(text: &str) -> bool {
    let positive = text.strip_prefix('-').unwrap_or(text);
    number(positive).is_some()
}
