//! Maps a PE image: relocates it, binds its imports, sets what Windows sets, protects its sections.

use super::headers::{Protection, Section};
use super::memory::{Mapping, PAGE};
use super::prepare::{Guard, Prepared};
use super::symbols::Symbols;
use super::{ImageError, bytes, imports, registry, runtime, scan};
use crate::kernel::Kernel;
use std::cell::{Cell, RefCell};
use std::path::Path;
use std::rc::Rc;

/// A loaded image.
pub(crate) struct Image {
    /// The name of its file.
    pub(crate) name: String,
    prepared: Prepared,
    /// Keeps the code and data of the image, and after them the pages without access.
    mapping: Mapping,
    unknown: Vec<String>,
    not_modelled: RefCell<Vec<String>>,
    /// Its code contains the bytes of `rdtsc`.
    pub(super) reads_tsc: bool,
    pub(super) has_pageable: bool,
    /// The pageable sections are out of memory now.
    pub(super) trimmed: Cell<bool>,
    /// `DriverEntry` has returned and the sections for it are gone.
    initialised: Cell<bool>,
    pub(super) symbols: Symbols,
    /// The next image of this thread.
    pub(super) next: Cell<*const Image>,
}

/// What the linker puts where the security cookie goes.
const DEFAULT_COOKIE: u64 = 0x0000_2B99_2DDF_A232;

impl Image {
    /// Loads a file. The seed decides the security cookie.
    pub(crate) fn load(path: &Path, seed: u64) -> Result<Rc<Self>, ImageError> {
        let data =
            std::fs::read(path).map_err(|why| ImageError::Read(format!("{}: {why}", path.display())))?;
        let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let mut prepared = Prepared::new(&data)?;
        imports::check(&prepared.imports)?;
        let size = prepared.headers.size;
        let no_memory = |why: std::io::Error| ImageError::Read(format!("no memory for the image: {why}"));
        let mut mapping = Mapping::new(size + imports::pages(&prepared)).map_err(no_memory)?;
        let base = mapping.base().expose_provenance() as u64;
        prepared.relocate(base);
        let bound = imports::bind(&mut prepared, base + size as u64);
        set_cookie(&mut prepared, seed);
        for (pointer, guard) in std::mem::take(&mut prepared.guards) {
            let routine = match guard {
                Guard::Check => runtime::guard_check(),
                Guard::Dispatch => runtime::guard_dispatch(),
            };
            prepared.set(pointer, routine);
        }
        mapping.bytes()[..size].copy_from_slice(&prepared.bytes);
        protect(&prepared, &mapping)
            .map_err(|why| ImageError::Read(format!("memory cannot be protected: {why}")))?;
        let symbols = Symbols::find(path, prepared.debug.as_ref());
        let reads_tsc = prepared.headers.sections.iter().any(|section| {
            let code = &prepared.bytes[section.address..section.address + section.size];
            section.protection == Protection::ReadExecute && scan::reads_tsc(code)
        });
        let image = Rc::new(Self {
            name,
            has_pageable: prepared.headers.sections.iter().any(|section| section.pageable),
            prepared,
            mapping,
            unknown: bound.unknown,
            not_modelled: RefCell::new(bound.not_modelled),
            reads_tsc,
            trimmed: Cell::new(false),
            initialised: Cell::new(false),
            symbols,
            next: Cell::new(std::ptr::null()),
        });
        registry::add(&image);
        Ok(image)
    }

    /// The entry point: a function of the Windows calling convention that takes a driver object and a path.
    pub(crate) fn entry(&self) -> *const () {
        self.mapping.base().wrapping_add(self.prepared.headers.entry).cast_const().cast()
    }

    /// The addresses that the image occupies.
    pub(crate) fn addresses(&self) -> std::ops::Range<usize> {
        let start = self.mapping.base().addr();
        start..start + self.mapping.length()
    }

    pub(crate) fn base(&self) -> u64 {
        self.mapping.base().addr() as u64
    }

    pub(crate) fn prepared(&self) -> &Prepared {
        &self.prepared
    }

