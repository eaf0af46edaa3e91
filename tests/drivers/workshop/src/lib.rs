//! A driver that does with requests all that a safe driver can do. What becomes of a write is in its first byte:
//! | | |
//! |---|---|
//! | `n` | completed in the handler |
//! | `t` | parked, completed from a timer |
//! | `w` | parked, completed from a work item |
//! | `p` | parked until the control `RELEASE` |
//! | `d` | parked, and its token dropped under the lock |
//! | `m` | forwarded to the manual queue `Shelf`, until the controls `RETRIEVE`, `REQUEUE` or `KEEP` |
//! Controls come through a queue of their own, which is not power managed and which nothing stops.
//!
//! When it is unloaded it prints how many requests still have the context that the driver gave them.

#![no_std]
#![forbid(unsafe_code)]
#![allow(missing_docs)]

use core::time::Duration;
use wdk::prelude::*;

wdk::driver!(Workshop);

pub const NAME: &str = r"\\.\Workshop";
/// Longer than all actions of a case take together.
pub const DELAY: Duration = Duration::from_secs(3600);

pub const fn control(function: u32) -> IoControlCode {
    IoControlCode::new(0x8000, 0x900 + function, Method::Buffered, RequiredAccess::Any)
}
pub const RELEASE: IoControlCode = control(0);
pub const RETRIEVE: IoControlCode = control(1);
pub const REQUEUE: IoControlCode = control(2);
/// Retrieves and parks.
pub const KEEP: IoControlCode = control(3);
pub const RELEASE_KEPT: IoControlCode = control(4);
pub const STOP: IoControlCode = control(5);
pub const START: IoControlCode = control(6);
pub const PURGE: IoControlCode = control(7);
pub const DRAIN: IoControlCode = control(8);
pub const STOP_SHELF: IoControlCode = control(9);
pub const START_SHELF: IoControlCode = control(10);
pub const PURGE_SHELF: IoControlCode = control(11);
pub const DRAIN_SHELF: IoControlCode = control(12);
pub const TALLY: IoControlCode = control(13);

/// What the front queue did with what it was given.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    pub delivered: u32,
    pub completed: u32,
    pub cancelled: u32,
    /// By the framework: `park` or `forward` failed.
    pub refused: u32,
    pub forwarded: u32,
    pub dropped: u32,
    pub waiting: u32,
}

/// Counts the tickets of one machine.
mod tickets {
    #[cfg(linked)]
    extern crate std;

    // A machine runs on one thread of the host, and each test on its own.
    #[cfg(linked)]
    std::thread_local! {
        static COUNT: core::cell::Cell<i32> = const { core::cell::Cell::new(0) };
    }

    /// Changes the count, and returns what it was.
    #[cfg(linked)]
    pub fn add(number: i32) -> i32 {
        COUNT.replace(COUNT.get() + number)
    }

    // An image is loaded anew into each machine.
    #[cfg(not(linked))]
    static COUNT: core::sync::atomic::AtomicI32 = core::sync::atomic::AtomicI32::new(0);

    /// Changes the count, and returns what it was.
    #[cfg(not(linked))]
    pub fn add(number: i32) -> i32 {
        COUNT.fetch_add(number, core::sync::atomic::Ordering::Relaxed)
    }
}

/// What each request has with it, wherever it goes.
struct Ticket {
    stamp: u64,
}

const STAMP: u64 = 0x5EA1;

impl Default for Ticket {
    fn default() -> Self {
        tickets::add(1);
        Self { stamp: STAMP }
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        assert_eq!(core::mem::take(&mut self.stamp), STAMP, "dropped twice, or never made");
        tickets::add(-1);
    }
}

struct Workshop;

impl Driver for Workshop {
    fn device_add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> Result<()> {
        let device = init.request_context::<Ticket>().create(|_, _| Ok(()), irql)?;
        device.create_symbolic_link(wstr!(r"\DosDevices\Workshop"), irql)?;
        let shelf = device.queue(Dispatching::Manual, |_, _| Ok(Shelf { kept: PoolDeque::new() }), irql)?;
        let front = device.default_queue(
            Dispatching::PARALLEL,
            |queue, irql| {
                Ok(Front {
                    shelf: shelf.to_handle(irql),
                    held: PoolDeque::new(),
                    timed: PoolDeque::new(),
                    worked: PoolDeque::new(),
                    timer: Timer::try_new(queue, None, irql)?,
                    item: WorkItem::try_new(queue, irql)?,
                    tally: Tally::default(),
                })
            },
            irql,
        )?;
        let config = QueueConfig::new(Dispatching::PARALLEL).power_managed(PowerManaged::No);
        let init = |_: &QueueRef<Desk>, irql: &mut Irql<'_, Passive>| {
            Ok(Desk { front: front.to_handle(irql), shelf: shelf.to_handle(irql) })
        };
        device.queue(config, init, irql)?.route(RequestType::DeviceControl, irql)
    }

    fn unload(_: &mut Irql<'_, Passive>) {
        wdk::println!("workshop: {} tickets are left", tickets::add(0));
    }
}

