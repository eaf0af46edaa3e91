//! Rules about sections.

use super::headers::PAGE;
use super::{Judgement, USER_MODE};
use crate::check::view::View;
use crate::image::Section;
use object::pe;
use object::read::pe::ImageOptionalHeader as _;

const EXECUTE: u32 = pe::IMAGE_SCN_MEM_EXECUTE.0;
const READ: u32 = pe::IMAGE_SCN_MEM_READ.0;
const WRITE: u32 = pe::IMAGE_SCN_MEM_WRITE.0;
const NOT_PAGED: u32 = pe::IMAGE_SCN_MEM_NOT_PAGED.0;
const DISCARDABLE: u32 = pe::IMAGE_SCN_MEM_DISCARDABLE.0;

/// Judges by the sections that break the rule, which are named; `kept` is what to say if there are none.
fn none_of(view: &View<'_>, breaks: impl Fn(&Section) -> bool, kept: &str) -> Judgement {
    let broken: Vec<_> =
        view.sections().iter().filter(|s| breaks(s)).map(|s| format!("`{}`", s.name)).collect();
    match broken.is_empty() {
        true => Judgement::of(true, kept),
        false => Judgement::of(false, broken.join(", ")),
    }
}

pub(super) fn layout(view: &View<'_>) -> Judgement {
    let size = view.optional().size_of_image();
    let mut end = u64::from(view.optional().size_of_headers());
    for section in view.sections() {
        let name = &section.name;
        if section.size == 0 {
            return Judgement::of(false, format!("`{name}` is empty"));
        }
        if !section.address.is_multiple_of(PAGE) {
            return Judgement::of(false, format!("`{name}` at {:#x}", section.address));
        }
        if u64::from(section.address) < end {
            let at = section.address;
            return Judgement::of(false, format!("`{name}` at {at:#x} begins before {end:#x}"));
        }
        end = u64::from(section.address) + u64::from(section.size);
    }
    let kept = end <= u64::from(size) && size.is_multiple_of(PAGE) && !view.sections().is_empty();
    let count = view.sections().len();
    Judgement::of(kept, format!("{count} sections end at {end:#x}, the image at {size:#x}"))
}

pub(super) fn entry_point(view: &View<'_>) -> Judgement {
    let entry = view.optional().address_of_entry_point();
    if entry == 0 && !view.is_kernel() {
        return Judgement::of(true, "none, which a library need not have");
    }
    match view.section_of(entry) {
        Some(section) => Judgement::of(section.has(EXECUTE), format!("{entry:#x}, in `{}`", section.name)),
        None => Judgement::of(false, format!("{entry:#x}, in no section")),
    }
}

pub(super) fn attributes(view: &View<'_>) -> Judgement {
    none_of(view, |section| section.flags & (EXECUTE | READ | WRITE) == 0, "all sections can be read or run")
}

pub(super) fn write_xor_execute(view: &View<'_>) -> Judgement {
    none_of(view, |section| section.has(EXECUTE) && section.has(WRITE), "no section is both")
}

pub(super) fn executable_pages(view: &View<'_>) -> Judgement {
    let misplaced = |section: &Section| section.has(EXECUTE) && !section.address.is_multiple_of(PAGE);
    none_of(view, misplaced, "all executable sections are aligned")
}

/// Whether a section may go: pageable code and data, what is freed after initialisation, and what only the loader reads.
fn may_be_paged(name: &str) -> bool {
    name.starts_with("PAGE") || matches!(name, "INIT" | ".rsrc" | ".reloc" | ".edata")
}

pub(super) fn not_paged(view: &View<'_>) -> Judgement {
    if !view.is_kernel() {
        return Judgement::not_applicable(USER_MODE);
    }
    let wrong = |section: &Section| match may_be_paged(&section.name) {
        true => section.name.starts_with("PAGE") && section.has(NOT_PAGED),
        false => !section.has(NOT_PAGED) && !section.has(DISCARDABLE),
    };
    none_of(view, wrong, "as it should be")
}

pub(super) fn discardable(view: &View<'_>) -> Judgement {
    if !view.is_kernel() {
        return Judgement::not_applicable(USER_MODE);
    }
    let wrong = |section: &Section| match section.name.as_str() {
        "INIT" | ".reloc" => !section.has(DISCARDABLE),
        // Microsoft's linker marks resources, and debug information that is part of the image.
        ".rsrc" | ".debug" => false,
        _ => section.has(DISCARDABLE),
    };
    none_of(view, wrong, "as it should be")
}
