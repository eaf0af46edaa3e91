//! A timer's callback runs at DISPATCH_LEVEL, whatever its parent's level.
use wdk::prelude::*;

struct Writes {
    gate: WaitLock<u32>,
    timer: Timer<Tick>,
}

impl IoQueue for Writes {
    type Scope = Unsynchronized;
    type Exec = Passive;
    const HANDLES: Handlers = Handlers::NONE;
}

struct Tick;

impl TimerHandler for Tick {
    type Parent = QueueRef<Writes>;

    fn expired(queue: &QueueRef<Writes>, irql: &mut Irql<'_, Dispatch>) {
        let this = queue.context();
        this.gate.with(irql, |gate, _| *gate += 1); //~ E0277: this needs IRQL <=
        let _ = (&this.gate, &this.timer, irql);
    }
}

fn main() {}
