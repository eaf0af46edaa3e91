//! Contexts: made once, seen only when they are whole, dropped once. Also when making one fails half-way.

use std::cell::{Cell, RefCell};
use wdk_emulator::{DriverModule, Level, Machine};
use wdk_sys::*;

type Outcome<T = ()> = wdk_emulator::Result<T>;

// A machine runs on one thread of the host, and each test on its own.
thread_local! {
    /// The step at which initialisers fail; none of them when it is too large.
    static FAIL_AT: Cell<u32> = const { Cell::new(u32::MAX) };
    static LOG: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
    static LIVE: Cell<i32> = const { Cell::new(0) };
}

fn log(line: impl Into<String>) {
    LOG.with_borrow_mut(|log| log.push(line.into()));
}

fn take_log() -> Vec<String> {
    LOG.take()
}

/// A value that says when it is dropped, and is counted while it lives.
struct Noted(&'static str);

impl Noted {
    fn new(name: &'static str) -> Self {
        LIVE.set(LIVE.get() + 1);
        Self(name)
    }
}

impl Drop for Noted {
    fn drop(&mut self) {
        LIVE.set(LIVE.get() - 1);
        log(format!("drop {}", self.0));
    }
}

fn machine(seed: u64) -> Machine {
    Machine::builder().seed(seed).quantum(1).verifier(Level::All).build()
}

/// The status with which a device is refused.
fn refused(machine: &Machine, driver: &'static DriverModule) -> Outcome<Option<NTSTATUS>> {
    match machine.load(driver)?.plug(r"ROOT\TEST") {
        Ok(_) => Ok(None),
        Err(wdk_emulator::Error::DeviceAdd(status)) => Ok(Some(status)),
        Err(other) => Err(other),
    }
}

/// What a context can have of its own: one of each, made in order, failing at a given step.
mod parts {
    use super::*;
    use wdk::prelude::*;

    pub const STEPS: u32 = 9;

    pub struct Parts<T: TimerHandler, W: WorkHandler> {
        _first: Noted,
        _spin: SpinLock<Noted>,
        _wait: WaitLock<Noted>,
        _bytes: PoolVec<u8>,
        _boxed: PoolBox<Noted>,
        pub timer: Timer<T>,
        pub item: WorkItem<W>,
        _last: Noted,
    }

    impl<T: TimerHandler, W: WorkHandler<Parent = T::Parent>> Parts<T, W> {
        /// The timer is started and the work item queued before the last steps can fail.
        pub fn new(parent: &T::Parent, irql: &mut Irql<'_, Passive>) -> Result<Self> {
            let mut step = 0;
            let mut check = || {
                step += 1;
                if step > FAIL_AT.get() { Err(Error::DATA_ERROR) } else { Ok(()) }
            };
            check()?;
            let first = Noted::new("first");
            check()?;
            let spin = SpinLock::try_new(Noted::new("spin"), irql)?;
            check()?;
            let wait = WaitLock::try_new(Noted::new("wait"), irql)?;
            check()?;
            let bytes = PoolVec::try_with_capacity(1000, irql)?;
            check()?;
            let boxed = PoolBox::try_new(Noted::new("boxed"), irql)?;
            check()?;
            let timer = Timer::try_new(parent, None, irql)?;
            timer.start(core::time::Duration::ZERO, irql);
            check()?;
            let item = WorkItem::try_new(parent, irql)?;
            item.enqueue(irql);
            check()?;
            // Calls at which other threads of the machine can go on.
            for _ in 0..20 {
                spin.with(irql, |_, _| ());
            }
            let last = Noted::new("last");
            check()?;
            log("whole");
            Ok(Self {
                _first: first,
                _spin: spin,
                _wait: wait,
                _bytes: bytes,
                _boxed: boxed,
                timer,
                item,
                _last: last,
            })
        }
    }

    /// What is dropped in the end when all went well.
    pub const DROPS: [&str; 5] = ["drop first", "drop spin", "drop wait", "drop boxed", "drop last"];

    pub fn drops(log: &[String]) -> Vec<&str> {
        let mut drops: Vec<&str> =
            log.iter().map(String::as_str).filter(|line| DROPS.contains(line)).collect();
        drops.sort_unstable();
        drops
    }
}
use parts::{DROPS, STEPS, drops};

/// After `step` steps, what was made is dropped once and in reverse order.
fn half_way(step: u32) -> Vec<&'static str> {
    // The first step fails before anything is made; memory, timer and work item say nothing when they go.
    let made = ["drop first", "drop spin", "drop wait", "", "drop boxed", "", "", "drop last"];
    made[..step as usize].iter().copied().filter(|line| !line.is_empty()).rev().collect()
}

