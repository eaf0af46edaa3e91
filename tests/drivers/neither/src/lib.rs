//! What comes is looked at on the caller's thread; controls choose what happens to them there.
//!
//! The one driver of these tests in `wdk` that is not safe: it says itself that a program is the only one that asks.

#![no_std]
#![allow(missing_docs)]

use wdk::neither;
use wdk::prelude::*;

wdk::driver!(Porch);

/// Is completed on the caller's thread.
pub const ANSWER: IoControlCode = code(0, Method::Buffered);
/// Finds out what cannot be done there.
pub const TRY: IoControlCode = code(1, Method::Buffered);
/// Closes the main queue, and is refused by it.
pub const CLOSE: IoControlCode = code(2, Method::Buffered);
/// Opens it again.
pub const OPEN: IoControlCode = code(3, Method::Buffered);
/// Reverses the input, from locked memory.
pub const REVERSE: IoControlCode = code(4, Method::Neither);
/// The same, with all but the ends locked.
pub const REVERSE_PART: IoControlCode = code(5, Method::Neither);
/// The same, with nothing locked.
pub const REVERSE_NOTHING: IoControlCode = code(6, Method::Neither);
/// The IRQL on the caller's thread, as far as it can be told.
pub const LEVEL: IoControlCode = code(7, Method::Buffered);

const fn code(function: u32, method: Method) -> IoControlCode {
    IoControlCode::new(0x8000, 0x800 + function, method, RequiredAccess::Any)
}

struct Porch;

impl Driver for Porch {
    fn device_add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> Result<()> {
        let device = init.io_type(IoType::Neither).request_context::<Arrival>().create(
            |device, irql| {
                let shelf = device.queue(Dispatching::Manual, |_, _| Ok(Shelf), irql)?;
                Ok(Door { shelf: shelf.to_handle(irql), main: SpinLock::try_new(None, irql)? })
            },
            irql,
        )?;
        device.create_symbolic_link(wstr!(r"\DosDevices\Porch"), irql)?;
        let main = device.default_queue(
            Dispatching::PARALLEL,
            |queue, irql| Ok(Main { parked: None, later: Timer::try_new(queue, None, irql)? }),
            irql,
        )?;
        let handle = main.to_handle(irql);
        device.context().main.with(irql, |main, _| *main = Some(handle));
        Ok(())
    }
}

/// What the caller's thread found out about a request.
#[derive(Default)]
struct Arrival {
    seen: bool,
}

struct Door {
    shelf: QueueHandle<Shelf>,
    main: SpinLock<Option<QueueHandle<Main>>>,
}

impl Device for Door {
    type Locked = ();
    type Exec = Dispatch;
    const CALLBACKS: DeviceCallbacks =
        DeviceCallbacks::IN_CALLER_CONTEXT.and(DeviceCallbacks::RELEASE_HARDWARE);

    fn in_caller_context<'r>(
        &self,
        device: &DeviceRef<Self>,
        mut request: Arriving<'r>,
        irql: &mut Irql<'_, Dispatch>,
    ) -> Disposed<'r> {
        let arrival = request.context_mut::<Arrival>().expect("declared");
        assert!(!arrival.seen, "each request comes by once");
        arrival.seen = true;
        assert!(request.queue::<Main>().is_none());
        let code = request.parameters().code();
        match code {
            Some(ANSWER) => {
                let Classified::DeviceControl(request) = request.into_request().classify() else {
                    panic!("a control");
                };
                return request.complete_with(irql, |request, _| request.output().write(b"here"));
            }
            Some(TRY) => {
                let request = request.into_request();
                let Err(rejected) = request.park(irql) else { panic!("it is in no queue") };
                assert_eq!(rejected.error, Error::INVALID_DEVICE_REQUEST);
                let Err(rejected) = rejected.request.forward(&self.shelf, irql) else {
                    panic!("it is in no queue");
                };
                assert_eq!(rejected.error, Error::INVALID_DEVICE_REQUEST);
                return rejected.request.complete(Err(Error::NOT_SUPPORTED), irql);
            }
            Some(CLOSE | OPEN) => {
                let main = self.main.with(irql, |main, _| main.take()).expect("created");
                let queue = main.of(device).expect("one of the device's");
                if code == Some(OPEN) {
                    queue.start(irql);
                } else {
                    queue.drain(irql);
                }
                self.main.with(irql, |kept, _| *kept = Some(main));
                if code == Some(OPEN) {
                    return request.complete(Ok(()), irql);
                }
            }
            Some(LEVEL) => {
                let passive = irql.if_passive().is_some();
                let Classified::DeviceControl(request) = request.into_request().classify() else {
                    panic!("a control");
                };
                return request.complete_with(irql, |request, _| {
                    request.output().write(&[if passive { 0 } else { 2 }])
                });
            }
            _ => {}
        }
        let outcome = lock(&mut request, irql);
        if let Err(error) = outcome {
            return request.complete(Err(error), irql);
        }
        request.enqueue(irql).unwrap_or_else(|rejected| {
            assert_eq!(rejected.error, Error::WDF_BUSY);
            rejected.fail(irql)
        })
    }

    /// Lets go of the queue, which would never be freed otherwise.
    fn release_hardware(
        &self,
        _: &DeviceRef<Self>,
        _: &mut MayBlock<'_>,
        irql: &mut Irql<'_, Passive>,
    ) -> Result<()> {
        let main = self.main.with(irql, |main, _| main.take());
        drop(main);
        Ok(())
    }
}

