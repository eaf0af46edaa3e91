//! The context of an unsynchronized queue is shared by processors.
use core::cell::Cell;
use wdk::prelude::*;

struct Writes {
    total: Cell<u64>, // mended: total: u64,
}

impl IoQueue for Writes {
    type Scope = Unsynchronized;
    type Exec = Dispatch;
    const HANDLES: Handlers = Handlers::NONE;
}

fn add(device: &DeviceRef<()>, irql: &mut Irql<'_, Passive>) -> Result<()> {
    let _ = Cell::new(0);
    device.queue(Dispatching::Manual, |_, _| Ok(Writes { total: Default::default() }), irql)?; //~ E0277: cannot be shared between threads safely // mended: device.queue(Dispatching::Manual, |_, _| Ok(Writes { total: Default::default() }), irql)?;
    Ok(())
}

fn main() {
    let _: fn(&DeviceRef<()>, &mut Irql<'_, Passive>) -> Result<()> = add;
}
