//! A program's memory is locked at PASSIVE_LEVEL.
use wdk::neither;
use wdk::prelude::*;

fn lock(request: &mut Arriving<'_>, irql: &mut Irql<'_, Dispatch>) -> Result<()> {
    let irql = &*irql; // mended: let Some(irql) = &irql.if_passive() else { return Err(Error::INVALID_DEVICE_REQUEST) };
    // SAFETY: a program that does not compile.
    unsafe { neither::lock_buffers(request, irql) } //~ E0277: this needs IRQL <= `Passive` // mended: unsafe { neither::lock_buffers(request, irql) }
}

fn main() {
    let _ = lock;
}
