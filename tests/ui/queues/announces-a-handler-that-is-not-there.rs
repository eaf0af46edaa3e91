//! What `HANDLES` says is what is written.
use wdk::prelude::*;

struct Writes;

impl IoQueue for Writes {
    type Scope = PerQueue;
    type Exec = Dispatch;
    const HANDLES: Handlers = Handlers::WRITE; // mended: const HANDLES: Handlers = Handlers::NONE;
}

fn add(device: &DeviceRef<()>, irql: &mut Irql<'_, Passive>) -> Result<()> { //~ E0080: `HANDLES` announces a handler that is not written // mended: fn add(device: &DeviceRef<()>, irql: &mut Irql<'_, Passive>) -> Result<()> {
    device.queue(Dispatching::Manual, |_, _| Ok(Writes), irql)?;
    Ok(())
}

fn main() {
    let _: fn(&DeviceRef<()>, &mut Irql<'_, Passive>) -> Result<()> = add;
}
