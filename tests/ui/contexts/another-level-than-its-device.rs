//! A queue that shares a device's lock runs at the level of that lock.
use wdk::prelude::*;

struct Mine;

impl Device for Mine {
    type Locked = u32;
    type Exec = Dispatch;
}

struct Writes;

impl IoQueue for Writes {
    type Scope = PerDevice<Mine>;
    type Exec = Passive; // mended: type Exec = Dispatch;
    const HANDLES: Handlers = Handlers::NONE;
}

fn add(device: &DeviceRef<Mine>, irql: &mut Irql<'_, Passive>) -> Result<()> {
    device.queue(Dispatching::Manual, |_, _| Ok(Writes), irql)?; //~ E0271: type mismatch // mended: device.queue(Dispatching::Manual, |_, _| Ok(Writes), irql)?;
    Ok(())
}

fn main() {
    let _ = add;
}
