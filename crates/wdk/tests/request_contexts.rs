//! Values that come with requests: made before anything sees the request, dropped once, wherever it goes.

use std::cell::Cell;
use wdk_emulator::{Level, Machine, Result};
use wdk_sys::{STATUS_CANCELLED, STATUS_INTERNAL_ERROR};

// A machine runs on one thread of the host, and each test on its own.
thread_local! {
    static MADE: Cell<u32> = const { Cell::new(0) };
    static DROPPED: Cell<u32> = const { Cell::new(0) };
}

/// A value that is counted. Its alignment and size are those of nothing else in a request's context.
#[repr(align(16))]
struct Tale {
    told: Cell<u8>,
    mark: u64,
    text: [u8; 3],
}

const MARK: u64 = 0x7A1E_7A1E_7A1E_7A1E;

impl Default for Tale {
    fn default() -> Self {
        MADE.set(MADE.get() + 1);
        Self { told: Cell::new(0), mark: MARK, text: *b"it " }
    }
}

impl Tale {
    fn tell(&self) -> u8 {
        assert_eq!((self.mark, &self.text), (MARK, b"it "));
        self.told.set(self.told.get() + 1);
        self.told.get()
    }
}

impl Drop for Tale {
    fn drop(&mut self) {
        assert_eq!((self.mark, &self.text), (MARK, b"it "));
        self.mark = 0;
        DROPPED.set(DROPPED.get() + 1);
    }
}

/// Writes go through three queues: a handler forwards them to a manual queue, whose requests a control moves on. Reads
/// count what they see.
mod tour {
    use super::Tale;
    use wdk::prelude::*;

    wdk::driver!(Tour);

    struct Tour;

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

    fn tell<K: wdk::kind::Kind>(request: &Request<'_, K>) -> u8 {
        request.context::<Tale>().expect("declared").tell()
    }

    impl IoQueue for First {
        type Scope = PerQueue;
        type Exec = Dispatch;
        const HANDLES: Handlers = Handlers::WRITE.and(Handlers::DEVICE_CONTROL);

        fn write<'r>(
            this: &mut Self,
            request: WriteRequest<'r>,
            irql: &mut Irql<'_, Dispatch>,
        ) -> Disposed<'r> {
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

        fn write<'r>(
            this: &mut Self,
            request: WriteRequest<'r>,
            irql: &mut Irql<'_, Dispatch>,
        ) -> Disposed<'r> {
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
        fn cancel<'r>(
            _: &mut Self,
            request: CanceledRequest<'r>,
            irql: &mut Irql<'_, Dispatch>,
        ) -> Disposed<'r> {
            assert_eq!(tell(&request), 4);
            request.complete(Err(Error::CANCELLED), irql)
        }
    }
}

fn counts() -> (u32, u32) {
    (MADE.get(), DROPPED.get())
}

#[test]
fn a_request_keeps_its_value_wherever_it_goes() -> Result {
    let machine = Machine::builder().seed(7).verifier(Level::All).build();
    let driver = machine.load(&tour::DRIVER)?;
    let device = driver.plug(r"ROOT\TEST")?;
    let file = machine.open(r"\\.\Tour")?;
    let advance = || file.ioctl(0x22_2000, &[], 0).map(drop);

    let first = file.start_write(b"1")?;
    assert_eq!(counts(), (1, 0));
    advance()?;
    assert_eq!(counts(), (2, 1), "that of the control is gone");
    let second = file.start_write(b"22")?;
    advance()?;
    machine.run()?;
    assert_eq!(first.wait()?.status, STATUS_INTERNAL_ERROR, "its token was dropped");
    assert_eq!(counts(), (4, 3));

    let third = file.start_write(b"333")?;
    advance()?;
    assert_eq!(second.wait()?.success()?.information, 2, "its token was taken");
    assert_eq!(counts(), (6, 5));

    third.cancel()?;
    assert_eq!(third.wait()?.status, STATUS_CANCELLED);
    assert_eq!(counts(), (6, 5), "its token is still there");

    let waiting = file.start_write(b"4444")?;
    waiting.cancel()?;
    assert_eq!(waiting.wait()?.status, STATUS_CANCELLED);
    assert_eq!(counts(), (7, 6));

    let left = [file.start_write(b"x")?, file.start_write(b"y")?];
    advance()?;
    assert_eq!(counts(), (10, 8), "the old token is gone, with what it kept");
    device.surprise_remove()?;
    for write in left {
        assert_eq!(write.wait()?.status, STATUS_CANCELLED);
    }
    file.close()?;
    machine.run()?;
    driver.unload()?;
    assert_eq!(counts(), (10, 10));
    machine.finish()
}

