//! Only what was retrieved can be put back.
use wdk::prelude::*;

struct Writes;

impl IoQueue for Writes {
    type Scope = PerQueue;
    type Exec = Dispatch;
    const HANDLES: Handlers = Handlers::WRITE;

    fn write<'r>(_: &mut Self, request: WriteRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
        match request.requeue(irql) { //~ E0599: no method named `requeue` found // mended: match request.complete(Ok(0), irql) {
            Ok(proof) => proof, // mended: proof => proof,
            Err(rejected) => rejected.fail(irql), // mended:
        }
    }
}

fn main() {}
