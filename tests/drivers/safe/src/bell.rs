//! Writes enqueue a DPC that counts them, under the queue's lock; controls enqueue it twice, or take it off the queue.

use wdk::prelude::*;

pub struct Bell;

impl Driver for Bell {
    fn device_add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> Result<()> {
        let device = init.create(|_, _| Ok(()), irql)?;
        device.create_symbolic_link(wstr!(r"\DosDevices\Bell"), irql)?;
        device.default_queue(
            Dispatching::PARALLEL,
            |queue, irql| {
                Ok(Main { rung: 0, ring: Dpc::try_new(queue, irql)?, sweep: WorkItem::try_new(queue, irql)? })
            },
            irql,
        )?;
        Ok(())
    }
}

struct Main {
    rung: u32,
    ring: Dpc<Ring>,
    sweep: WorkItem<Sweep>,
}

struct Ring;

impl DpcHandler for Ring {
    type Parent = QueueRef<Main>;

    fn run(queue: &QueueRef<Main>, irql: &mut Irql<'_, Dispatch>) {
        assert!(irql.if_passive().is_none());
        queue.lock(irql, |this, _| this.rung += 1);
    }
}

/// Waits for the DPC where that is allowed.
struct Sweep;

impl WorkHandler for Sweep {
    type Parent = QueueRef<Main>;

    fn run(queue: &QueueRef<Main>, block: &mut MayBlock<'_>, irql: &mut Irql<'_, Passive>) {
        let ring = Dpc::<Ring>::try_new(queue, irql).unwrap();
        let before = queue.lock(irql, |this, _| this.rung);
        ring.enqueue(irql);
        ring.cancel_synchronously(block, irql);
        let after = queue.lock(irql, |this, _| this.rung);
        assert!(after - before <= 1);
        // It has returned, or does not run any more.
        for _ in 0..4 {
            assert_eq!(queue.lock(irql, |this, _| this.rung), after);
        }
    }
}

impl IoQueue for Main {
    type Scope = PerQueue;
    type Exec = Dispatch;
    const HANDLES: Handlers = Handlers::WRITE.and(Handlers::DEVICE_CONTROL);

    fn write<'r>(this: &mut Self, request: WriteRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
        this.sweep.enqueue(irql);
        request.complete(Ok(1), irql)
    }

    fn device_control<'r>(
        this: &mut Self,
        request: DeviceControlRequest<'r>,
        irql: &mut Irql<'_, Dispatch>,
    ) -> Disposed<'r> {
        request.complete_with(irql, |request, irql| {
            let function = request.code().0 >> 2 & 0xF;
            // The lock is a spin lock, so the DPC does not run on this processor before the handler returns.
            let first = this.ring.enqueue(irql);
            let second = match function {
                0 => this.ring.enqueue(irql),
                _ => this.ring.cancel(irql),
            };
            request.output().write(&[u8::from(first), u8::from(second), this.rung as u8])
        })
    }
}