/// Locks the program's buffers for requests that have them.
fn lock(request: &mut Arriving<'_>, irql: &mut Irql<'_, Dispatch>) -> Result<()> {
    let parameters = request.parameters();
    let code = parameters.code();
    let neither = code.is_none_or(|code| code.method() == Method::Neither);
    if !neither || parameters.is_empty() || code == Some(REVERSE_NOTHING) {
        return Ok(());
    }
    let irql = irql.if_passive().ok_or(Error::INVALID_DEVICE_REQUEST)?;
    if code == Some(REVERSE_PART) {
        let all = neither::user_input(request, &irql)?;
        assert_eq!(all.part(1, all.len()), Err(Error::BUFFER_TOO_SMALL));
        let part = all.part(1, all.len() - 2)?;
        assert_eq!(part.address().addr() - all.address().addr(), 1);
        let out = neither::user_output(request, &irql)?;
        // SAFETY: nothing is above this device, and only programs use the code.
        unsafe { neither::lock_input(request, part, &irql) }?;
        let beyond = neither::UserBuffer::new(out.address(), out.len() + 1);
        // SAFETY: as above.
        let refused = unsafe { neither::lock_output(request, beyond, &irql) };
        assert_eq!(refused, Err(Error::ACCESS_VIOLATION));
        // SAFETY: as above.
        unsafe { neither::lock_output(request, out, &irql) }?;
        // SAFETY: as above.
        let again = unsafe { neither::lock_input(request, part, &irql) };
        assert_eq!(again, Err(Error::INVALID_DEVICE_STATE));
        return Ok(());
    }
    // SAFETY: nothing is above this device, and only programs use it.
    unsafe { neither::lock_buffers(request, &irql) }
}

struct Shelf;

impl IoQueue for Shelf {
    type Scope = PerQueue;
    type Exec = Dispatch;
    const HANDLES: Handlers = Handlers::NONE;
}

struct Main {
    parked: Option<Parked<DeviceControl>>,
    later: Timer<Later>,
}

impl IoQueue for Main {
    type Scope = PerQueue;
    type Exec = Dispatch;
    const HANDLES: Handlers = Handlers::READ.and(Handlers::WRITE).and(Handlers::DEVICE_CONTROL);

    fn read<'r>(_: &mut Self, request: ReadRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
        assert!(request.context::<Arrival>().is_some_and(|arrival| arrival.seen));
        assert!(request.context::<u32>().is_none(), "another type was declared");
        request.complete_with(irql, |request, _| request.output().write(b"locked"))
    }

    fn write<'r>(_: &mut Self, request: WriteRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
        request.complete_with(irql, |request, _| {
            let mut bytes = [0; 3];
            assert!(request.input().as_slice().is_none(), "a program can change it");
            request.input().copy_to(&mut bytes)?;
            assert_eq!(&bytes, b"abc");
            request.input().memory()?.copy_to_slice(1, &mut bytes[..2])?;
            assert_eq!(&bytes, b"bcc");
            assert_eq!(request.input().copy_to_at(1, &mut bytes), Err(Error::BUFFER_TOO_SMALL));
            Ok(request.input().len())
        })
    }

    /// Answers later, when the caller's thread is elsewhere.
    fn device_control<'r>(
        this: &mut Self,
        request: DeviceControlRequest<'r>,
        irql: &mut Irql<'_, Dispatch>,
    ) -> Disposed<'r> {
        match request.park(irql) {
            Ok((proof, parked)) => {
                this.parked = Some(parked);
                this.later.start(core::time::Duration::from_millis(1), irql);
                proof
            }
            Err(rejected) => rejected.fail(irql),
        }
    }
}

struct Later;

impl TimerHandler for Later {
    type Parent = QueueRef<Main>;

    fn expired(queue: &QueueRef<Main>, irql: &mut Irql<'_, Dispatch>) {
        let Some(parked) = queue.lock(irql, |this, _| this.parked.take()) else { return };
        parked.take(irql, |request, irql| {
            request.complete_with(irql, |request, _| {
                let mut bytes = [0; 8];
                let bytes = &mut bytes[..request.input().len()];
                request.input().copy_to(bytes)?;
                bytes.reverse();
                request.output().write(bytes)
            })
        });
    }
}
