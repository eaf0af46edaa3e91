//! Requests by their file, and requests that are found first and taken later.

use super::prelude::*;
use core::ptr::null_mut;

/// `WdfIoQueueRetrieveRequestByFileObject`.
fn retrieve_of(queue: WDFQUEUE, file: WDFFILEOBJECT) -> Result<WDFREQUEST, NTSTATUS> {
    let mut request = null_mut();
    // SAFETY: the framework checks the handles.
    check(unsafe { WdfIoQueueRetrieveRequestByFileObject(queue, file, &mut request) })?;
    Ok(request)
}

/// `WdfIoQueueFindRequest`: the request and how much it writes.
fn find(queue: WDFQUEUE, after: WDFREQUEST, file: WDFFILEOBJECT) -> Result<(WDFREQUEST, usize), NTSTATUS> {
    let mut request = null_mut();
    let mut parameters = WDF_REQUEST_PARAMETERS::default();
    WDF_REQUEST_PARAMETERS_INIT(&mut parameters);
    // SAFETY: the framework checks the handles.
    check(unsafe { WdfIoQueueFindRequest(queue, after, file, &mut parameters, &mut request) })?;
    // SAFETY: only writes are there.
    Ok((request, unsafe { parameters.Parameters.Write.Length }))
}

/// `WdfIoQueueRetrieveFoundRequest`.
fn retrieve_found(queue: WDFQUEUE, found: WDFREQUEST) -> Result<WDFREQUEST, NTSTATUS> {
    let mut request = null_mut();
    // SAFETY: the framework checks the handles.
    check(unsafe { WdfIoQueueRetrieveFoundRequest(queue, found, &mut request) })?;
    Ok(request)
}

/// A manual queue with requests of two files.
const SOME: Experiment = Experiment {
    facts: "OWN5 OWN6",
    set_up: |init| {
        files(init, false, &mut attributes());
        bench(init, PARALLEL, &[Write])
    },
    on: &[(Write, |e| {
        let place = if text::<8>(e.request).bytes().starts_with(b"a") { First } else { Second };
        keep(place, file_of(e.request));
        note!("forward: {}", Name(forward(e.request, kept(Manual))));
    })],
    ..PLAIN
};

pub const fn requests_of_a_file() -> Experiment {
    Experiment {
        means: "requests of a file are retrieved in their order, whatever is before them",
        commands: &[("retrieve", || {
            for file in [Second, First, First, First] {
                match retrieve_of(kept(Manual), kept(file)) {
                    Ok(request) => {
                        note!("{}", text::<8>(request));
                        complete(request, STATUS_SUCCESS, 1);
                    }
                    Err(status) => note!("{}", Name(status)),
                }
            }
        })],
        script: r#"
            plug
            open a
            open b
            1 = write a "a1"
            2 = write b "b1"
            3 = write a "a2"
            4 = write b "b2"
            call retrieve
            | forward: STATUS_SUCCESS
            | forward: STATUS_SUCCESS
            | forward: STATUS_SUCCESS
            | forward: STATUS_SUCCESS
            | b1
            | a1
            | a2
            | STATUS_NO_MORE_ENTRIES
            look 4
            | 4: pending
        "#,
        ..SOME
    }
}

pub const fn finding_requests() -> Experiment {
    Experiment {
        means: "finding takes nothing and goes on behind a request, if that is still there; what is found can be \
                taken, unless the queue is stopped",
        commands: &[("find", || {
            let (queue, any) = (kept(Manual), null_mut());
            let length = |found: Result<(WDFREQUEST, usize), NTSTATUS>| found.map_or(0, |(_, length)| length);
            let first = find(queue, null_mut(), any);
            let second = find(queue, first.unwrap().0, kept(First));
            let third = find(queue, second.unwrap().0, kept(First));
            note!("first {}, then {}, then {}", length(first), length(second), length(third));
            let end = find(queue, third.unwrap().0, kept(First));
            note!("at the end: {}, {} queued", outcome(end), state_of(queue).1);
            let [first, second, third] = [first, second, third].map(|found| found.unwrap().0);
            let taken = retrieve_found(queue, second);
            note!("taken: {}", taken == Ok(second));
            complete(second, STATUS_SUCCESS, 1);
            note!("behind it: {}", outcome(find(queue, second, any)));
            note!("again: {}", outcome(retrieve_found(queue, second)));
            stop(queue);
            note!(
                "found in a stopped queue: {}",
                find(queue, null_mut(), any).map(|found| found.0) == Ok(first)
            );
            note!("taken from it: {}", outcome(retrieve_found(queue, first)));
            // It was found twice.
            for found in [first, first, second, third] {
                dereference(found);
            }
            start(queue);
            while let Ok(request) = retrieve(queue) {
                complete(request, STATUS_SUCCESS, 1);
            }
        })],
        script: r#"
            plug
            open a
            open b
            1 = write b "b2"
            2 = write a "a"
            3 = write a "a33"
            4 = write b "b444"
            settle
            | forward: STATUS_SUCCESS
            | forward: STATUS_SUCCESS
            | forward: STATUS_SUCCESS
            | forward: STATUS_SUCCESS
            call find
            | first 2, then 1, then 3
            | at the end: STATUS_NO_MORE_ENTRIES, 4 queued
            | taken: true
            | behind it: STATUS_NOT_FOUND
            | again: STATUS_NOT_FOUND
            | found in a stopped queue: true
            | taken from it: STATUS_WDF_PAUSED
            await 1 2 3 4
            | 1: STATUS_SUCCESS 1
            | 2: STATUS_SUCCESS 1
            | 3: STATUS_SUCCESS 1
            | 4: STATUS_SUCCESS 1
        "#,
        ..SOME
    }
}

pub const fn finding_is_for_manual_queues() -> Experiment {
    Experiment {
        facts: "OWN5",
        verifier: "reports",
        means: "nothing is found in a queue that is not manual",
        set_up: |init| bench(init, PARALLEL, &[Write]),
        commands: &[("find", || note!("find: {}", outcome(find(kept(Main), null_mut(), null_mut()))))],
        script: "
            plug
            call find
            | find: STATUS_INVALID_DEVICE_REQUEST
        ",
        ..PLAIN
    }
}
