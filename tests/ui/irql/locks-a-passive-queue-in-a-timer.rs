//! The lock of a passive queue is one that waits.
use wdk::prelude::*;

struct Writes;

impl IoQueue for Writes {
    type Scope = PerQueue;
    type Exec = Passive; // mended: type Exec = Dispatch;
    const HANDLES: Handlers = Handlers::NONE;
}

struct Tick;

impl TimerHandler for Tick {
    type Parent = QueueRef<Writes>;

    fn expired(queue: &QueueRef<Writes>, irql: &mut Irql<'_, Dispatch>) {
        queue.lock(irql, |_, _| ()); //~ E0277: this needs IRQL <= // mended: queue.lock(irql, |_, _| ());
    }
}

fn main() {}
