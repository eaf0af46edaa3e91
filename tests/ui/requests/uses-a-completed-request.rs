//! A buffer is borrowed from its request and ends before it.
use wdk::prelude::*;

struct Writes;

impl IoQueue for Writes {
    type Scope = PerQueue;
    type Exec = Dispatch;
    const HANDLES: Handlers = Handlers::WRITE;

    fn write<'r>(_: &mut Self, request: WriteRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
        let input = request.input();
        let proof = request.complete(Ok(0), irql); //~ E0505: cannot move out of `request` because it is borrowed // mended: let length = input.len(); let proof = request.complete(Ok(length), irql);
        let _ = input.len(); // mended:
        proof
    }
}

fn main() {}