/// A queue with all parts: the default queue or another one.
mod queue {
    use super::parts::Parts;
    use super::*;
    use wdk::prelude::*;

    macro_rules! driver {
        ($name:ident, $create:ident) => {
            pub mod $name {
                use super::*;

                wdk::driver!(Plain);

                struct Plain;

                impl Driver for Plain {
                    fn device_add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> Result<()> {
                        let device = init.create(|_, _| Ok(()), irql)?;
                        device.create_symbolic_link(wstr!(r"\DosDevices\Plain"), irql)?;
                        device.$create(
                            Dispatching::Sequential,
                            |queue, irql| Ok(Writes(Parts::new(queue, irql)?)),
                            irql,
                        )?;
                        Ok(())
                    }
                }
            }
        };
    }
    driver!(default, default_queue);
    driver!(other, queue);

    pub struct Writes(Parts<Tick, Work>);

    impl IoQueue for Writes {
        type Scope = PerQueue;
        type Exec = Dispatch;
        const HANDLES: Handlers = Handlers::WRITE;

        fn write<'r>(
            this: &mut Self,
            request: WriteRequest<'r>,
            irql: &mut Irql<'_, Dispatch>,
        ) -> Disposed<'r> {
            this.0.timer.start(core::time::Duration::from_millis(1), irql);
            this.0.item.enqueue(irql);
            request.complete(Ok(1), irql)
        }
    }

    pub struct Tick;

    impl TimerHandler for Tick {
        type Parent = QueueRef<Writes>;

        fn expired(queue: &QueueRef<Writes>, irql: &mut Irql<'_, Dispatch>) {
            queue.lock(irql, |_, _| log("timer"));
        }
    }

    pub struct Work;

    impl WorkHandler for Work {
        type Parent = QueueRef<Writes>;

        fn run(queue: &QueueRef<Writes>, _: &mut MayBlock<'_>, irql: &mut Irql<'_, Passive>) {
            queue.lock(irql, |_, _| log("work item"));
        }
    }
}

/// A queue's initialiser that fails at any step gives its status to `device_add`; what it made is dropped once, in
/// order; no timer and no work item of it calls; nothing is left when the driver is unloaded.
#[test]
fn a_queue_whose_context_fails_leaves_nothing() -> Outcome {
    for driver in [&queue::default::DRIVER, &queue::other::DRIVER] {
        for (step, seed) in (0..STEPS).flat_map(|step| (0..8).map(move |seed| (step, seed))) {
            FAIL_AT.set(step);
            let machine = machine(seed);
            assert_eq!(refused(&machine, driver)?, Some(STATUS_DATA_ERROR), "step {step}");
            machine.run()?;
            machine.finish()?;
            assert_eq!(take_log(), half_way(step.min(8)), "step {step}, seed {seed}");
            assert_eq!(LIVE.get(), 0);
        }
    }
    Ok(())
}

