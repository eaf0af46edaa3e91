//! Interrupt code runs above DISPATCH_LEVEL, where a spin lock of this kind must not be taken.
use wdk::prelude::*;

fn isr(counter: &SpinLock<u32>, irql: &mut Irql<'_, wdk::irql::Device>) {
    counter.with(irql, |counter, _| *counter += 1); //~ E0277: this needs IRQL <=
    let _ = (counter, irql);
}

fn main() {
    let _: fn(&SpinLock<u32>, &mut Irql<'_, wdk::irql::Device>) = isr;
}
