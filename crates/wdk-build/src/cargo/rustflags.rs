//! Compiler flags for all crates of an image, added to the user's own.

use crate::target::Arch;
use std::process::Command;

/// What separates flags in `CARGO_ENCODED_RUSTFLAGS`.
const SEPARATOR: &str = "\x1f";

/// Adds flags to a command of cargo.
///
/// Where the user gives flags in the environment, cargo looks nowhere else, so ours go there too. Else they are added
/// to what the configuration has for the target.
pub(super) fn add(command: &mut Command, arch: Arch, flags: &[String]) {
    let variable = |name: &str| std::env::var(name).ok();
    match of_environment(variable("CARGO_ENCODED_RUSTFLAGS"), variable("RUSTFLAGS")) {
        Some(mut all) => {
            all.extend(flags.iter().cloned());
            command.env("CARGO_ENCODED_RUSTFLAGS", all.join(SEPARATOR));
        }
        None => {
            let flags: Vec<_> = flags.iter().map(|flag| toml::Value::from(flag.as_str())).collect();
            let setting = format!("target.{}.rustflags={}", arch.triple(), toml::Value::from(flags));
            command.arg("--config").arg(setting);
        }
    }
}

/// The flags that the environment gives, if it gives some.
fn of_environment(encoded: Option<String>, plain: Option<String>) -> Option<Vec<String>> {
    let owned = |flags: Vec<&str>| flags.into_iter().map(str::to_owned).collect();
    match (encoded, plain) {
        (Some(encoded), _) => {
            let flags = encoded.split(SEPARATOR).filter(|flag| !flag.is_empty());
            Some(owned(flags.collect()))
        }
        (None, Some(plain)) if !plain.trim().is_empty() => Some(owned(plain.split_whitespace().collect())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags(encoded: Option<&str>, plain: Option<&str>) -> Option<Vec<String>> {
        of_environment(encoded.map(str::to_owned), plain.map(str::to_owned))
    }

    #[test]
    fn the_encoded_form_counts_before_the_plain_one() {
        let both = flags(Some("-C\x1flink-arg=a b"), Some("-Cx"));
        assert_eq!(both.unwrap(), ["-C", "link-arg=a b"]);
        assert_eq!(flags(None, Some(" -C x ")).unwrap(), ["-C", "x"]);
        assert_eq!(flags(None, Some(" ")), None);
        assert_eq!(flags(None, None), None);
    }
}
