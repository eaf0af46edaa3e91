//! A queue is made at PASSIVE_LEVEL.
use wdk::prelude::*;

struct Writes;

impl IoQueue for Writes {
    type Scope = PerQueue;
    type Exec = Dispatch;
    const HANDLES: Handlers = Handlers::NONE;
}

fn add(device: &DeviceRef<()>, irql: &mut Irql<'_, Dispatch>) -> Result<()> { // mended: fn add(device: &DeviceRef<()>, irql: &mut Irql<'_, Passive>) -> Result<()> {
    device.queue(Dispatching::Manual, |_, _| Ok(Writes), irql)?; //~ E0308: mismatched types // mended: device.queue(Dispatching::Manual, |_, _| Ok(Writes), irql)?;
    Ok(())
}

fn main() {
    let _ = add;
}
