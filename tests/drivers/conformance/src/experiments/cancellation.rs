//! Cancellation, in a queue and in the driver's hands.

use super::prelude::*;

pub const fn closing_a_handle() -> Experiment {
    Experiment {
        facts: "CAN6",
        means: "closing a handle cancels what waits in queues and came through it, and nothing that the driver owns",
        set_up: |init| bench(init, SEQUENTIAL, &[Write]),
        on: &[
            (Write, |e| {
                mark(e.request);
                park(e.request);
            }),
            (Cancel, |e| {
                note!("cancel");
                complete(e.request, STATUS_CANCELLED, 0);
            }),
        ],
        commands: &[("unmark", || {
            let request = unpark().unwrap();
            note!("unmark: {}", Name(unmark(request)));
            complete(request, STATUS_SUCCESS, 0);
        })],
        script: r#"
            plug
            open a
            open b
            1 = write a "owned"
            2 = write a "queued"
            3 = write b "queued"
            close a
            await 2
            | 2: STATUS_CANCELLED 0
            look 1
            | 1: pending
            look 3
            | 3: pending
            call unmark
            | unmark: STATUS_SUCCESS
            await 1
            | 1: STATUS_SUCCESS 0
            cancel 3
            await 3
            | 3: STATUS_CANCELLED 0
            | cancel
        "#,
        ..PLAIN
    }
}
