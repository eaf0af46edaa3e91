//! Plug and play and power: what a program on Windows cannot bring about. The rest are experiments
//! (`tests/drivers/conformance`). A test names the facts it shows (`docs/design/kmdf.md`).

use wdk_emulator::{Machine, Overlapped};
use wdk_sys::*;
use wdk_tests::raw::lab::{self, Dispatch, NAME, bench, main_queue};

fn stoppable() -> WDF_IO_QUEUE_CONFIG {
    lab::default_config(Dispatch::WdfIoQueueDispatchSequential, &["write", "stop", "resume"])
}

const PURGE: usize = _WDF_REQUEST_STOP_ACTION_FLAGS::WdfRequestStopActionPurge as usize;

/// `PMI1`: a request that is neither acknowledged nor completed keeps the device in D0, which is the driver's fault.
/// `PMI2`: acknowledging is for EvtIoStop, and not for what is cancelable when it is given back.
#[test]
fn mistakes_of_stopping() {
    type Case = (fn(WDFREQUEST), fn(WDFREQUEST), &'static str);
    let table: [Case; 3] = [
        (|_| {}, |_| {}, "never-completed"),
        (|r| lab::acknowledge(r, false), |_| {}, "request-state"),
        (lab::mark, |r| lab::acknowledge(r, true), "request-state"),
    ];
    for (write, stop, expected) in table {
        let (machine, device) = bench(Machine::builder(), stoppable);
        lab::on("write", move |e| write(e.request));
        lab::on("stop", move |e| stop(e.request));
        let file = machine.open(NAME).unwrap();
        let started = file.start_write(b"x");
        let result = started.map(|_| ()).and_then(|()| device.suspend());
        assert_eq!(result.unwrap_err().verdict().unwrap().id(), expected);
    }
}

/// `PMI3`, `QST2`: at removal managed queues are purged, and what the driver still owns is stopped with Purge, even
/// if it was suspended before; queues that are not power-managed follow. No start opens a queue again. (Windows does
/// not remove a device in an orderly way while a program has it open.)
#[test]
fn removal_purges_queues() {
    let (machine, device) = lab::build(Machine::builder(), |init| {
        let device = lab::device(init)?;
        lab::keep("main", lab::queue(device, stoppable())?);
        let config = WDF_IO_QUEUE_CONFIG {
            PowerManaged: _WDF_TRI_STATE::WdfFalse,
            ..lab::config(Dispatch::WdfIoQueueDispatchSequential, &["read", "stop"])
        };
        let other = lab::queue(device, config)?;
        assert_eq!(lab::route(device, other, _WDF_REQUEST_TYPE::WdfRequestTypeRead), STATUS_SUCCESS);
        Ok(())
    });
    lab::on("read", |_| {});
    lab::on("stop", |e| {
        let managed = e.queue == main_queue();
        lab::log(format!(
            "{} {}",
            if managed { "managed" } else { "other" },
            if e.value == PURGE { "purge" } else { "suspend" }
        ));
        if e.value == PURGE {
            lab::start(e.queue);
            assert_eq!(lab::state(e.queue).0 & 1, 0);
            lab::complete(e.request, STATUS_DELETE_PENDING, 0);
        } else {
            lab::acknowledge(e.request, false);
        }
    });
    let file = machine.open(NAME).unwrap();
    let writes: [Overlapped; 2] = [file.start_write(b"1").unwrap(), file.start_write(b"2").unwrap()];
    let read = file.start_read(1).unwrap();
    device.remove().unwrap();
    assert_eq!(lab::take_log(), ["managed suspend", "managed purge", "other purge"]);
    let [first, second] = writes.map(|write| write.wait().unwrap().status);
    assert_eq!((first, second), (STATUS_DELETE_PENDING, STATUS_CANCELLED));
    assert_eq!(read.wait().unwrap().status, STATUS_DELETE_PENDING);
    file.close().unwrap();
    machine.finish().unwrap();
}
