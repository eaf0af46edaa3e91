//! A request's value is reached through the request, and not after it was disposed of.
use wdk::prelude::*;

fn write<'r>(mut request: WriteRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
    let count = request.context_mut::<u32>();
    let proof = request.complete(Ok(0), irql); //~ E0505: cannot move out of `request`
    if let Some(count) = count {
        *count += 1;
    }
    proof // mended: request.complete(Ok(0), irql)
}

fn main() {
    let _ = write;
}