/// Requests that no callback ever sees: refused, or cancelled where they waited first.
#[test]
fn a_request_that_nobody_sees_has_no_value() -> Result {
    let machine = Machine::builder().seed(7).verifier(Level::All).build();
    let driver = machine.load(&tour::DRIVER)?;
    let device = driver.plug(r"ROOT\TEST")?;
    let file = machine.open(r"\\.\Tour")?;
    device.suspend()?;
    let held = file.start_write(b"1")?;
    held.cancel()?;
    assert_eq!(held.wait()?.status, STATUS_CANCELLED);
    assert!(file.start_read(4)?.cancel().is_ok());
    device.resume()?;
    assert_eq!(counts(), (0, 0));
    file.close()?;
    device.remove()?;
    driver.unload()?;
    machine.finish()
}

/// Looks at what comes on the caller's thread.
mod porch {
    use super::Tale;
    use wdk::prelude::*;

    wdk::driver!(Porch);

    struct Porch;

    impl Driver for Porch {
        fn device_add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> Result<()> {
            let device = init.request_context::<Tale>().create(|_, _| Ok(Door), irql)?;
            device.create_symbolic_link(wstr!(r"\DosDevices\Porch"), irql)?;
            device.default_queue(Dispatching::Sequential, |_, _| Ok(Writes), irql)?;
            Ok(())
        }
    }

    struct Door;

    impl Device for Door {
        type Locked = ();
        type Exec = Dispatch;
        const CALLBACKS: DeviceCallbacks = DeviceCallbacks::IN_CALLER_CONTEXT;

        fn in_caller_context<'r>(
            &self,
            _: &DeviceRef<Self>,
            request: Arriving<'r>,
            irql: &mut Irql<'_, Dispatch>,
        ) -> Disposed<'r> {
            assert_eq!(request.context::<Tale>().map(Tale::tell), Some(1));
            request.enqueue(irql).unwrap_or_else(|rejected| rejected.fail(irql))
        }
    }

    struct Writes;

    impl IoQueue for Writes {
        type Scope = PerQueue;
        type Exec = Dispatch;
        const HANDLES: Handlers = Handlers::WRITE.and(Handlers::CANCELED_ON_QUEUE);

        fn write<'r>(_: &mut Self, request: WriteRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
            let told = request.context::<Tale>().map(Tale::tell);
            request.complete(Ok(told.map_or(0, usize::from) - 1), irql)
        }

        fn canceled_on_queue<'r>(
            _: &mut Self,
            request: CanceledRequest<'r>,
            irql: &mut Irql<'_, Dispatch>,
        ) -> Disposed<'r> {
            assert_eq!(request.context::<Tale>().map(Tale::tell), Some(2));
            request.complete(Err(Error::CONNECTION_ABORTED), irql)
        }
    }
}

/// What the caller's thread has seen has a value, also when no handler gets it.
#[test]
fn a_value_is_made_on_the_callers_thread() -> Result {
    let machine = Machine::builder().seed(7).verifier(Level::All).build();
    let driver = machine.load(&porch::DRIVER)?;
    let device = driver.plug(r"ROOT\TEST")?;
    let file = machine.open(r"\\.\Porch")?;
    assert_eq!(file.write(b"1")?, 1);
    assert_eq!(counts(), (1, 1));
    device.suspend()?;
    let held = [file.start_write(b"1")?, file.start_write(b"2")?];
    assert_eq!(counts(), (3, 1));
    held[0].cancel()?;
    assert!(held[0].is_done());
    assert_eq!(counts(), (3, 2));
    device.surprise_remove()?;
    for write in held {
        assert_eq!(write.wait()?.status, wdk_sys::STATUS_CONNECTION_ABORTED);
    }
    assert_eq!(counts(), (3, 3));
    file.close()?;
    driver.unload()?;
    machine.finish()
}
