//! A queue with all parts: the default queue or another one.

use crate::parts::Parts;
use crate::service;
use wdk::prelude::*;

/// With `other` the queue is not the default queue.
pub struct Plain;

impl Driver for Plain {
    fn device_add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> Result<()> {
        let device = init.create(|_, _| Ok(()), irql)?;
        device.create_symbolic_link(wstr!(r"\DosDevices\Plain"), irql)?;
        let init =
            |queue: &QueueRef<Writes>, irql: &mut Irql<'_, Passive>| Ok(Writes(Parts::new(queue, irql)?));
        match service::has("other", irql) {
            true => device.queue(Dispatching::Sequential, init, irql)?,
            false => device.default_queue(Dispatching::Sequential, init, irql)?,
        };
        Ok(())
    }
}

pub struct Writes(Parts<Tick, Work>);

impl IoQueue for Writes {
    type Scope = PerQueue;
    type Exec = Dispatch;
    const HANDLES: Handlers = Handlers::WRITE;

    fn write<'r>(this: &mut Self, request: WriteRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
        this.0.timer.start(core::time::Duration::from_millis(1), irql);
        this.0.item.enqueue(irql);
        request.complete(Ok(1), irql)
    }
}

pub struct Tick;

impl TimerHandler for Tick {
    type Parent = QueueRef<Writes>;

    fn expired(queue: &QueueRef<Writes>, irql: &mut Irql<'_, Dispatch>) {
        queue.lock(irql, |_, _| wdk::println!("timer"));
    }
}

pub struct Work;

impl WorkHandler for Work {
    type Parent = QueueRef<Writes>;

    fn run(queue: &QueueRef<Writes>, _: &mut MayBlock<'_>, irql: &mut Irql<'_, Passive>) {
        queue.lock(irql, |_, _| wdk::println!("work item"));
    }
}
