//! The life of a request: mistakes, and what only drivers send. The rest are experiments (`tests/drivers/conformance`). A
//! test names the facts it shows (`docs/design/kmdf.md`).

use wdk_emulator::{Level as Verify, Machine};
use wdk_sys::*;
use wdk_tests::raw::lab::{self, Dispatch, NAME, bench, main_queue};

const BUFFERED: u32 = CTL_CODE(FILE_DEVICE_UNKNOWN, 0x801, METHOD_BUFFERED, FILE_ANY_ACCESS);
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

/// `OWN2`: what must not be forwarded.
#[test]
fn mistakes_of_forwarding() {
    let same_queue = |request| {
        let _ = lab::forward(request, main_queue());
    };
    assert_eq!(verdict_of(Verify::Standard, same_queue), Some("request-state"));
    let cancelable = |request| {
        lab::mark(request);
        let _ = lab::forward(request, lab::kept("manual"));
    };
    assert_eq!(verdict_of(Verify::Standard, cancelable), Some("request-state"));
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

/// `OWN8`: more information than the buffer has is a mistake of a success, and of a buffered control without output, but
/// not of a warning.
#[test]
fn too_much_information() {
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
    assert_eq!(outcome(BUFFERED, 4, STATUS_SUCCESS, 5), Err("invalid-information"));
    assert_eq!(outcome(BUFFERED, 4, STATUS_BUFFER_OVERFLOW, 5), Ok((STATUS_BUFFER_OVERFLOW, 5, 4)));
    assert_eq!(outcome(BUFFERED, 0, STATUS_SUCCESS, 1), Err("invalid-information"));
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
