//! Writes are parked. Controls complete them, and change the queue's state: at once, or from a work item that waits.

use core::sync::atomic::{AtomicU32, Ordering::Relaxed};
use wdk::prelude::*;

pub struct Valve;

impl Driver for Valve {
    fn device_add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> Result<()> {
        let device = init.create(
            |device, irql| {
                Ok(Gauge {
                    form: AtomicU32::new(0),
                    done: AtomicU32::new(0),
                    item: WorkItem::try_new(device, irql)?,
                    main: device
                        .queue(Dispatching::PARALLEL, |_, _| Ok(Writes { parked: None }), irql)?
                        .to_handle(irql),
                })
            },
            irql,
        )?;
        device.create_symbolic_link(wstr!(r"\DosDevices\Valve"), irql)?;
        device.context().main.of(device).ok_or(Error::NOT_FOUND)?.route(RequestType::Write, irql)?;
        device.default_queue(Dispatching::PARALLEL, |_, _| Ok(Controls), irql)?;
        Ok(())
    }
}

struct Gauge {
    form: AtomicU32,
    done: AtomicU32,
    item: WorkItem<Change>,
    main: QueueHandle<Writes>,
}

impl Device for Gauge {
    type Locked = ();
    type Exec = Dispatch;
}

struct Change;

impl WorkHandler for Change {
    type Parent = DeviceRef<Gauge>;

    fn run(device: &DeviceRef<Gauge>, block: &mut MayBlock<'_>, irql: &mut Irql<'_, Passive>) {
        let this = device.context();
        let main = this.main.of(device).expect("one of the device's");
        match this.form.load(Relaxed) {
            10 => main.stop_synchronously(block, irql),
            11 => main.stop_and_purge_synchronously(block, irql),
            12 => main.drain_synchronously(block, irql),
            13 => main.purge_synchronously(block, irql),
            other => panic!("{other}"),
        }
        this.done.fetch_add(1, Relaxed);
    }
}

struct Controls;

impl IoQueue for Controls {
    type Scope = Unsynchronized;
    type Exec = Dispatch;
    const HANDLES: Handlers = Handlers::DEVICE_CONTROL;

    fn device_control<'r>(
        _: &Self,
        request: DeviceControlRequest<'r>,
        irql: &mut Irql<'_, Dispatch>,
    ) -> Disposed<'r> {
        request.complete_with(irql, |request, irql| {
            let controls = request.queue::<Controls>().ok_or(Error::INTERNAL_ERROR)?;
            let device = controls.device::<Gauge>().ok_or(Error::INTERNAL_ERROR)?;
            let this = device.context();
            let main = this.main.of(device).ok_or(Error::INTERNAL_ERROR)?;
            match request.code().0 >> 2 & 0xFF {
                0 => main.stop(irql),
                1 => main.stop_and_purge(irql),
                2 => main.drain(irql),
                3 => main.purge(irql),
                4 => main.start(irql),
                5 => {
                    if let Some(parked) = main.lock(irql, |this, _| this.parked.take()) {
                        parked.take(irql, |request, irql| {
                            let len = request.len();
                            request.complete(Ok(len), irql)
                        });
                    }
                }
                6 => {}
                form => {
                    this.form.store(form, Relaxed);
                    this.item.enqueue(irql);
                }
            }
            let done = this.done.load(Relaxed);
            request.output().write_value(&done)
        })
    }
}

struct Writes {
    parked: Option<Parked<Write>>,
}

impl IoQueue for Writes {
    type Scope = PerQueue;
    type Exec = Dispatch;
    const HANDLES: Handlers = Handlers::WRITE;

    fn write<'r>(this: &mut Self, request: WriteRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
        match request.park(irql) {
            Ok((proof, parked)) => {
                assert!(this.parked.replace(parked).is_none());
                proof
            }
            Err(rejected) => rejected.fail(irql),
        }
    }

    fn cancel<'r>(
        this: &mut Self,
        request: CanceledRequest<'r>,
        irql: &mut Irql<'_, Dispatch>,
    ) -> Disposed<'r> {
        this.parked = None;
        request.complete(Err(Error::CANCELLED), irql)
    }
}
