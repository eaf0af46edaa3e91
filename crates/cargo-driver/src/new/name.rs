//! The name of a new driver: of a Rust package, a library, a service, and of files on Windows.

/// The most bytes of a name. Windows takes longer ones; people do not.
const LONGEST: usize = 64;

/// Rust's keywords: a library cannot be called like that.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop",
    "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static",
    "struct", "super", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual",
    "where", "while", "yield",
];

/// Crates that a driver or its tests use, and directories that cargo makes.
const TAKEN: &[&str] = &[
    "alloc",
    "build",
    "core",
    "deps",
    "driver",
    "examples",
    "incremental",
    "proc_macro",
    "std",
    "test",
    "wdk",
    "wdk_alloc",
    "wdk_build",
    "wdk_emulator",
    "wdk_macros",
    "wdk_panic",
    "wdk_sys",
];

/// Names of devices, which no file can have, with whatever extension.
const DEVICES: &[&str] = &["aux", "con", "nul", "prn"];

/// Services that are part of Windows: a driver of that name would take their place.
const SERVICES: &[&str] = &[
    "acpi", "afd", "beep", "cdrom", "disk", "fltmgr", "hidusb", "http", "i8042prt", "kbdclass", "kbdhid",
    "ksecdd", "mouclass", "mouhid", "ndis", "netbt", "npfs", "ntfs", "null", "partmgr", "pci", "serial",
    "serenum", "storahci", "stornvme", "tcpip", "tdx", "usbccgp", "usbhub", "usbhub3", "usbxhci", "vhf",
    "volmgr", "volsnap", "wdf01000", "winusb", "wudfrd",
];

/// A name that has been checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name(String);

impl Name {
    /// Checks a name.
    ///
    /// # Errors
    ///
    /// Why it cannot be one, and what can.
    pub fn parse(text: &str) -> Result<Self, String> {
        let refuse = |why: &str| Err(format!("`{}` cannot be a driver's name: {why}", text.escape_debug()));
        let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
        if text.is_empty() {
            return refuse("it is empty (give one such as `my-driver`)");
        }
        if let Some(bad) = text.chars().find(|&c| !good(c)) {
            return refuse(&format!(
                "it has {bad:?} in it (lower-case ASCII letters, digits, `-` and `_` are fine; --path says where the project goes)"
            ));
        }
        if !text.starts_with(|c: char| c.is_ascii_lowercase()) {
            return refuse("it does not start with a letter");
        }
        let library = text.replace('-', "_");
        if library.contains("__") || library.ends_with('_') {
            return refuse("`-` and `_` stand between letters or digits, one at a time");
        }
        if text.len() > LONGEST {
            return refuse(&format!("it has {} characters (at most {LONGEST})", text.len()));
        }
        let is = |list: &[&str]| list.contains(&library.as_str());
        if is(KEYWORDS) {
            return refuse("it is a keyword of Rust");
        }
        if is(TAKEN) {
            return refuse("a crate or a directory that the build uses is called like that");
        }
        let port = library.strip_prefix("com").or_else(|| library.strip_prefix("lpt"));
        if is(DEVICES) || port.is_some_and(|rest| matches!(rest.as_bytes(), [b'0'..=b'9'])) {
            return refuse("Windows reserves it for a device, and no file can have it");
        }
        if is(SERVICES) {
            return refuse("a service of Windows is called like that");
        }
        Ok(Self(text.to_owned()))
    }

    /// The package.
    pub fn package(&self) -> &str {
        &self.0
    }

    /// The library, the service, and the driver's file without its extension.
    pub fn library(&self) -> String {
        self.0.replace('-', "_")
    }

    /// The hardware ID of a root-enumerated device, without `ROOT\`. It is what `cargo driver run` plugs in.
    pub fn hardware(&self) -> String {
        self.0.to_uppercase()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_gives_all_others() {
        let name = Name::parse("my-driver_2").unwrap();
        assert_eq!(name.package(), "my-driver_2");
        assert_eq!(name.library(), "my_driver_2");
        assert_eq!(name.hardware(), "MY-DRIVER_2");
        for good in ["a", "comet", "com10", "lpt", "driver-1", "null-device", &"x".repeat(LONGEST)] {
            assert!(Name::parse(good).is_ok(), "{good}");
        }
    }

    #[test]
    fn what_cannot_be_a_name_is_refused_with_the_reason() {
        let cases: &[(&[&str], &str)] = &[
            (&[""], "empty"),
            (
                &["a b", "a/b", r"a\b", "a.sys", "ärger", "a\n", "../a", "a%", "a\"", "a\u{202e}", "Driver"],
                "in it",
            ),
            (&["1st", "-a", "_a"], "start with a letter"),
            (&["a--b", "a-", "a_-b", "a__"], "one at a time"),
            (&["fn", "self", "crate", "async"], "keyword"),
            (
                &["test", "core", "wdk", "wdk-sys", "wdk_emulator", "std", "proc-macro", "driver"],
                "is called like",
            ),
            (&["con", "nul", "com1", "lpt9", "aux", "com0"], "reserves"),
            (&["null", "disk", "wdf01000"], "service of Windows"),
            (&[&"x".repeat(LONGEST + 1)], "65 characters"),
        ];
        for (names, why) in cases {
            for name in *names {
                let error = Name::parse(name).expect_err(name);
                assert!(error.contains(why), "{name}: {error}");
                assert!(!error.contains('\n'), "{error}");
            }
        }
    }
}
