//! The life of a request: who owns it, how it is completed, and its buffers. A test names the facts it shows
//! (`docs/design/kmdf.md`).

use std::cell::Cell;
use std::rc::Rc;
use wdk_emulator::{Level as Verify, Machine, Overlapped};
use wdk_sys::*;
use wdk_tests::raw::attributes;
use wdk_tests::raw::lab::{self, Dispatch, NAME, bench, main_queue};

const BUFFERED: u32 = CTL_CODE(FILE_DEVICE_UNKNOWN, 0x801, METHOD_BUFFERED, FILE_ANY_ACCESS);
const IN_DIRECT: u32 = CTL_CODE(FILE_DEVICE_UNKNOWN, 0x801, METHOD_IN_DIRECT, FILE_ANY_ACCESS);
const OUT_DIRECT: u32 = CTL_CODE(FILE_DEVICE_UNKNOWN, 0x801, METHOD_OUT_DIRECT, FILE_ANY_ACCESS);
const NEITHER: u32 = CTL_CODE(FILE_DEVICE_UNKNOWN, 0x801, METHOD_NEITHER, FILE_ANY_ACCESS);

fn parallel(handlers: &'static [&'static str]) -> impl Fn() -> WDF_IO_QUEUE_CONFIG {
    move || lab::default_config(Dispatch::WdfIoQueueDispatchParallel, handlers)
}

