//! Where driver code and the model meet: every exported function in both calling conventions, and every
//! callback called in the driver's.
//!
//! All of it is derived from the API statement in `wdk-sys`. A function has one body, an associated function of
//! [`Bodies`] with the DDI's name and signature; an inherent one takes the place of the generated one, which
//! stops the run with "not modelled". A body whose signature differs from the statement does not compile.

use memory::Place;
use std::any::TypeId;
use std::ffi::c_void;
use wdk_sys::LARGE_INTEGER;

mod call;
pub(crate) mod callbacks;
pub(crate) mod memory;
pub(crate) mod nt;
mod variadic;
pub(crate) use variadic::Arguments;
pub(crate) mod wdf;

pub(crate) use call::Call;

/// The model's functions, named like the DDIs they model.
pub(crate) struct Bodies;

/// The calling convention of a driver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Abi {
    /// The host's C convention: a driver linked with the emulator.
    C,
    /// The x64 Windows convention: a driver image.
    #[cfg(target_arch = "x86_64")]
    Win64,
}

/// An argument of a call.
pub(crate) trait Argument {
    /// Where it points to, if it is a pointer.
    fn place(&self) -> Option<Place> {
        None
    }
}

impl<T: 'static> Argument for *mut T {
    #[inline]
    fn place(&self) -> Option<Place> {
        self.cast_const().place()
    }
}

impl<T: 'static> Argument for *const T {
    #[inline]
    fn place(&self) -> Option<Place> {
        // What is behind a `PVOID` only the function knows: a buffer of some length, or nothing at all.
        let count = usize::from(TypeId::of::<T>() != TypeId::of::<c_void>());
        Some(Place::of(*self, count))
    }
}

impl<T> Argument for Option<T> {}

macro_rules! values {
    ($($ty:ty),*) => { $( impl Argument for $ty {} )* };
}
values!(u8, i8, u16, i16, u32, i32, u64, i64, usize, isize, LARGE_INTEGER);
