//! Echoes through all the ways in which buffers reach a driver.

use wdk::prelude::*;

pub const BUFFERED: IoControlCode = IoControlCode::new(0x8000, 0x800, Method::Buffered, RequiredAccess::Any);
pub const OUT_DIRECT: IoControlCode =
    IoControlCode::new(0x8000, 0x801, Method::OutDirect, RequiredAccess::Any);
pub const IN_DIRECT: IoControlCode = IoControlCode::new(0x8000, 0x802, Method::InDirect, RequiredAccess::Any);
pub const NEITHER: IoControlCode = IoControlCode::new(0x8000, 0x803, Method::Neither, RequiredAccess::Any);

pub struct Transfers;

impl Driver for Transfers {
    fn device_add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> Result<()> {
        let device = init.io_type(IoType::Direct).create(|_, _| Ok(()), irql)?;
        device.create_symbolic_link(wstr!(r"\DosDevices\Transfers"), irql)?;
        device.default_queue(Dispatching::Sequential, |_, _| Ok(Echo { kept: [0; 4] }), irql)?;
        Ok(())
    }
}

struct Echo {
    kept: [u8; 4],
}

impl IoQueue for Echo {
    type Scope = PerQueue;
    type Exec = Dispatch;
    const HANDLES: Handlers = Handlers::WRITE.and(Handlers::READ).and(Handlers::DEVICE_CONTROL);

    fn write<'r>(this: &mut Self, request: WriteRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
        request.complete_with(irql, |request, _| {
            let input = request.input();
            assert!(input.as_slice().is_none(), "direct memory is no slice");
            input.copy_to_at(1, &mut this.kept)?;
            Ok(input.len())
        })
    }

    fn read<'r>(this: &mut Self, request: ReadRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
        request.complete_with(irql, |request, _| {
            let mut output = request.output();
            output.write(&this.kept[..2])?;
            output.write_up_to(&this.kept[2..])?;
            // A warning that still returns what was written.
            if output.remaining() == 0 { Err(Error::BUFFER_OVERFLOW) } else { Ok(()) }
        })
    }

    fn device_control<'r>(
        _: &mut Self,
        request: DeviceControlRequest<'r>,
        irql: &mut Irql<'_, Dispatch>,
    ) -> Disposed<'r> {
        request.complete_with(irql, |request, _| {
            let number = request.input().read::<u32>()?;
            request.output().write_value(&(number + 1))?;
            request.output().write_value(&(number + 2))
        })
    }
}
