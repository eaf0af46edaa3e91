//! A handle proves nothing about its queue: a device in reach does.
use wdk::prelude::*;

struct Writes;

impl IoQueue for Writes {
    type Scope = PerQueue;
    type Exec = Dispatch;
    const HANDLES: Handlers = Handlers::NONE;
}

fn start(queue: &QueueHandle<Writes>, device: &DeviceRef<()>, irql: &mut Irql<'_, Dispatch>) {
    queue.start(irql); //~ E0599: no method named `start` found
    if let Some(queue) = queue.of(device) {
        queue.start(irql);
    }
}

fn main() {
    let _: fn(&QueueHandle<Writes>, &DeviceRef<()>, &mut Irql<'_, Dispatch>) = start;
}