/// One that does not fail is called only after its context is whole, and the context is dropped once, after the last
/// callback.
#[test]
fn a_context_is_seen_whole_and_dropped_after_the_last_callback() -> Outcome {
    FAIL_AT.set(u32::MAX);
    for seed in 0..40 {
        let machine = machine(seed);
        let device = machine.load(&queue::default::DRIVER)?.plug(r"ROOT\TEST")?;
        let file = machine.open(r"\\.\Plain")?;
        assert_eq!(LIVE.get(), 5);
        file.write(b"x")?;
        if seed % 2 == 0 {
            machine.run()?;
        }
        file.close()?;
        device.remove()?;
        machine.finish()?;
        let log = take_log();
        let place = |wanted: &str| log.iter().position(|line| line == wanted);
        let whole = place("whole").expect("made");
        let dropped = log.iter().position(|line| line.starts_with("drop")).expect("dropped");
        for (at, line) in log.iter().enumerate() {
            if line == "timer" || line == "work item" {
                assert!(whole < at && at < dropped, "seed {seed}: {log:?}");
            }
        }
        assert!(seed % 2 == 1 || place("timer").is_some() && place("work item").is_some(), "{log:?}");
        let mut expected = DROPS;
        expected.sort_unstable();
        assert_eq!(drops(&log), expected, "seed {seed}");
        assert_eq!(LIVE.get(), 0);
    }
    Ok(())
}

/// A device with all parts, a locked part, a queue made in its initialiser, and callbacks.
mod device {
    use super::parts::Parts;
    use super::*;
    use wdk::prelude::*;

    wdk::driver!(Whole);

    thread_local! {
        /// What `device_add` does with the error of `create`.
        pub static SWALLOW: Cell<bool> = const { Cell::new(false) };
        /// Whether it fails after all is made.
        pub static FAIL_LATE: Cell<bool> = const { Cell::new(false) };
    }

    struct Whole;

    impl Driver for Whole {
        fn device_add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> Result<()> {
            let created = init.create(
                |device, irql| {
                    // Complete, whatever becomes of the device.
                    let reads =
                        device.queue(Dispatching::Manual, |_, _| Ok(Reads(Noted::new("queue"))), irql)?;
                    // The lock works already: its part is made by `Default`.
                    device.lock(irql, |locked, _| locked.entered += 1);
                    Ok(Context { _reads: reads.to_handle(irql), parts: Parts::new(device, irql)? })
                },
                irql,
            );
            match created {
                Ok(_) if FAIL_LATE.get() => Err(Error::DEVICE_DATA_ERROR),
                Err(error) if !SWALLOW.get() => Err(error),
                _ => Ok(()),
            }
        }

        fn unload(_: &mut Irql<'_, Passive>) {
            log("unload");
        }
    }

    struct Context {
        _reads: QueueHandle<Reads>,
        parts: Parts<Tick, Work>,
    }

    pub struct Locked {
        entered: u32,
        _noted: Noted,
    }

    impl Default for Locked {
        fn default() -> Self {
            Self { entered: 0, _noted: Noted::new("locked") }
        }
    }

    impl Device for Context {
        type Locked = Locked;
        type Exec = Dispatch;
        const CALLBACKS: DeviceCallbacks =
            DeviceCallbacks::PREPARE_HARDWARE.and(DeviceCallbacks::D0_ENTRY).and(DeviceCallbacks::D0_EXIT);

        fn prepare_hardware(
            &self,
            _: &DeviceRef<Self>,
            _: &mut MayBlock<'_>,
            _: &mut Irql<'_, Passive>,
        ) -> Result<()> {
            log("prepare hardware");
            Ok(())
        }

        fn d0_entry(
            &self,
            device: &DeviceRef<Self>,
            _: PowerState,
            _: &mut MayBlock<'_>,
            irql: &mut Irql<'_, Passive>,
        ) -> Result<()> {
            device.lock(irql, |locked, _| locked.entered += 1);
            self.parts.item.enqueue(irql);
            self.parts.timer.start(core::time::Duration::ZERO, irql);
            log("entry");
            Ok(())
        }

