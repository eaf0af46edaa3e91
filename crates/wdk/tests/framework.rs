//! The framework's other parts in the emulator: scopes, contexts, manual queues, power callbacks, transfers.

use std::sync::atomic::{AtomicI32, AtomicU32, Ordering::Relaxed};
use wdk_emulator::{DriverModule, Level, Machine, Result};

fn with_device(
    driver: &'static DriverModule,
    name: &str,
    test: impl FnOnce(&Machine, &wdk_emulator::File) -> Result,
) -> Result {
    let machine = Machine::builder().seed(7).verifier(Level::All).build();
    let loaded = machine.load(driver)?;
    let device = loaded.plug(r"ROOT\TEST")?;
    let file = machine.open(name)?;
    test(&machine, &file)?;
    file.close()?;
    device.remove()?;
    loaded.unload()?;
    machine.finish()
}

/// Two queues under the device's lock, one of them fed by the other; contexts that count themselves; callbacks of the
/// device.
mod shared {
    use super::*;
    use wdk::prelude::*;

    wdk::driver!(Shared);

    pub static LIVE: AtomicI32 = AtomicI32::new(0);
    pub static D0: AtomicU32 = AtomicU32::new(0);

    /// A value that is counted while it lives.
    pub struct Counted;
    impl Counted {
        fn new() -> Self {
            LIVE.fetch_add(1, Relaxed);
            Self
        }
    }
    impl Drop for Counted {
        fn drop(&mut self) {
            LIVE.fetch_sub(1, Relaxed);
        }
    }

    struct Shared;

    impl Driver for Shared {
        fn device_add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> wdk::Result<()> {
            let device = init.create(
                |device, irql| {
                    let reads = device.queue(
                        Dispatching::Sequential,
                        |_, _| Ok(Reads { _counted: Counted::new() }),
                        irql,
                    )?;
                    Ok(Adder { reads: reads.to_handle(irql), _counted: Counted::new() })
                },
                irql,
            )?;
            device.create_symbolic_link(wstr!(r"\DosDevices\Shared"), irql)?;
            device.default_queue(Dispatching::PARALLEL, |_, _| Ok(Writes), irql)?;
            // Nothing is left of a queue whose context fails.
            let failed =
                device.queue::<Writes>(Dispatching::PARALLEL, |_, _| Err(Error::NO_SUCH_DEVICE), irql);
            assert_eq!(failed.err(), Some(Error::NO_SUCH_DEVICE));
            Ok(())
        }
    }

    struct Adder {
        reads: QueueHandle<Reads>,
        _counted: Counted,
    }

    #[derive(Default)]
    pub struct Sum(u64);

    impl Device for Adder {
        type Locked = Sum;
        type Exec = Passive;
        const CALLBACKS: DeviceCallbacks = DeviceCallbacks::D0_ENTRY.and(DeviceCallbacks::D0_EXIT);

        fn d0_entry(
            &self,
            device: &DeviceRef<Self>,
            _: PowerState,
            block: &mut MayBlock<'_>,
            irql: &mut Irql<'_, Passive>,
        ) -> wdk::Result<()> {
            D0.fetch_add(1, Relaxed);
            device.lock(irql, |sum, _| sum.0 = 100);
            let reads = self.reads.of(device).ok_or(Error::NOT_FOUND)?;
            reads.stop_synchronously(block, irql);
            reads.start(irql);
            Ok(())
        }

        fn d0_exit(
            &self,
            device: &DeviceRef<Self>,
            target: PowerState,
            _: &mut MayBlock<'_>,
            irql: &mut Irql<'_, Passive>,
        ) -> wdk::Result<()> {
            assert_eq!(target, PowerState::D3Final);
            device.lock(irql, |sum, _| assert_eq!(sum.0, 103));
            D0.fetch_add(10, Relaxed);
            Ok(())
        }
    }

    struct Writes;

    impl IoQueue for Writes {
        type Scope = PerDevice<Adder>;
        type Exec = Passive;
        const HANDLES: Handlers = Handlers::WRITE.and(Handlers::READ);

