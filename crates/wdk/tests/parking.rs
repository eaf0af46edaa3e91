//! Parked requests in the emulator: whoever comes first, exactly one side gets the request.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use wdk_emulator::{Device, DriverModule, Level, Machine, Result};

fn machine(driver: &'static DriverModule, seed: u64) -> Result<(Machine, Device)> {
    let machine = Machine::builder().seed(seed).quantum(2).verifier(Level::All).build();
    let device = machine.load(driver)?.plug(r"ROOT\TEST")?;
    Ok((machine, device))
}

/// Parks each write, without a presentation lock, and completes it from a work item. `cancel` is the other side.
mod racing {
    use super::*;
    use wdk::prelude::*;

    wdk::driver!(Racing);

    pub static TAKEN: AtomicU32 = AtomicU32::new(0);
    pub static CANCELED: AtomicU32 = AtomicU32::new(0);

    struct Racing;

    impl Driver for Racing {
        fn device_add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> wdk::Result<()> {
            let device = init.create(|_, _| Ok(()), irql)?;
            device.create_symbolic_link(wstr!(r"\DosDevices\Racing"), irql)?;
            device.default_queue(
                Dispatching::PARALLEL,
                |queue, irql| {
                    Ok(Waiting {
                        parked: SpinLock::try_new(PoolVec::new(), irql)?,
                        item: WorkItem::try_new(queue, irql)?,
                    })
                },
                irql,
            )?;
            Ok(())
        }
    }

    struct Waiting {
        parked: SpinLock<PoolVec<Parked<Write>>>,
        item: WorkItem<Complete>,
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

        fn cancel<'r>(
            this: &Self,
            request: CanceledRequest<'r>,
            irql: &mut Irql<'_, Dispatch>,
        ) -> Disposed<'r> {
            CANCELED.fetch_add(1, Relaxed);
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
                if token.take(irql, |request, irql| {
                    let len = request.len();
                    request.complete(Ok(len), irql)
                }) {
                    TAKEN.fetch_add(1, Relaxed);
                }
            }
        }
    }
}

#[test]
fn a_request_is_completed_or_cancelled_and_never_both() -> Result {
    let mut outcomes = [0, 0];
    for seed in 0..200 {
        let (machine, device) = machine(&racing::DRIVER, seed)?;
        let file = machine.open(r"\\.\Racing")?;
        let writes = (0..4).map(|i| file.start_write(&vec![0; i + 1])).collect::<Result<Vec<_>>>()?;
        writes[1].cancel()?;
        writes[2].cancel()?;
        for (i, write) in writes.into_iter().enumerate() {
            let completion = write.wait()?;
            match completion.status {
                wdk_sys::STATUS_SUCCESS => {
                    assert_eq!(completion.information, i + 1);
                    outcomes[0] += 1;
                }
                wdk_sys::STATUS_CANCELLED => {
                    assert!(i == 1 || i == 2);
                    outcomes[1] += 1;
                }
                other => panic!("{other:08x}"),
            }
        }
        file.close()?;
        device.remove()?;
        machine.finish()?;
    }
    assert!(outcomes[1] > 0, "no schedule cancelled anything: {outcomes:?}");
    assert!(outcomes[0] > 400, "no schedule completed what was to be cancelled: {outcomes:?}");
    Ok(())
}

/// Drops its first parked request under a spin lock, on the next write.
mod dropping {
    use wdk::prelude::*;

    wdk::driver!(Dropping);

    struct Dropping;

    impl Driver for Dropping {
        fn device_add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> Result<()> {
            let device = init.create(|_, _| Ok(()), irql)?;
            device.create_symbolic_link(wstr!(r"\DosDevices\Dropping"), irql)?;
            let init =
                |_: &QueueRef<_>, irql: &mut Irql<'_, Passive>| Ok(Keeper(SpinLock::try_new(None, irql)?));
            device.default_queue(Dispatching::PARALLEL, init, irql)?;
            Ok(())
        }
    }

    struct Keeper(SpinLock<Option<Parked<Write>>>);

    impl IoQueue for Keeper {
        type Scope = PerQueue;
        type Exec = Dispatch;
        const HANDLES: Handlers = Handlers::WRITE;

        fn write<'r>(
            this: &mut Self,
            request: WriteRequest<'r>,
            irql: &mut Irql<'_, Dispatch>,
        ) -> Disposed<'r> {
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
}

#[test]
fn a_dropped_token_fails_its_request() -> Result {
    for seed in 0..20 {
        let (machine, device) = machine(&dropping::DRIVER, seed)?;
        let file = machine.open(r"\\.\Dropping")?;
        let kept = file.start_write(b"kept")?;
        machine.run()?;
        assert!(!kept.is_done());
        assert_eq!(file.write(b"x")?, 1);
        assert_eq!(kept.wait()?.status, wdk_sys::STATUS_INTERNAL_ERROR);
        // And one that is cancelled first leaves a token that is worth nothing.
        let kept = file.start_write(b"kept")?;
        kept.cancel()?;
        assert_eq!(kept.wait()?.status, wdk_sys::STATUS_CANCELLED);
        assert_eq!(file.write(b"x")?, 1);
        file.close()?;
        device.remove()?;
        machine.finish()?;
    }
    Ok(())
}
