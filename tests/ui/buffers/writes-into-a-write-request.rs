//! A write request has an input buffer and no output buffer.
use wdk::prelude::*;

struct Writes;

impl IoQueue for Writes {
    type Scope = PerQueue;
    type Exec = Dispatch;
    const HANDLES: Handlers = Handlers::WRITE;

    fn write<'r>(_: &mut Self, mut request: WriteRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
        let _ = request.output(); //~ E0277: request has no output buffer
        let _ = &mut request;
        request.complete(Ok(0), irql)
    }
}

fn main() {}
