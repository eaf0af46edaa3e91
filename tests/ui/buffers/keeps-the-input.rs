//! The input ends with the delivery: it is copied to be kept.
use wdk::prelude::*;

struct Writes {
    kept: Option<&'static [u8]>, // mended: kept: Option<usize>,
}

impl IoQueue for Writes {
    type Scope = PerQueue;
    type Exec = Dispatch;
    const HANDLES: Handlers = Handlers::WRITE;

    fn write<'r>(this: &mut Self, request: WriteRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
        this.kept = request.input().as_slice(); //~ error: lifetime may not live long enough & E0597: `request` does not live long enough // mended: this.kept = request.input().as_slice().map(<[u8]>::len);
        request.complete(Ok(0), irql) //~ E0505: cannot move out of `request` because it is borrowed // mended: request.complete(Ok(0), irql)
    }
}

fn main() {
    let _ = |writes: Writes| writes.kept.is_some();
}
