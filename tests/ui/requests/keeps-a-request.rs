//! A request cannot outlive its delivery; parking gives a token that can.
use wdk::prelude::*;

struct Writes;

fn keep(request: WriteRequest<'static>) {
    core::mem::forget(request);
}

impl IoQueue for Writes {
    type Scope = PerQueue;
    type Exec = Dispatch;
    const HANDLES: Handlers = Handlers::WRITE;

    fn write<'r>(_: &mut Self, request: WriteRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
        keep(request); //~ E0521: borrowed data escapes // mended: request.complete(Ok(0), irql)
        let _ = irql; // mended:
        loop {} // mended:
    }
}

fn main() {
    let _ = keep;
}
