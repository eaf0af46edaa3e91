//! Drops its first parked request under a spin lock, on the next write.

use wdk::prelude::*;

pub struct Dropping;

impl Driver for Dropping {
    fn device_add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> Result<()> {
        let device = init.create(|_, _| Ok(()), irql)?;
        device.create_symbolic_link(wstr!(r"\DosDevices\Dropping"), irql)?;
        let init = |_: &QueueRef<_>, irql: &mut Irql<'_, Passive>| Ok(Keeper(SpinLock::try_new(None, irql)?));
        device.default_queue(Dispatching::PARALLEL, init, irql)?;
        Ok(())
    }
}

struct Keeper(SpinLock<Option<Parked<Write>>>);

impl IoQueue for Keeper {
    type Scope = PerQueue;
    type Exec = Dispatch;
    const HANDLES: Handlers = Handlers::WRITE;

    fn write<'r>(this: &mut Self, request: WriteRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
        let kept = this.0.with(irql, |slot, irql| {
            let dropped = slot.take().is_some();
            if dropped {
                return Ok(Err(request));
            }
            let (proof, token) = request.park(irql)?;
            *slot = Some(token);
            Ok::<_, Rejected<'r, Write>>(Ok(proof))
        });
        match kept {
            Ok(Ok(proof)) => proof,
            Ok(Err(request)) => request.complete(Ok(1), irql),
            Err(rejected) => rejected.fail(irql),
        }
    }
}