/// The verdict's id, when the handler of a write of one byte does this.
fn verdict_of(level: Verify, body: impl Fn(WDFREQUEST) + 'static) -> Option<&'static str> {
    let (machine, device) = bench(Machine::builder().verifier(level), parallel(&["write"]));
    lab::on("write", move |e| body(e.request));
    let file = machine.open(NAME).unwrap();
    match file.write(b"x") {
        Err(error) if error.verdict().is_some() => error.verdict().map(wdk_emulator::Verdict::id),
        _ => {
            lab::end(machine, device, file);
            None
        }
    }
}

/// `OWN1`, `OWN2`: a forwarded request goes to the tail of the other queue under the same handle, and what must not
/// be forwarded is refused.
#[test]
fn forwarding() {
    let (machine, device) = bench(Machine::builder(), parallel(&["write"]));
    lab::on("write", |e| {
        lab::park(e.request);
        assert_eq!(lab::forward(e.request, lab::kept("manual")), STATUS_SUCCESS);
    });
    let file = machine.open(NAME).unwrap();
    let writes = [b"1", b"2", b"3"].map(|text| file.start_write(text).unwrap());
    lab::call(&file, || {
        for text in ["1", "2", "3"] {
            let request = lab::retrieve(lab::kept("manual")).unwrap();
            assert_eq!(Some(request), lab::unpark());
            assert_eq!(lab::text(request), text);
            lab::complete(request, STATUS_SUCCESS, 1);
        }
    });
    assert!(writes.into_iter().all(|write| write.wait().unwrap().information == 1));
    lab::end(machine, device, file);

    let refused: [fn(WDFREQUEST); 2] = [
        |request| {
            assert_eq!(lab::forward(request, main_queue()), STATUS_INVALID_DEVICE_REQUEST);
            lab::complete(request, STATUS_SUCCESS, 1);
        },
        |request| {
            assert_eq!(lab::mark_ex(request), STATUS_SUCCESS);
            assert_eq!(lab::forward(request, lab::kept("manual")), STATUS_INVALID_DEVICE_REQUEST);
            assert_eq!(lab::unmark(request), STATUS_SUCCESS);
            lab::complete(request, STATUS_SUCCESS, 1);
        },
    ];
    for refused in refused {
        assert_eq!(verdict_of(Verify::Standard, refused), Some("request-state"));
        assert_eq!(verdict_of(Verify::Off, refused), None, "the driver goes on with the status");
    }
}

/// `OWN2`: a request that is cancelled already can be forwarded, and goes the way of a cancelled one in a queue.
#[test]
fn forwarding_a_cancelled_request() {
    let (machine, device) = lab::build(Machine::builder(), |init| {
        let device = lab::device(init)?;
        lab::side_door(device)?;
        lab::queue(device, parallel(&["write"])())?;
        lab::keep("plain", lab::queue(device, lab::config(Dispatch::WdfIoQueueDispatchManual, &[]))?);
        lab::keep(
            "told",
            lab::queue(device, lab::config(Dispatch::WdfIoQueueDispatchManual, &["canceled"]))?,
        );
        Ok(())
    });
    lab::on("write", |e| lab::park(e.request));
    lab::on("canceled", |e| {
        assert_eq!(e.queue, lab::kept("told"));
        lab::log("canceled on queue");
        lab::complete(e.request, STATUS_CANCELLED, 0);
    });
    let file = machine.open(NAME).unwrap();
    let writes: [Overlapped; 2] = [file.start_write(b"x").unwrap(), file.start_write(b"y").unwrap()];
    writes.iter().for_each(|write| write.cancel().unwrap());
    lab::call(&file, || {
        for queue in ["plain", "told"] {
            assert_eq!(lab::forward(lab::unpark().unwrap(), lab::kept(queue)), STATUS_SUCCESS);
        }
    });
    assert!(writes.into_iter().all(|write| write.wait().unwrap().status == STATUS_CANCELLED));
    assert_eq!(lab::take_log(), ["canceled on queue"]);
    lab::end(machine, device, file);
}

/// `OWN4`: requeueing is for manual queues, and puts the request at the head.
#[test]
fn requeueing() {
    let (machine, device) = bench(Machine::builder(), parallel(&["write"]));
    lab::on("write", |e| {
        assert_eq!(lab::requeue(e.request), STATUS_INVALID_DEVICE_REQUEST);
        assert_eq!(lab::forward(e.request, lab::kept("manual")), STATUS_SUCCESS);
    });
    let file = machine.open(NAME).unwrap();
    let writes = [file.start_write(b"1").unwrap(), file.start_write(b"2").unwrap()];
    lab::call(&file, || {
        let manual = lab::kept("manual");
        let first = lab::retrieve(manual).unwrap();
        assert_eq!(lab::requeue(first), STATUS_SUCCESS);
        assert_eq!(lab::state(manual).1, 2);
        assert_eq!(lab::retrieve(manual), Ok(first), "at the head, with the same handle");
        lab::park(first);
    });
    // A cancelled one can be requeued, and is completed.
    writes[0].cancel().unwrap();
    lab::call(&file, || assert_eq!(lab::requeue(lab::unpark().unwrap()), STATUS_SUCCESS));
    let [first, second] = writes;
    assert_eq!(first.wait().unwrap().status, STATUS_CANCELLED);
    assert!(!second.is_done());
    file.close().unwrap();
    assert_eq!(second.wait().unwrap().status, STATUS_CANCELLED);
    device.remove().unwrap();
    machine.finish().unwrap();
}

/// `OWN7`: statuses of the framework's facility do not reach the application.
#[test]
fn framework_statuses_are_mapped() {
    let table = [
        (STATUS_WDF_PAUSED, STATUS_DEVICE_BUSY),
        (STATUS_WDF_BUSY, STATUS_DEVICE_BUSY),
        (STATUS_WDF_INTERNAL_ERROR, STATUS_INTERNAL_ERROR),
        (STATUS_WDF_NOT_ENOUGH_MAP_REGISTERS, STATUS_INSUFFICIENT_RESOURCES),
        (STATUS_WDF_NO_CALLBACK, STATUS_INVALID_DEVICE_REQUEST),
        (STATUS_WDF_TOO_FRAGMENTED, STATUS_INVALID_DEVICE_REQUEST),
        (STATUS_NO_SUCH_DEVICE, STATUS_NO_SUCH_DEVICE),
    ];
    for (status, expected) in table {
        let (machine, device) = bench(Machine::builder(), parallel(&["write"]));
        lab::on("write", move |e| lab::complete(e.request, status, 0));
        let file = machine.open(NAME).unwrap();
        assert_eq!(file.write(b"x").unwrap_err().status(), Some(expected));
        lab::end(machine, device, file);
    }
}

/// `OWN7`: cleanup of the request, and of what is below it, comes before the application sees the completion;
/// destruction may come after.
#[test]
fn cleanup_precedes_completion() {
    let (machine, device) = lab::build(Machine::builder(), |init| {
        let mut with = attributes();
        with.EvtCleanupCallback = Some(lab::cleanup);
        with.EvtDestroyCallback = Some(lab::destroy);
        // SAFETY: called in EvtDriverDeviceAdd with its argument.
        unsafe { WdfDeviceInitSetRequestAttributes(init, &mut with) };
        let device = lab::device(init)?;
        lab::side_door(device)?;
        lab::queue(device, parallel(&["write"])())?;
        Ok(())
    });
    let write = Rc::new(Cell::new(None::<Overlapped>));
    let seen = write.clone();
    let done = move || {
        let write = seen.take();
        let done = write.as_ref().map(Overlapped::is_done);
        seen.set(write);
        done
    };
    lab::on("write", |e| {
        let mut child = std::ptr::null_mut();
        let mut with = WDF_OBJECT_ATTRIBUTES { ParentObject: e.request.cast(), ..attributes() };
        with.EvtCleanupCallback = Some(lab::cleanup);
        // SAFETY: attributes and a place for the handle.
        assert_eq!(unsafe { WdfObjectCreate(&mut with, &mut child) }, STATUS_SUCCESS);
        with.ParentObject = child;
        // SAFETY: as above.
        assert_eq!(unsafe { WdfObjectCreate(&mut with, &mut child) }, STATUS_SUCCESS);
        lab::park(e.request);
    });
    let at_cleanup = done.clone();
    lab::on("cleanup", move |_| lab::log(format!("cleanup {:?}", at_cleanup() == Some(true))));
    lab::on("destroy", move |_| lab::log("destroy"));
    let file = machine.open(NAME).unwrap();
    write.set(Some(file.start_write(b"x").unwrap()));
    lab::call(&file, || lab::complete_parked(STATUS_SUCCESS));
    // The call's own request is one, too.
    assert_eq!(
        lab::take_log(),
        ["cleanup false", "cleanup false", "cleanup false", "destroy", "cleanup true", "destroy"]
    );
    assert_eq!(done(), Some(true));
    write.take();
    lab::end(machine, device, file);
}

/// `OWN7`: completing a request whose memory object is referenced is fatal; completing what is cancelable, or not
/// owned, is a mistake.
#[test]
fn mistakes_of_completion() {
    let referenced = |request: WDFREQUEST| {
        let mut memory = std::ptr::null_mut();
        // SAFETY: the driver owns the request.
        assert_eq!(unsafe { WdfRequestRetrieveInputMemory(request, &mut memory) }, STATUS_SUCCESS);
        lab::reference(memory);
        lab::complete(request, STATUS_SUCCESS, 0);
    };
    assert_eq!(verdict_of(Verify::Off, referenced), Some("request-memory-referenced"));
    let cancelable = |request| {
        lab::mark(request);
        lab::complete(request, STATUS_SUCCESS, 0);
    };
    assert_eq!(verdict_of(Verify::Standard, cancelable), Some("cancelable-completed"));
    let gone = |request| {
        assert_eq!(lab::forward(request, lab::kept("manual")), STATUS_SUCCESS);
        lab::complete(request, STATUS_SUCCESS, 0);
    };
    assert_eq!(verdict_of(Verify::Standard, gone), Some("request-not-owned"));
}

/// `OWN8`: WdfRequestComplete keeps what WdfRequestSetInformation set; more than the buffer has is a mistake of a
/// success, and of a buffered control without output, but not of an error or a warning.
#[test]
fn information() {
    fn outcome(
        code: u32,
        output: usize,
        status: NTSTATUS,
        information: usize,
    ) -> Result<(NTSTATUS, usize, usize), &'static str> {
        let (machine, device) = lab::build(Machine::builder(), |init| {
            let device = lab::device(init)?;
            lab::queue(device, parallel(&["control"])())?;
            Ok(())
        });
        lab::on("control", move |e| {
            // SAFETY: the driver owns the request.
            unsafe { WdfRequestSetInformation(e.request, information as ULONG_PTR) };
            // SAFETY: as above.
            unsafe { WdfRequestComplete(e.request, status) };
        });
        let file = machine.open(NAME).unwrap();
        match file.start_ioctl(code, b"in", output) {
            Ok(done) => {
                let done = done.wait().unwrap();
                lab::end(machine, device, file);
                Ok((done.status, done.information, done.data.len()))
            }
            Err(error) => Err(error.verdict().unwrap().id()),
        }
    }
    assert_eq!(outcome(BUFFERED, 4, STATUS_SUCCESS, 3), Ok((STATUS_SUCCESS, 3, 3)));
    assert_eq!(outcome(BUFFERED, 4, STATUS_SUCCESS, 5), Err("invalid-information"));
    assert_eq!(outcome(BUFFERED, 4, STATUS_BUFFER_OVERFLOW, 5), Ok((STATUS_BUFFER_OVERFLOW, 5, 4)));
    assert_eq!(outcome(BUFFERED, 4, STATUS_UNSUCCESSFUL, 5), Ok((STATUS_UNSUCCESSFUL, 5, 0)));
    assert_eq!(outcome(BUFFERED, 0, STATUS_SUCCESS, 1), Err("invalid-information"));
    assert_eq!(outcome(OUT_DIRECT, 0, STATUS_SUCCESS, 1), Ok((STATUS_SUCCESS, 1, 0)));
    assert_eq!(outcome(OUT_DIRECT, 4, STATUS_SUCCESS, 5), Err("invalid-information"));
}