        fn d0_exit(
            &self,
            device: &DeviceRef<Self>,
            _: PowerState,
            _: &mut MayBlock<'_>,
            irql: &mut Irql<'_, Passive>,
        ) -> Result<()> {
            log(format!("exit after {}", device.lock(irql, |locked, _| locked.entered)));
            Ok(())
        }
    }

    struct Reads(#[allow(dead_code)] Noted);

    impl IoQueue for Reads {
        type Scope = PerDevice<Context>;
        type Exec = Dispatch;
        const HANDLES: Handlers = Handlers::NONE;
    }

    struct Tick;

    impl TimerHandler for Tick {
        type Parent = DeviceRef<Context>;

        fn expired(_: &DeviceRef<Context>, _: &mut Irql<'_, Dispatch>) {
            log("timer");
        }
    }

    struct Work;

    impl WorkHandler for Work {
        type Parent = DeviceRef<Context>;

        fn run(_: &DeviceRef<Context>, _: &mut MayBlock<'_>, _: &mut Irql<'_, Passive>) {
            log("work item");
        }
    }
}

fn count(log: &[String], wanted: &str) -> usize {
    log.iter().filter(|line| *line == wanted).count()
}

/// A device's initialiser that fails at any step: `device_add` returns its status, the locked part and the queues
/// made until then are dropped once, and none of the device's callbacks runs.
#[test]
fn a_device_whose_context_fails_leaves_nothing() -> Outcome {
    for (step, seed) in (0..STEPS).flat_map(|step| (0..8).map(move |seed| (step, seed))) {
        FAIL_AT.set(step);
        let machine = machine(seed);
        assert_eq!(refused(&machine, &device::DRIVER)?, Some(STATUS_DATA_ERROR), "step {step}");
        machine.run()?;
        machine.finish()?;
        let log = take_log();
        let half: Vec<&str> = half_way(step.min(8));
        assert_eq!(log[..half.len()], half, "step {step}, seed {seed}");
        let mut rest: Vec<&str> = log[half.len()..].iter().map(String::as_str).collect();
        rest.sort_unstable();
        assert_eq!(rest, ["drop locked", "drop queue", "unload"], "step {step}, seed {seed}");
        assert_eq!(LIVE.get(), 0);
    }
    Ok(())
}

/// A driver that goes on as if nothing had happened: the framework starts the device, and its first callback fails
/// without being called.
#[test]
fn no_callback_runs_on_a_device_whose_context_failed() -> Outcome {
    device::SWALLOW.set(true);
    for step in 0..STEPS {
        FAIL_AT.set(step);
        let machine = machine(u64::from(step));
        let failed = machine.load(&device::DRIVER)?.plug(r"ROOT\TEST").err().expect("refused");
        assert_eq!(failed.status(), Some(STATUS_DEVICE_NOT_READY), "{failed}");
        machine.run()?;
        machine.finish()?;
        let log = take_log();
        for line in ["prepare hardware", "entry", "timer", "work item", "whole"] {
            assert_eq!(count(&log, line), 0, "step {step}: {log:?}");
        }
        assert_eq!((count(&log, "drop locked"), count(&log, "drop queue")), (1, 1), "{log:?}");
        assert_eq!(LIVE.get(), 0);
    }
    Ok(())
}

/// A `device_add` that fails after everything is made: everything is dropped, once, and nothing is called.
#[test]
fn a_device_add_that_fails_late_drops_all() -> Outcome {
    device::FAIL_LATE.set(true);
    for seed in 0..20 {
        let machine = machine(seed);
        assert_eq!(refused(&machine, &device::DRIVER)?, Some(STATUS_DEVICE_DATA_ERROR));
        machine.finish()?;
        let log = take_log();
        let mut expected = DROPS;
        expected.sort_unstable();
        assert_eq!(drops(&log), expected);
        assert_eq!((count(&log, "drop locked"), count(&log, "drop queue")), (1, 1), "{log:?}");
        assert_eq!(count(&log, "prepare hardware") + count(&log, "entry"), 0, "{log:?}");
        assert_eq!(LIVE.get(), 0);
    }
    Ok(())
}

/// The life of a device without failures: callbacks after the context is whole, the drops after the last of them, the
/// driver's unload after the drops.
#[test]
fn a_device_is_dropped_once_at_its_end() -> Outcome {
    for seed in 0..40 {
        let machine = machine(seed);
        let device = machine.load(&device::DRIVER)?.plug(r"ROOT\TEST")?;
        assert_eq!(LIVE.get(), 7);
        device.suspend()?;
        device.resume()?;
        if seed % 2 == 0 {
            device.remove()?
        } else {
            device.surprise_remove()?
        }
        machine.finish()?;
        let log = take_log();
        let mut expected = DROPS;
        expected.sort_unstable();
        assert_eq!(drops(&log), expected, "seed {seed}");
        let first = log.iter().position(|line| line.starts_with("drop")).expect("dropped");
        let whole = log.iter().position(|line| line == "whole").expect("made");
        for (at, line) in log.iter().enumerate() {
            match line.as_str() {
                "prepare hardware" | "entry" | "timer" | "work item" => {
                    assert!(whole < at && at < first, "seed {seed}: {log:?}");
                }
                "unload" => assert_eq!(at, log.len() - 1, "seed {seed}: {log:?}"),
                _ => {}
            }
        }
        // Entered once in the initialiser and once for each D0 entry.
        assert_eq!((count(&log, "exit after 2"), count(&log, "exit after 3")), (1, 1), "{log:?}");
        assert_eq!((count(&log, "drop locked"), count(&log, "drop queue")), (1, 1), "{log:?}");
        assert_eq!(LIVE.get(), 0);
    }
    Ok(())
}

/// An initialiser that gives a handle to its queue away, and then fails.
mod handle {
    use super::*;
    use wdk::prelude::*;

