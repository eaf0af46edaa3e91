//! A driver that forbids `unsafe` has none, whatever its macros expand to.
#![forbid(unsafe_code)]
use wdk::prelude::*;

struct Null;

impl Driver for Null {
    fn device_add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> Result<()> {
        unsafe { core::hint::unreachable_unchecked() }; //~ unsafe_code: usage of an `unsafe` block
        init.create(|_, _| Ok(()), irql)?;
        Ok(())
    }
}

wdk::driver!(Null);

fn main() {}
