//! A request that a queue has is not the driver's any more.
use wdk::prelude::*;

fn enqueue<'r>(request: Arriving<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
    let _ = request.enqueue(irql); // mended:
    match request.enqueue(irql) { //~ E0382: use of moved value: `request` // mended: match request.enqueue(irql) {
        Ok(proof) => proof,
        Err(rejected) => rejected.fail(irql),
    }
}

fn main() {
    let _ = enqueue;
}