    wdk::driver!(Given);

    struct Given;

    impl Driver for Given {
        fn device_add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> Result<()> {
            let device = init.create(|_, _| Ok(()), irql)?;
            device.create_symbolic_link(wstr!(r"\DosDevices\Given"), irql)?;
            let mut given = None;
            let failed = device.queue::<Broken>(
                Dispatching::PARALLEL,
                |queue, irql| {
                    given = Some(queue.to_handle(irql));
                    Err(Error::DATA_ERROR)
                },
                irql,
            );
            assert_eq!(failed.err(), Some(Error::DATA_ERROR));
            let given = given.ok_or(Error::INTERNAL_ERROR)?;
            assert!(given.of(device).is_none(), "a queue without a context");
            device.default_queue(Dispatching::PARALLEL, |_, _| Ok(Front { given }), irql)?;
            Ok(())
        }
    }

    struct Front {
        given: QueueHandle<Broken>,
    }

    impl IoQueue for Front {
        type Scope = PerQueue;
        type Exec = Dispatch;
        const HANDLES: Handlers = Handlers::WRITE;

        fn write<'r>(
            this: &mut Self,
            request: WriteRequest<'r>,
            irql: &mut Irql<'_, Dispatch>,
        ) -> Disposed<'r> {
            request.forward(&this.given, irql).unwrap_or_else(|rejected| rejected.fail(irql))
        }
    }

    struct Broken;

    impl Drop for Broken {
        fn drop(&mut self) {
            log("a context that was never made was dropped");
        }
    }

    impl IoQueue for Broken {
        type Scope = PerQueue;
        type Exec = Dispatch;
        const HANDLES: Handlers = Handlers::WRITE;

        fn write<'r>(_: &mut Self, request: WriteRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
            log("a handler saw a context that was never made");
            request.complete(Ok(0), irql)
        }
    }
}

