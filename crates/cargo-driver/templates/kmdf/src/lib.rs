//! A device that counts the bytes that are written to it. A read returns the count.

#![no_std]
#![forbid(unsafe_code)]

use wdk::prelude::*;

wdk::driver!(Counter);

/// How programs find the device.
pub const INTERFACE: Guid = Guid::parse("{{guid}}");

struct Counter;

impl Driver for Counter {
    fn device_add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> Result<()> {
        let device = init.io_type(IoType::Buffered).create(|_, _| Ok(()), irql)?;
        device.create_interface(INTERFACE, irql)?;
        device.default_queue(Dispatching::Sequential, |_, _| Ok(Count(0)), irql)?;
        Ok(())
    }
}

/// The queue's context: the bytes that were written.
struct Count(u64);

impl IoQueue for Count {
    type Scope = PerQueue; // callbacks of this queue never overlap: `&mut Self`
    type Exec = Dispatch; // they may run at DISPATCH_LEVEL: nothing here can wait
    const HANDLES: Handlers = Handlers::READ.and(Handlers::WRITE);

    fn write<'r>(
        this: &mut Self,
        request: WriteRequest<'r>,
        irql: &mut Irql<'_, Dispatch>,
    ) -> Disposed<'r> {
        let len = request.len();
        this.0 += len as u64;
        request.complete(Ok(len), irql)
    }

    fn read<'r>(
        this: &mut Self,
        request: ReadRequest<'r>,
        irql: &mut Irql<'_, Dispatch>,
    ) -> Disposed<'r> {
        request.complete_with(irql, |request, _| request.output().write_value(&this.0))
    }
}
