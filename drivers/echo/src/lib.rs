//! Echo: a read returns what was last written.
//!
//! * A **write** replaces what is stored, up to [`CAPACITY`] bytes; a longer one fails with `STATUS_BUFFER_OVERFLOW`.
//! * A **read** returns the start of what is stored, up to its length; nothing when nothing was written.
//! * Both are completed [`DELAY`] later, from a timer, and can be cancelled meanwhile. The queue is sequential, so one
//!   request is under way at a time and the others wait in the queue.

#![no_std]
#![forbid(unsafe_code)]

use core::time::Duration;
use wdk::Input;
use wdk::prelude::*;

wdk::driver!(Echo);

/// How programs find the device.
pub const INTERFACE: Guid = Guid::parse("a5a2b0b7-2b3c-4c0f-9d3e-5f0a6c7e8d19");
/// The name by which programs can open it: `\\.\Echo`.
pub const SYMBOLIC_LINK: UnicodeStr<'static> = wstr!(r"\DosDevices\Echo");
/// The most bytes that are stored.
pub const CAPACITY: usize = 40 * 1024;
/// How long a request takes.
pub const DELAY: Duration = Duration::from_millis(10);

struct Echo;

impl Driver for Echo {
    fn device_add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> Result<()> {
        let device = init.io_type(IoType::Buffered).create(|_, _| Ok(()), irql)?;
        device.create_interface(INTERFACE, irql)?;
        device.create_symbolic_link(SYMBOLIC_LINK, irql)?;
        device.default_queue(Dispatching::Sequential, Requests::new, irql)?;
        Ok(())
    }
}

/// The context of the queue.
struct Requests {
    stored: PoolVec<u8>,
    under_way: Option<UnderWay>,
    timer: Timer<Done>,
}

/// The request that the timer completes.
enum UnderWay {
    Read(Parked<Read>),
    Write(Parked<Write>),
}

impl Requests {
    fn new(queue: &QueueRef<Self>, irql: &mut Irql<'_, Passive>) -> Result<Self> {
        Ok(Self {
            stored: PoolVec::try_with_capacity(CAPACITY, irql)?,
            under_way: None,
            timer: Timer::try_new(queue, None, irql)?,
        })
    }

    /// Replaces what is stored.
    fn store(&mut self, input: &Input<'_>, irql: &Irql<'_, Dispatch>) -> Result<()> {
        let bytes = input.as_slice().ok_or(Error::INVALID_USER_BUFFER)?;
        self.stored.clear();
        Ok(self.stored.try_extend_from_slice(bytes, irql)?)
    }
}

impl IoQueue for Requests {
    type Scope = PerQueue;
    type Exec = Dispatch;
    const HANDLES: Handlers = Handlers::READ.and(Handlers::WRITE);

    fn write<'r>(this: &mut Self, request: WriteRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
        let len = request.len();
        if len > CAPACITY {
            return request.complete(Err(Error::BUFFER_OVERFLOW), irql);
        }
        if let Err(error) = this.store(&request.input(), irql) {
            return request.complete(Err(error), irql);
        }
        let (proof, parked) = match request.park(irql) {
            Ok(parked) => parked,
            Err(rejected) => return rejected.fail(irql),
        };
        this.under_way = Some(UnderWay::Write(parked));
        this.timer.start(DELAY, irql);
        proof
    }

    fn read<'r>(this: &mut Self, request: ReadRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
        let (proof, parked) = match request.park(irql) {
            Ok(parked) => parked,
            Err(rejected) => return rejected.fail(irql),
        };
        this.under_way = Some(UnderWay::Read(parked));
        this.timer.start(DELAY, irql);
        proof
    }

    fn cancel<'r>(
        this: &mut Self,
        request: CanceledRequest<'r>,
        irql: &mut Irql<'_, Dispatch>,
    ) -> Disposed<'r> {
        this.under_way = None;
        this.timer.stop(irql);
        request.complete(Err(Error::CANCELLED), irql)
    }
}

/// What the timer does.
struct Done;

impl TimerHandler for Done {
    type Parent = QueueRef<Requests>;

    fn expired(queue: &QueueRef<Requests>, irql: &mut Irql<'_, Dispatch>) {
        // A request whose cancellation has begun is left to `cancel`: `take` says so and does nothing.
        queue.lock(irql, |this, irql| match this.under_way.take() {
            Some(UnderWay::Write(parked)) => {
                parked.take(irql, |request, irql| {
                    let len = request.len();
                    request.complete(Ok(len), irql)
                });
            }
            Some(UnderWay::Read(parked)) => {
                parked.take(irql, |request, irql| {
                    request.complete_with(irql, |request, _| {
                        request.output().write_up_to(&this.stored)?;
                        Ok(())
                    })
                });
            }
            None => {}
        });
    }
}
