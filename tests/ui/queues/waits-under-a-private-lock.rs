//! Who waits for a queue holds no lock that its handlers might want.
use wdk::prelude::*;

struct Writes;

impl IoQueue for Writes {
    type Scope = PerQueue;
    type Exec = Passive;
    const HANDLES: Handlers = Handlers::NONE;
}

fn stop(gate: &WaitLock<u32>, queue: &QueueRef<Writes>, block: &mut MayBlock<'_>, irql: &mut Irql<'_, Passive>) {
    gate.with(irql, |_, irql| {
        queue.purge_synchronously(block, irql); //~ E0277: it must not be called under a lock
        let _ = irql;
    });
    let _ = (queue, block);
}

fn main() {
    let _: fn(&WaitLock<u32>, &QueueRef<Writes>, &mut MayBlock<'_>, &mut Irql<'_, Passive>) = stop;
}
