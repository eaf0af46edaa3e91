//! What describes a device is used up by creating it.
use wdk::prelude::*;

struct Twice;

impl Driver for Twice {
    fn device_add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> Result<()> {
        init.create(|_, _| Ok(()), irql)?;
        init.create(|_, _| Ok(()), irql)?; //~ E0382: use of moved value: `init`
        Ok(())
    }
}

wdk::driver!(Twice);

fn main() {}
