//! What `CALLBACKS` says is what is written.
use wdk::prelude::*;

struct Mine;

impl Device for Mine {
    type Locked = ();
    type Exec = Dispatch;
    const CALLBACKS: DeviceCallbacks = DeviceCallbacks::D0_ENTRY; // mended:
}

fn add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> Result<()> { //~ E0080: `CALLBACKS` announces a callback that is not written // mended: fn add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> Result<()> {
    init.create(|_, _| Ok(Mine), irql)?;
    Ok(())
}

fn main() {
    let _: fn(DeviceInit<'_>, &mut Irql<'_, Passive>) -> Result<()> = add;
}
