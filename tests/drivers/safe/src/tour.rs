//! Writes go through three queues: a handler forwards them to a manual queue, whose requests a control moves on. Reads
//! count what they see.

use crate::tale::{Tale, tell};
use wdk::prelude::*;

pub struct Tour;

impl Driver for Tour {
    fn device_add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> Result<()> {
        let device = init.request_context::<Tale>().create(|_, _| Ok(()), irql)?;
        device.create_symbolic_link(wstr!(r"\DosDevices\Tour"), irql)?;
        let last = device.queue(Dispatching::PARALLEL, |_, _| Ok(Last { parked: None }), irql)?;
        let last = last.to_handle(irql);
        let tray = device.queue(Dispatching::Manual, |_, _| Ok(Tray), irql)?.to_handle(irql);
        device.default_queue(Dispatching::PARALLEL, |_, _| Ok(First { tray, last }), irql)?;
        Ok(())
    }
}

struct First {
    tray: QueueHandle<Tray>,
    last: QueueHandle<Last>,
}

impl IoQueue for First {
    type Scope = PerQueue;
    type Exec = Dispatch;
    const HANDLES: Handlers = Handlers::WRITE.and(Handlers::DEVICE_CONTROL);

    fn write<'r>(this: &mut Self, request: WriteRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
        assert_eq!(tell(&request), 1);
        request.forward(&this.tray, irql).unwrap_or_else(|rejected| rejected.fail(irql))
    }

    /// Moves the first waiting write on: looks at it, puts it back, and takes it for the last queue.
    fn device_control<'r>(
        this: &mut Self,
        request: DeviceControlRequest<'r>,
        irql: &mut Irql<'_, Dispatch>,
    ) -> Disposed<'r> {
        assert_eq!(tell(&request), 1);
        let last = &this.last;
        request.complete_with(irql, |request, irql| {
            let first = request.queue::<First>().ok_or(Error::INTERNAL_ERROR)?;
            let device = first.device::<()>().ok_or(Error::INTERNAL_ERROR)?;
            let tray = this.tray.of(device).ok_or(Error::INTERNAL_ERROR)?;
            tray.retrieve(irql, |request, irql| {
                let request = match request.requeue(irql) {
                    Ok(proof) => return proof,
                    Err(rejected) => rejected.request,
                };
                request.complete(Err(Error::INTERNAL_ERROR), irql)
            })?;
            tray.retrieve_where(
                irql,
                |write| write.request_type() == RequestType::Write,
                |request, irql| {
                    let mut request = request.into_request();
                    assert_eq!(tell(&request), 2);
                    request.context_mut::<Tale>().expect("declared").text = *b"it ";
                    assert!(request.context::<u64>().is_none());
                    request.forward(last, irql).unwrap_or_else(|rejected| rejected.fail(irql))
                },
            )?;
            Ok(())
        })
    }
}

struct Tray;

impl IoQueue for Tray {
    type Scope = PerQueue;
    type Exec = Dispatch;
    const HANDLES: Handlers = Handlers::CANCELED_ON_QUEUE;

    fn canceled_on_queue<'r>(
        _: &mut Self,
        request: CanceledRequest<'r>,
        irql: &mut Irql<'_, Dispatch>,
    ) -> Disposed<'r> {
        assert_eq!(tell(&request), 2);
        request.complete(Err(Error::CANCELLED), irql)
    }
}

/// Keeps one write, parked. Another one takes its place.
struct Last {
    parked: Option<Parked<Write>>,
}

impl IoQueue for Last {
    type Scope = PerQueue;
    type Exec = Dispatch;
    const HANDLES: Handlers = Handlers::WRITE;

    fn write<'r>(this: &mut Self, request: WriteRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
        assert_eq!(tell(&request), 3);
        if request.len() == 2 {
            // Fails the one that is there, from a DPC.
            this.parked = None;
        } else if let Some(parked) = this.parked.take() {
            parked.take(irql, |request, irql| {
                assert_eq!(tell(&request), 4);
                let len = request.len();
                request.complete(Ok(len), irql)
            });
        }
        match request.park(irql) {
            Ok((proof, parked)) => {
                this.parked = Some(parked);
                proof
            }
            Err(rejected) => rejected.fail(irql),
        }
    }

    /// The token stays where it is, and keeps the context.
    fn cancel<'r>(_: &mut Self, request: CanceledRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
        assert_eq!(tell(&request), 4);
        request.complete(Err(Error::CANCELLED), irql)
    }
}
