//! Completes reads when time has passed: under the queue's lock, from a timer of the device's.

use core::time::Duration;
use wdk::prelude::*;

pub struct Timed;

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

    fn read<'r>(this: &mut Self, request: ReadRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
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
