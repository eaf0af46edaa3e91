//! Sends requests to the device, one after the other, as an application would.

use super::watcher::Watcher;
use crate::args::Dispatch;
use crate::report::Done;
use crate::stream::{self, Arrivals, Drain};
use std::rc::Rc;
use std::time::Duration;
use wdk_emulator::{Completion, Machine, Overlapped};
use wdk_exerciser::action::Request;

/// How long a request may take, in virtual time; then it is cancelled.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long nobody looks, in virtual time.
const LOOK_AWAY: Duration = Duration::from_millis(1);

/// Sends the requests through one handle. What came of each goes to `performed` and to the watcher.
///
/// A request that takes too long is cancelled, so that the ones behind it have their turn.
///
/// # Errors
///
/// The verdict that stopped the machine, or why the device did not open.
pub fn run(
    machine: &Machine,
    device: &str,
    dispatch: Option<Dispatch>,
    requests: &[Request],
    performed: &mut Vec<Done>,
    watcher: &Rc<dyn Watcher>,
    drain: &Drain,
) -> wdk_emulator::Result {
    let file = machine.open(device)?;
    let arrivals = Arrivals::new(&file, dispatch);
    for request in requests {
        let file = arrivals.next();
        let pending = match request {
            Request::Write(bytes) => file.start_write(bytes),
            Request::Read(length) => file.start_read(*length),
            Request::Ioctl(code, input, output) => file.start_ioctl(*code, input, *output),
        }?;
        let (completion, stuck) = match wait(machine, pending)? {
            Ok(completion) => (Some(completion), false),
            Err(pending) => {
                pending.cancel()?;
                (wait(machine, pending)?.ok(), true)
            }
        };
        let kept = completion.is_none();
        let done = Done::new(request, completion.map(stream::completion), stuck);
        watcher.done(&done);
        performed.push(done);
        drain();
        if kept {
            // The removal of the device says what that means.
            break;
        }
    }
    drop(arrivals);
    file.close()
}

/// Waits for a request, as long as the supervisor of a stream would.
fn wait(machine: &Machine, mut pending: Overlapped) -> wdk_emulator::Result<Result<Completion, Overlapped>> {
    let until = machine.now() + PATIENCE;
    loop {
        pending = match pending.result() {
            Ok(completion) => return Ok(Ok(completion)),
            Err(pending) if machine.now() >= until => return Ok(Err(pending)),
            Err(pending) => pending,
        };
        machine.sleep(LOOK_AWAY)?;
    }
}
