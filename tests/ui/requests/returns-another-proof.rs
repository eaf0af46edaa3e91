//! The proof of one request is no proof for another.
use wdk::prelude::*;

fn both<'a, 'b>(
    first: WriteRequest<'a>,
    second: WriteRequest<'b>,
    irql: &mut Irql<'_, Dispatch>,
) -> (Disposed<'a>, Disposed<'b>) {
    let one = first.complete(Ok(0), irql);
    let other = second.complete(Ok(0), irql);
    (other, one) //~ error: lifetime may not live long enough & error: lifetime may not live long enough // mended: (one, other)
}

fn main() {
    let _ = both;
}