/// A handle to a queue whose context failed leads nowhere: the request comes back.
#[test]
fn a_handle_to_a_queue_that_failed_leads_nowhere() -> Outcome {
    let machine = machine(1);
    let device = machine.load(&handle::DRIVER)?.plug(r"ROOT\TEST")?;
    let file = machine.open(r"\\.\Given")?;
    assert_eq!(file.write(b"x").unwrap_err().status(), Some(STATUS_DEVICE_NOT_READY));
    file.close()?;
    device.remove()?;
    machine.finish()?;
    assert!(take_log().is_empty());
    Ok(())
}

/// Asks for more memory than there is, in a queue's initialiser, a device's, and a handler.
mod memory {
    use super::*;
    use wdk::prelude::*;

    wdk::driver!(Greedy);

    const TOO_MUCH: usize = isize::MAX as usize / 2 + 1;

    struct Greedy;

    impl Driver for Greedy {
        fn device_add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> Result<()> {
            let device = init.create(
                |_, irql| {
                    let _noted = Noted::new("device");
                    match FAIL_AT.get() {
                        0 => Err(too_much(irql).err().unwrap_or(Error::INTERNAL_ERROR)),
                        _ => Ok(()),
                    }
                },
                irql,
            )?;
            device.create_symbolic_link(wstr!(r"\DosDevices\Greedy"), irql)?;
            let init = |_: &QueueRef<Writes>, irql: &mut Irql<'_, Passive>| {
                let noted = Noted::new("queue");
                if FAIL_AT.get() == 1 {
                    too_much(irql)?;
                }
                Ok(Writes { kept: PoolVec::new(), _noted: noted })
            };
            device.default_queue(Dispatching::PARALLEL, init, irql)?;
            Ok(())
        }
    }

    fn too_much(irql: &Irql<'_, Passive>) -> Result<()> {
        let bytes = PoolVec::<u8>::try_with_capacity(TOO_MUCH, irql)?;
        log(format!("there were {} bytes", bytes.capacity()));
        Ok(())
    }

    struct Writes {
        kept: PoolVec<u8>,
        _noted: Noted,
    }

    impl IoQueue for Writes {
        type Scope = PerQueue;
        type Exec = Dispatch;
        const HANDLES: Handlers = Handlers::WRITE;

        fn write<'r>(
            this: &mut Self,
            request: WriteRequest<'r>,
            irql: &mut Irql<'_, Dispatch>,
        ) -> Disposed<'r> {
            request.complete_with(irql, |request, irql| {
                let input = request.input();
                let bytes = input.as_slice().ok_or(Error::INVALID_USER_BUFFER)?;
                this.kept.try_extend_from_slice(bytes, irql)?;
                if bytes == b"more" {
                    this.kept.try_reserve(TOO_MUCH, irql)?;
                }
                Ok(this.kept.len())
            })
        }
    }
}

/// Memory that is not there is a status like any other, wherever it is asked for, and changes nothing.
#[test]
fn memory_that_is_not_there_is_a_status() -> Outcome {
    for step in 0..2 {
        FAIL_AT.set(step);
        let machine = machine(1);
        assert_eq!(refused(&machine, &memory::DRIVER)?, Some(STATUS_INSUFFICIENT_RESOURCES), "step {step}");
        machine.finish()?;
        assert_eq!(LIVE.get(), 0);
    }
    FAIL_AT.set(2);
    let machine = machine(1);
    let device = machine.load(&memory::DRIVER)?.plug(r"ROOT\TEST")?;
    let file = machine.open(r"\\.\Greedy")?;
    assert_eq!(file.write(b"x")?, 1);
    assert_eq!(file.write(b"more").unwrap_err().status(), Some(STATUS_INSUFFICIENT_RESOURCES));
    assert_eq!(file.write(b"")?, 0);
    file.close()?;
    device.remove()?;
    machine.finish()?;
    assert_eq!(LIVE.get(), 0);
    Ok(())
}
