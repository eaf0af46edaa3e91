//! What a queue is told: requests when the device sleeps and wakes, requests cancelled in it, changes that are over.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use wdk_emulator::{Level, Machine, Result};
use wdk_sys::{STATUS_CANCELLED, STATUS_CONNECTION_ABORTED, STATUS_DEVICE_POWERED_OFF};

mod keeper {
    use super::*;
    use wdk::prelude::*;

    wdk::driver!(Keeper);

    pub static STOPS: AtomicU32 = AtomicU32::new(0);
    pub static RESUMES: AtomicU32 = AtomicU32::new(0);
    pub static STOPPED: AtomicU32 = AtomicU32::new(0);
    pub static EMPTIED: AtomicU32 = AtomicU32::new(0);

    struct Keeper;

    impl Driver for Keeper {
        fn device_add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> wdk::Result<()> {
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

        fn write<'r>(
            this: &mut Self,
            request: WriteRequest<'r>,
            irql: &mut Irql<'_, Dispatch>,
        ) -> Disposed<'r> {
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
            STOPS.fetch_add(1, Relaxed);
            assert!(!notice.is_removal());
            if this.given_up.as_ref().is_some_and(|parked| notice.is(parked))
                && let Some(parked) = this.given_up.take()
            {
                assert!(parked.take(irql, |r, irql| r.complete(Err(Error::DEVICE_POWERED_OFF), irql)));
            }
        }

        fn resumed(this: &mut Self, notice: &ResumeNotice<'_>, _: &mut Irql<'_, Dispatch>) {
            RESUMES.fetch_add(1, Relaxed);
            assert!(this.kept.as_ref().is_some_and(|parked| notice.is(parked)));
        }

        fn stopped(queue: &QueueRef<Self>, irql: &mut Irql<'_, Dispatch>) {
            STOPPED.fetch_add(1, Relaxed);
            // No lock is held here.
            queue.lock(irql, |this, _| assert!(this.given_up.is_none()));
            queue.start(irql);
        }

        fn emptied(this: &mut Self, queue: &QueueRef<Self>, irql: &mut Irql<'_, Dispatch>) {
            EMPTIED.fetch_add(1, Relaxed);
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
}

fn code(number: u32) -> u32 {
    0x22_2000 | number << 2
}

#[test]
fn a_queue_is_told() -> Result {
    let machine = Machine::builder().seed(3).verifier(Level::All).build();
    let driver = machine.load(&keeper::DRIVER)?;
    let device = driver.plug(r"ROOT\KEEPER")?;
    let file = machine.open(r"\\.\Keeper")?;

    // Forwarded, so the driver had it, and cancelled in the queue that has it.
    let shelved = file.start_write(b"333")?;
    shelved.cancel()?;
    assert_eq!(shelved.wait()?.status, STATUS_CONNECTION_ABORTED);

    // Asleep with two requests: one is completed when the driver is told, the other kept.
    let (given_up, kept) = (file.start_write(b"1")?, file.start_write(b"22")?);
    device.suspend()?;
    assert_eq!(given_up.wait()?.status, STATUS_DEVICE_POWERED_OFF);
    assert!(!kept.is_done());
    device.resume()?;
    assert_eq!((keeper::STOPS.load(Relaxed), keeper::RESUMES.load(Relaxed)), (2, 1));

    // A stop is over when the driver has nothing left; meanwhile there is no second one.
    file.ioctl(code(0), &[], 0)?;
    assert_eq!(file.ioctl(code(1), &[], 0).unwrap_err().status(), Some(wdk_sys::STATUS_DEVICE_BUSY));
    assert_eq!(keeper::STOPPED.load(Relaxed), 0);
    file.ioctl(code(5), &[], 0)?;
    assert_eq!(kept.wait()?.success()?.information, 2);
    assert_eq!(keeper::STOPPED.load(Relaxed), 1);

    // Purges cancel what is parked.
    for (number, stopped, emptied) in [(1, 2, 0), (3, 2, 1), (4, 2, 1)] {
        let parked = file.start_write(b"22")?;
        file.ioctl(code(number), &[], 0)?;
        assert_eq!(parked.wait()?.status, STATUS_CANCELLED);
        assert_eq!((keeper::STOPPED.load(Relaxed), keeper::EMPTIED.load(Relaxed)), (stopped, emptied));
    }
    // A drain waits for what the driver has.
    let parked = file.start_write(b"22")?;
    file.ioctl(code(2), &[], 0)?;
    assert_eq!(keeper::EMPTIED.load(Relaxed), 1);
    file.ioctl(code(5), &[], 0)?;
    assert_eq!(parked.wait()?.success()?.information, 2);
    assert_eq!(keeper::EMPTIED.load(Relaxed), 2);
    file.close()?;
    device.remove()?;
    driver.unload()?;
    machine.finish()
}
