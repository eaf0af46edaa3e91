//! A read request has an output buffer and no input buffer.
use wdk::prelude::*;

struct Reads;

impl IoQueue for Reads {
    type Scope = PerQueue;
    type Exec = Dispatch;
    const HANDLES: Handlers = Handlers::READ;

    fn read<'r>(_: &mut Self, request: ReadRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
        let _ = request.input(); //~ E0277: request has no input buffer
        request.complete(Ok(()), irql)
    }
}

fn main() {}
