//! A device whose DPC goes before a work item that enqueues it, and before a timer that does.

use core::sync::atomic::{AtomicU32, Ordering::Relaxed};
use wdk::prelude::*;

pub struct Late;

impl Driver for Late {
    fn device_add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> Result<()> {
        init.create(
            |device, irql| {
                // Children are cleaned up in the order in which they are created.
                let dpc = Dpc::try_new(device, irql)?;
                Ok(Ward {
                    dpc,
                    ran: AtomicU32::new(0),
                    item: WorkItem::try_new(device, irql)?,
                    timer: Timer::try_new(device, None, irql)?,
                })
            },
            irql,
        )?;
        Ok(())
    }
}

struct Ward {
    dpc: Dpc<Count>,
    ran: AtomicU32,
    item: WorkItem<Enqueue>,
    timer: Timer<Enqueue>,
}

impl Drop for Ward {
    fn drop(&mut self) {
        wdk::println!("gone");
    }
}

impl Device for Ward {
    type Locked = ();
    type Exec = Dispatch;
    const CALLBACKS: DeviceCallbacks = DeviceCallbacks::SELF_MANAGED_IO_CLEANUP;

    /// The last that the driver hears before its objects go.
    fn self_managed_io_cleanup(
        &self,
        _: &DeviceRef<Self>,
        _: &mut MayBlock<'_>,
        irql: &mut Irql<'_, Passive>,
    ) {
        self.item.enqueue(irql);
        self.timer.start(core::time::Duration::from_micros(1), irql);
    }
}

struct Count;

impl DpcHandler for Count {
    type Parent = DeviceRef<Ward>;

    fn run(device: &DeviceRef<Ward>, irql: &mut Irql<'_, Dispatch>) {
        wdk::println!("ran");
        let ward = device.context();
        // Once more, as a handler that polls does.
        if ward.ran.fetch_add(1, Relaxed) % 2 == 1 {
            enqueue(ward, irql);
        }
    }
}

fn enqueue<L: AtMost<Dispatch>>(ward: &Ward, irql: &Irql<'_, L>) {
    // Whether this is printed before the DPC says that it runs, or after, is up to the machine.
    wdk::println!("{}", if ward.dpc.enqueue(irql) { "enqueued" } else { "refused" });
}

struct Enqueue;

impl WorkHandler for Enqueue {
    type Parent = DeviceRef<Ward>;

    fn run(device: &DeviceRef<Ward>, _: &mut MayBlock<'_>, irql: &mut Irql<'_, Passive>) {
        for _ in 0..8 {
            enqueue(device.context(), irql);
        }
    }
}

impl TimerHandler for Enqueue {
    type Parent = DeviceRef<Ward>;

    fn expired(device: &DeviceRef<Ward>, irql: &mut Irql<'_, Dispatch>) {
        enqueue(device.context(), irql);
    }
}
