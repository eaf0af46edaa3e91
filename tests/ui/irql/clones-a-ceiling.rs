//! A permission is handed on, not multiplied.
use wdk::prelude::*;

fn two(irql: &mut Irql<'_, Passive>) {
    let _ = irql.clone(); //~ E0599: no method named `clone` found
    let _ = irql;
}

fn main() {
    let _: fn(&mut Irql<'_, Passive>) = two;
}
