//! The input is a view.
use wdk::prelude::*;

struct Writes;

impl IoQueue for Writes {
    type Scope = PerQueue;
    type Exec = Dispatch;
    const HANDLES: Handlers = Handlers::WRITE;

    fn write<'r>(_: &mut Self, request: WriteRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
        if let Some(bytes) = request.input().as_slice() {
            bytes[0] = 1; //~ E0594: cannot assign to `bytes[_]`
            let _ = bytes;
        }
        request.complete(Ok(0), irql)
    }
}

fn main() {}
