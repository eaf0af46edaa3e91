//! The pool is reached at DISPATCH_LEVEL and below.
use wdk::prelude::*;

fn isr(irql: &Irql<'_, wdk::irql::Device>) { // mended: fn isr(irql: &Irql<'_, Dispatch>) {
    let _ = PoolVec::<u8>::try_with_capacity(16, irql); //~ E0277: this needs IRQL <= // mended: let _ = PoolVec::<u8>::try_with_capacity(16, irql);
}

fn main() {
    let _ = isr;
}
