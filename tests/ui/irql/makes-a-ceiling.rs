//! Only the framework's callbacks bring a permission.
use wdk::prelude::*;

fn conjure() {
    let irql: Irql<'_, Passive> = Irql::assume(); //~ E0624: associated function `assume` is private
}

fn main() {
    let _: Option<Irql<'_, Passive>> = None;
    conjure();
}
