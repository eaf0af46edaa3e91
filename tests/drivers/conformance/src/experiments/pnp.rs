//! Plug and play and power, and what they do to queues.

use super::prelude::*;

/// Notes every callback.
const NOTES: &[(Callback, fn(Event))] = &[
    (PrepareHardware, |_| note!("PrepareHardware")),
    (ReleaseHardware, |_| note!("ReleaseHardware")),
    (D0Entry, |e| note!("D0Entry {}", e.value)),
    (D0EntryPostInterruptsEnabled, |_| note!("D0EntryPostInterruptsEnabled")),
    (D0Exit, |e| note!("D0Exit {}", e.value)),
    (D0ExitPreInterruptsDisabled, |_| note!("D0ExitPreInterruptsDisabled")),
    (SelfManagedIoInit, |_| note!("SelfManagedIoInit")),
    (SelfManagedIoSuspend, |_| note!("SelfManagedIoSuspend")),
    (SelfManagedIoRestart, |_| note!("SelfManagedIoRestart")),
    (SelfManagedIoFlush, |_| note!("SelfManagedIoFlush")),
    (SelfManagedIoCleanup, |_| note!("SelfManagedIoCleanup")),
    (SurpriseRemoval, |_| note!("SurpriseRemoval")),
    (QueryRemove, |_| note!("QueryRemove")),
    (Cleanup, |_| note!("cleanup")),
];

/// A device with every callback and one queue.
fn with_callbacks(init: PWDFDEVICE_INIT) -> Result<(), NTSTATUS> {
    let mut events = callbacks::pnp();
    // SAFETY: called in EvtDriverDeviceAdd with its argument.
    unsafe { WdfDeviceInitSetPnpPowerEventCallbacks(init, &mut events) };
    let mut with = attributes();
    with.EvtCleanupCallback = Some(callbacks::cleanup);
    let device = device_with(init, &mut with)?;
    keep(Main, queue(device, default_config(PARALLEL, &[Write]))?);
    Ok(())
}

pub const fn the_order_of_callbacks() -> Experiment {
    Experiment {
        facts: "PNP1 PNP2 PNP3",
        means: "the order of callbacks from start to removal, with a sleep between",
        set_up: with_callbacks,
        on: NOTES,
        script: r#"
            plug
            | PrepareHardware
            | D0Entry 5
            | D0EntryPostInterruptsEnabled
            | SelfManagedIoInit
            suspend
            | SelfManagedIoSuspend
            | D0ExitPreInterruptsDisabled
            | D0Exit 4
            resume
            | D0Entry 4
            | D0EntryPostInterruptsEnabled
            | SelfManagedIoRestart
            remove
            | QueryRemove
            | SelfManagedIoSuspend
            | D0ExitPreInterruptsDisabled
            | D0Exit 5
            | ReleaseHardware
            | SelfManagedIoFlush
            | SelfManagedIoCleanup
            | cleanup
        "#,
        ..PLAIN
    }
}
