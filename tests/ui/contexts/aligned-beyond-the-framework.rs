//! The framework aligns contexts to 16 bytes.
use wdk::prelude::*;

#[repr(align(32))] // mended: #[repr(align(16))]
struct Writes;

impl IoQueue for Writes {
    type Scope = PerQueue;
    type Exec = Dispatch;
    const HANDLES: Handlers = Handlers::NONE;
}

fn add(device: &DeviceRef<()>, irql: &mut Irql<'_, Passive>) -> Result<()> { //~ E0080: context memory is aligned to 16 bytes at most // mended: fn add(device: &DeviceRef<()>, irql: &mut Irql<'_, Passive>) -> Result<()> {
    device.queue(Dispatching::Manual, |_, _| Ok(Writes), irql)?;
    Ok(())
}

fn main() {
    let _: fn(&DeviceRef<()>, &mut Irql<'_, Passive>) -> Result<()> = add;
}
