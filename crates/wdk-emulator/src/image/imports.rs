//! What the names that an image imports lead to.

use super::ImageError;
use super::memory::PAGE;
use super::prepare::{Import, Prepared};
use super::runtime;
use crate::abi::nt;

/// Distance of the addresses that stand for imports nobody has.
const STEP: usize = 16;

/// Modules of user mode, by their start. Windows loads no driver that imports from them.
const USER_MODE: [&str; 10] = [
    "ntdll.",
    "kernel32.",
    "kernelbase.",
    "user32.",
    "advapi32.",
    "msvcrt.",
    "ucrtbase",
    "vcruntime",
    "api-ms-win-crt",
    "msvcp",
];

/// The imports of an image, bound.
pub(super) struct Bound {
    /// What no entry exists for. Its slot holds an address in pages that cannot be accessed: a call of a function
    /// and an access to a variable are faults there, which say its name.
    pub(super) unknown: Vec<String>,
    /// What has an entry and no model, or no entry: `MODULE!NAME` each.
    pub(super) not_modelled: Vec<String>,
}

/// Pages that the imports of an image could need at most.
pub(super) fn pages(prepared: &Prepared) -> usize {
    (prepared.imports.len() * STEP).next_multiple_of(PAGE).max(PAGE)
}

/// Refuses what Windows would refuse to bind.
pub(super) fn check(imports: &[Import]) -> Result<(), ImageError> {
    let from_user_mode: Vec<String> = imports
        .iter()
        .filter(|import| {
            let module = import.module.to_ascii_lowercase();
            USER_MODE.iter().any(|start| module.starts_with(start))
        })
        .map(|import| format!("{}!{}", import.module, import.name))
        .collect();
    if from_user_mode.is_empty() { Ok(()) } else { Err(ImageError::UserMode(from_user_mode)) }
}

/// Writes the addresses of imports into their slots. `nowhere` is where the pages without access will be.
pub(super) fn bind(prepared: &mut Prepared, nowhere: u64) -> Bound {
    let mut bound = Bound { unknown: Vec::new(), not_modelled: Vec::new() };
    for import in std::mem::take(&mut prepared.imports) {
        let known = runtime::import(&import.name).or_else(|| runtime::variable(&import.name));
        let entry = known.or_else(|| {
            let entry = nt::import(&import.name)?;
            if !nt::is_modelled(&import.name) {
                bound.not_modelled.push(format!("{}!{}", import.module, import.name));
            }
            Some(entry)
        });
        let address = match entry {
            Some(entry) => entry.expose_provenance() as u64,
            None => {
                let address = nowhere + (bound.unknown.len() * STEP) as u64;
                bound.not_modelled.push(format!("{}!{}", import.module, import.name));
                bound.unknown.push(import.name.clone());
                address
            }
        };
        prepared.set(import.slot, address);
        prepared.imports.push(import);
    }
    bound
}

/// Which of the unknown imports an offset into the pages without access stands for.
pub(super) fn at(offset: usize) -> usize {
    offset / STEP
}
