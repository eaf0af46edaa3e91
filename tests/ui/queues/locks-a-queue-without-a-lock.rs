//! A queue without a scope has no presentation lock.
use wdk::prelude::*;

struct Writes;

impl IoQueue for Writes {
    type Scope = Unsynchronized;
    type Exec = Dispatch;
    const HANDLES: Handlers = Handlers::NONE;
}

fn look(queue: &QueueRef<Writes>, irql: &mut Irql<'_, Dispatch>) {
    queue.lock(irql, |_, _| ()); //~ E0277: has no presentation lock
    let _ = (queue, irql);
}

fn main() {
    let _: fn(&QueueRef<Writes>, &mut Irql<'_, Dispatch>) = look;
}
