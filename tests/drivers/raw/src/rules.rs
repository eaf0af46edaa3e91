//! A driver for each rule of the verifier: it breaks the rule when a program writes [`BAD`], and keeps it otherwise, so
//! that both are the same code up to the one mistake.

use crate::plumbing::check;
use wdk_sys::ntddk::{ExAllocatePool2, ExFreePoolWithTag, KeLowerIrql, KfRaiseIrql};
use wdk_sys::*;

/// What makes a driver keep its rule.
pub const GOOD: &[u8] = b"good";
/// What makes a driver break its rule.
pub const BAD: &[u8] = b"bad!";

/// What the application wrote.
fn input<'a>(request: WDFREQUEST) -> &'a [u8] {
    let (mut buffer, mut size) = (core::ptr::null_mut(), 0);
    // SAFETY: called with a request that the driver owns.
    check(unsafe { WdfRequestRetrieveInputBuffer(request, 1, &mut buffer, &mut size) }).unwrap();
    // SAFETY: the buffer has that many bytes.
    unsafe { core::slice::from_raw_parts(buffer.cast::<u8>(), size) }
}

/// Whether the application asked for the mistake.
fn bad(request: WDFREQUEST) -> bool {
    input(request) == BAD
}

fn complete(request: WDFREQUEST, information: usize) {
    // SAFETY: some callers break the rules on purpose; the model checks.
    unsafe { WdfRequestCompleteWithInformation(request, STATUS_SUCCESS, information as ULONG_PTR) };
}

/// A driver with one queue, whose callbacks the block sets.
macro_rules! driver_with {
    ($module:ident, |$config:ident, $attributes:ident| $set:block) => {
        pub mod $module {
            use super::*;

            crate::raw_entry!("Rules", WdfIoQueueDispatchParallel, |$config, $attributes| $set);

            #[cfg(linked)]
            wdk_sys::driver_module!(pub DRIVER = entry);
        }
    };
}

/// A driver with one EvtIoWrite.
macro_rules! driver {
    ($module:ident, |$queue:ident, $request:ident, $length:ident| $body:block) => {
        driver_with!($module, |config, attributes| {
            #[allow(unused_variables)]
            unsafe extern "C" fn write($queue: WDFQUEUE, $request: WDFREQUEST, $length: usize) $body
            config.EvtIoWrite = Some(write);
        });
    };
}

driver!(completes_twice, |queue, request, length| {
    let twice = bad(request);
    complete(request, length);
    if twice {
        complete(request, length);
    }
});

driver!(keeps_after_completion, |queue, request, length| {
    // A reference keeps the handle valid after completion.
    // SAFETY: the driver owns the request.
    unsafe { WdfObjectReferenceActual(request.cast(), core::ptr::null_mut(), 0, core::ptr::null()) };
    let use_after = bad(request);
    if !use_after {
        // SAFETY: as above.
        unsafe { WdfRequestSetInformation(request, length as ULONG_PTR) };
    }
    complete(request, length);
    if use_after {
        // SAFETY: not owned any more, which is what the rule is about.
        unsafe { WdfRequestSetInformation(request, length as ULONG_PTR) };
    }
    // SAFETY: gives up the reference.
    unsafe { WdfObjectDereferenceActual(request.cast(), core::ptr::null_mut(), 0, core::ptr::null()) };
});

driver!(forwards_and_completes, |queue, request, length| {
    let both = bad(request);
    // SAFETY: the queue presented this request.
    let device = unsafe { WdfIoQueueGetDevice(queue) };
    let mut config = WDF_IO_QUEUE_CONFIG::default();
    WDF_IO_QUEUE_CONFIG_INIT(&mut config, _WDF_IO_QUEUE_DISPATCH_TYPE::WdfIoQueueDispatchManual);
    let mut manual = core::ptr::null_mut();
    // SAFETY: a device and a place for the handle.
    check(unsafe { WdfIoQueueCreate(device, &mut config, WDF_NO_OBJECT_ATTRIBUTES, &mut manual) }).unwrap();
    // SAFETY: the driver owns the request.
    check(unsafe { WdfRequestForwardToIoQueue(request, manual) }).unwrap();
    if both {
        complete(request, length);
    }
});

driver!(never_completes, |queue, request, length| {
    if !bad(request) {
        complete(request, length);
    }
});

driver!(information, |queue, request, length| {
    let more = usize::from(bad(request));
    complete(request, length + more);
});

driver!(wrong_handle, |queue, request, length| {
    if bad(request) {
        // SAFETY: a handle of another type, which the framework checks.
        unsafe { WdfIoQueueGetDevice(request.cast()) };
    } else {
        // SAFETY: a queue.
        unsafe { WdfIoQueueGetDevice(queue) };
    }
    complete(request, length);
});

driver!(null_handle, |queue, request, length| {
    let queue = if bad(request) { core::ptr::null_mut() } else { queue };
    // SAFETY: the framework checks the handle.
    unsafe { WdfIoQueueGetDevice(queue) };
    complete(request, length);
});

driver!(deleted_lock, |queue, request, length| {
    let mut lock = core::ptr::null_mut();
    // SAFETY: a place for the handle.
    check(unsafe { WdfSpinLockCreate(WDF_NO_OBJECT_ATTRIBUTES, &mut lock) }).unwrap();
    let after = bad(request);
    for round in 0..2 {
        if round == usize::from(!after) {
            // SAFETY: the lock exists in the first round.
            unsafe { WdfObjectDelete(lock.cast()) };
        } else {
            // SAFETY: in the second round of the bad run it does not exist any more.
            unsafe { WdfSpinLockAcquire(lock) };
            // SAFETY: acquired.
            unsafe { WdfSpinLockRelease(lock) };
        }
    }
    complete(request, length);
});

