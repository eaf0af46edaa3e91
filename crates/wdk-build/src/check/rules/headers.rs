//! Rules about what the headers say.

use super::{Judgement, USER_MODE};
use crate::check::view::View;
use crate::image;
use object::pe;
use object::read::pe::ImageOptionalHeader as _;

/// The size of a page, on both architectures.
pub(super) const PAGE: u32 = 4096;

pub(super) fn machine(view: &View<'_>) -> Judgement {
    match view.machine() {
        pe::IMAGE_FILE_MACHINE_AMD64 => Judgement::of(true, "x86-64"),
        pe::IMAGE_FILE_MACHINE_ARM64 => Judgement::of(true, "ARM64"),
        other => Judgement::of(false, format!("machine {:#06x}", other.0)),
    }
}

pub(super) fn subsystem(view: &View<'_>) -> Judgement {
    match view.optional().subsystem() {
        pe::IMAGE_SUBSYSTEM_NATIVE => Judgement::of(true, "native"),
        _ if !view.is_kernel() => Judgement::not_applicable(USER_MODE),
        other => Judgement::of(false, format!("subsystem {}", other.0)),
    }
}

pub(super) fn executable(view: &View<'_>) -> Judgement {
    let flags = view.characteristics();
    let executable = flags & 0x0002 != 0;
    let stripped = flags & 0x0001 != 0;
    Judgement::of(executable && !stripped, format!("characteristics {flags:#06x}"))
}

pub(super) fn section_alignment(view: &View<'_>) -> Judgement {
    let sections = view.optional().section_alignment();
    let file = view.optional().file_alignment();
    let kept = sections == PAGE && file.is_power_of_two() && (512..=PAGE).contains(&file);
    Judgement::of(kept, format!("{sections} in memory, {file} in the file"))
}

pub(super) fn checksum(view: &View<'_>) -> Judgement {
    if !view.is_kernel() {
        return Judgement::not_applicable(USER_MODE);
    }
    let said = view.optional().check_sum();
    let right = image::checksum(view.image, view.headers.checksum_field());
    match said == right {
        true => Judgement::of(true, format!("{said:#010x}")),
        false => Judgement::of(false, format!("{said:#010x}, it should be {right:#010x}")),
    }
}

pub(super) fn dynamic_base(view: &View<'_>) -> Judgement {
    let flag = view.dll_characteristics() & 0x0040 != 0;
    let relocations = view.directory(pe::IMAGE_DIRECTORY_ENTRY_BASERELOC);
    let found = match (flag, relocations) {
        (true, Some((_, size))) => format!("{size} bytes of relocations"),
        (true, None) => "no relocations".to_owned(),
        (false, _) => "DYNAMIC_BASE is not set".to_owned(),
    };
    Judgement::of(flag && relocations.is_some(), found)
}

pub(super) fn nx_compat(view: &View<'_>) -> Judgement {
    let set = view.dll_characteristics() & 0x0100 != 0;
    Judgement::of(set, if set { "set" } else { "not set" })
}

/// Whether the kernel would be given a directory that it knows nothing of.
fn absent(view: &View<'_>, index: usize) -> Judgement {
    if !view.is_kernel() {
        return Judgement::not_applicable(USER_MODE);
    }
    match view.directory(index) {
        None => Judgement::of(true, "none"),
        Some((address, size)) => Judgement::of(false, format!("{size} bytes at {address:#x}")),
    }
}

pub(super) fn no_tls(view: &View<'_>) -> Judgement {
    absent(view, pe::IMAGE_DIRECTORY_ENTRY_TLS)
}

pub(super) fn no_delay_imports(view: &View<'_>) -> Judgement {
    absent(view, pe::IMAGE_DIRECTORY_ENTRY_DELAY_IMPORT)
}

pub(super) fn no_bound_imports(view: &View<'_>) -> Judgement {
    absent(view, pe::IMAGE_DIRECTORY_ENTRY_BOUND_IMPORT)
}
