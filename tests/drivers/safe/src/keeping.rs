//! Writes wait in a manual queue. A work item retrieves them, without the queue's lock, and keeps them: parked, put back
//! and retrieved again, or offered to a queue that refuses them first.

use crate::service;
use wdk::prelude::*;

/// Says `refused` when parking was refused because the device was on its way to sleep.
pub struct Keeping;

impl Driver for Keeping {
    fn device_add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> Result<()> {
        let device = init.create(|_, _| Ok(()), irql)?;
        device.create_symbolic_link(wstr!(r"\DosDevices\Keeping"), irql)?;
        let closed = device.queue(Dispatching::Manual, |_, _| Ok(Closed), irql)?;
        closed.drain(irql);
        let closed = closed.to_handle(irql);
        let detours = service::has("detours", irql);
        let tray = device.queue(
            Dispatching::Manual,
            |queue, irql| {
                Ok(Tray {
                    kept: SpinLock::try_new(PoolVec::new(), irql)?,
                    item: WorkItem::try_new(queue, irql)?,
                    closed,
                    detours,
                })
            },
            irql,
        )?;
        tray.route(RequestType::Write, irql)?;
        let tray = tray.to_handle(irql);
        let config = QueueConfig::new(Dispatching::PARALLEL).power_managed(PowerManaged::No);
        device.default_queue(config, |_, _| Ok(Door { tray }), irql)?;
        Ok(())
    }
}

struct Closed;

impl IoQueue for Closed {
    type Scope = Unsynchronized;
    type Exec = Dispatch;
    const HANDLES: Handlers = Handlers::NONE;
}

struct Tray {
    kept: SpinLock<PoolVec<Parked<Write>>>,
    item: WorkItem<Keep>,
    closed: QueueHandle<Closed>,
    /// Whether requests are put back and offered elsewhere first.
    detours: bool,
}

impl IoQueue for Tray {
    type Scope = Unsynchronized;
    type Exec = Dispatch;
    const HANDLES: Handlers = Handlers::READY;

    fn ready(this: &Self, _: &QueueRef<Self>, irql: &mut Irql<'_, Dispatch>) {
        this.item.enqueue(irql);
    }
}

struct Keep;

impl WorkHandler for Keep {
    type Parent = QueueRef<Tray>;

    fn run(queue: &QueueRef<Tray>, _: &mut MayBlock<'_>, irql: &mut Irql<'_, Passive>) {
        let this = queue.context();
        if this.detours {
            // Put back once, so that the same request is retrieved twice.
            let _ = queue.retrieve(irql, |request, irql| {
                request.requeue(irql).unwrap_or_else(|rejected| rejected.fail(irql))
            });
        }
        while let Ok(true) = queue.retrieve(irql, |request, irql| {
            let mut request = request.into_request();
            if this.detours {
                request = match request.forward(&this.closed, irql) {
                    Ok(_) => panic!("the queue is closed"),
                    Err(rejected) => rejected.request,
                };
            }
            let Classified::Write(request) = request.classify() else { panic!("not a write") };
            keep(this, request, irql)
        }) {}
    }
}

fn keep<'r>(this: &Tray, request: WriteRequest<'r>, irql: &mut Irql<'_, Passive>) -> Disposed<'r> {
    let outcome = this.kept.with(irql, |kept, irql| {
        if kept.try_reserve(1, irql).is_err() {
            return Err(Rejected { error: Error::INSUFFICIENT_RESOURCES, request });
        }
        let (proof, token) = request.park(irql)?;
        let _ = kept.try_push(token, irql);
        Ok(proof)
    });
    outcome.unwrap_or_else(|rejected| {
        if rejected.error != Error::CANCELLED {
            assert_eq!(rejected.error, Error::WDF_PAUSED);
            wdk::println!("refused");
        }
        rejected.fail(irql)
    })
}

/// A control has all that is kept completed, asleep or not.
struct Door {
    tray: QueueHandle<Tray>,
}

impl IoQueue for Door {
    type Scope = Unsynchronized;
    type Exec = Dispatch;
    const HANDLES: Handlers = Handlers::DEVICE_CONTROL;

    fn device_control<'r>(
        this: &Self,
        request: DeviceControlRequest<'r>,
        irql: &mut Irql<'_, Dispatch>,
    ) -> Disposed<'r> {
        request.complete_with(irql, |request, irql| {
            let device = request.queue::<Door>().and_then(|door| door.device::<()>());
            let tray = device.and_then(|device| this.tray.of(device)).ok_or(Error::INTERNAL_ERROR)?;
            let kept = &tray.context().kept;
            while let Some(token) = kept.with(irql, |kept, _| kept.pop()) {
                token.take(irql, |request, irql| {
                    let len = request.len();
                    request.complete(Ok(len), irql)
                });
            }
            Ok(())
        })
    }
}