fn buffer(request: WDFREQUEST, output: bool, minimum: usize) -> Result<(usize, usize), NTSTATUS> {
    let (mut pointer, mut length) = (std::ptr::null_mut(), 0);
    let status = if output {
        // SAFETY: the driver owns the request.
        unsafe { WdfRequestRetrieveOutputBuffer(request, minimum, &mut pointer, &mut length) }
    } else {
        // SAFETY: as above.
        unsafe { WdfRequestRetrieveInputBuffer(request, minimum, &mut pointer, &mut length) }
    };
    if NT_SUCCESS(status) { Ok((pointer.addr(), length)) } else { Err(status) }
}

/// `BUF1`, `BUF2`: which request has which buffer, and how long it must be.
#[test]
fn buffers_of_reads_and_writes() {
    for io_type in [_WDF_DEVICE_IO_TYPE::WdfDeviceIoBuffered, _WDF_DEVICE_IO_TYPE::WdfDeviceIoDirect] {
        let (machine, device) = lab::build(Machine::builder(), move |init| {
            // SAFETY: called in EvtDriverDeviceAdd with its argument.
            unsafe { WdfDeviceInitSetIoType(init, io_type) };
            let device = lab::device(init)?;
            let mut config = parallel(&["read", "write"])();
            config.AllowZeroLengthRequests = 1;
            lab::queue(device, config)?;
            Ok(())
        });
        for (name, is_read) in [("read", true), ("write", false)] {
            lab::on(name, move |e| {
                let (right, wrong) = (is_read, !is_read);
                assert_eq!(buffer(e.request, wrong, 0), Err(STATUS_INVALID_DEVICE_REQUEST));
                let mut memory = std::ptr::null_mut();
                let refused = if is_read {
                    // SAFETY: the driver owns the request.
                    unsafe { WdfRequestRetrieveInputMemory(e.request, &mut memory) }
                } else {
                    // SAFETY: as above.
                    unsafe { WdfRequestRetrieveOutputMemory(e.request, &mut memory) }
                };
                assert_eq!(refused, STATUS_INVALID_DEVICE_REQUEST);
                if e.value == 0 {
                    assert_eq!(buffer(e.request, right, 0), Err(STATUS_BUFFER_TOO_SMALL));
                } else {
                    assert_eq!(buffer(e.request, right, e.value + 1), Err(STATUS_BUFFER_TOO_SMALL));
                    assert_eq!(buffer(e.request, right, e.value).map(|found| found.1), Ok(e.value));
                }
                lab::complete(e.request, STATUS_SUCCESS, e.value);
            });
        }
        let file = machine.open(NAME).unwrap();
        for length in [0, 1, 33] {
            assert_eq!(file.read(length).unwrap().len(), length);
            assert_eq!(file.write(&vec![7; length]).unwrap(), length);
        }
        lab::end(machine, device, file);
    }
}

