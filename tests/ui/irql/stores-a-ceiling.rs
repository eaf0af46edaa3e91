//! A permission ends with the callback that got it.
use wdk::prelude::*;

struct Kept {
    irql: Option<&'static mut Irql<'static, Dispatch>>,
}

fn keep(kept: &mut Kept, irql: &mut Irql<'_, Dispatch>) {
    kept.irql = Some(irql); //~ error: lifetime may not live long enough & error: lifetime may not live long enough
    let _ = &kept.irql;
}

fn main() {
    let _: fn(&mut Kept, &mut Irql<'_, Dispatch>) = keep;
}
