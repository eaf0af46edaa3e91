//! What the framework refuses comes back, and is still to be completed.
use wdk::prelude::*;

fn forward<'r>(
    queue: &QueueRef<impl IoQueue>,
    request: WriteRequest<'r>,
    irql: &mut Irql<'_, Dispatch>,
) -> Option<Disposed<'r>> {
    match request.forward(queue, irql) {
        Ok(proof) => Some(proof),
        Err(rejected) => Some(rejected.error), //~ E0308: mismatched types // mended: Err(rejected) => Some(rejected.fail(irql)),
    }
}

struct Writes;

impl IoQueue for Writes {
    type Scope = PerQueue;
    type Exec = Dispatch;
    const HANDLES: Handlers = Handlers::NONE;
}

fn main() {
    let _ = |queue: &QueueRef<Writes>, request: WriteRequest<'static>, irql: &mut Irql<'static, Dispatch>| {
        forward(queue, request, irql).is_some()
    };
}
