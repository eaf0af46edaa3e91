//! The registry path is there as long as the callback that asks for it.
use wdk::prelude::*;

fn keep(irql: &mut Irql<'_, Passive>) -> UnicodeStr<'static> {
    wdk::registry_path(irql) //~ error: lifetime may not live long enough // mended: { let _ = wdk::registry_path(irql); wstr!("") }
}

fn main() {
    let _: fn(&mut Irql<'_, Passive>) -> UnicodeStr<'static> = keep;
}
