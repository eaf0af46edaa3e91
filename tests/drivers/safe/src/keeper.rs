//! Queues that say what they are told.

use wdk::prelude::*;

pub struct Keeper;

impl Driver for Keeper {
    fn device_add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> Result<()> {
        let device = init.create(|_, _| Ok(()), irql)?;
        device.create_symbolic_link(wstr!(r"\DosDevices\Keeper"), irql)?;
        let shelf = device.queue(Dispatching::Manual, |_, _| Ok(Shelf), irql)?.to_handle(irql);
        let main = device.default_queue(
            Dispatching::PARALLEL,
            |_, _| Ok(Main { given_up: None, kept: None, shelf }),
            irql,
        )?;
        let main = main.to_handle(irql);
        let config = QueueConfig::new(Dispatching::PARALLEL).power_managed(PowerManaged::No);
        device.queue(config, |_, _| Ok(Door { main }), irql)?.route(RequestType::DeviceControl, irql)
    }
}

struct Main {
    given_up: Option<Parked<Write>>,
    kept: Option<Parked<Write>>,
    shelf: QueueHandle<Shelf>,
}

impl IoQueue for Main {
    type Scope = PerQueue;
    type Exec = Dispatch;
    const HANDLES: Handlers = Handlers::WRITE.and(Handlers::STOPPING).and(Handlers::RESUMED);

    fn write<'r>(this: &mut Self, request: WriteRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
        let slot = match request.len() {
            1 => &mut this.given_up,
            2 => &mut this.kept,
            _ => {
                return match request.forward(&this.shelf, irql) {
                    Ok(proof) => proof,
                    Err(rejected) => rejected.fail(irql),
                };
            }
        };
        match request.park(irql) {
            Ok((proof, parked)) => {
                *slot = Some(parked);
                proof
            }
            Err(rejected) => rejected.fail(irql),
        }
    }

    fn stopping(this: &mut Self, notice: &StopNotice<'_>, irql: &mut Irql<'_, Dispatch>) {
        wdk::println!("stopping");
        assert!(!notice.is_removal());
        if this.given_up.as_ref().is_some_and(|parked| notice.is(parked))
            && let Some(parked) = this.given_up.take()
        {
            assert!(parked.take(irql, |r, irql| r.complete(Err(Error::DEVICE_POWERED_OFF), irql)));
        }
    }

    fn resumed(this: &mut Self, notice: &ResumeNotice<'_>, _: &mut Irql<'_, Dispatch>) {
        wdk::println!("resumed");
        assert!(this.kept.as_ref().is_some_and(|parked| notice.is(parked)));
    }

    fn stopped(queue: &QueueRef<Self>, irql: &mut Irql<'_, Dispatch>) {
        wdk::println!("stopped");
        // No lock is held here.
        queue.lock(irql, |this, _| assert!(this.given_up.is_none()));
        queue.start(irql);
    }

    fn emptied(this: &mut Self, queue: &QueueRef<Self>, irql: &mut Irql<'_, Dispatch>) {
        wdk::println!("emptied");
        this.given_up = None;
        queue.start(irql);
    }
}

struct Shelf;

impl IoQueue for Shelf {
    type Scope = PerQueue;
    type Exec = Dispatch;
    const HANDLES: Handlers = Handlers::CANCELED_ON_QUEUE;

    fn canceled_on_queue<'r>(
        _: &mut Self,
        request: CanceledRequest<'r>,
        irql: &mut Irql<'_, Dispatch>,
    ) -> Disposed<'r> {
        assert!(request.is_canceled());
        request.complete(Err(Error::CONNECTION_ABORTED), irql)
    }
}

struct Door {
    main: QueueHandle<Main>,
}

impl IoQueue for Door {
    type Scope = PerQueue;
    type Exec = Dispatch;
    const HANDLES: Handlers = Handlers::DEVICE_CONTROL;

    fn device_control<'r>(
        this: &mut Self,
        request: DeviceControlRequest<'r>,
        irql: &mut Irql<'_, Dispatch>,
    ) -> Disposed<'r> {
        request.complete_with(irql, |request, irql| {
            let door = request.queue::<Door>().ok_or(Error::INTERNAL_ERROR)?;
            let main = this.main.of(door.device::<()>().ok_or(Error::INTERNAL_ERROR)?);
            let main = main.ok_or(Error::INTERNAL_ERROR)?;
            match request.code().0 >> 2 & 0xF {
                0 => main.stop_then_notify(irql),
                1 => main.stop_and_purge_then_notify(irql),
                2 => main.drain_then_notify(irql),
                3 => main.purge_then_notify(irql),
                4 => {
                    main.stop_and_purge(irql);
                    main.start(irql);
                    Ok(())
                }
                _ => {
                    let kept = main.lock(irql, |this, _| this.kept.take());
                    let kept = kept.ok_or(Error::NOT_FOUND)?;
                    kept.take(irql, |write, irql| write.complete(Ok(2), irql));
                    Ok(())
                }
            }
        })
    }
}
