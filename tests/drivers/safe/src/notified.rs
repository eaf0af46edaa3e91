//! A manual queue that says when it has something.

use wdk::prelude::*;

pub struct Notified;

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
