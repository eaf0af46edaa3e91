//! Two queues under the device's lock, one of them fed by the other; contexts that count themselves; callbacks of the
//! device.

use crate::noted::Noted;
use wdk::prelude::*;

pub struct Shared;

impl Driver for Shared {
    fn device_add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> Result<()> {
        let device = init.create(
            |device, irql| {
                let reads = device.queue(
                    Dispatching::Sequential,
                    |_, _| Ok(Reads { _noted: Noted::new("queue") }),
                    irql,
                )?;
                Ok(Adder { reads: reads.to_handle(irql), _noted: Noted::new("device") })
            },
            irql,
        )?;
        device.create_symbolic_link(wstr!(r"\DosDevices\Shared"), irql)?;
        device.default_queue(Dispatching::PARALLEL, |_, _| Ok(Writes), irql)?;
        // Nothing is left of a queue whose context fails.
        let failed = device.queue::<Writes>(Dispatching::PARALLEL, |_, _| Err(Error::NO_SUCH_DEVICE), irql);
        assert_eq!(failed.err(), Some(Error::NO_SUCH_DEVICE));
        Ok(())
    }
}

struct Adder {
    reads: QueueHandle<Reads>,
    _noted: Noted,
}

#[derive(Default)]
pub struct Sum(u64);

impl Device for Adder {
    type Locked = Sum;
    type Exec = Passive;
    const CALLBACKS: DeviceCallbacks = DeviceCallbacks::D0_ENTRY.and(DeviceCallbacks::D0_EXIT);

    fn d0_entry(
        &self,
        device: &DeviceRef<Self>,
        _: PowerState,
        block: &mut MayBlock<'_>,
        irql: &mut Irql<'_, Passive>,
    ) -> Result<()> {
        wdk::println!("entry");
        device.lock(irql, |sum, _| sum.0 = 100);
        let reads = self.reads.of(device).ok_or(Error::NOT_FOUND)?;
        reads.stop_synchronously(block, irql);
        reads.start(irql);
        Ok(())
    }

    fn d0_exit(
        &self,
        device: &DeviceRef<Self>,
        target: PowerState,
        _: &mut MayBlock<'_>,
        irql: &mut Irql<'_, Passive>,
    ) -> Result<()> {
        assert_eq!(target, PowerState::D3Final);
        device.lock(irql, |sum, _| assert_eq!(sum.0, 103));
        wdk::println!("exit");
        Ok(())
    }
}

struct Writes;

impl IoQueue for Writes {
    type Scope = PerDevice<Adder>;
    type Exec = Passive;
    const HANDLES: Handlers = Handlers::WRITE.and(Handlers::READ);

    fn write<'r>(
        this: DeviceAccess<'_, Self, Adder>,
        request: WriteRequest<'r>,
        irql: &mut Irql<'_, Passive>,
    ) -> Disposed<'r> {
        let len = request.len();
        this.locked.0 += len as u64;
        request.complete(Ok(len), irql)
    }

    fn read<'r>(
        this: DeviceAccess<'_, Self, Adder>,
        request: ReadRequest<'r>,
        irql: &mut Irql<'_, Passive>,
    ) -> Disposed<'r> {
        match request.forward(&this.device.context().reads, irql) {
            Ok(proof) => proof,
            Err(rejected) => rejected.fail(irql),
        }
    }
}

struct Reads {
    _noted: Noted,
}

impl IoQueue for Reads {
    type Scope = PerDevice<Adder>;
    type Exec = Passive;
    const HANDLES: Handlers = Handlers::READ;

    fn read<'r>(
        this: DeviceAccess<'_, Self, Adder>,
        request: ReadRequest<'r>,
        irql: &mut Irql<'_, Passive>,
    ) -> Disposed<'r> {
        let sum = this.locked.0;
        request.complete_with(irql, |request, _| request.output().write_value(&sum))
    }
}
