//! What a lock guards stays inside.
use wdk::prelude::*;

fn leak<'a>(counter: &'a SpinLock<u32>, irql: &mut Irql<'_, Passive>) -> u32 {
    let kept: &'a mut u32 = counter.with(irql, |counter, _| counter); //~ error: lifetime may not live long enough // mended: let kept = counter.with(irql, |counter, _| *counter);
    let _ = &kept;
    0
}

fn main() {
    let _: fn(&SpinLock<u32>, &mut Irql<'_, Passive>) -> u32 = leak;
}
