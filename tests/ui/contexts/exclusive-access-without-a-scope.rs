//! Without a scope, handlers can overlap: there is no `&mut`.
use wdk::prelude::*;

struct Writes {
    total: u64,
}

impl IoQueue for Writes {
    type Scope = Unsynchronized; // mended: type Scope = PerQueue;
    type Exec = Dispatch;
    const HANDLES: Handlers = Handlers::WRITE;

    fn write<'r>(this: &mut Self, request: WriteRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> { //~ E0053: method `write` has an incompatible type // mended: fn write<'r>(this: &mut Self, request: WriteRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
        this.total += 1;
        request.complete(Ok(0), irql)
    }
}

fn main() {}