/// `BUF4`: reads and writes without a transfer method have no buffer outside the caller's context. The verifier says so;
/// without it the driver gets a success, and no address.
#[test]
fn buffers_of_reads_and_writes_without_a_method() {
    let run = |verifier, copies: bool| {
        let (machine, device) = lab::build(Machine::builder().verifier(verifier), |init| {
            // SAFETY: called in EvtDriverDeviceAdd with its argument.
            unsafe { WdfDeviceInitSetIoType(init, _WDF_DEVICE_IO_TYPE::WdfDeviceIoNeither) };
            let device = lab::device(init)?;
            lab::queue(device, parallel(&["write"])()).map(drop)
        });
        lab::on("write", move |e| {
            assert_eq!(buffer(e.request, false, 0), Ok((0, 3)));
            assert_eq!(buffer(e.request, false, 4), Err(STATUS_BUFFER_TOO_SMALL));
            let mut memory = std::ptr::null_mut();
            // SAFETY: the driver owns the request.
            assert_eq!(unsafe { WdfRequestRetrieveInputMemory(e.request, &mut memory) }, STATUS_SUCCESS);
            if copies {
                let mut byte = 0u8;
                // SAFETY: the model stops at the memory; the buffer has room.
                let _ = unsafe { WdfMemoryCopyToBuffer(memory, 0, (&raw mut byte).cast(), 1) };
            }
            lab::complete(e.request, STATUS_SUCCESS, 3);
        });
        let file = machine.open(NAME).unwrap();
        if file.write(b"abc").is_ok() {
            lab::end(machine, device, file);
            return None;
        }
        machine.verdict().map(|verdict| verdict.id())
    };
    assert_eq!(run(Verify::Off, false), None);
    assert_eq!(run(Verify::Off, true), Some("access-violation"));
    assert_eq!(run(Verify::Standard, false), Some("request-state"));
}

