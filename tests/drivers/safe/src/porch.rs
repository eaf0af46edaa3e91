//! Looks at what comes on the caller's thread.

use crate::tale::Tale;
use wdk::prelude::*;

pub struct Porch;

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
