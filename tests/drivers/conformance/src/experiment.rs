//! What an experiment is to the driver.

use wdk_sys::*;

/// What a callback does.
pub type Hook = (Callback, fn(Event));
/// What a script can call, by its name.
pub type Command = (&'static str, fn());

/// The driver's side of an experiment, and the script of the user's side, which the driver hands out.
#[derive(Clone, Copy)]
pub struct Experiment {
    /// The ids of the facts that it shows, with spaces between.
    pub facts: &'static str,
    /// What the framework's verifier has to be: `any`, `off`, or `reports` for what it refuses with a status.
    pub verifier: &'static str,
    /// What it means, in a sentence.
    pub means: &'static str,
    /// Makes the device, in EvtDriverDeviceAdd.
    pub set_up: fn(PWDFDEVICE_INIT) -> Result<(), NTSTATUS>,
    /// What callbacks do. One that is not here does nothing.
    pub on: &'static [Hook],
    /// The callback that fails, if one does, as long as `Kept::Gate` is zero.
    pub fails: Option<Callback>,
    /// What the script can call.
    pub commands: &'static [Command],
    /// The user's side; `wdk_conformance` has the language.
    pub script: &'static str,
}

/// An experiment to begin with: its device has no queue.
pub const PLAIN: Experiment = Experiment {
    facts: "",
    verifier: "any",
    means: "",
    set_up: |init| crate::bench::device(init).map(drop),
    on: &[],
    fails: None,
    commands: &[],
    script: "",
};

/// The callbacks that experiments have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Callback {
    /// EvtIoRead
    Read,
    /// EvtIoWrite
    Write,
    /// EvtIoDeviceControl
    Control,
    /// EvtIoDefault
    Default,
    /// EvtIoStop
    Stop,
    /// EvtIoResume
    Resume,
    /// EvtIoCanceledOnQueue
    Canceled,
    /// EvtRequestCancel
    Cancel,
    /// EvtIoQueueState
    Changed,
    /// EvtIoQueueState of a ready notification
    Ready,
    /// EvtObjectCleanup
    Cleanup,
    /// EvtObjectDestroy
    Destroy,
    /// EvtTimerFunc
    Timer,
    /// EvtWorkItem
    Work,
    /// EvtDpcFunc
    Dpc,
    /// EvtDeviceFileCreate
    FileCreate,
    /// EvtFileCleanup
    FileCleanup,
    /// EvtFileClose
    FileClose,
    /// EvtIoInCallerContext
    InCaller,
    PrepareHardware,
    ReleaseHardware,
    D0Entry,
    D0EntryPostInterruptsEnabled,
    D0Exit,
    D0ExitPreInterruptsDisabled,
    SelfManagedIoInit,
    SelfManagedIoSuspend,
    SelfManagedIoRestart,
    SelfManagedIoFlush,
    SelfManagedIoCleanup,
    SurpriseRemoval,
    QueryRemove,
}

/// What a callback was given.
#[derive(Debug, Clone, Copy)]
pub struct Event {
    /// The queue, or null.
    pub queue: WDFQUEUE,
    /// The request, or null.
    pub request: WDFREQUEST,
    /// Any other object.
    pub object: WDFOBJECT,
    /// A length, a code, flags or a power state.
    pub value: usize,
}

impl Event {
    /// Nothing.
    pub const NONE: Self = Self {
        queue: core::ptr::null_mut(),
        request: core::ptr::null_mut(),
        object: core::ptr::null_mut(),
        value: 0,
    };
}