    /// Whether an address is in the image itself.
    pub(crate) fn contains(&self, address: usize) -> bool {
        address
            .checked_sub(self.mapping.base().addr())
            .is_some_and(|offset| offset < self.prepared.headers.size)
    }

    /// Whether an offset is in an executable section.
    pub(crate) fn is_code(&self, offset: usize) -> bool {
        self.section(offset).is_some_and(|section| section.protection == Protection::ReadExecute)
    }

    /// The section that an offset is in.
    pub(crate) fn section(&self, offset: usize) -> Option<&Section> {
        self.prepared.headers.section(offset)
    }

    /// The import that has no entry and that an address stands for.
    pub(crate) fn unknown_import(&self, address: usize) -> Option<&str> {
        let nowhere = self.mapping.base().addr() + self.prepared.headers.size;
        self.unknown.get(imports::at(address.checked_sub(nowhere)?)).map(String::as_str)
    }

    /// What the image imports, or takes from the framework's table, that has no model.
    pub(crate) fn not_modelled(&self) -> Vec<String> {
        self.not_modelled.borrow().clone()
    }

    /// Notes which functions of the framework's table the code takes, once it is known where it keeps the table.
    pub(crate) fn bound_to_framework(&self, k: &Kernel, table: u64, in_place: bool) {
        let base = self.base();
        for index in scan::framework_calls(&self.prepared, base, table, in_place) {
            if let Some(name) = crate::abi::wdf::without_model(index) {
                self.not_modelled.borrow_mut().push(name.to_owned());
            }
        }
        for name in self.not_modelled.borrow().iter() {
            k.trace.event(k, || format!("  {} uses {name}, which is not modelled", self.name));
        }
    }

    /// Discards what was needed to initialise the driver: Windows does it when `DriverEntry` has returned.
    pub(crate) fn discard(&self) {
        if !self.initialised.replace(true) {
            for section in self.discarded() {
                let result = self.mapping.protect(section.address, section.size, Protection::None);
                debug_assert!(result.is_ok(), "{result:?}");
            }
        }
    }

    /// The sections that are gone once the driver is initialised.
    fn discarded(&self) -> impl Iterator<Item = &Section> {
        self.prepared.headers.sections.iter().filter(|section| section.discardable)
    }

    pub(crate) fn is_discarded(&self, section: &Section) -> bool {
        self.initialised.get() && section.discardable
    }

    /// Takes the pageable sections out of memory, or brings them back. Safe in a signal handler. `false` if the
    /// system does not allow it.
    #[must_use]
    pub(super) fn trim(&self, out: bool) -> bool {
        if self.trimmed.replace(out) == out {
            return true;
        }
        let mut done = true;
        for section in self.prepared.headers.sections.iter().filter(|section| section.pageable) {
            if !self.is_discarded(section) {
                let protection = if out { Protection::None } else { section.protection };
                done &= self.mapping.protect(section.address, section.size, protection).is_ok();
            }
        }
        done
    }
}

impl Drop for Image {
    fn drop(&mut self) {
        registry::remove(self);
    }
}

/// Sets the security cookie, as Windows does: code built with `/GS` fast-fails on the linker's default.
fn set_cookie(prepared: &mut Prepared, seed: u64) {
    let Some(place) = prepared.cookie else { return };
    if !matches!(bytes::u64_at(&prepared.bytes, place), Some(0 | DEFAULT_COOKIE)) {
        return;
    }
    // The upper 16 bits are zero, so that a string function cannot write it.
    let mut cookie = seed.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 16;
    if cookie == 0 || cookie == DEFAULT_COOKIE {
        cookie = DEFAULT_COOKIE + 1;
    }
    prepared.set(place, cookie);
}

fn protect(prepared: &Prepared, mapping: &Mapping) -> std::io::Result<()> {
    let headers = &prepared.headers;
    mapping.protect(0, headers.length.next_multiple_of(PAGE), Protection::Read)?;
    for section in &headers.sections {
        mapping.protect(section.address, section.size, section.protection)?;
    }
    // Behind the last section, and where unknown imports lead, there is nothing.
    let end = headers.sections.last().map_or(PAGE, |section| section.pages().end);
    mapping.protect(end, mapping.length() - end, Protection::None)
}
