//! Writes wait in a manual queue; controls take some of them.

use crate::noted::Noted;
use core::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use wdk::prelude::*;

pub struct Tray;

impl Driver for Tray {
    fn device_add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> Result<()> {
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
    _noted: Noted,
}

impl FileObject for Session {
    type Device = Board;

    fn open(device: &DeviceRef<Board>, open: &Open<'_>, _: &mut Irql<'_, Passive>) -> Result<Self> {
        let _ = device.context();
        match open.name() {
            name if name == wstr!(r"\private") => Err(Error::ACCESS_DENIED),
            _ => Ok(Self { writes: AtomicUsize::new(0), _noted: Noted::new("session") }),
        }
    }

    fn cleanup(file: &FileRef<Self>, irql: &mut Irql<'_, Passive>) {
        wdk::println!("cleanup");
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
        wdk::println!("close");
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

    fn write<'r>(this: &mut Self, request: WriteRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
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

    fn open(_: &DeviceRef<Board>, _: &Open<'_>, _: &mut Irql<'_, Passive>) -> Result<Self> {
        Ok(Self)
    }
}
