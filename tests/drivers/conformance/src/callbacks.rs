//! The framework's callbacks, each of which does what the selected experiment says.

use crate::experiment::{Callback, Event};
use crate::state::{Kept, get, state};
use wdk_sys::*;

/// Runs what an experiment has for a callback.
fn fire(callback: Callback, event: Event) -> NTSTATUS {
    let Some(experiment) = state().experiment() else { return STATUS_SUCCESS };
    if let Some((_, hook)) = experiment.on.iter().find(|(on, _)| *on == callback) {
        guard(|| hook(event));
    }
    let fails = experiment.fails == Some(callback) && get(Kept::Gate) == 0;
    if fails { STATUS_UNSUCCESSFUL } else { STATUS_SUCCESS }
}

/// A panic of a linked driver ends the emulated run; one of an image is a bug check.
pub fn guard<R>(body: impl FnOnce() -> R) -> R {
    #[cfg(linked)]
    return linked::guard(body);
    #[cfg(not(linked))]
    body()
}

macro_rules! callbacks {
    ($( $name:ident($( $arg:ident: $ty:ty ),*) => $callback:ident { $( $field:ident: $value:expr ),* }; )*) => { $(
        pub unsafe extern "C" fn $name($( $arg: $ty ),*) {
            fire(Callback::$callback, Event { $( $field: $value, )* ..Event::NONE });
        }
    )* };
}
callbacks! {
    read(queue: WDFQUEUE, request: WDFREQUEST, length: usize) => Read { queue: queue, request: request, value: length };
    write(queue: WDFQUEUE, request: WDFREQUEST, length: usize) => Write { queue: queue, request: request, value: length };
    default(queue: WDFQUEUE, request: WDFREQUEST) => Default { queue: queue, request: request };
    control(queue: WDFQUEUE, request: WDFREQUEST, _output: usize, _input: usize, code: ULONG) => Control { queue: queue, request: request, value: code as usize };
    stop(queue: WDFQUEUE, request: WDFREQUEST, flags: ULONG) => Stop { queue: queue, request: request, value: flags as usize };
    resume(queue: WDFQUEUE, request: WDFREQUEST) => Resume { queue: queue, request: request };
    canceled(queue: WDFQUEUE, request: WDFREQUEST) => Canceled { queue: queue, request: request };
    cancel(request: WDFREQUEST) => Cancel { request: request };
    changed(queue: WDFQUEUE, context: WDFCONTEXT) => Changed { queue: queue, value: context.addr() };
    ready(queue: WDFQUEUE, context: WDFCONTEXT) => Ready { queue: queue, value: context.addr() };
    cleanup(object: WDFOBJECT) => Cleanup { object: object };
    destroy(object: WDFOBJECT) => Destroy { object: object };
    timer(object: WDFTIMER) => Timer { object: object.cast() };
    work(object: WDFWORKITEM) => Work { object: object.cast() };
    dpc(object: WDFDPC) => Dpc { object: object.cast() };
    file_create(_device: WDFDEVICE, request: WDFREQUEST, file: WDFFILEOBJECT) => FileCreate { request: request, object: file.cast() };
    file_cleanup(file: WDFFILEOBJECT) => FileCleanup { object: file.cast() };
    file_close(file: WDFFILEOBJECT) => FileClose { object: file.cast() };
    in_caller(_device: WDFDEVICE, request: WDFREQUEST) => InCaller { request: request };
    self_managed_io_flush(_device: WDFDEVICE) => SelfManagedIoFlush {};
    self_managed_io_cleanup(_device: WDFDEVICE) => SelfManagedIoCleanup {};
    surprise_removal(_device: WDFDEVICE) => SurpriseRemoval {};
}

macro_rules! power_callbacks {
    ($( $name:ident($( $arg:ident: $ty:ty ),*) => $callback:ident $( $value:expr )?; )*) => { $(
        unsafe extern "C" fn $name(_device: WDFDEVICE, $( $arg: $ty ),*) -> NTSTATUS {
            fire(Callback::$callback, Event { $( value: $value, )? ..Event::NONE })
        }
    )* };
}
power_callbacks! {
    prepare_hardware(_raw: WDFCMRESLIST, _translated: WDFCMRESLIST) => PrepareHardware;
    release_hardware(_translated: WDFCMRESLIST) => ReleaseHardware;
    d0_entry(previous: WDF_POWER_DEVICE_STATE) => D0Entry previous as usize;
    d0_entry_post(_previous: WDF_POWER_DEVICE_STATE) => D0EntryPostInterruptsEnabled;
    d0_exit(target: WDF_POWER_DEVICE_STATE) => D0Exit target as usize;
    d0_exit_pre(_target: WDF_POWER_DEVICE_STATE) => D0ExitPreInterruptsDisabled;
    self_managed_io_init() => SelfManagedIoInit;
    self_managed_io_suspend() => SelfManagedIoSuspend;
    self_managed_io_restart() => SelfManagedIoRestart;
    query_remove() => QueryRemove;
}

/// Every PnP and power callback.
pub fn pnp() -> WDF_PNPPOWER_EVENT_CALLBACKS {
    let mut events = WDF_PNPPOWER_EVENT_CALLBACKS::default();
    WDF_PNPPOWER_EVENT_CALLBACKS_INIT(&mut events);
    events.EvtDevicePrepareHardware = Some(prepare_hardware);
    events.EvtDeviceReleaseHardware = Some(release_hardware);
    events.EvtDeviceD0Entry = Some(d0_entry);
    events.EvtDeviceD0EntryPostInterruptsEnabled = Some(d0_entry_post);
    events.EvtDeviceD0Exit = Some(d0_exit);
    events.EvtDeviceD0ExitPreInterruptsDisabled = Some(d0_exit_pre);
    events.EvtDeviceSelfManagedIoInit = Some(self_managed_io_init);
    events.EvtDeviceSelfManagedIoSuspend = Some(self_managed_io_suspend);
    events.EvtDeviceSelfManagedIoRestart = Some(self_managed_io_restart);
    events.EvtDeviceSelfManagedIoFlush = Some(self_managed_io_flush);
    events.EvtDeviceSelfManagedIoCleanup = Some(self_managed_io_cleanup);
    events.EvtDeviceSurpriseRemoval = Some(surprise_removal);
    events.EvtDeviceQueryRemove = Some(query_remove);
    events
}
