//! Says which handler had a request: the default queue has all of them but one, a routed queue has reads.

use wdk::prelude::*;

/// What the internal control asks for.
pub const CODE: u32 = wdk_sys::CTL_CODE(0x8000, 0x801, wdk_sys::METHOD_BUFFERED, 0);

pub struct Desk;

impl Driver for Desk {
    fn device_add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> Result<()> {
        let device = init.create(|_, _| Ok(()), irql)?;
        device.create_symbolic_link(wstr!(r"\DosDevices\Desk"), irql)?;
        let usual = QueueConfig::new(Dispatching::PARALLEL);
        device.queue(usual.allow_zero_length(), |_, _| Ok(Reads), irql)?.route(RequestType::Read, irql)?;
        device.default_queue(usual, |_, _| Ok(Rest), irql)?;
        Ok(())
    }
}

struct Reads;

impl IoQueue for Reads {
    type Scope = PerQueue;
    type Exec = Dispatch;
    const HANDLES: Handlers = Handlers::READ;

    fn read<'r>(_: &mut Self, request: ReadRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
        if request.is_empty() {
            return request.complete(Err(Error::END_OF_FILE), irql);
        }
        request.complete_with(irql, |request, _| request.output().write(b"r"))
    }
}

struct Rest;

impl IoQueue for Rest {
    type Scope = PerQueue;
    type Exec = Dispatch;
    const HANDLES: Handlers = Handlers::INTERNAL_DEVICE_CONTROL.and(Handlers::OTHER);

    fn internal_device_control<'r>(
        _: &mut Self,
        mut request: InternalDeviceControlRequest<'r>,
        irql: &mut Irql<'_, Dispatch>,
    ) -> Disposed<'r> {
        assert_eq!(request.requestor_mode(), wdk::RequestorMode::Kernel);
        assert_eq!(request.code().0, CODE);
        let capacity = request.output().capacity();
        assert_eq!(request.parameters().buffer_lengths(), Some((2, capacity)));
        request.complete_with(irql, |request, _| {
            let mut bytes = [0; 2];
            request.input().copy_to(&mut bytes)?;
            request.output().write(&bytes)?;
            request.output().write(b" internal")
        })
    }

    fn other<'r>(_: &mut Self, request: AnyRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
        assert_eq!(request.requestor_mode(), wdk::RequestorMode::User);
        match request.classify() {
            // A write of no bytes does not get here: this queue does not allow them.
            Classified::Write(request) => {
                let len = request.len();
                assert!(len > 0);
                request.complete(Ok(len), irql)
            }
            Classified::DeviceControl(request) => {
                request.complete_with(irql, |request, _| request.output().write(b"other"))
            }
            request => panic!("{request:?} has a handler or a queue of its own"),
        }
    }
}
