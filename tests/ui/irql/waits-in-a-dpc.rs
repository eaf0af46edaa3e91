//! A DPC runs at DISPATCH_LEVEL: it cannot wait.
use wdk::prelude::*;

struct Gate(WaitLock<u32>);

impl Device for Gate {
    type Locked = ();
    type Exec = Dispatch;
}

struct Later;

impl DpcHandler for Later {
    type Parent = DeviceRef<Gate>;

    fn run(device: &DeviceRef<Gate>, irql: &mut Irql<'_, Dispatch>) {
        device.context().0.with(irql, |count, _| *count += 1); //~ E0277: this needs IRQL <= `Passive`
        let _ = (device, irql);
    }
}

fn main() {
    let _ = Later::run;
}
