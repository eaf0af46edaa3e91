//! DPCs: where they run, what they see, and that none runs when its parent is gone.

use wdk_emulator::{Level, Machine, Result};

/// Writes enqueue a DPC that counts them, under the queue's lock; controls enqueue it twice, or take it off the queue.
mod bell {
    use wdk::prelude::*;

    wdk::driver!(Bell);

    struct Bell;

    impl Driver for Bell {
        fn device_add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> Result<()> {
            let device = init.create(|_, _| Ok(()), irql)?;
            device.create_symbolic_link(wstr!(r"\DosDevices\Bell"), irql)?;
            device.default_queue(
                Dispatching::PARALLEL,
                |queue, irql| {
                    Ok(Main {
                        rung: 0,
                        ring: Dpc::try_new(queue, irql)?,
                        sweep: WorkItem::try_new(queue, irql)?,
                    })
                },
                irql,
            )?;
            Ok(())
        }
    }

    struct Main {
        rung: u32,
        ring: Dpc<Ring>,
        sweep: WorkItem<Sweep>,
    }

    struct Ring;

    impl DpcHandler for Ring {
        type Parent = QueueRef<Main>;

        fn run(queue: &QueueRef<Main>, irql: &mut Irql<'_, Dispatch>) {
            assert!(irql.if_passive().is_none());
            queue.lock(irql, |this, _| this.rung += 1);
        }
    }

    /// Waits for the DPC where that is allowed.
    struct Sweep;

    impl WorkHandler for Sweep {
        type Parent = QueueRef<Main>;

        fn run(queue: &QueueRef<Main>, block: &mut MayBlock<'_>, irql: &mut Irql<'_, Passive>) {
            let ring = Dpc::<Ring>::try_new(queue, irql).unwrap();
            let before = queue.lock(irql, |this, _| this.rung);
            ring.enqueue(irql);
            ring.cancel_synchronously(block, irql);
            let after = queue.lock(irql, |this, _| this.rung);
            assert!(after - before <= 1);
            // It has returned, or does not run any more.
            for _ in 0..4 {
                assert_eq!(queue.lock(irql, |this, _| this.rung), after);
            }
        }
    }

    impl IoQueue for Main {
        type Scope = PerQueue;
        type Exec = Dispatch;
        const HANDLES: Handlers = Handlers::WRITE.and(Handlers::DEVICE_CONTROL);

        fn write<'r>(
            this: &mut Self,
            request: WriteRequest<'r>,
            irql: &mut Irql<'_, Dispatch>,
        ) -> Disposed<'r> {
            this.sweep.enqueue(irql);
            request.complete(Ok(1), irql)
        }

        fn device_control<'r>(
            this: &mut Self,
            request: DeviceControlRequest<'r>,
            irql: &mut Irql<'_, Dispatch>,
        ) -> Disposed<'r> {
            request.complete_with(irql, |request, irql| {
                let function = request.code().0 >> 2 & 0xF;
                // The lock is a spin lock, so the DPC does not run on this processor before the handler returns.
                let first = this.ring.enqueue(irql);
                let second = match function {
                    0 => this.ring.enqueue(irql),
                    _ => this.ring.cancel(irql),
                };
                request.output().write(&[u8::from(first), u8::from(second), this.rung as u8])
            })
        }
    }
}

#[test]
fn a_dpc_runs_once_for_each_time_it_is_queued() -> Result {
    let machine = Machine::builder().seed(1).processors(1).verifier(Level::All).build();
    let device = machine.load(&bell::DRIVER)?.plug(r"ROOT\TEST")?;
    let file = machine.open(r"\\.\Bell")?;
    let control = |function: u32| file.ioctl(0x22_2000 | function << 2, &[], 3);
    assert_eq!(control(0)?, [1, 0, 0]);
    machine.run()?;
    assert_eq!(control(1)?, [1, 1, 1], "the first has run, and this one is taken off");
    machine.run()?;
    assert_eq!(control(1)?, [1, 1, 1], "it did not run");
    file.close()?;
    device.remove()?;
    machine.finish()
}

