//! I/O in the context of the program that asks for it. A test names the facts it shows (`docs/design/kmdf.md`).

use wdk_emulator::{Builder, Device, Level as Verify, Machine};
use wdk_sys::*;
use wdk_tests::raw::lab::{self, Dispatch, NAME};

const NEITHER: u32 = CTL_CODE(FILE_DEVICE_UNKNOWN, 0x801, METHOD_NEITHER, FILE_ANY_ACCESS);

fn bench(machine: Builder) -> (Machine, Device) {
    lab::build(machine, |init| {
        // SAFETY: called in EvtDriverDeviceAdd with its argument.
        unsafe { WdfDeviceInitSetIoInCallerContextCallback(init, Some(lab::in_caller)) };
        let device = lab::device(init)?;
        let config = lab::default_config(Dispatch::WdfIoQueueDispatchSequential, &["write", "control"]);
        lab::keep("main", lab::queue(device, config)?);
        Ok(())
    })
}

fn enqueue(request: WDFREQUEST) -> NTSTATUS {
    // SAFETY: the model checks the handles.
    unsafe { WdfDeviceEnqueueRequest(lab::kept("device"), request) }
}

/// `QCR11`: the callback comes before the queue, whatever that does; what the queue refuses stays the driver's.
#[test]
fn requests_pass_the_callers_context() {
    let (machine, device) = bench(Machine::builder());
    lab::on("caller", |e| {
        lab::log("caller");
        assert_eq!(lab::mark_ex(e.request), STATUS_INVALID_DEVICE_REQUEST);
        let status = enqueue(e.request);
        if status != STATUS_SUCCESS {
            lab::complete(e.request, status, 0);
        }
    });
    lab::on("write", |e| {
        lab::log("write");
        lab::park(e.request);
    });
    let file = machine.open(NAME).unwrap();
    let writes = [file.start_write(b"1").unwrap(), file.start_write(b"2").unwrap()];
    assert_eq!(lab::take_log(), ["caller", "write", "caller"]);
    lab::on("caller", |e| {
        // SAFETY: the model checks the handle; no callback.
        unsafe { WdfIoQueueDrain(lab::kept("main"), None, std::ptr::null_mut()) };
        lab::log(format!("{}", enqueue(e.request) == STATUS_WDF_BUSY));
        lab::start(lab::kept("main"));
        lab::complete_parked(STATUS_SUCCESS);
        lab::complete_parked(STATUS_SUCCESS);
        lab::complete(e.request, STATUS_NOT_SUPPORTED, 0);
    });
    assert_eq!(file.read(1).unwrap_err().status(), Some(STATUS_NOT_SUPPORTED));
    assert!(lab::take_log().contains(&"true".to_owned()));
    for write in writes {
        assert_eq!(write.wait().unwrap().status, STATUS_SUCCESS);
    }
    lab::end(machine, device, file);
}

/// `BUF5`: the program's buffers are there, and can be locked for later, in the caller's context only.
#[test]
fn buffers_of_the_program() {
    let (machine, device) = bench(Machine::builder().verifier(Verify::Off));
    lab::on("caller", |e| {
        let (mut input, mut output, mut length) = (std::ptr::null_mut(), std::ptr::null_mut(), 0);
        let request = e.request;
        // SAFETY: the driver owns the request.
        let status = unsafe { WdfRequestRetrieveUnsafeUserInputBuffer(request, 4, &mut input, &mut length) };
        assert_eq!(status, STATUS_BUFFER_TOO_SMALL);
        // SAFETY: as above.
        let status = unsafe { WdfRequestRetrieveUnsafeUserInputBuffer(request, 3, &mut input, &mut length) };
        assert_eq!((status, length), (STATUS_SUCCESS, 3));
        // SAFETY: as above.
        let status =
            unsafe { WdfRequestRetrieveUnsafeUserOutputBuffer(request, 1, &mut output, &mut length) };
        assert_eq!((status, length), (STATUS_SUCCESS, 8));
        let lock_input = |length, memory: &mut WDFMEMORY| {
            // SAFETY: as above.
            unsafe { WdfRequestProbeAndLockUserBufferForRead(request, input, length, memory) }
        };
        let mut memory = std::ptr::null_mut();
        assert_eq!(lock_input(0, &mut memory), STATUS_INVALID_USER_BUFFER);
        assert_eq!(lock_input(4, &mut memory), STATUS_ACCESS_VIOLATION);
        assert_eq!(lock_input(3, &mut memory), STATUS_SUCCESS);
        lab::keep("input", memory);
        // SAFETY: as above.
        let status = unsafe { WdfRequestProbeAndLockUserBufferForWrite(request, output, 8, &mut memory) };
        assert_eq!(status, STATUS_SUCCESS);
        lab::keep("output", memory);
        assert_eq!(enqueue(request), STATUS_SUCCESS);
    });
    lab::on("control", |e| {
        let (mut buffer, mut bytes) = (std::ptr::null_mut(), [0u8; 3]);
        // SAFETY: the driver owns the request.
        let status = unsafe {
            WdfRequestRetrieveUnsafeUserInputBuffer(e.request, 1, &mut buffer, std::ptr::null_mut())
        };
        assert_eq!(status, STATUS_INVALID_DEVICE_REQUEST);
        let to = bytes.as_mut_ptr().cast();
        // SAFETY: the memory is locked as long as the request is there; the buffer has room.
        assert_eq!(unsafe { WdfMemoryCopyToBuffer(lab::kept("input"), 0, to, 3) }, STATUS_SUCCESS);
        bytes.reverse();
        // SAFETY: as above.
        assert_eq!(unsafe { WdfMemoryCopyFromBuffer(lab::kept("output"), 0, to, 3) }, STATUS_SUCCESS);
        lab::complete(e.request, STATUS_SUCCESS, 3);
    });
    let file = machine.open(NAME).unwrap();
    assert_eq!(file.ioctl(NEITHER, b"abc", 8).unwrap(), b"cba");
    lab::end(machine, device, file);
}
