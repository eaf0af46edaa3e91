//! The permission inside a lock's closure ends with the closure.
use wdk::prelude::*;

fn leak(counter: &SpinLock<u32>, irql: &mut Irql<'_, Passive>) {
    let mut kept = None;
    counter.with(irql, |_, irql| {
        kept = Some(irql); //~ E0521: borrowed data escapes outside of closure // mended: kept = Some(core::any::type_name_of_val(irql));
    });
    let _ = kept;
}

fn main() {
    let _: fn(&SpinLock<u32>, &mut Irql<'_, Passive>) = leak;
}
