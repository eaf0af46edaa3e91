//! Memory objects. A test names the facts it shows (`docs/design/kmdf.md`).

use wdk_emulator::Machine;
use wdk_sys::*;
use wdk_tests::raw::lab::{self, Dispatch, NAME, bench};

fn with_a_write(body: impl Fn(WDFREQUEST) + 'static) -> Option<&'static str> {
    let (machine, device) =
        bench(Machine::builder(), || lab::default_config(Dispatch::WdfIoQueueDispatchParallel, &["write"]));
    lab::on("write", move |e| {
        body(e.request);
        lab::complete(e.request, STATUS_SUCCESS, 5);
    });
    let file = machine.open(NAME).unwrap();
    if file.write(b"hello").is_ok() {
        lab::end(machine, device, file);
        return None;
    }
    machine.verdict().map(|verdict| verdict.id())
}

fn copy_out(memory: WDFMEMORY, offset: usize, count: usize) -> Result<Vec<u8>, NTSTATUS> {
    let mut bytes = vec![0; count];
    // SAFETY: the model checks the handle; the buffer has room.
    let status = unsafe { WdfMemoryCopyToBuffer(memory, offset, bytes.as_mut_ptr().cast(), count) };
    if NT_SUCCESS(status) { Ok(bytes) } else { Err(status) }
}

/// `MEM1`: parts of a request's memory, and of the driver's own.
#[test]
fn copies() {
    let verdict = with_a_write(|request| {
        let mut memory = std::ptr::null_mut();
        // SAFETY: the driver owns the request.
        assert_eq!(unsafe { WdfRequestRetrieveInputMemory(request, &mut memory) }, STATUS_SUCCESS);
        assert_eq!(copy_out(memory, 0, 5).unwrap(), b"hello");
        assert_eq!(copy_out(memory, 3, 2).unwrap(), b"lo");
        assert_eq!(copy_out(memory, 3, 3), Err(STATUS_BUFFER_TOO_SMALL));
        assert_eq!(copy_out(memory, usize::MAX, 1), Err(STATUS_BUFFER_TOO_SMALL));
        let (mut own, null) = (std::ptr::null_mut(), std::ptr::null_mut());
        // SAFETY: valid arguments.
        let status = unsafe { WdfMemoryCreate(WDF_NO_OBJECT_ATTRIBUTES, 512, 1, 4, &mut own, null) };
        assert_eq!(status, STATUS_SUCCESS);
        for (offset, count, expected) in
            [(0, 4, STATUS_SUCCESS), (1, 4, STATUS_BUFFER_TOO_SMALL), (2, 2, STATUS_SUCCESS)]
        {
            let mut bytes = *b"abcd";
            // SAFETY: the model checks the handle; the buffer has these bytes.
            let status = unsafe { WdfMemoryCopyFromBuffer(own, offset, bytes.as_mut_ptr().cast(), count) };
            assert_eq!(status, expected);
        }
        assert_eq!(copy_out(own, 0, 4).unwrap(), b"abab");
        lab::delete(own);
    });
    assert_eq!(verdict, None);
}

/// `MEM2`: memory of the driver's behind an object.
#[test]
fn memory_of_the_drivers() {
    let create = |bytes: &mut [u8]| {
        let mut memory = std::ptr::null_mut();
        let (start, length) = (bytes.as_mut_ptr().cast(), bytes.len());
        // SAFETY: the bytes outlive the object.
        let status =
            unsafe { WdfMemoryCreatePreallocated(WDF_NO_OBJECT_ATTRIBUTES, start, length, &mut memory) };
        (memory, status)
    };
    let verdict = with_a_write(move |_| {
        let (mut first, mut second) = (*b"first", *b"2nd");
        assert_eq!(create(&mut []).1, STATUS_INVALID_PARAMETER);
        let (memory, status) = create(&mut first);
        assert_eq!(status, STATUS_SUCCESS);
        assert_eq!(copy_out(memory, 1, 4).unwrap(), b"irst");
        // SAFETY: the bytes outlive the object.
        let status = unsafe { WdfMemoryAssignBuffer(memory, second.as_mut_ptr().cast(), 3) };
        assert_eq!(status, STATUS_SUCCESS);
        assert_eq!(copy_out(memory, 0, 3).unwrap(), b"2nd");
        assert_eq!(copy_out(memory, 0, 4), Err(STATUS_BUFFER_TOO_SMALL));
        lab::delete(memory);
    });
    assert_eq!(verdict, None);
    let verdict = with_a_write(|request| {
        let (mut memory, mut bytes) = (std::ptr::null_mut(), [0u8; 4]);
        // SAFETY: the driver owns the request.
        assert_eq!(unsafe { WdfRequestRetrieveInputMemory(request, &mut memory) }, STATUS_SUCCESS);
        // SAFETY: the model stops at the handle.
        let _ = unsafe { WdfMemoryAssignBuffer(memory, bytes.as_mut_ptr().cast(), 4) };
    });
    assert_eq!(verdict, Some("wrong-handle"));
}