driver!(leaks_pool, |queue, request, length| {
    let leak = bad(request);
    // SAFETY: allocates nonpaged memory.
    let memory = unsafe { ExAllocatePool2(0x40, 100, u32::from_le_bytes(*b"Leak")) };
    assert!(!memory.is_null());
    if !leak {
        // SAFETY: allocated above.
        unsafe { ExFreePoolWithTag(memory, u32::from_le_bytes(*b"Leak")) };
    }
    complete(request, length);
});

driver!(frees_twice, |queue, request, length| {
    // SAFETY: allocates nonpaged memory.
    let memory = unsafe { ExAllocatePool2(0x40, 100, 1) };
    let twice = bad(request);
    // SAFETY: allocated above.
    unsafe { ExFreePoolWithTag(memory, 1) };
    if twice {
        // SAFETY: not allocated any more, which the pool checks.
        unsafe { ExFreePoolWithTag(memory, 1) };
    }
    complete(request, length);
});

driver!(leaks_reference, |queue, request, length| {
    let leak = bad(request);
    // SAFETY: the queue is alive.
    unsafe { WdfObjectReferenceActual(queue.cast(), core::ptr::null_mut(), 0, core::ptr::null()) };
    if !leak {
        // SAFETY: gives up the reference taken above.
        unsafe { WdfObjectDereferenceActual(queue.cast(), core::ptr::null_mut(), 0, core::ptr::null()) };
    }
    complete(request, length);
});

driver_with!(locks_twice, |config, attributes| {
    unsafe extern "C" fn write(queue: WDFQUEUE, request: WDFREQUEST, length: usize) {
        if bad(request) {
            // SAFETY: the handler runs under this lock already, which the framework finds.
            unsafe { WdfObjectAcquireLock(queue.cast()) };
        }
        complete(request, length);
    }
    config.EvtIoWrite = Some(write);
    attributes.SynchronizationScope = _WDF_SYNCHRONIZATION_SCOPE::WdfSynchronizationScopeQueue;
});

driver!(returns_raised, |queue, request, length| {
    let stay = bad(request);
    // SAFETY: raises from PASSIVE_LEVEL.
    let old = unsafe { KfRaiseIrql(2) };
    complete(request, length);
    if !stay {
        // SAFETY: back to what it was.
        unsafe { KeLowerIrql(old) };
    }
});

driver!(waits_at_dispatch, |queue, request, length| {
    let mut lock = core::ptr::null_mut();
    // SAFETY: a place for the handle.
    check(unsafe { WdfWaitLockCreate(WDF_NO_OBJECT_ATTRIBUTES, &mut lock) }).unwrap();
    let raise = bad(request);
    // SAFETY: raises from PASSIVE_LEVEL.
    let old = raise.then(|| unsafe { KfRaiseIrql(2) });
    // SAFETY: waits, which the bad run must not do at DISPATCH_LEVEL.
    check(unsafe { WdfWaitLockAcquire(lock, core::ptr::null_mut()) }).unwrap();
    // SAFETY: acquired.
    unsafe { WdfWaitLockRelease(lock) };
    if let Some(old) = old {
        // SAFETY: back to what it was.
        unsafe { KeLowerIrql(old) };
    }
    complete(request, length);
});

driver!(calls_too_high, |queue, request, length| {
    // The IRQL, and the table index of the function that is called there.
    let written = input(request);
    if let &[irql, low, high] = written {
        let index = usize::from(u16::from_le_bytes([low, high]));
        // SAFETY: the binding of the running driver.
        let binding = unsafe { &*binding::current() };
        // SAFETY: raises only.
        unsafe { KfRaiseIrql(irql) };
        // SAFETY: an index of KMDF's table.
        let function = unsafe { *binding.functions.wrapping_add(index) }.unwrap();
        // SAFETY: any function's pointer can be called with enough integer arguments in the C convention; the check
        // of the IRQL comes before any of them is looked at.
        let function = unsafe {
            core::mem::transmute::<
                unsafe extern "C" fn(),
                unsafe extern "C" fn(PWDF_DRIVER_GLOBALS, usize, usize, usize, usize, usize),
            >(function)
        };
        // SAFETY: as above.
        unsafe { function(binding.globals, 0, 0, 0, 0, 0) };
    }
    complete(request, length);
});

/// The drivers, by the names of their services.
#[cfg(not(linked))]
pub(crate) const ALL: &[(&str, binding::DriverEntry)] = &[
    ("completes_twice", completes_twice::entry),
    ("keeps_after_completion", keeps_after_completion::entry),
    ("forwards_and_completes", forwards_and_completes::entry),
    ("never_completes", never_completes::entry),
    ("information", information::entry),
    ("wrong_handle", wrong_handle::entry),
    ("null_handle", null_handle::entry),
    ("deleted_lock", deleted_lock::entry),
    ("leaks_pool", leaks_pool::entry),
    ("frees_twice", frees_twice::entry),
    ("leaks_reference", leaks_reference::entry),
    ("locks_twice", locks_twice::entry),
    ("returns_raised", returns_raised::entry),
    ("waits_at_dispatch", waits_at_dispatch::entry),
    ("calls_too_high", calls_too_high::entry),
];
