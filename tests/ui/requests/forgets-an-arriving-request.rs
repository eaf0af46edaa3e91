//! A request on its way to a queue is enqueued or completed.
use wdk::prelude::*;

struct Door;

impl Device for Door {
    type Locked = ();
    type Exec = Dispatch;
    const CALLBACKS: DeviceCallbacks = DeviceCallbacks::IN_CALLER_CONTEXT;

    fn in_caller_context<'r>(
        &self,
        _: &DeviceRef<Self>,
        request: Arriving<'r>,
        irql: &mut Irql<'_, Dispatch>,
    ) -> Disposed<'r> {
        if request.requestor_mode() == wdk::RequestorMode::User {
            return; //~ E0069: `return;` in a function // mended: return request.complete(Ok(()), irql);
        }
        request.enqueue(irql).unwrap_or_else(|rejected| rejected.fail(irql))
    }
}

fn main() {}
