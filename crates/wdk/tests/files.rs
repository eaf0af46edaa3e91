//! Files with contexts, and requests that are retrieved by file or by what they ask for.

use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering::Relaxed};
use wdk_emulator::{Level, Machine, Result};

/// Writes wait in a manual queue; controls take some of them.
mod tray {
    use super::*;
    use wdk::prelude::*;

    wdk::driver!(Tray);

    pub static LIVE: AtomicU32 = AtomicU32::new(0);
    pub static CLEANUPS: AtomicU32 = AtomicU32::new(0);
    pub static CLOSES: AtomicU32 = AtomicU32::new(0);

    struct Tray;

    impl Driver for Tray {
        fn device_add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> wdk::Result<()> {
            let device = init.files::<Session>().create(
                |device, irql| {
                    let waiting = device.queue(Dispatching::Manual, |_, _| Ok(Waits), irql)?;
                    Ok(Board { waiting: waiting.to_handle(irql) })
                },
                irql,
            )?;
            device.create_symbolic_link(wstr!(r"\DosDevices\Tray"), irql)?;
            let waiting = device.context().waiting.of(device).ok_or(Error::NOT_FOUND)?.to_handle(irql);
            device.default_queue(Dispatching::PARALLEL, |_, _| Ok(Main { waiting }), irql)?;
            Ok(())
        }
    }

    struct Board {
        waiting: QueueHandle<Waits>,
    }

    impl Device for Board {
        type Locked = ();
        type Exec = Dispatch;
    }

    struct Session {
        writes: AtomicUsize,
    }

    impl Drop for Session {
        fn drop(&mut self) {
            LIVE.fetch_sub(1, Relaxed);
        }
    }

    impl FileObject for Session {
        type Device = Board;

        fn open(device: &DeviceRef<Board>, open: &Open<'_>, _: &mut Irql<'_, Passive>) -> wdk::Result<Self> {
            let _ = device.context();
            match open.name() {
                name if name == wstr!(r"\private") => Err(Error::ACCESS_DENIED),
                _ => {
                    LIVE.fetch_add(1, Relaxed);
                    Ok(Self { writes: AtomicUsize::new(0) })
                }
            }
        }

        fn cleanup(file: &FileRef<Self>, irql: &mut Irql<'_, Passive>) {
            CLEANUPS.fetch_add(1, Relaxed);
            // What waits of this file need not wait for the framework to cancel it.
            let waiting = file.device().context().waiting.of(file.device()).unwrap();
            while waiting
                .retrieve_of(file, irql, |r, irql| {
                    r.into_request().complete(Err(Error::CONNECTION_ABORTED), irql)
                })
                .unwrap()
            {}
        }

        fn close(file: &FileRef<Self>, _: &mut Irql<'_, Passive>) {
            CLOSES.fetch_add(1, Relaxed);
            assert!(file.id() != 0);
        }
    }

    struct Waits;

    impl IoQueue for Waits {
        type Scope = PerQueue;
        type Exec = Dispatch;
        const HANDLES: Handlers = Handlers::NONE;
    }

    struct Main {
        waiting: QueueHandle<Waits>,
    }

    impl IoQueue for Main {
        type Scope = PerQueue;
        type Exec = Dispatch;
        const HANDLES: Handlers = Handlers::WRITE.and(Handlers::DEVICE_CONTROL);

        fn write<'r>(
            this: &mut Self,
            request: WriteRequest<'r>,
            irql: &mut Irql<'_, Dispatch>,
        ) -> Disposed<'r> {
            let session = request.file::<Session>().unwrap();
            assert_eq!(session.id(), request.file_id());
            session.context().writes.fetch_add(1, Relaxed);
            assert!(request.file::<Other>().is_none());
            match request.forward(&this.waiting, irql) {
                Ok(proof) => proof,
                Err(rejected) => rejected.fail(irql),
            }
        }

        /// Completes the first write of so many bytes, from whatever file.
        fn device_control<'r>(
            _: &mut Self,
            request: DeviceControlRequest<'r>,
            irql: &mut Irql<'_, Dispatch>,
        ) -> Disposed<'r> {
            request.complete_with(irql, |request, irql| {
                let length = usize::from(request.input().read::<u8>()?);
                let device = request.queue::<Main>().unwrap().device::<Board>().unwrap();
                let waiting = device.context().waiting.of(device).unwrap();
                let found = waiting.retrieve_where(
                    irql,
                    |write| write.request_type() == RequestType::Write && write.len() == Some(length),
                    |write, irql| match write.into_request().classify() {
                        Classified::Write(write) => write.complete(Ok(length), irql),
                        other => panic!("{other:?}"),
                    },
                )?;
                let writes = request.file::<Session>().unwrap().context().writes.load(Relaxed);
                request.output().write(&[u8::from(found), writes as u8])
            })
        }
    }

    /// A type that no file of this driver has.
    struct Other;

    impl FileObject for Other {
        type Device = Board;

        fn open(_: &DeviceRef<Board>, _: &Open<'_>, _: &mut Irql<'_, Passive>) -> wdk::Result<Self> {
            Ok(Self)
        }
    }
}

const TAKE: u32 = 0x22_2000;

#[test]
fn files_have_contexts_and_requests_are_found() -> Result {
    let machine = Machine::builder().seed(3).verifier(Level::All).build();
    let driver = machine.load(&tray::DRIVER)?;
    let device = driver.plug(r"ROOT\TRAY")?;
    assert_eq!(
        machine.open(r"\\.\Tray\private").err().and_then(|error| error.status()),
        Some(wdk_sys::STATUS_ACCESS_DENIED)
    );
    assert_eq!(tray::LIVE.load(Relaxed), 0);
    let (a, b) = (machine.open(r"\\.\Tray")?, machine.open(r"\\.\Tray\b")?);
    assert_eq!(tray::LIVE.load(Relaxed), 2);
    let one = a.start_write(b"1")?;
    let three = a.start_write(b"333")?;
    let other = b.start_write(b"333")?;
    assert_eq!(b.ioctl(TAKE, &[3], 2)?, [1, 1]);
    assert_eq!(three.wait()?.success()?.information, 3);
    assert_eq!(a.ioctl(TAKE, &[2], 2)?, [0, 2]);
    assert!(!one.is_done() && !other.is_done());
    a.close()?;
    assert_eq!(one.wait()?.status, wdk_sys::STATUS_CONNECTION_ABORTED);
    assert!(!other.is_done());
    assert_eq!(b.ioctl(TAKE, &[3], 2)?, [1, 1]);
    assert_eq!(other.wait()?.success()?.information, 3);
    machine.run()?;
    assert_eq!(
        (tray::LIVE.load(Relaxed), tray::CLEANUPS.load(Relaxed), tray::CLOSES.load(Relaxed)),
        (1, 1, 1)
    );
    b.close()?;
    device.remove()?;
    driver.unload()?;
    assert_eq!(
        (tray::LIVE.load(Relaxed), tray::CLEANUPS.load(Relaxed), tray::CLOSES.load(Relaxed)),
        (0, 2, 2)
    );
    machine.finish()
}
