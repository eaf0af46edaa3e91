//! What a queue delivers to which handler, when, and how its state is changed.

use wdk_emulator::{File, Level, Machine, Result};
use wdk_sys::{STATUS_CANCELLED, STATUS_INVALID_DEVICE_STATE};

const fn code(function: u32) -> u32 {
    wdk_sys::CTL_CODE(0x8000, 0x800 + function, wdk_sys::METHOD_BUFFERED, 0)
}

/// Says which handler had a request: the default queue has all of them but one, a routed queue has reads.
mod desk {
    use wdk::prelude::*;

    wdk::driver!(Desk);

    struct Desk;

    impl Driver for Desk {
        fn device_add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> Result<()> {
            let device = init.create(|_, _| Ok(()), irql)?;
            device.create_symbolic_link(wstr!(r"\DosDevices\Desk"), irql)?;
            let usual = QueueConfig::new(Dispatching::PARALLEL);
            device
                .queue(usual.allow_zero_length(), |_, _| Ok(Reads), irql)?
                .route(RequestType::Read, irql)?;
            device.default_queue(usual, |_, _| Ok(Rest), irql)?;
            Ok(())
        }
    }

    struct Reads;

    impl IoQueue for Reads {
        type Scope = PerQueue;
        type Exec = Dispatch;
        const HANDLES: Handlers = Handlers::READ;

        fn read<'r>(_: &mut Self, request: ReadRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
            if request.is_empty() {
                return request.complete(Err(Error::END_OF_FILE), irql);
            }
            request.complete_with(irql, |request, _| request.output().write(b"r"))
        }
    }

    struct Rest;

    impl IoQueue for Rest {
        type Scope = PerQueue;
        type Exec = Dispatch;
        const HANDLES: Handlers = Handlers::INTERNAL_DEVICE_CONTROL.and(Handlers::OTHER);

        fn internal_device_control<'r>(
            _: &mut Self,
            mut request: InternalDeviceControlRequest<'r>,
            irql: &mut Irql<'_, Dispatch>,
        ) -> Disposed<'r> {
            assert_eq!(request.requestor_mode(), wdk::RequestorMode::Kernel);
            assert_eq!(request.code().0, super::code(1));
            let capacity = request.output().capacity();
            assert_eq!(request.parameters().buffer_lengths(), Some((2, capacity)));
            request.complete_with(irql, |request, _| {
                let mut bytes = [0; 2];
                request.input().copy_to(&mut bytes)?;
                request.output().write(&bytes)?;
                request.output().write(b" internal")
            })
        }

        fn other<'r>(_: &mut Self, request: AnyRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
            assert_eq!(request.requestor_mode(), wdk::RequestorMode::User);
            match request.classify() {
                // A write of no bytes does not get here: this queue does not allow them.
                Classified::Write(request) => {
                    let len = request.len();
                    assert!(len > 0);
                    request.complete(Ok(len), irql)
                }
                Classified::DeviceControl(request) => {
                    request.complete_with(irql, |request, _| request.output().write(b"other"))
                }
                request => panic!("{request:?} has a handler or a queue of its own"),
            }
        }
    }
}

fn bench(
    driver: &'static wdk_emulator::DriverModule,
    test: impl FnOnce(&Machine, &wdk_emulator::Device, &File) -> Result,
) -> Result {
    let machine = Machine::builder().seed(6).verifier(Level::All).build();
    let loaded = machine.load(driver)?;
    let device = loaded.plug(r"ROOT\TEST")?;
    let name = device.names().pop().expect("the device has a name");
    let file = machine.open(&name)?;
    test(&machine, &device, &file)?;
    file.close()?;
    device.remove()?;
    loaded.unload()?;
    machine.finish()
}

#[test]
fn each_type_has_its_handler() -> Result {
    bench(&desk::DRIVER, |_, _, file| {
        assert_eq!(file.read(1)?, b"r");
        assert_eq!(file.write(b"xyz")?, 3);
        assert_eq!(file.ioctl(code(1), &[], 5)?, b"other");
        let internal = file.start_internal_ioctl(code(1), b"an", 11)?.wait()?.success()?;
        assert_eq!(internal.data, b"an internal");
        // What does not fit is an error, and returns nothing.
        let internal = file.start_internal_ioctl(code(1), b"an", 8)?.wait()?;
        assert_eq!((internal.status, internal.data.len()), (wdk_sys::STATUS_BUFFER_TOO_SMALL, 0));
        Ok(())
    })
}

