//! Completion can run the next handler on this stack, which might want the same lock.
use wdk::prelude::*;

struct Writes {
    total: SpinLock<usize>,
}

impl IoQueue for Writes {
    type Scope = PerQueue;
    type Exec = Dispatch;
    const HANDLES: Handlers = Handlers::WRITE;

    fn write<'r>(this: &mut Self, request: WriteRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
        let len = request.len();
        this.total.with(irql, |total, irql| { // mended: this.total.with(irql, |total, _| *total += len); request.complete(Ok(len), irql)
            *total += len; // mended:
            request.complete(Ok(len), irql) //~ E0277: it must not be called under a private lock
        }) // mended:
    }
}

fn main() {}
