//! Even with the permission to block, not under a lock.
use wdk::prelude::*;

struct Writes;

impl IoQueue for Writes {
    type Scope = PerQueue;
    type Exec = Passive;
    const HANDLES: Handlers = Handlers::NONE;
}

fn stop(queue: &QueueRef<Writes>, block: &mut MayBlock<'_>, irql: &mut Irql<'_, Passive>) {
    queue.lock(irql, |_, irql| {
        queue.stop_synchronously(block, irql); //~ E0277: it must not be called under a lock
        let _ = irql;
    });
    let _ = block;
}

fn main() {
    let _: fn(&QueueRef<Writes>, &mut MayBlock<'_>, &mut Irql<'_, Passive>) = stop;
}
