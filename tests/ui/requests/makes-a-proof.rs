//! A proof comes from the request's disposal.
use wdk::prelude::*;

struct Writes;

impl IoQueue for Writes {
    type Scope = PerQueue;
    type Exec = Dispatch;
    const HANDLES: Handlers = Handlers::WRITE;

    fn write<'r>(_: &mut Self, request: WriteRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
        let _ = &request;
        Disposed(core::marker::PhantomData) //~ E0423: cannot initialize a tuple struct which contains private fields // mended: request.complete(Ok(0), irql)
    }
}

fn main() {}
