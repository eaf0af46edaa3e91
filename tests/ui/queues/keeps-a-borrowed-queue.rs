//! A queue is borrowed from the callback that shows it; a handle can be kept.
use wdk::prelude::*;

struct Writes;

impl IoQueue for Writes {
    type Scope = PerQueue;
    type Exec = Dispatch;
    const HANDLES: Handlers = Handlers::NONE;
}

struct Kept {
    queue: Option<&'static QueueRef<Writes>>, // mended: queue: Option<QueueHandle<Writes>>,
}

fn keep(kept: &mut Kept, queue: &QueueRef<Writes>, irql: &Irql<'_, Dispatch>) {
    kept.queue = Some(queue); //~ error: lifetime may not live long enough // mended: kept.queue = Some(queue.to_handle(irql));
    let _ = (&kept.queue, irql);
}

fn main() {
    let _: fn(&mut Kept, &QueueRef<Writes>, &Irql<'_, Dispatch>) = keep;
}
