//! A queue that shares a device's lock belongs to a device with that context.
use wdk::prelude::*;

struct Mine;

impl Device for Mine {
    type Locked = u32;
    type Exec = Dispatch;
}

struct Writes;

impl IoQueue for Writes {
    type Scope = PerDevice<Mine>;
    type Exec = Dispatch;
    const HANDLES: Handlers = Handlers::NONE;
}

fn add(device: &DeviceRef<()>, irql: &mut Irql<'_, Passive>) -> Result<()> { // mended: fn add(device: &DeviceRef<Mine>, irql: &mut Irql<'_, Passive>) -> Result<()> {
    device.queue(Dispatching::Manual, |_, _| Ok(Writes), irql)?; //~ E0277: cannot belong to a device // mended: device.queue(Dispatching::Manual, |_, _| Ok(Writes), irql)?;
    Ok(())
}

fn main() {
    let _ = add;
}
