//! A read returns what its output has; there is no other count.
use wdk::prelude::*;

struct Reads;

impl IoQueue for Reads {
    type Scope = PerQueue;
    type Exec = Dispatch;
    const HANDLES: Handlers = Handlers::READ;

    fn read<'r>(_: &mut Self, request: ReadRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
        request.complete(Ok(512), irql) //~ E0308: mismatched types // mended: request.complete(Ok(()), irql)
    }
}

fn main() {}
