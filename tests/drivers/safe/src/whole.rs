//! A device with all parts, a locked part, a queue made in its initialiser, and callbacks.

use crate::noted::Noted;
use crate::parts::Parts;
use crate::service;
use wdk::prelude::*;

/// With `swallow` it ignores the error of `create`; with `late` it fails after all is made.
pub struct Whole;

impl Driver for Whole {
    fn device_add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> Result<()> {
        let created = init.create(
            |device, irql| {
                // Complete, whatever becomes of the device.
                let reads = device.queue(Dispatching::Manual, |_, _| Ok(Reads(Noted::new("queue"))), irql)?;
                // The lock works already: its part is made by `Default`.
                device.lock(irql, |locked, _| locked.entered += 1);
                Ok(Context { _reads: reads.to_handle(irql), parts: Parts::new(device, irql)? })
            },
            irql,
        );
        match created {
            Ok(_) if service::has("late", irql) => Err(Error::DEVICE_DATA_ERROR),
            Err(error) if !service::has("swallow", irql) => Err(error),
            _ => Ok(()),
        }
    }

    fn unload(_: &mut Irql<'_, Passive>) {
        wdk::println!("unload");
    }
}

struct Context {
    _reads: QueueHandle<Reads>,
    parts: Parts<Tick, Work>,
}

pub struct Locked {
    entered: u32,
    _noted: Noted,
}

impl Default for Locked {
    fn default() -> Self {
        Self { entered: 0, _noted: Noted::new("locked") }
    }
}

impl Device for Context {
    type Locked = Locked;
    type Exec = Dispatch;
    const CALLBACKS: DeviceCallbacks =
        DeviceCallbacks::PREPARE_HARDWARE.and(DeviceCallbacks::D0_ENTRY).and(DeviceCallbacks::D0_EXIT);

    fn prepare_hardware(
        &self,
        _: &DeviceRef<Self>,
        _: &mut MayBlock<'_>,
        _: &mut Irql<'_, Passive>,
    ) -> Result<()> {
        wdk::println!("prepare hardware");
        Ok(())
    }

    fn d0_entry(
        &self,
        device: &DeviceRef<Self>,
        _: PowerState,
        _: &mut MayBlock<'_>,
        irql: &mut Irql<'_, Passive>,
    ) -> Result<()> {
        device.lock(irql, |locked, _| locked.entered += 1);
        self.parts.item.enqueue(irql);
        self.parts.timer.start(core::time::Duration::ZERO, irql);
        wdk::println!("entry");
        Ok(())
    }

    fn d0_exit(
        &self,
        device: &DeviceRef<Self>,
        _: PowerState,
        _: &mut MayBlock<'_>,
        irql: &mut Irql<'_, Passive>,
    ) -> Result<()> {
        let entered = device.lock(irql, |locked, _| locked.entered);
        wdk::println!("exit after {entered}");
        Ok(())
    }
}

struct Reads(#[allow(dead_code)] Noted);

impl IoQueue for Reads {
    type Scope = PerDevice<Context>;
    type Exec = Dispatch;
    const HANDLES: Handlers = Handlers::NONE;
}

struct Tick;

impl TimerHandler for Tick {
    type Parent = DeviceRef<Context>;

    fn expired(_: &DeviceRef<Context>, _: &mut Irql<'_, Dispatch>) {
        wdk::println!("timer");
    }
}

struct Work;

impl WorkHandler for Work {
    type Parent = DeviceRef<Context>;

    fn run(_: &DeviceRef<Context>, _: &mut MayBlock<'_>, _: &mut Irql<'_, Passive>) {
        wdk::println!("work item");
    }
}
