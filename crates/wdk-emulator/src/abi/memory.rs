//! The memory behind the pointers that drivers pass, looked at before the model follows them.
//!
//! Windows would fault inside the function that was called. Here the processor is asked first, with one access for each
//! page, in code of its own: a fault there is the answer, so the question costs nothing else and needs no help of the
//! host's system, which a confined process may not ask. Where the emulator does not handle faults, nobody asks.

use super::Call;
use crate::verifier::rules::handles;
use crate::verifier::{Rule, Verdict};
use std::fmt::Display;

const PAGE: usize = 4096;

/// What the model is about to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    Read,
    Write,
}

/// Where an argument points to.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    pub(crate) address: usize,
    /// 0 for what is no pointer to the model: handles, and memory that the function does not look at by itself.
    pub(crate) size: usize,
    pub(crate) alignment: usize,
}

impl Place {
    /// `count` values behind a pointer.
    pub(crate) fn of<T>(pointer: *const T, count: usize) -> Self {
        Self {
            address: pointer.addr(),
            size: size_of::<T>().saturating_mul(count),
            alignment: align_of::<T>(),
        }
    }

    #[inline]
    pub(crate) fn is_good(self, access: Access) -> bool {
        self.address.is_multiple_of(self.alignment) && probe(self.address, self.size, access)
    }
}

/// Whether memory can be accessed: all of it, in every page.
#[inline]
fn probe(address: usize, size: usize, access: Access) -> bool {
    if size == 0 {
        return true;
    }
    // What begins and ends in one page is most of what is asked about.
    match address ^ address.wrapping_add(size - 1) {
        0..PAGE => touch(address, access),
        _ => first_bad(address, size, access).is_none(),
    }
}

#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod processor {
    use super::Access;
    use std::arch::naked_asm;

    /// Reads a byte.
    #[unsafe(naked)]
    extern "sysv64" fn read(address: usize) -> bool {
        naked_asm!("movzx eax, byte ptr [rdi]", "mov eax, 1", "ret")
    }

    /// Writes a byte's own value back. Not atomically: the model writes there next.
    #[unsafe(naked)]
    extern "sysv64" fn write(address: usize) -> bool {
        naked_asm!("or byte ptr [rdi], 0", "mov eax, 1", "ret")
    }

    /// Where they go on when the access has faulted.
    #[unsafe(naked)]
    extern "sysv64" fn no(address: usize) -> bool {
        naked_asm!("xor eax, eax", "ret")
    }

    #[inline]
    pub(super) fn touch(address: usize, access: Access) -> bool {
        match access {
            Access::Read => read(address),
            Access::Write => write(address),
        }
    }

    /// Says no to the code that was interrupted, if it was asking. Safe in a signal handler.
    pub(crate) fn answer(context: &mut libc::ucontext_t) -> bool {
        let rip = &mut context.uc_mcontext.gregs[libc::REG_RIP as usize];
        // The access is the first instruction of both.
        let asked = [read as *const (), write as *const ()].iter().any(|ask| ask.addr() as i64 == *rip);
        if asked {
            *rip = (no as *const ()).addr() as i64;
        }
        asked
    }
}
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
pub(crate) use processor::answer;

/// Whether the page of an address can be accessed.
#[inline]
fn touch(address: usize, access: Access) -> bool {
    #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
    return processor::touch(address, access);
    #[cfg(not(all(target_os = "linux", target_arch = "x86_64")))]
    {
        let _ = (address, access);
        true
    }
}

impl Call {
    /// Stops the run unless there is memory behind a pointer, for `count` values that the model reads.
    ///
    /// `what` is the parameter, or the part of it that has the pointer.
    pub(crate) fn readable<T>(&self, what: impl Display, pointer: *const T, count: usize) {
        self.check(&what, Place::of(pointer, count), Access::Read);
    }

    /// As [`readable`](Self::readable), for what the model writes.
    pub(crate) fn writable<T>(&self, what: impl Display, pointer: *mut T, count: usize) {
        self.check(&what, Place::of(pointer, count), Access::Write);
    }

    #[inline]
    pub(super) fn check(&self, what: &dyn Display, place: Place, access: Access) {
        if !place.is_good(access) {
            self.bad_pointer(what, place, access);
        }
    }

    #[cold]
    fn bad_pointer(&self, what: &dyn Display, place: Place, access: Access) {
        let Place { address, size, alignment } = place;
        let name = self.entry.name;
        if !(self.entry.modelled)() {
            super::call::not_modelled(self);
        }
        if !address.is_multiple_of(alignment) {
            let what = what.to_string().replace('`', "");
            let what = format!("{name} with {what} at an address that is not a multiple of {alignment}");
            self.stop(Verdict::not_modelled(self, &what));
        }
        // A page that was taken out comes back where the IRQL lets it.
        #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
        while self.irql() < crate::kernel::irql::DISPATCH
            && let Some(bad) = first_bad(address, size, access)
            && crate::image::registry::page_in(bad)
        {}
        let Some(bad) = first_bad(address, size, access) else { return };
        let done = match access {
            Access::Read => "read",
            Access::Write => "written",
        };
        let (rule, effect, cause) = known(self, bad, done).unwrap_or_else(|| {
            let effect = match bad {
                0..0x1_0000 => format!("near NULL ({bad:#x})"),
                _ if access == Access::Write && probe(bad, 1, Access::Read) => {
                    format!("{bad:#x}, where memory cannot be written")
                }
                _ => format!("{bad:#x}, where no memory is"),
            };
            (&handles::BAD_POINTER, effect, String::new())
        });
        let length = if size > 1 { format!(" of {size} bytes") } else { String::new() };
        let effect = format!("`{name}` was given a bad pointer for {what}{length}: {effect}");
        self.stop(Verdict::driver_bug(self, rule, effect, cause));
    }

    /// Reads what ends with a zero, or after `limit` values.
    pub(crate) fn until_zero<T: Copy + Default + PartialEq>(
        &self,
        what: &str,
        text: *const T,
        limit: usize,
    ) -> Vec<T> {
        let mut read = Vec::new();
        while read.len() < limit {
            let next = text.wrapping_add(read.len());
            // Pages are divided evenly by what is aligned.
            if read.is_empty() || next.addr().is_multiple_of(PAGE) {
                self.readable(what, next, 1);
            }
            // SAFETY: the memory is there; any bytes are a value of the integers that this is called for.
            let value = unsafe { next.read() };
            if value == T::default() {
                break;
            }
            read.push(value);
        }
        read
    }
}

/// The first address that cannot be accessed.
#[cold]
fn first_bad(address: usize, size: usize, access: Access) -> Option<usize> {
    let last = size.checked_sub(1)?;
    let Some(last) = address.checked_add(last) else { return Some(usize::MAX) };
    let pages = (address / PAGE..last / PAGE).map(|page| (page + 1) * PAGE);
    std::iter::once(address).chain(pages).find(|&address| !touch(address, access))
}

/// What the model knows of an address: rule, effect and cause.
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
fn known(call: &Call, address: usize, done: &str) -> Option<(&'static Rule, String, String)> {
    crate::image::report::what_is_there(call, address, done)
}

#[cfg(not(all(target_os = "linux", target_arch = "x86_64")))]
fn known(_: &Call, _: usize, _: &str) -> Option<(&'static Rule, String, String)> {
    None
}
