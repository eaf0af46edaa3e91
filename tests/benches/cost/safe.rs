//! A safe driver that copies what is written into a ring.

use super::baseline::RING;
use wdk::prelude::*;

wdk::driver!(Cost);

struct Cost;

impl Driver for Cost {
    fn device_add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> Result<()> {
        let device = init.io_type(IoType::Buffered).create(|_, _| Ok(()), irql)?;
        device.create_symbolic_link(wstr!(r"\DosDevices\CostSafe"), irql)?;
        device.default_queue(Dispatching::Sequential, |_, irql| Ring::new(irql), irql)?;
        Ok(())
    }
}

struct Ring {
    bytes: PoolVec<u8>,
    at: usize,
}

impl Ring {
    fn new(irql: &Irql<'_, Passive>) -> Result<Self> {
        let mut bytes = PoolVec::try_with_capacity(RING, irql)?;
        for _ in 0..RING {
            bytes.try_push(0, irql)?;
        }
        Ok(Self { bytes, at: 0 })
    }
}

impl IoQueue for Ring {
    type Scope = PerQueue;
    type Exec = Dispatch;
    const HANDLES: Handlers = Handlers::WRITE;

    fn write<'r>(this: &mut Self, request: WriteRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
        request.complete_with(irql, |request, _| {
            let input = request.input();
            let bytes = input.as_slice().ok_or(Error::INVALID_USER_BUFFER)?;
            if this.at + bytes.len() > RING {
                this.at = 0;
            }
            let end = this.at + bytes.len();
            this.bytes.get_mut(this.at..end).ok_or(Error::INVALID_BUFFER_SIZE)?.copy_from_slice(bytes);
            this.at = end;
            Ok(bytes.len())
        })
    }
}