#[test]
fn cancelling_with_a_wait_waits_for_the_handler() -> Result {
    for seed in 0..200 {
        let machine = Machine::builder().seed(seed).quantum(1).verifier(Level::All).build();
        let device = machine.load(&bell::DRIVER)?.plug(r"ROOT\TEST")?;
        let file = machine.open(r"\\.\Bell")?;
        file.write(b"x")?;
        machine.run()?;
        file.close()?;
        device.remove()?;
        machine.finish()?;
    }
    Ok(())
}

/// A device whose DPC goes before a work item that enqueues it, and before a timer that does.
mod late {
    use std::cell::Cell;
    use wdk::prelude::*;

    wdk::driver!(Late);

    // A machine runs on one thread of the host, and each test on its own.
    thread_local! {
        pub static ENQUEUED: Cell<u32> = const { Cell::new(0) };
        pub static REFUSED: Cell<u32> = const { Cell::new(0) };
        pub static RAN: Cell<u32> = const { Cell::new(0) };
        pub static GONE: Cell<bool> = const { Cell::new(false) };
    }

    struct Late;

    impl Driver for Late {
        fn device_add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> Result<()> {
            GONE.set(false);
            init.create(
                |device, irql| {
                    // Children are cleaned up in the order in which they are created.
                    let dpc = Dpc::try_new(device, irql)?;
                    Ok(Ward {
                        dpc,
                        item: WorkItem::try_new(device, irql)?,
                        timer: Timer::try_new(device, None, irql)?,
                    })
                },
                irql,
            )?;
            Ok(())
        }
    }

    struct Ward {
        dpc: Dpc<Count>,
        item: WorkItem<Enqueue>,
        timer: Timer<Enqueue>,
    }

    impl Drop for Ward {
        fn drop(&mut self) {
            GONE.set(true);
        }
    }

    impl Device for Ward {
        type Locked = ();
        type Exec = Dispatch;
        const CALLBACKS: DeviceCallbacks = DeviceCallbacks::SELF_MANAGED_IO_CLEANUP;

        /// The last that the driver hears before its objects go.
        fn self_managed_io_cleanup(
            &self,
            _: &DeviceRef<Self>,
            _: &mut MayBlock<'_>,
            irql: &mut Irql<'_, Passive>,
        ) {
            self.item.enqueue(irql);
            self.timer.start(core::time::Duration::from_micros(1), irql);
        }
    }

    struct Count;

    impl DpcHandler for Count {
        type Parent = DeviceRef<Ward>;

        fn run(device: &DeviceRef<Ward>, irql: &mut Irql<'_, Dispatch>) {
            assert!(!GONE.get());
            RAN.set(RAN.get() + 1);
            // Once more, as a handler that polls does.
            if RAN.get().is_multiple_of(2) {
                enqueue(device.context(), irql);
            }
        }
    }

    fn enqueue<L: AtMost<Dispatch>>(ward: &Ward, irql: &Irql<'_, L>) {
        let counter = if ward.dpc.enqueue(irql) { &ENQUEUED } else { &REFUSED };
        counter.set(counter.get() + 1);
    }

    struct Enqueue;

    impl WorkHandler for Enqueue {
        type Parent = DeviceRef<Ward>;

        fn run(device: &DeviceRef<Ward>, _: &mut MayBlock<'_>, irql: &mut Irql<'_, Passive>) {
            for _ in 0..8 {
                enqueue(device.context(), irql);
            }
        }
    }

    impl TimerHandler for Enqueue {
        type Parent = DeviceRef<Ward>;

        fn expired(device: &DeviceRef<Ward>, irql: &mut Irql<'_, Dispatch>) {
            enqueue(device.context(), irql);
        }
    }
}

/// The framework's verifier here stops a driver that enqueues a DPC whose cleanup has begun. The gate keeps that from
/// happening, however the removal and the enqueueing fall together; what passed it runs while the device is there.
#[test]
fn no_dpc_is_queued_once_its_cleanup_has_begun() -> Result {
    for seed in 0..2000 {
        let machine = Machine::builder().seed(seed).quantum(1).verifier(Level::All).build();
        let driver = machine.load(&late::DRIVER)?;
        driver.plug(r"ROOT\TEST")?.remove().unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        driver.unload().unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        machine.finish()?;
    }
    // All three happen: it is queued and runs, it is queued already, and it is closed.
    assert_eq!(late::ENQUEUED.get(), late::RAN.get());
    assert!(late::RAN.get() > 0 && late::REFUSED.get() > 0);
    Ok(())
}
