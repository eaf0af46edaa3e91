//! Any processor may run a queue's callbacks.
use wdk::prelude::*;

struct Writes {
    total: *mut u64, // mended: total: u64,
}

impl IoQueue for Writes { //~ E0277: cannot be sent between threads safely // mended: impl IoQueue for Writes {
    type Scope = PerQueue;
    type Exec = Dispatch;
    const HANDLES: Handlers = Handlers::NONE;
}

fn main() {
    let _ = |writes: Writes| writes.total;
}
