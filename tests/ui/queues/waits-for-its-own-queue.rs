//! A handler gets no permission to block, so it cannot wait for its queue, at any execution level.
use wdk::prelude::*;

struct Writes;

impl IoQueue for Writes {
    type Scope = PerQueue;
    type Exec = Passive;
    const HANDLES: Handlers = Handlers::WRITE;

    fn write<'r>(_: &mut Self, request: WriteRequest<'r>, irql: &mut Irql<'_, Passive>) -> Disposed<'r> {
        if let Some(queue) = request.queue::<Self>() {
            queue.drain_synchronously(irql); //~ E0061: this method takes 2 arguments but 1 argument was supplied
            queue.purge_synchronously(irql); //~ E0061: this method takes 2 arguments but 1 argument was supplied
            queue.stop_synchronously(irql); //~ E0061: this method takes 2 arguments but 1 argument was supplied
            let _ = queue;
        }
        request.complete(Ok(0), irql)
    }
}

fn main() {}
