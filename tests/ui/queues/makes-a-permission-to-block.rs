//! The permission to wait comes with a callback that may.
use wdk::prelude::*;

fn conjure() {
    let block: MayBlock<'_> = MayBlock(Default::default()); //~ E0423: cannot initialize a tuple struct which contains private fields
}

fn main() {
    let _: Option<MayBlock<'_>> = None;
    conjure();
}
