//! Every callback of a device and its queues sees the shared part of its context.
use core::cell::Cell;
use wdk::prelude::*;

struct Mine {
    total: Cell<u64>, // mended: total: u64,
}

impl Device for Mine { //~ E0277: cannot be shared between threads safely // mended: impl Device for Mine {
    type Locked = ();
    type Exec = Dispatch;
}

fn main() {
    let _ = (|mine: Mine| mine.total, Cell::new(0));
}
