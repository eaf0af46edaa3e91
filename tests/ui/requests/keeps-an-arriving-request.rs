//! A request without a queue does not outlive the callback that got it.
use wdk::prelude::*;

fn keep(request: Arriving<'static>) {
    core::mem::forget(request);
}

fn arrives<'r>(request: Arriving<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
    keep(request); //~ E0521: borrowed data escapes // mended: request.complete(Ok(()), irql)
    let _ = irql; // mended:
    loop {} // mended:
}

fn main() {
    let _ = (keep, arrives);
}
