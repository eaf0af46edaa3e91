//! What locking a program's memory relies on is not in the driver's hands, so it is unsafe.
use wdk::neither;
use wdk::prelude::*;

fn lock(request: &mut Arriving<'_>, irql: &Irql<'_, Passive>) -> Result<()> {
    neither::lock_buffers(request, irql) //~ E0133: call to unsafe function // mended: let _ = irql; neither::user_input(request, irql).map(drop)
}

fn main() {
    let _ = lock;
}