        fn write<'r>(
            this: DeviceAccess<'_, Self, Adder>,
            request: WriteRequest<'r>,
            irql: &mut Irql<'_, Passive>,
        ) -> Disposed<'r> {
            let len = request.len();
            this.locked.0 += len as u64;
            request.complete(Ok(len), irql)
        }

        fn read<'r>(
            this: DeviceAccess<'_, Self, Adder>,
            request: ReadRequest<'r>,
            irql: &mut Irql<'_, Passive>,
        ) -> Disposed<'r> {
            match request.forward(&this.device.context().reads, irql) {
                Ok(proof) => proof,
                Err(rejected) => rejected.fail(irql),
            }
        }
    }

    struct Reads {
        _counted: Counted,
    }

    impl IoQueue for Reads {
        type Scope = PerDevice<Adder>;
        type Exec = Passive;
        const HANDLES: Handlers = Handlers::READ;

        fn read<'r>(
            this: DeviceAccess<'_, Self, Adder>,
            request: ReadRequest<'r>,
            irql: &mut Irql<'_, Passive>,
        ) -> Disposed<'r> {
            let sum = this.locked.0;
            request.complete_with(irql, |request, _| request.output().write_value(&sum))
        }
    }
}

#[test]
fn queues_share_the_part_that_the_device_locks() -> Result {
    with_device(&shared::DRIVER, r"\\.\Shared", |_, file| {
        assert_eq!(file.write(b"ab")?, 2);
        assert_eq!(file.write(b"c")?, 1);
        assert_eq!(file.read(8)?, 103u64.to_le_bytes());
        assert_eq!(file.read(7).unwrap_err().status(), Some(wdk_sys::STATUS_BUFFER_TOO_SMALL));
        assert_eq!(shared::LIVE.load(Relaxed), 2);
        Ok(())
    })?;
    assert_eq!(shared::D0.load(Relaxed), 11);
    assert_eq!(shared::LIVE.load(Relaxed), 0, "contexts are dropped once");
    Ok(())
}

/// A manual queue that the default queue feeds, and from which every third write empties.
mod manual {
    use wdk::prelude::*;

    wdk::driver!(Manual);

    struct Manual;

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

        fn write<'r>(
            this: &mut Self,
            request: WriteRequest<'r>,
            irql: &mut Irql<'_, Passive>,
        ) -> Disposed<'r> {
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
}

#[test]
fn a_manual_queue_gives_requests_when_asked() -> Result {
    with_device(&manual::DRIVER, r"\\.\Manual", |_, file| {
        let first = file.start_write(b"a")?;
        let second = file.start_write(b"bcd")?;
        let third = file.start_write(b"0000")?;
        assert_eq!(third.wait()?.success()?.information, 4);
        assert_eq!(first.wait()?.success()?.information, 1);
        assert_eq!(second.wait()?.success()?.information, 3);
        assert_eq!(file.read(1).unwrap_err().status(), Some(wdk_sys::STATUS_END_OF_FILE));
        // What is left in a queue is cancelled with its file.
        let left = file.start_write(b"left")?;
        left.cancel()?;
        assert_eq!(left.wait()?.status, wdk_sys::STATUS_CANCELLED);
        Ok(())
    })
}

/// A manual queue that says when it has something.
mod notified {
    use wdk::prelude::*;

    wdk::driver!(Notified);

    struct Notified;

    impl Driver for Notified {
        fn device_add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> Result<()> {
            let device = init.create(|_, _| Ok(()), irql)?;
            device.create_symbolic_link(wstr!(r"\DosDevices\Notified"), irql)?;
            let ready = device.queue(Dispatching::Manual, |_, _| Ok(Served { count: 0 }), irql)?;
            ready.route(RequestType::Write, irql)?;
            let refused = device.queue(Dispatching::PARALLEL, |_, _| Ok(Served { count: 0 }), irql);
            assert!(refused.is_err(), "only manual queues can be ready");
            Ok(())
        }
    }

    struct Served {
        count: usize,
    }

    impl IoQueue for Served {
        type Scope = PerQueue;
        type Exec = Dispatch;
        const HANDLES: Handlers = Handlers::READY;

        fn ready(this: &mut Self, queue: &QueueRef<Self>, irql: &mut Irql<'_, Dispatch>) {
            while let Ok(true) = queue.retrieve(irql, |retrieved, irql| {
                this.count += 1;
                let request = retrieved.into_request();
                match request.classify() {
                    Classified::Write(write) => write.complete(Ok(this.count), irql),
                    _ => unreachable!("only writes are routed here"),
                }
            }) {}
        }
    }
}

#[test]
fn a_manual_queue_says_when_it_is_ready() -> Result {
    with_device(&notified::DRIVER, r"\\.\Notified", |_, file| {
        assert_eq!(file.write(b"aaa")?, 1);
        assert_eq!(file.write(b"aaa")?, 2);
        assert_eq!(file.read(1).unwrap_err().status(), Some(wdk_sys::STATUS_INVALID_DEVICE_REQUEST));
        Ok(())
    })
}

