//! Starting a queue can run its handlers on this stack.
use wdk::prelude::*;

struct Writes;

impl IoQueue for Writes {
    type Scope = PerQueue;
    type Exec = Dispatch;
    const HANDLES: Handlers = Handlers::NONE;
}

fn start(counter: &SpinLock<u32>, queue: &QueueRef<Writes>, irql: &mut Irql<'_, Dispatch>) {
    counter.with(irql, |_, irql| {
        queue.start(irql); //~ E0277: it must not be called under a private lock
        let _ = queue.retrieve(irql, |_, _| loop {}); //~ E0277: it must not be called under a private lock
        queue.stop(irql);
    });
}

fn main() {
    let _: fn(&SpinLock<u32>, &QueueRef<Writes>, &mut Irql<'_, Dispatch>) = start;
}