struct Front {
    shelf: QueueHandle<Shelf>,
    held: PoolDeque<Parked<Write>>,
    timed: PoolDeque<Parked<Write>>,
    worked: PoolDeque<Parked<Write>>,
    timer: Timer<Expire>,
    item: WorkItem<Work>,
    tally: Tally,
}

fn route(request: &WriteRequest<'_>) -> u8 {
    let mut first = [0];
    request.input().copy_to(&mut first).map_or(0, |()| first[0])
}

fn finish<'r, L: wdk::irql::MayComplete + AtMost<Dispatch>>(
    request: WriteRequest<'r>,
    irql: &mut Irql<'_, L>,
) -> Disposed<'r> {
    assert_eq!(request.context::<Ticket>().map(|ticket| ticket.stamp), Some(STAMP));
    let len = request.len();
    request.complete(Ok(len), irql)
}

impl Front {
    /// Takes the first token that is still worth something.
    fn first<L: wdk::irql::MayComplete + AtMost<Dispatch>>(
        list: &mut PoolDeque<Parked<Write>>,
        irql: &mut Irql<'_, L>,
    ) -> bool {
        while let Some(parked) = list.pop_front() {
            if parked.take(irql, finish) {
                return true;
            }
        }
        false
    }

    fn all<L: wdk::irql::MayComplete + AtMost<Dispatch>>(
        list: &mut PoolDeque<Parked<Write>>,
        irql: &mut Irql<'_, L>,
    ) -> u32 {
        let mut count = 0;
        while Self::first(list, irql) {
            count += 1;
        }
        count
    }
}

impl IoQueue for Front {
    type Scope = PerQueue;
    type Exec = Dispatch;
    const HANDLES: Handlers = Handlers::WRITE;

    fn write<'r>(this: &mut Self, request: WriteRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
        this.tally.delivered += 1;
        let route = route(&request);
        let list = match route {
            b't' => &mut this.timed,
            b'w' => &mut this.worked,
            b'p' | b'd' => &mut this.held,
            b'm' => {
                return match request.forward(&this.shelf, irql) {
                    Ok(proof) => {
                        this.tally.forwarded += 1;
                        proof
                    }
                    Err(rejected) => {
                        this.tally.refused += 1;
                        rejected.fail(irql)
                    }
                };
            }
            _ => {
                this.tally.completed += 1;
                return finish(request, irql);
            }
        };
        if list.try_reserve(1, irql).is_err() {
            this.tally.refused += 1;
            return request.complete(Err(Error::INSUFFICIENT_RESOURCES), irql);
        }
        let (proof, parked) = match request.park(irql) {
            Ok(parked) => parked,
            Err(rejected) => {
                this.tally.refused += 1;
                return rejected.fail(irql);
            }
        };
        match route {
            b'd' => {
                this.tally.dropped += 1;
                drop(parked);
            }
            _ => {
                let _ = list.push_within_capacity(parked);
            }
        }
        match route {
            b't' => {
                this.timer.start(DELAY, irql);
            }
            b'w' => this.item.enqueue(irql),
            _ => {}
        }
        proof
    }

    fn cancel<'r>(
        this: &mut Self,
        request: CanceledRequest<'r>,
        irql: &mut Irql<'_, Dispatch>,
    ) -> Disposed<'r> {
        for list in [&mut this.held, &mut this.timed, &mut this.worked] {
            list.retain(|parked| !request.is(parked));
        }
        let Classified::Write(request) = request.classify() else { unreachable!("only writes are parked") };
        // A dropped one is counted already.
        if route(&request) != b'd' {
            this.tally.cancelled += 1;
        }
        request.complete(Err(Error::CANCELLED), irql)
    }
}

struct Expire;

impl TimerHandler for Expire {
    type Parent = QueueRef<Front>;

    fn expired(queue: &QueueRef<Front>, irql: &mut Irql<'_, Dispatch>) {
        queue.lock(irql, |this, irql| this.tally.completed += Front::all(&mut this.timed, irql));
    }
}

struct Work;

impl WorkHandler for Work {
    type Parent = QueueRef<Front>;

