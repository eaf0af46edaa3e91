//! A manual queue that the default queue feeds, and from which every third write empties.

use wdk::prelude::*;

pub struct Manual;

impl Driver for Manual {
    fn device_add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> Result<()> {
        let device = init.create(|_, _| Ok(()), irql)?;
        device.create_symbolic_link(wstr!(r"\DosDevices\Manual"), irql)?;
        let kept = device.queue(Dispatching::Manual, |_, _| Ok(Kept), irql)?;
        let init = |_: &QueueRef<Front>, irql: &mut Irql<'_, Passive>| {
            Ok(Front { kept: kept.to_handle(irql), gate: WaitLock::try_new(0, irql)? })
        };
        device.default_queue(Dispatching::Sequential, init, irql)?;
        Ok(())
    }
}

struct Kept;

impl IoQueue for Kept {
    type Scope = Unsynchronized;
    type Exec = Passive;
    const HANDLES: Handlers = Handlers::NONE;
}

struct Front {
    kept: QueueHandle<Kept>,
    gate: WaitLock<u32>,
}

impl IoQueue for Front {
    type Scope = PerQueue;
    type Exec = Passive;
    const HANDLES: Handlers = Handlers::WRITE.and(Handlers::OTHER);

    fn write<'r>(this: &mut Self, request: WriteRequest<'r>, irql: &mut Irql<'_, Passive>) -> Disposed<'r> {
        let count = this.gate.with(irql, |count, _| {
            *count += 1;
            *count
        });
        if !count.is_multiple_of(3) {
            let forwarded = request.forward(&this.kept, irql);
            return forwarded.unwrap_or_else(|rejected| rejected.fail(irql));
        }
        let outcome = request.queue::<Self>().and_then(|queue| queue.device::<()>()).map_or(
            Err(Error::NOT_FOUND),
            |device| {
                let kept = this.kept.of(device).ok_or(Error::NOT_FOUND)?;
                let mut sum = 0;
                let mut first = true;
                while kept.retrieve(irql, |retrieved, irql| {
                    if core::mem::take(&mut first) {
                        let requeued = retrieved.requeue(irql);
                        return requeued.unwrap_or_else(|rejected| rejected.fail(irql));
                    }
                    match retrieved.into_request().classify() {
                        Classified::Write(write) => {
                            sum += write.len();
                            let len = write.len();
                            write.complete(Ok(len), irql)
                        }
                        _ => unreachable!("only writes are forwarded"),
                    }
                })? {}
                Ok(sum)
            },
        );
        request.complete(outcome, irql)
    }

    fn other<'r>(_: &mut Self, request: AnyRequest<'r>, irql: &mut Irql<'_, Passive>) -> Disposed<'r> {
        assert_eq!(request.request_type(), RequestType::Read);
        request.complete(Err(Error::END_OF_FILE), irql)
    }
}
