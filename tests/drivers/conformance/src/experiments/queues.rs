//! Queues: creation, routing, the dispatch engine and the state functions.

use super::prelude::*;

pub const fn the_sequential_gate() -> Experiment {
    Experiment {
        facts: "QCR4 OWN1",
        means: "the gate of a sequential queue counts what the driver owns: returning from the handler does not \
                open it, completion and forwarding do, and the handle stays the same",
        set_up: |init| bench(init, SEQUENTIAL, &[Write]),
        on: &[(Write, |e| {
            note!("write {}", text::<8>(e.request));
            park(e.request);
        })],
        commands: &[("forward", || {
            let first = unpark().unwrap();
            note!("{}", Name(forward(first, kept(Manual))));
            note!("same handle: {}", retrieve(kept(Manual)) == Ok(first));
            complete(first, STATUS_SUCCESS, 0);
        })],
        script: r#"
            plug
            open a
            1 = write a "a"
            2 = write a "b"
            3 = write a "c"
            settle
            | write a
            call complete
            | write b
            call forward
            | write c
            | STATUS_SUCCESS
            | same handle: true
            call complete
            await 1
            | 1: STATUS_SUCCESS 0
            await 2
            | 2: STATUS_SUCCESS 0
            await 3
            | 3: STATUS_SUCCESS 0
        "#,
        ..PLAIN
    }
}
