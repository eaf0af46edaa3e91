//! Memory objects: a mistake. The rest are experiments (`tests/drivers/conformance`). A test names the facts it shows
//! (`docs/design/kmdf.md`).

use wdk_emulator::Machine;
use wdk_sys::*;
use wdk_tests::raw::lab::{self, Dispatch, NAME, bench};

/// `MEM2`: a request's memory cannot be given other memory.
#[test]
fn assigning_to_memory_of_a_request() {
    let (machine, _device) =
        bench(Machine::builder(), || lab::default_config(Dispatch::WdfIoQueueDispatchParallel, &["write"]));
    lab::on("write", |e| {
        let (mut memory, mut bytes) = (std::ptr::null_mut(), [0u8; 4]);
        // SAFETY: the driver owns the request.
        assert_eq!(unsafe { WdfRequestRetrieveInputMemory(e.request, &mut memory) }, STATUS_SUCCESS);
        // SAFETY: the model stops at the handle.
        let _ = unsafe { WdfMemoryAssignBuffer(memory, bytes.as_mut_ptr().cast(), 4) };
    });
    let error = machine.open(NAME).unwrap().write(b"hello").unwrap_err();
    assert_eq!(error.verdict().unwrap().id(), "wrong-handle");
}
