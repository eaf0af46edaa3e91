//! Parking consumes the request; the token gets it back.
use wdk::prelude::*;

struct Writes;

impl IoQueue for Writes {
    type Scope = PerQueue;
    type Exec = Dispatch;
    const HANDLES: Handlers = Handlers::WRITE;

    fn write<'r>(_: &mut Self, request: WriteRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
        match request.park(irql) {
            Ok((proof, parked)) => {
                drop(parked);
                let _ = request.complete(Ok(0), irql); //~ E0382: use of moved value: `request`
                proof
            }
            Err(rejected) => rejected.fail(irql),
        }
    }
}

fn main() {}