#[test]
fn requests_of_no_bytes_come_where_they_are_allowed() -> Result {
    bench(&desk::DRIVER, |_, _, file| {
        // Completed by the framework.
        assert_eq!(file.write(b"")?, 0);
        // Completed by the handler.
        assert_eq!(file.read(0).unwrap_err().status(), Some(wdk_sys::STATUS_END_OF_FILE));
        Ok(())
    })
}

/// Three queues, managed and not, which answer at once.
mod lamp {
    use wdk::prelude::*;

    wdk::driver!(Lamp);

    struct Lamp;

    impl Driver for Lamp {
        fn device_add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> Result<()> {
            let device = init.create(|_, _| Ok(()), irql)?;
            device.create_symbolic_link(wstr!(r"\DosDevices\Lamp"), irql)?;
            let usual = QueueConfig::new(Dispatching::Sequential);
            for (request_type, power_managed) in [
                (RequestType::Read, PowerManaged::ByDeviceRole),
                (RequestType::Write, PowerManaged::Yes),
                (RequestType::DeviceControl, PowerManaged::No),
            ] {
                device
                    .queue(usual.power_managed(power_managed), |_, _| Ok(Answers), irql)?
                    .route(request_type, irql)?;
            }
            Ok(())
        }
    }

    struct Answers;

    impl IoQueue for Answers {
        type Scope = Unsynchronized;
        type Exec = Passive;
        const HANDLES: Handlers = Handlers::OTHER;

        fn other<'r>(_: &Self, request: AnyRequest<'r>, irql: &mut Irql<'_, Passive>) -> Disposed<'r> {
            request.complete(Ok(()), irql)
        }
    }
}

#[test]
fn managed_queues_wait_for_power() -> Result {
    bench(&lamp::DRIVER, |machine, device, file| {
        device.suspend()?;
        let (read, write) = (file.start_read(1)?, file.start_write(b"1")?);
        file.ioctl(code(0), &[], 0)?;
        machine.run()?;
        assert!(!read.is_done() && !write.is_done());
        device.resume()?;
        assert_eq!(read.wait()?.status, 0);
        assert_eq!(write.wait()?.status, 0);
        Ok(())
    })
}

/// Writes are parked. Controls complete them, and change the queue's state: at once, or from a work item that waits.
mod valve {
    use core::sync::atomic::{AtomicU32, Ordering::Relaxed};
    use wdk::prelude::*;

    wdk::driver!(Valve);

    struct Valve;

    impl Driver for Valve {
        fn device_add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> Result<()> {
            let device = init.create(
                |device, irql| {
                    Ok(Gauge {
                        form: AtomicU32::new(0),
                        done: AtomicU32::new(0),
                        item: WorkItem::try_new(device, irql)?,
                        main: device
                            .queue(Dispatching::PARALLEL, |_, _| Ok(Writes { parked: None }), irql)?
                            .to_handle(irql),
                    })
                },
                irql,
            )?;
            device.create_symbolic_link(wstr!(r"\DosDevices\Valve"), irql)?;
            device.context().main.of(device).ok_or(Error::NOT_FOUND)?.route(RequestType::Write, irql)?;
            device.default_queue(Dispatching::PARALLEL, |_, _| Ok(Controls), irql)?;
            Ok(())
        }
    }

    struct Gauge {
        form: AtomicU32,
        done: AtomicU32,
        item: WorkItem<Change>,
        main: QueueHandle<Writes>,
    }

    impl Device for Gauge {
        type Locked = ();
        type Exec = Dispatch;
    }

    struct Change;

    impl WorkHandler for Change {
        type Parent = DeviceRef<Gauge>;

        fn run(device: &DeviceRef<Gauge>, block: &mut MayBlock<'_>, irql: &mut Irql<'_, Passive>) {
            let this = device.context();
            let main = this.main.of(device).expect("one of the device's");
            match this.form.load(Relaxed) {
                10 => main.stop_synchronously(block, irql),
                11 => main.stop_and_purge_synchronously(block, irql),
                12 => main.drain_synchronously(block, irql),
                13 => main.purge_synchronously(block, irql),
                other => panic!("{other}"),
            }
            this.done.fetch_add(1, Relaxed);
        }
    }

