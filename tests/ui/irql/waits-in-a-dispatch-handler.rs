//! A queue with `Exec = Dispatch` can be called at DISPATCH_LEVEL.
use wdk::prelude::*;

struct Writes {
    gate: WaitLock<u32>,
}

impl IoQueue for Writes {
    type Scope = PerQueue;
    type Exec = Dispatch;
    const HANDLES: Handlers = Handlers::WRITE;

    fn write<'r>(this: &mut Self, request: WriteRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
        this.gate.with(irql, |gate, _| *gate += 1); //~ E0277: this needs IRQL <=
        let _ = &this.gate;
        request.complete(Ok(0), irql)
    }
}

fn main() {}
