//! What the device's lock guards stays inside.
use wdk::prelude::*;

struct Mine;

impl Device for Mine {
    type Locked = u32;
    type Exec = Dispatch;
}

fn leak<'a>(device: &'a DeviceRef<Mine>, irql: &mut Irql<'_, Dispatch>) -> u32 {
    let kept: &'a mut u32 = device.lock(irql, |locked, _| locked); //~ error: lifetime may not live long enough // mended: let kept = device.lock(irql, |locked, _| *locked);
    let _ = &kept;
    0
}

fn main() {
    let _: fn(&DeviceRef<Mine>, &mut Irql<'_, Dispatch>) -> u32 = leak;
}