/// Completes reads when time has passed: under the queue's lock, from a timer of the device's.
mod timed {
    use core::time::Duration;
    use wdk::prelude::*;

    wdk::driver!(Timed);

    struct Timed;

    impl Driver for Timed {
        fn device_add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> Result<()> {
            let device = init.create(|_, _| Ok(()), irql)?;
            device.create_symbolic_link(wstr!(r"\DosDevices\Timed"), irql)?;
            let init = |queue: &QueueRef<Clock>, irql: &mut Irql<'_, Passive>| {
                let timer = Timer::try_new(queue, None, irql)?;
                // Nobody is there to see it yet.
                timer.start(Duration::ZERO, irql);
                Ok(Clock { timer, waiting: PoolDeque::new(), ticks: 0 })
            };
            device.default_queue(Dispatching::PARALLEL, init, irql)?;
            Ok(())
        }
    }

    struct Clock {
        timer: Timer<Tick>,
        waiting: PoolDeque<Parked<Read>>,
        ticks: u32,
    }

    impl IoQueue for Clock {
        type Scope = PerQueue;
        type Exec = Dispatch;
        const HANDLES: Handlers = Handlers::READ;

        fn read<'r>(
            this: &mut Self,
            request: ReadRequest<'r>,
            irql: &mut Irql<'_, Dispatch>,
        ) -> Disposed<'r> {
            if this.waiting.try_reserve(1, irql).is_err() {
                return request.complete(Err(Error::INSUFFICIENT_RESOURCES), irql);
            }
            match request.park(irql) {
                Ok((proof, parked)) => {
                    let _ = this.waiting.push_within_capacity(parked);
                    this.timer.start(Duration::from_millis(5), irql);
                    proof
                }
                Err(rejected) => rejected.fail(irql),
            }
        }
    }

    struct Tick;

    impl TimerHandler for Tick {
        type Parent = QueueRef<Clock>;

        fn expired(queue: &QueueRef<Clock>, irql: &mut Irql<'_, Dispatch>) {
            queue.lock(irql, |this, irql| {
                this.ticks += 1;
                while let Some(parked) = this.waiting.pop_front() {
                    parked.take(irql, |read, irql| {
                        read.complete_with(irql, |read, _| read.output().write_value(&this.ticks))
                    });
                }
            });
        }
    }
}

#[test]
fn a_timer_reaches_its_queue_under_the_lock() -> Result {
    with_device(&timed::DRIVER, r"\\.\Timed", |machine, file| {
        let reads = [file.start_read(4)?, file.start_read(4)?];
        for read in reads {
            let ticks = read.wait()?.success()?.data;
            assert!(ticks == 1u32.to_le_bytes() || ticks == 2u32.to_le_bytes(), "{ticks:?}");
        }
        assert!(machine.now().as_millis() >= 5);
        Ok(())
    })
}

/// Echoes through all the ways in which buffers reach a driver.
mod transfers {
    use wdk::prelude::*;

    wdk::driver!(Transfers);

    pub const BUFFERED: IoControlCode =
        IoControlCode::new(0x8000, 0x800, Method::Buffered, RequiredAccess::Any);
    pub const OUT_DIRECT: IoControlCode =
        IoControlCode::new(0x8000, 0x801, Method::OutDirect, RequiredAccess::Any);
    pub const IN_DIRECT: IoControlCode =
        IoControlCode::new(0x8000, 0x802, Method::InDirect, RequiredAccess::Any);
    pub const NEITHER: IoControlCode =
        IoControlCode::new(0x8000, 0x803, Method::Neither, RequiredAccess::Any);

    struct Transfers;

    impl Driver for Transfers {
        fn device_add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> Result<()> {
            let device = init.io_type(IoType::Direct).create(|_, _| Ok(()), irql)?;
            device.create_symbolic_link(wstr!(r"\DosDevices\Transfers"), irql)?;
            device.default_queue(Dispatching::Sequential, |_, _| Ok(Echo { kept: [0; 4] }), irql)?;
            Ok(())
        }
    }

    struct Echo {
        kept: [u8; 4],
    }

    impl IoQueue for Echo {
        type Scope = PerQueue;
        type Exec = Dispatch;
        const HANDLES: Handlers = Handlers::WRITE.and(Handlers::READ).and(Handlers::DEVICE_CONTROL);

