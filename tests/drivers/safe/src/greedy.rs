//! Asks for more memory than there is, in a queue's initialiser, a device's, and a handler.

use crate::noted::Noted;
use crate::service;
use wdk::prelude::*;

const TOO_MUCH: usize = isize::MAX as usize / 2 + 1;

/// Asks where the test says: `device` or `queue`.
pub struct Greedy;

impl Driver for Greedy {
    fn device_add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> Result<()> {
        let device = init.create(
            |_, irql| {
                let _noted = Noted::new("device");
                if service::has("device", irql) {
                    return Err(too_much(irql).err().unwrap_or(Error::INTERNAL_ERROR));
                }
                Ok(())
            },
            irql,
        )?;
        device.create_symbolic_link(wstr!(r"\DosDevices\Greedy"), irql)?;
        let init = |_: &QueueRef<Writes>, irql: &mut Irql<'_, Passive>| {
            let noted = Noted::new("queue");
            if service::has("queue", irql) {
                too_much(irql)?;
            }
            Ok(Writes { kept: PoolVec::new(), _noted: noted })
        };
        device.default_queue(Dispatching::PARALLEL, init, irql)?;
        Ok(())
    }
}

fn too_much(irql: &Irql<'_, Passive>) -> Result<()> {
    let bytes = PoolVec::<u8>::try_with_capacity(TOO_MUCH, irql)?;
    wdk::println!("there were {} bytes", bytes.capacity());
    Ok(())
}

struct Writes {
    kept: PoolVec<u8>,
    _noted: Noted,
}

impl IoQueue for Writes {
    type Scope = PerQueue;
    type Exec = Dispatch;
    const HANDLES: Handlers = Handlers::WRITE;

    fn write<'r>(this: &mut Self, request: WriteRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
        request.complete_with(irql, |request, irql| {
            let input = request.input();
            let bytes = input.as_slice().ok_or(Error::INVALID_USER_BUFFER)?;
            this.kept.try_extend_from_slice(bytes, irql)?;
            if bytes == b"more" {
                this.kept.try_reserve(TOO_MUCH, irql)?;
            }
            Ok(this.kept.len())
        })
    }
}
