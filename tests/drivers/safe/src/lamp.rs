//! Three queues, managed and not, which answer at once.

use wdk::prelude::*;

pub struct Lamp;

impl Driver for Lamp {
    fn device_add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> Result<()> {
        let device = init.create(|_, _| Ok(()), irql)?;
        device.create_symbolic_link(wstr!(r"\DosDevices\Lamp"), irql)?;
        let usual = QueueConfig::new(Dispatching::Sequential);
        for (request_type, power_managed) in [
            (RequestType::Read, PowerManaged::ByDeviceRole),
            (RequestType::Write, PowerManaged::Yes),
            (RequestType::DeviceControl, PowerManaged::No),
        ] {
            device
                .queue(usual.power_managed(power_managed), |_, _| Ok(Answers), irql)?
                .route(request_type, irql)?;
        }
        Ok(())
    }
}

struct Answers;

impl IoQueue for Answers {
    type Scope = Unsynchronized;
    type Exec = Passive;
    const HANDLES: Handlers = Handlers::OTHER;

    fn other<'r>(_: &Self, request: AnyRequest<'r>, irql: &mut Irql<'_, Passive>) -> Disposed<'r> {
        request.complete(Ok(()), irql)
    }
}