        fn write<'r>(
            this: &mut Self,
            request: WriteRequest<'r>,
            irql: &mut Irql<'_, Dispatch>,
        ) -> Disposed<'r> {
            request.complete_with(irql, |request, _| {
                let input = request.input();
                assert!(input.as_slice().is_none(), "direct memory is no slice");
                input.copy_to_at(1, &mut this.kept)?;
                Ok(input.len())
            })
        }

        fn read<'r>(
            this: &mut Self,
            request: ReadRequest<'r>,
            irql: &mut Irql<'_, Dispatch>,
        ) -> Disposed<'r> {
            request.complete_with(irql, |request, _| {
                let mut output = request.output();
                output.write(&this.kept[..2])?;
                output.write_up_to(&this.kept[2..])?;
                // A warning that still returns what was written.
                if output.remaining() == 0 { Err(Error::BUFFER_OVERFLOW) } else { Ok(()) }
            })
        }

        fn device_control<'r>(
            _: &mut Self,
            request: DeviceControlRequest<'r>,
            irql: &mut Irql<'_, Dispatch>,
        ) -> Disposed<'r> {
            request.complete_with(irql, |request, _| {
                let number = request.input().read::<u32>()?;
                request.output().write_value(&(number + 1))?;
                request.output().write_value(&(number + 2))
            })
        }
    }
}

#[test]
fn buffers_reach_the_driver_whichever_way() -> Result {
    use transfers::*;
    use wdk_sys::{STATUS_BUFFER_OVERFLOW, STATUS_BUFFER_TOO_SMALL, STATUS_INVALID_DEVICE_REQUEST};
    with_device(&DRIVER, r"\\.\Transfers", |_, file| {
        assert_eq!(file.write(b"-abcd")?, 5);
        let short = file.write(b"-abc").unwrap_err();
        assert_eq!(short.status(), Some(STATUS_BUFFER_TOO_SMALL));
        assert_eq!(file.read(10)?, b"abcd");
        let overflow = file.start_read(3)?.wait()?;
        assert_eq!((overflow.status, overflow.information), (STATUS_BUFFER_OVERFLOW, 3));
        for code in [BUFFERED, OUT_DIRECT] {
            let answer = file.ioctl(code.0, &7u32.to_le_bytes(), 100)?;
            assert_eq!(answer, [8, 0, 0, 0, 9, 0, 0, 0]);
            let short = file.ioctl(code.0, &[1], 100).unwrap_err();
            assert_eq!(short.status(), Some(STATUS_BUFFER_TOO_SMALL));
            // The second value does not fit, so the first is not returned either.
            let short = file.start_ioctl(code.0, &7u32.to_le_bytes(), 7)?.wait()?;
            assert_eq!((short.status, short.information), (STATUS_BUFFER_TOO_SMALL, 0));
        }
        for code in [IN_DIRECT, NEITHER] {
            let refused = file.ioctl(code.0, &7u32.to_le_bytes(), 100).unwrap_err();
            assert_eq!(refused.status(), Some(STATUS_INVALID_DEVICE_REQUEST), "{code:?}");
        }
        Ok(())
    })
}

/// A driver that ignores the failure of its default queue, and prints.
mod unready {
    use wdk::prelude::*;

    wdk::driver!(Unready);

    struct Unready;

    impl Driver for Unready {
        fn device_add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> Result<()> {
            let device = init.create(|_, _| Ok(()), irql)?;
            device.create_symbolic_link(wstr!(r"\DosDevices\Unready"), irql)?;
            let queue =
                device.default_queue::<Never>(Dispatching::Sequential, |_, _| Err(Error::DATA_ERROR), irql);
            wdk::println!("no queue: {}, 100%s", queue.unwrap_err());
            Ok(())
        }
    }

    struct Never;

    impl IoQueue for Never {
        type Scope = PerQueue;
        type Exec = Dispatch;
        const HANDLES: Handlers = Handlers::WRITE;

        fn write<'r>(_: &mut Self, _: WriteRequest<'r>, _: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
            unreachable!("the context was never made")
        }
    }
}

#[test]
fn no_callback_sees_a_context_that_is_not_there() -> Result {
    with_device(&unready::DRIVER, r"\\.\Unready", |machine, file| {
        let refused = file.write(b"x").unwrap_err();
        assert_eq!(refused.status(), Some(wdk_sys::STATUS_DEVICE_NOT_READY));
        let printed = machine.take_debug_output().concat();
        assert!(printed.contains("no queue: STATUS_DATA_ERROR (0xC000003E), 100%s"), "{printed}");
        Ok(())
    })
}
