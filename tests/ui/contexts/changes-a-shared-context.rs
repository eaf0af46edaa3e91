//! Without a scope, a handler has a shared view of the context.
use wdk::prelude::*;

struct Writes {
    total: u64,
}

impl IoQueue for Writes {
    type Scope = Unsynchronized;
    type Exec = Dispatch;
    const HANDLES: Handlers = Handlers::WRITE;

    fn write<'r>(this: &Self, request: WriteRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
        this.total += 1; //~ E0594: cannot assign to `this.total`
        let _ = this.total;
        request.complete(Ok(0), irql)
    }
}

fn main() {}
