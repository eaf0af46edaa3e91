//! Who takes a parked request back disposes of it.
use wdk::prelude::*;

fn forget(parked: Parked<Write>, irql: &mut Irql<'_, Dispatch>) {
    parked.take(irql, |_, _| ()); //~ E0308: mismatched types // mended: parked.take(irql, |request, irql| request.complete(Ok(0), irql));
}

fn main() {
    let _: fn(Parked<Write>, &mut Irql<'_, Dispatch>) = forget;
}