/// `BUF5`: a control between drivers carries the addresses themselves.
#[test]
fn buffers_of_internal_controls_without_a_method() {
    let (machine, device) = lab::build(Machine::builder(), |init| {
        let device = lab::device(init)?;
        lab::queue(device, parallel(&["default"])()).map(drop)
    });
    lab::on("default", |e| {
        // SAFETY: the driver owns the request.
        let mode = unsafe { WdfRequestGetRequestorMode(e.request) };
        assert_eq!(i32::from(mode), _MODE::KernelMode);
        let (input, output) = (buffer(e.request, false, 2).unwrap(), buffer(e.request, true, 4).unwrap());
        assert_eq!((input.1, output.1), (2, 4));
        assert_eq!(buffer(e.request, false, 3), Err(STATUS_BUFFER_TOO_SMALL));
        // SAFETY: the buffers have these bytes.
        unsafe { std::ptr::copy(input.0 as *const u8, output.0 as *mut u8, 2) };
        lab::complete(e.request, STATUS_SUCCESS, 2);
    });
    let file = machine.open(NAME).unwrap();
    let done = file.start_internal_ioctl(NEITHER, b"in", 4).unwrap().wait().unwrap();
    assert_eq!(done.success().unwrap().data, b"in");
    lab::end(machine, device, file);
}

