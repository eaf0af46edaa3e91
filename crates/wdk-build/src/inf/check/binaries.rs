//! ServiceBinary: whether the program of a service is one that the package puts there, or one of Windows'.

use super::Checker;
use super::files::{DRIVER_STORE, Destination, Targets};
use crate::inf::number::number;
use crate::inf::rules;
use crate::inf::tree::{Field, Merged};

impl<'a> Checker<'a> {
    /// ServiceBinary of a service-install section.
    pub(super) fn service_binary(&mut self, section: &Merged<'a>, targets: &Targets) {
        if section.directive("ServiceBinary").and_then(|line| line.value(0)).is_none() {
            let message = format!("[{}] has no ServiceBinary", section.name());
            return self.report(&rules::NO_SERVICE_BINARY, section.span(), message);
        }
        self.binary_is_copied(section, targets);
    }

    /// Whether a ServiceBinary is a file that this package puts there, or one of Windows'.
    pub(super) fn binary_is_copied(&mut self, section: &Merged<'a>, targets: &Targets) {
        let Some(field) = section.directive("ServiceBinary").and_then(|line| line.value(0)) else { return };
        let text = self.text_of(field);
        let Some((directory, rest)) = split_directory(&text) else {
            return self.foreign_binary(field, &text);
        };
        // Programs can have arguments.
        let path = rest.split(['"', ' ']).next().unwrap_or_default();
        let (subdirectory, name) = path.rsplit_once('\\').unwrap_or(("", path));
        let at = Destination::new(directory, subdirectory);
        let targets = targets.get(&name.to_ascii_lowercase()).map_or(&[][..], Vec::as_slice);
        if targets.contains(&at) {
            return;
        }
        if let Some(other) = targets.first() {
            let message = format!("`{name}` is copied to {}, not there", shown(other));
            self.report(&rules::BINARY_NOT_COPIED, field.span, message);
        } else if directory == DRIVER_STORE {
            let message = format!("`{name}` is not copied, so it is not in the driver store");
            self.report(&rules::BINARY_NOT_COPIED, field.span, message);
        }
    }

    fn foreign_binary(&mut self, field: &Field, text: &str) {
        if text.contains(":\\") {
            self.report(&rules::ABSOLUTE_PATH, field.span, format!("`{text}` is an absolute path"));
        } else if !text.contains('%') && !text.to_ascii_lowercase().starts_with(r"\systemroot\") {
            let message = format!("`{text}` has no directory, such as %13%\\");
            self.report(&rules::NO_SERVICE_BINARY, field.span, message);
        }
    }

    /// Where each file is copied to.
    pub(super) fn targets(&self) -> Targets {
        let mut targets = Targets::new();
        let Some(section) = self.inf.section("DestinationDirs") else { return targets };
        let to = |key: &str| {
            let line = section.directive(key).or_else(|| section.directive("DefaultDestDir"))?;
            let subdirectory = line.value(1).map(|field| self.text_of(field)).unwrap_or_default();
            Some(Destination::new(number(&self.text_of(line.value(0)?))?, &subdirectory))
        };
        for (file, ..) in &self.walk.single {
            targets.entry(file.to_ascii_lowercase()).or_default().extend(to("DefaultDestDir"));
        }
        for name in self.walk.copied.keys() {
            let (Some(list), Some(to)) = (self.inf.section(name), to(name)) else { continue };
            for line in list.lines() {
                let file = self.text_of(line.first()).to_ascii_lowercase();
                targets.entry(file).or_default().push(to.clone());
            }
        }
        targets
    }
}

fn shown(to: &Destination) -> String {
    match to.subdirectory.as_str() {
        "" => format!("%{}%", to.directory),
        subdirectory => format!("%{}%\\{subdirectory}", to.directory),
    }
}

/// The DIRID in front of a path, and what follows.
fn split_directory(text: &str) -> Option<(u32, &str)> {
    let inside = text.trim_start_matches('"').strip_prefix('%')?;
    let (directory, rest) = inside.split_once('%')?;
    Some((directory.parse().ok()?, rest.trim_start_matches('\\')))
}
