//! Sends requests to the device, one after the other.

use super::failure::{Failure, Result};
use super::run::{self, GRACE};
use crate::action::Request;
use crate::report::{Done, Findings};
use crate::win32::device::Device;
use crate::win32::time;
use alloc::borrow::ToOwned as _;
use alloc::vec::Vec;
use core::time::Duration;

/// How long a request may take; then it is cancelled.
const PATIENCE: Duration = Duration::from_secs(10);

/// Sends the requests through one handle. One that takes too long is cancelled, so that the ones behind it have their
/// turn.
pub fn run(path: &str, timeout: Option<Duration>, requests: &[Request]) -> Result<run::Done> {
    let device = run::open(path)?;
    let end = timeout.map(|timeout| time::now() + timeout);
    let mut performed = Vec::new();
    let mut late = false;
    for request in requests {
        let left = end.map_or(PATIENCE, |end| end.saturating_sub(time::now()));
        // The ones behind are not sent any more.
        late = left.is_zero();
        if late {
            break;
        }
        let done = perform(&device, request, left.min(PATIENCE))?;
        let kept = done.status.is_none();
        performed.push(done);
        if kept {
            break;
        }
    }
    let kept = performed.last().is_some_and(|done| done.status.is_none());
    let mut findings = Findings::of_requests(path.to_owned(), performed, false);
    if late {
        findings
            .remarks
            .push("the time for the run was up (--timeout), and not all requests were sent".to_owned());
    }
    Ok(run::Done { findings, stuck: kept || late })
}

fn perform(device: &Device, request: &Request, patience: Duration) -> Result<Done> {
    let operation = device.start(request).map_err(|error| Failure::refused("start a request", error))?;
    Ok(match operation.wait_for(patience) {
        Ok(completion) => Done::new(request, Some(completion), false),
        Err(operation) => {
            operation.cancel();
            match operation.wait_for(GRACE) {
                Ok(completion) => Done::new(request, Some(completion), true),
                Err(operation) => {
                    operation.abandon();
                    Done::new(request, None, true)
                }
            }
        }
    })
}
