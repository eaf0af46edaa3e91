//! I/O in the context of the program that asks for it: what only this machine knows about a program's memory. The rest
//! are experiments (`tests/drivers/conformance`). A test names the facts it shows (`docs/design/kmdf.md`).

use wdk_emulator::Machine;
use wdk_sys::*;
use wdk_tests::raw::lab::{self, NAME};

const NEITHER: u32 = CTL_CODE(FILE_DEVICE_UNKNOWN, 0x801, METHOD_NEITHER, FILE_ANY_ACCESS);

/// `BUF5`: what the program does not have cannot be locked. (On Windows a program has whole pages.)
#[test]
fn memory_that_the_program_does_not_have() {
    let (machine, device) = lab::build(Machine::builder(), |init| {
        // SAFETY: called in EvtDriverDeviceAdd with its argument.
        unsafe { WdfDeviceInitSetIoInCallerContextCallback(init, Some(lab::in_caller)) };
        lab::device(init).map(drop)
    });
    lab::on("caller", |e| {
        let (mut input, mut length, mut memory) = (std::ptr::null_mut(), 0, std::ptr::null_mut());
        // SAFETY: the driver owns the request.
        let status =
            unsafe { WdfRequestRetrieveUnsafeUserInputBuffer(e.request, 3, &mut input, &mut length) };
        assert_eq!((status, length), (STATUS_SUCCESS, 3));
        for (length, expected) in [(3, STATUS_SUCCESS), (4, STATUS_ACCESS_VIOLATION)] {
            // SAFETY: as above.
            let status =
                unsafe { WdfRequestProbeAndLockUserBufferForRead(e.request, input, length, &mut memory) };
            assert_eq!(status, expected);
        }
        lab::complete(e.request, STATUS_SUCCESS, 0);
    });
    let file = machine.open(NAME).unwrap();
    file.ioctl(NEITHER, b"abc", 8).unwrap();
    lab::end(machine, device, file);
}
