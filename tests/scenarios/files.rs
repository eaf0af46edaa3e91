//! File objects: an open that waits, which keeps a program from going on. The rest are experiments
//! (`tests/drivers/conformance`). A test names the facts it shows (`docs/design/kmdf.md`).

use std::rc::Rc;
use wdk_emulator::Machine;
use wdk_sys::*;
use wdk_tests::raw::attributes;
use wdk_tests::raw::lab::{self, Dispatch, NAME};

/// `FIL2`: a create request that is forwarded waits in the queue; the removal of the device cancels it.
#[test]
fn an_open_that_waits() {
    let (machine, device) = lab::build(Machine::builder(), |init| {
        lab::files(init, true, &mut attributes());
        let device = lab::device(init)?;
        lab::keep("manual", lab::queue(device, lab::config(Dispatch::WdfIoQueueDispatchManual, &[]))?);
        Ok(())
    });
    lab::on("create", |e| {
        assert_eq!(lab::forward(e.request, lab::kept("manual")), STATUS_SUCCESS);
        assert_eq!(lab::state(lab::kept("manual")).1, 1);
        lab::log("forwarded");
    });
    let machine = Rc::new(machine);
    let opener = machine.clone();
    let opening = machine.spawn("opener", move || opener.open(NAME).map(drop));
    machine.run().unwrap();
    assert_eq!(lab::take_log(), ["forwarded"]);
    device.remove().unwrap();
    assert_eq!(opening.join().unwrap().unwrap_err().status(), Some(STATUS_CANCELLED));
    Rc::into_inner(machine).unwrap().finish().unwrap();
}
