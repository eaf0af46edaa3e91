//! An initialiser that gives a handle to its queue away, and then fails.

use wdk::prelude::*;

pub struct Given;

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

    fn write<'r>(this: &mut Self, request: WriteRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
        request.forward(&this.given, irql).unwrap_or_else(|rejected| rejected.fail(irql))
    }
}

struct Broken;

impl Drop for Broken {
    fn drop(&mut self) {
        wdk::println!("a context that was never made was dropped");
    }
}

impl IoQueue for Broken {
    type Scope = PerQueue;
    type Exec = Dispatch;
    const HANDLES: Handlers = Handlers::WRITE;

    fn write<'r>(_: &mut Self, request: WriteRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
        wdk::println!("a handler saw a context that was never made");
        request.complete(Ok(0), irql)
    }
}
