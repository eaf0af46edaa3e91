//! Writes wait in a list under a spin lock; a work item completes them.

use wdk::prelude::*;

pub struct Sleeper;

impl Driver for Sleeper {
    fn device_add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> Result<()> {
        let device = init.create(|_, _| Ok(()), irql)?;
        device.create_symbolic_link(wstr!(r"\DosDevices\Waiting"), irql)?;
        device.default_queue(Dispatching::PARALLEL, Waiting::new, irql)?;
        Ok(())
    }
}

struct Waiting {
    parked: SpinLock<PoolVec<Parked<Write>>>,
    item: WorkItem<Complete>,
}

impl Waiting {
    fn new(queue: &QueueRef<Self>, irql: &mut Irql<'_, Passive>) -> Result<Self> {
        Ok(Self { parked: SpinLock::try_new(PoolVec::new(), irql)?, item: WorkItem::try_new(queue, irql)? })
    }
}

impl IoQueue for Waiting {
    type Scope = Unsynchronized;
    type Exec = Dispatch;
    const HANDLES: Handlers = Handlers::WRITE;

    fn write<'r>(this: &Self, request: WriteRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
        let outcome = this.parked.with(irql, |parked, irql| {
            if parked.try_reserve(1, irql).is_err() {
                return Err(Rejected { error: Error::INSUFFICIENT_RESOURCES, request });
            }
            let (proof, token) = request.park(irql)?;
            let _ = parked.try_push(token, irql);
            Ok(proof)
        });
        this.item.enqueue(irql);
        outcome.unwrap_or_else(|rejected| rejected.fail(irql))
    }

    fn cancel<'r>(this: &Self, request: CanceledRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
        this.parked.with(irql, |parked, _| {
            if let Some(at) = parked.iter().position(|token| request.is(token)) {
                drop(parked.swap_remove(at));
            }
        });
        request.complete(Err(Error::CANCELLED), irql)
    }
}

struct Complete;

impl WorkHandler for Complete {
    type Parent = QueueRef<Waiting>;

    fn run(queue: &QueueRef<Waiting>, _: &mut MayBlock<'_>, irql: &mut Irql<'_, Passive>) {
        let this = queue.context();
        while let Some(token) = this.parked.with(irql, |parked, _| parked.pop()) {
            token.take(irql, |request, irql| {
                let len = request.len();
                request.complete(Ok(len), irql)
            });
        }
    }
}