    struct Controls;

    impl IoQueue for Controls {
        type Scope = Unsynchronized;
        type Exec = Dispatch;
        const HANDLES: Handlers = Handlers::DEVICE_CONTROL;

        fn device_control<'r>(
            _: &Self,
            request: DeviceControlRequest<'r>,
            irql: &mut Irql<'_, Dispatch>,
        ) -> Disposed<'r> {
            request.complete_with(irql, |request, irql| {
                let controls = request.queue::<Controls>().ok_or(Error::INTERNAL_ERROR)?;
                let device = controls.device::<Gauge>().ok_or(Error::INTERNAL_ERROR)?;
                let this = device.context();
                let main = this.main.of(device).ok_or(Error::INTERNAL_ERROR)?;
                match request.code().0 >> 2 & 0xFF {
                    0 => main.stop(irql),
                    1 => main.stop_and_purge(irql),
                    2 => main.drain(irql),
                    3 => main.purge(irql),
                    4 => main.start(irql),
                    5 => {
                        if let Some(parked) = main.lock(irql, |this, _| this.parked.take()) {
                            parked.take(irql, |request, irql| {
                                let len = request.len();
                                request.complete(Ok(len), irql)
                            });
                        }
                    }
                    6 => {}
                    form => {
                        this.form.store(form, Relaxed);
                        this.item.enqueue(irql);
                    }
                }
                let done = this.done.load(Relaxed);
                request.output().write_value(&done)
            })
        }
    }

    struct Writes {
        parked: Option<Parked<Write>>,
    }

    impl IoQueue for Writes {
        type Scope = PerQueue;
        type Exec = Dispatch;
        const HANDLES: Handlers = Handlers::WRITE;

        fn write<'r>(
            this: &mut Self,
            request: WriteRequest<'r>,
            irql: &mut Irql<'_, Dispatch>,
        ) -> Disposed<'r> {
            match request.park(irql) {
                Ok((proof, parked)) => {
                    assert!(this.parked.replace(parked).is_none());
                    proof
                }
                Err(rejected) => rejected.fail(irql),
            }
        }

        fn cancel<'r>(
            this: &mut Self,
            request: CanceledRequest<'r>,
            irql: &mut Irql<'_, Dispatch>,
        ) -> Disposed<'r> {
            this.parked = None;
            request.complete(Err(Error::CANCELLED), irql)
        }
    }
}

const START: u32 = 4;
const COMPLETE: u32 = 5;
const ASK: u32 = 6;
const WAITING: u32 = 10;

/// Each form, at once and from a work item that waits: whether it cancels what is parked, whether it still takes what
/// comes, and that who waits does so until the driver has nothing any more.
#[test]
fn the_state_of_a_queue() -> Result {
    // Stop, stop and purge, drain, purge.
    for (form, cancels, accepts) in [(0, false, true), (1, true, true), (2, false, false), (3, true, false)] {
        for waits in [false, true] {
            bench(&valve::DRIVER, |machine, _, file| {
                let control = |function: u32| file.ioctl(code(function), &[], 4).map(|done| done[0]);
                let parked = file.start_write(b"1")?;
                control(if waits { form + WAITING } else { form })?;
                machine.run()?;
                assert_eq!(parked.is_done(), cancels, "{form}");
                assert_eq!(control(ASK)?, u8::from(waits && cancels), "{form}");
                let later = file.start_write(b"22")?;
                machine.run()?;
                assert_eq!(later.is_done(), !accepts, "{form}");
                control(COMPLETE)?;
                machine.run()?;
                let parked = parked.wait()?;
                let expected = if cancels { (STATUS_CANCELLED, 0) } else { (0, 1) };
                assert_eq!((parked.status, parked.information), expected, "{form}");
                assert_eq!(control(ASK)?, u8::from(waits), "{form}");
                control(START)?;
                if accepts {
                    control(COMPLETE)?;
                    assert_eq!(later.wait()?.success()?.information, 2, "{form}");
                } else {
                    assert_eq!(later.wait()?.status, STATUS_INVALID_DEVICE_STATE, "{form}");
                }
                let last = file.start_write(b"333")?;
                control(COMPLETE)?;
                assert_eq!(last.wait()?.success()?.information, 3, "{form}");
                Ok(())
            })?;
        }
    }
    Ok(())
}