/// `BUF3`, `BUF5`: a buffered control has one buffer for both ways, a direct one two, and NEITHER none to retrieve.
#[test]
fn buffers_of_controls() {
    let (machine, device) = lab::build(Machine::builder(), |init| {
        let device = lab::device(init)?;
        lab::queue(device, parallel(&["control"])())?;
        Ok(())
    });
    lab::on("control", |e| {
        let (input, output) = (buffer(e.request, false, 1), buffer(e.request, true, 1));
        if e.value as u32 & 3 == METHOD_NEITHER {
            assert_eq!(
                (input, output),
                (Err(STATUS_INVALID_DEVICE_REQUEST), Err(STATUS_INVALID_DEVICE_REQUEST))
            );
            return lab::complete(e.request, STATUS_SUCCESS, 0);
        }
        let (input, output) = (input.unwrap(), output.unwrap());
        assert_eq!(input.0 == output.0, e.value as u32 & 3 == METHOD_BUFFERED);
        assert_eq!((input.1, output.1, lab::text(e.request).as_str()), (2, 4, "in"));
        // SAFETY: the output buffer has four bytes.
        unsafe { std::ptr::copy(input.0 as *const u8, output.0 as *mut u8, 2) };
        lab::complete(e.request, STATUS_SUCCESS, 2);
    });
    let file = machine.open(NAME).unwrap();
    for code in [BUFFERED, IN_DIRECT, OUT_DIRECT] {
        assert_eq!(file.ioctl(code, b"in", 4).unwrap(), b"in");
    }
    assert_eq!(file.ioctl(NEITHER, b"in", 4).unwrap(), b"");
    lab::end(machine, device, file);
}

/// `OWN12`: the queue goes on with the next request before the completed one is destroyed.
#[test]
fn a_queue_goes_on_before_a_request_is_destroyed() {
    let (machine, device) = lab::build(Machine::builder(), |init| {
        let mut with = attributes();
        with.EvtDestroyCallback = Some(lab::destroy);
        // SAFETY: called in EvtDriverDeviceAdd with its argument.
        unsafe { WdfDeviceInitSetRequestAttributes(init, &mut with) };
        let device = lab::device(init)?;
        lab::side_door(device)?;
        lab::queue(device, lab::default_config(Dispatch::WdfIoQueueDispatchSequential, &["write"])).map(drop)
    });
    lab::on("write", |e| {
        lab::log("write");
        lab::park(e.request);
    });
    lab::on("destroy", |_| lab::log("destroy"));
    let file = machine.open(NAME).unwrap();
    let writes = [file.start_write(b"1").unwrap(), file.start_write(b"2").unwrap()];
    lab::call(&file, || lab::complete_parked(STATUS_SUCCESS));
    // Both writes are completed, and the call's own request is one, too.
    assert_eq!(lab::take_log(), ["write", "write", "destroy", "destroy", "destroy"]);
    for write in writes {
        assert_eq!(write.wait().unwrap().status, STATUS_SUCCESS);
    }
    lab::end(machine, device, file);
}

/// `MSC3`: without callbacks of its own a device accepts every open, and requests may outlive the handle, whose
/// file object they keep.
#[test]
fn requests_outlive_their_handle() {
    let (machine, device) = lab::build(Machine::builder(), |init| {
        lab::files(init, false, &mut attributes());
        let device = lab::device(init)?;
        lab::side_door(device)?;
        lab::queue(device, parallel(&["write"])()).map(drop)
    });
    lab::on("write", |e| lab::park(e.request));
    let files = [machine.open(NAME).unwrap(), machine.open(NAME).unwrap()];
    let [file, other] = files;
    let write = file.start_write(b"x").unwrap();
    file.close().unwrap();
    machine.run().unwrap();
    assert!(!write.is_done(), "the driver owns it");
    lab::call(&other, || {
        let request = lab::unpark().unwrap();
        // SAFETY: the driver owns the request.
        let file = unsafe { WdfRequestGetFileObject(request) };
        // SAFETY: the file object is there as long as its requests.
        assert_eq!(unsafe { WdfFileObjectGetDevice(file) }, lab::kept("device"));
        lab::complete(request, STATUS_SUCCESS, 0);
    });
    assert_eq!(write.wait().unwrap().status, STATUS_SUCCESS);
    lab::end(machine, device, other);
}
