//! Queues: what Windows has no program for. The rest are experiments (`tests/drivers/conformance`). A test names the
//! facts it shows (`docs/design/kmdf.md`).

use wdk_emulator::{Level as Verify, Machine};
use wdk_sys::*;
use wdk_tests::raw::lab::{self, Dispatch, NAME, bench, main_queue};

/// `QCR10`, `SYN2`: whatever the arrival's IRQL, the request is pending until the driver completes it.
#[test]
fn arrival_returns_pending() {
    let (machine, device) =
        bench(Machine::builder(), || lab::default_config(Dispatch::WdfIoQueueDispatchParallel, &["write"]));
    lab::on("write", |e| {
        lab::log(lab::irql().to_string());
        lab::park(e.request);
    });
    let file = machine.open(NAME).unwrap();
    let writes = [file.start_write(b"x").unwrap(), file.at_dispatch().start_write(b"x").unwrap()];
    assert!(writes.iter().all(|write| !write.is_done()));
    assert_eq!(lab::take_log(), ["0", "2"]);
    lab::call(&file.at_dispatch(), || lab::complete_parked(STATUS_SUCCESS));
    assert!(writes.iter().all(wdk_emulator::Overlapped::is_done));
    lab::end(machine, device, file);
}

type Change = unsafe fn(WDFQUEUE, PFN_WDF_IO_QUEUE_STATE, WDFCONTEXT);

/// `QST2`: a second change of the same kind that tells somebody is fatal while the first is not complete; a change
/// of the other kind is not.
#[test]
fn an_occupied_slot_is_fatal() {
    for same in [false, true] {
        let (machine, _device) = bench(Machine::builder().verifier(Verify::Off), || {
            lab::default_config(Dispatch::WdfIoQueueDispatchSequential, &["write"])
        });
        lab::on("write", |e| lab::park(e.request));
        let file = machine.open(NAME).unwrap();
        let _held = file.start_write(b"x").unwrap();
        lab::on("control", move |e| {
            let second: Change = if same { WdfIoQueueStopAndPurge } else { WdfIoQueueDrain };
            for change in [WdfIoQueueStop as Change, second] {
                // SAFETY: a queue and a callback.
                unsafe { change(main_queue(), Some(lab::state_changed), std::ptr::null_mut()) };
            }
            lab::complete_parked(STATUS_SUCCESS);
            lab::complete(e.request, STATUS_SUCCESS, 0);
        });
        let result = file.ioctl(4, b"", 0);
        if same {
            assert_eq!(result.unwrap_err().verdict().unwrap().id(), "queue-state-change-pending");
        } else {
            result.unwrap();
            file.close().unwrap();
            machine.finish().unwrap();
        }
    }
}

/// `QST3`: a drain of a stopped queue that holds requests never ends.
#[test]
fn draining_a_stopped_queue_waits_for_ever() {
    let (machine, _device) =
        bench(Machine::builder(), || lab::default_config(Dispatch::WdfIoQueueDispatchSequential, &["write"]));
    lab::on("write", |e| lab::complete(e.request, STATUS_SUCCESS, 0));
    let file = machine.open(NAME).unwrap();
    // SAFETY: a queue; nobody is told.
    lab::call(&file, || unsafe { WdfIoQueueStop(main_queue(), None, std::ptr::null_mut()) });
    let _held = file.start_write(b"x").unwrap();
    lab::on("control", |e| {
        // SAFETY: a queue, at PASSIVE_LEVEL.
        unsafe { WdfIoQueueDrainSynchronously(main_queue()) };
        lab::complete(e.request, STATUS_SUCCESS, 0);
    });
    let waits = file.clone();
    let thread = machine.spawn("waits", move || waits.ioctl(4, b"", 0).map(drop));
    assert!(matches!(thread.join(), Err(wdk_emulator::Error::Stuck(_))));
}