    fn run(queue: &QueueRef<Front>, _: &mut MayBlock<'_>, irql: &mut Irql<'_, Passive>) {
        queue.lock(irql, |this, irql| this.tally.completed += Front::all(&mut this.worked, irql));
    }
}

/// The manual queue. A request that is kept is parked in it.
struct Shelf {
    kept: PoolDeque<Parked<Write>>,
}

impl IoQueue for Shelf {
    type Scope = PerQueue;
    type Exec = Dispatch;
    const HANDLES: Handlers = Handlers::NONE;

    fn cancel<'r>(
        this: &mut Self,
        request: CanceledRequest<'r>,
        irql: &mut Irql<'_, Dispatch>,
    ) -> Disposed<'r> {
        this.kept.retain(|parked| !request.is(parked));
        request.complete(Err(Error::CANCELLED), irql)
    }
}

/// The queue of the controls.
struct Desk {
    front: QueueHandle<Front>,
    shelf: QueueHandle<Shelf>,
}

impl IoQueue for Desk {
    type Scope = Unsynchronized;
    type Exec = Dispatch;
    const HANDLES: Handlers = Handlers::DEVICE_CONTROL;

    fn device_control<'r>(
        this: &Self,
        request: DeviceControlRequest<'r>,
        irql: &mut Irql<'_, Dispatch>,
    ) -> Disposed<'r> {
        request.complete_with(irql, |request, irql| {
            let code = request.code();
            let device =
                request.queue::<Self>().and_then(|queue| queue.device::<()>()).ok_or(Error::NOT_FOUND)?;
            let front = this.front.of(device).ok_or(Error::NOT_FOUND)?;
            let shelf = this.shelf.of(device).ok_or(Error::NOT_FOUND)?;
            if code == TALLY {
                let t = front.lock(irql, |this, _| Tally {
                    waiting: (this.held.len() + this.timed.len() + this.worked.len()) as u32,
                    ..this.tally
                });
                let words =
                    [t.delivered, t.completed, t.cancelled, t.refused, t.forwarded, t.dropped, t.waiting];
                return request.output().write_value(&words);
            }
            let moved = serve(code, front, shelf, irql)?;
            request.output().write(&[u8::from(moved)])
        })
    }
}

/// Does what a control asks for; says whether there was a request to do it with.
fn serve(
    code: IoControlCode,
    front: &QueueRef<Front>,
    shelf: &QueueRef<Shelf>,
    irql: &mut Irql<'_, Dispatch>,
) -> Result<bool> {
    match code {
        RELEASE => {
            return Ok(front.lock(irql, |this, irql| {
                let released = Front::first(&mut this.held, irql);
                this.tally.completed += u32::from(released);
                released
            }));
        }
        RETRIEVE => {
            return shelf.retrieve(irql, |retrieved, irql| match retrieved.into_request().classify() {
                Classified::Write(write) => finish(write, irql),
                _ => unreachable!("only writes are forwarded"),
            });
        }
        REQUEUE => {
            return shelf.retrieve(irql, |retrieved, irql| {
                retrieved.requeue(irql).unwrap_or_else(|rejected| rejected.fail(irql))
            });
        }
        KEEP => return keep(shelf, irql),
        RELEASE_KEPT => return Ok(shelf.lock(irql, |this, irql| Front::first(&mut this.kept, irql))),
        STOP => front.stop(irql),
        START => front.start(irql),
        PURGE => front.purge(irql),
        DRAIN => front.drain(irql),
        STOP_SHELF => shelf.stop(irql),
        START_SHELF => shelf.start(irql),
        PURGE_SHELF => shelf.purge(irql),
        DRAIN_SHELF => shelf.drain(irql),
        _ => return Err(Error::INVALID_DEVICE_REQUEST),
    }
    Ok(false)
}

/// Parks a retrieved request, under the lock of its queue.
///
/// Without the lock, EvtIoStop could come between: it acknowledges what is parked, and a request that is parked
/// after it holds the device up until it is completed.
fn keep(shelf: &QueueRef<Shelf>, irql: &mut Irql<'_, Dispatch>) -> Result<bool> {
    shelf.lock(irql, |this, irql| {
        this.kept.try_reserve(1, irql)?;
        shelf.retrieve(irql, |retrieved, irql| {
            let Classified::Write(write) = retrieved.into_request().classify() else {
                unreachable!("only writes are forwarded")
            };
            match write.park(irql) {
                Ok((proof, parked)) => {
                    let _ = this.kept.push_within_capacity(parked);
                    proof
                }
                Err(rejected) => rejected.fail(irql),
            }
        })
    })
}
