//! A driver that ignores the failure of its default queue, and prints.

use wdk::prelude::*;

pub struct Unready;

impl Driver for Unready {
    fn device_add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> Result<()> {
        let device = init.create(|_, _| Ok(()), irql)?;
        device.create_symbolic_link(wstr!(r"\DosDevices\Unready"), irql)?;
        let queue =
            device.default_queue::<Never>(Dispatching::Sequential, |_, _| Err(Error::DATA_ERROR), irql);
        wdk::println!("no queue: {}, 100%s", queue.unwrap_err());
        Ok(())
    }
}

struct Never;

impl IoQueue for Never {
    type Scope = PerQueue;
    type Exec = Dispatch;
    const HANDLES: Handlers = Handlers::WRITE;

    fn write<'r>(_: &mut Self, _: WriteRequest<'r>, _: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
        unreachable!("the context was never made")
    }
}
