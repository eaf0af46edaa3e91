//! Each rule of the verifier with a driver that breaks it and a twin that does not. The twin differs in what the
//! application asks for, so that both are the same code up to the one mistake.

use std::cell::Cell;
use wdk_emulator::{Level, Machine, Result, Verdict};
use wdk_sys::ntddk::{ExAllocatePool2, ExFreePoolWithTag, KeLowerIrql, KfRaiseIrql};
use wdk_sys::*;
use wdk_tests::raw::check;
use wdk_tests::raw_driver;

const GOOD: &[u8] = b"good";
const BAD: &[u8] = b"bad!";

/// Loads a driver, opens `\\.\Rules`, writes, closes, removes and unloads: whatever stops it is the result.
fn scenario(driver: &'static DriverModule, what: &[u8]) -> Result {
    at_level(driver, what, Level::Standard)
}

fn at_level(driver: &'static DriverModule, what: &[u8], level: Level) -> Result {
    let machine = Machine::builder().verifier(level).build();
    let device = machine.load(driver)?.plug(r"ROOT\RULES")?;
    let file = machine.open(r"\\.\Rules")?;
    file.start_write(what)?.result().ok();
    file.close()?;
    device.remove()?;
    machine.finish()
}

use wdk_emulator::DriverModule;

/// The verdict on the driver when it misbehaves, after showing that it passes when it does not.
fn verdict(driver: &'static DriverModule) -> Box<Verdict> {
    scenario(driver, GOOD).expect("the twin keeps the rules");
    match scenario(driver, BAD) {
        Err(wdk_emulator::Error::Stopped(verdict)) => {
            let text = verdict.to_string();
            let rule = verdict.rule.expect("a rule was broken");
            // A verdict names rule, effect, cause or help, and the seed.
            for part in [rule.id, rule.means, rule.help, "effect:", "seed: 1"] {
                assert!(text.contains(part), "{part:?} is not in\n{text}");
            }
            verdict
        }
        other => panic!("expected a verdict, got {other:?}"),
    }
}

/// What the application wrote.
fn bad(request: WDFREQUEST) -> bool {
    let (mut buffer, mut size) = (std::ptr::null_mut(), 0);
    // SAFETY: called with a request that the driver owns.
    check(unsafe { WdfRequestRetrieveInputBuffer(request, 1, &mut buffer, &mut size) }).unwrap();
    // SAFETY: the buffer has that many bytes.
    let bytes = unsafe { std::slice::from_raw_parts(buffer.cast::<u8>(), size) };
    bytes == BAD
}

fn complete(request: WDFREQUEST, information: usize) {
    // SAFETY: some callers break the rules on purpose; the model checks.
    unsafe { WdfRequestCompleteWithInformation(request, STATUS_SUCCESS, information as ULONG_PTR) };
}

/// A driver with one EvtIoWrite.
macro_rules! write_driver {
    ($module:ident, |$queue:ident, $request:ident, $length:ident| $body:block) => {
        raw_driver!($module, "Rules", WdfIoQueueDispatchParallel, |config, attributes| {
            #[allow(unused_variables)]
            unsafe extern "C" fn write($queue: WDFQUEUE, $request: WDFREQUEST, $length: usize) $body
            config.EvtIoWrite = Some(write);
        });
    };
}

write_driver!(completes_twice, |queue, request, length| {
    let twice = bad(request);
    complete(request, length);
    if twice {
        complete(request, length);
    }
});

#[test]
fn completed_twice() {
    assert_eq!(verdict(&completes_twice::DRIVER).id(), "completed-twice");
    // Fatal on Windows without a verifier, so here, too.
    let error = at_level(&completes_twice::DRIVER, BAD, Level::Off).unwrap_err();
    assert_eq!(error.verdict().unwrap().id(), "completed-twice");
}

write_driver!(keeps_after_completion, |queue, request, length| {
    // A reference keeps the handle valid after completion.
    // SAFETY: the driver owns the request.
    unsafe { WdfObjectReferenceActual(request.cast(), std::ptr::null_mut(), 0, std::ptr::null()) };
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
    unsafe { WdfObjectDereferenceActual(request.cast(), std::ptr::null_mut(), 0, std::ptr::null()) };
});

#[test]
fn request_not_owned() {
    let verdict = verdict(&keeps_after_completion::DRIVER);
    assert!(matches!(verdict.id(), "request-not-owned" | "use-after-deletion"), "{verdict}");
}

write_driver!(forwards_and_completes, |queue, request, length| {
    let both = bad(request);
    // SAFETY: the queue presented this request.
    let device = unsafe { WdfIoQueueGetDevice(queue) };
    let mut config = WDF_IO_QUEUE_CONFIG::default();
    WDF_IO_QUEUE_CONFIG_INIT(&mut config, _WDF_IO_QUEUE_DISPATCH_TYPE::WdfIoQueueDispatchManual);
    let mut manual = std::ptr::null_mut();
    // SAFETY: a device and a place for the handle.
    check(unsafe { WdfIoQueueCreate(device, &mut config, WDF_NO_OBJECT_ATTRIBUTES, &mut manual) }).unwrap();
    // SAFETY: the driver owns the request.
    check(unsafe { WdfRequestForwardToIoQueue(request, manual) }).unwrap();
    if both {
        complete(request, length);
    }
});

#[test]
fn request_not_owned_after_forward() {
    assert_eq!(verdict(&forwards_and_completes::DRIVER).id(), "request-not-owned");
}

write_driver!(never_completes, |queue, request, length| {
    if !bad(request) {
        complete(request, length);
    }
});

#[test]
fn never_completed_at_removal() {
    let verdict = verdict(&never_completes::DRIVER);
    assert_eq!(verdict.id(), "never-completed");
    assert!(verdict.history.iter().any(|line| line.contains("given to the driver")), "{verdict}");
}

write_driver!(information, |queue, request, length| {
    let more = usize::from(bad(request));
    complete(request, length + more);
});

#[test]
fn invalid_information() {
    let verdict = verdict(&information::DRIVER);
    assert_eq!(verdict.id(), "invalid-information");
    assert!(verdict.effect.contains("Information 5, and its buffer has 4 bytes"), "{verdict}");
    // A check of the verifier only.
    at_level(&information::DRIVER, BAD, Level::Off).expect("not checked without a verifier");
}

write_driver!(wrong_handle, |queue, request, length| {
    if bad(request) {
        // SAFETY: a handle of another type, which the framework checks.
        unsafe { WdfIoQueueGetDevice(request.cast()) };
    } else {
        // SAFETY: a queue.
        unsafe { WdfIoQueueGetDevice(queue) };
    }
    complete(request, length);
});

#[test]
fn wrong_handle_type() {
    let verdict = verdict(&wrong_handle::DRIVER);
    assert_eq!(verdict.id(), "wrong-handle");
    assert!(verdict.effect.contains("wants a WDFQUEUE and was given a WDFREQUEST"), "{verdict}");
}

write_driver!(null_handle, |queue, request, length| {
    let queue = if bad(request) { std::ptr::null_mut() } else { queue };
    // SAFETY: the framework checks the handle.
    unsafe { WdfIoQueueGetDevice(queue) };
    complete(request, length);
});

#[test]
fn null_argument() {
    assert_eq!(verdict(&null_handle::DRIVER).id(), "null-argument");
}

write_driver!(deleted_lock, |queue, request, length| {
    let mut lock = std::ptr::null_mut();
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

#[test]
fn use_after_deletion() {
    let verdict = verdict(&deleted_lock::DRIVER);
    assert_eq!(verdict.id(), "use-after-deletion");
    assert!(verdict.effect.contains("`WdfSpinLockAcquire` was given WDFSPINLOCK"), "{verdict}");
}

write_driver!(leaks_pool, |queue, request, length| {
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

#[test]
fn pool_leak_at_unload() {
    let verdict = verdict(&leaks_pool::DRIVER);
    assert_eq!(verdict.id(), "pool-leak");
    assert!(verdict.cause.contains("tag 'Leak', 100 bytes"), "{verdict}");
}

write_driver!(frees_twice, |queue, request, length| {
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

#[test]
fn freed_twice() {
    assert_eq!(verdict(&frees_twice::DRIVER).id(), "bad-pool-free");
}

write_driver!(leaks_reference, |queue, request, length| {
    let leak = bad(request);
    // SAFETY: the queue is alive.
    unsafe { WdfObjectReferenceActual(queue.cast(), std::ptr::null_mut(), 0, std::ptr::null()) };
    if !leak {
        // SAFETY: gives up the reference taken above.
        unsafe { WdfObjectDereferenceActual(queue.cast(), std::ptr::null_mut(), 0, std::ptr::null()) };
    }
    complete(request, length);
});

#[test]
fn object_leak_at_unload() {
    let verdict = verdict(&leaks_reference::DRIVER);
    assert_eq!(verdict.id(), "object-leak");
    assert!(verdict.cause.contains("WDFQUEUE") && verdict.cause.contains("1 references"), "{verdict}");
}

raw_driver!(locks_twice, "Rules", WdfIoQueueDispatchParallel, |config, attributes| {
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

#[test]
fn presentation_lock_taken_twice() {
    assert_eq!(verdict(&locks_twice::DRIVER).id(), "recursive-lock");
}

write_driver!(returns_raised, |queue, request, length| {
    let stay = bad(request);
    // SAFETY: raises from PASSIVE_LEVEL.
    let old = unsafe { KfRaiseIrql(2) };
    complete(request, length);
    if !stay {
        // SAFETY: back to what it was.
        unsafe { KeLowerIrql(old) };
    }
});

#[test]
fn irql_not_restored() {
    assert_eq!(verdict(&returns_raised::DRIVER).id(), "irql-not-restored");
}

write_driver!(waits_at_dispatch, |queue, request, length| {
    let mut lock = std::ptr::null_mut();
    // SAFETY: a place for the handle.
    check(unsafe { WdfWaitLockCreate(WDF_NO_OBJECT_ATTRIBUTES, &mut lock) }).unwrap();
    let raise = bad(request);
    // SAFETY: raises from PASSIVE_LEVEL.
    let old = raise.then(|| unsafe { KfRaiseIrql(2) });
    // SAFETY: waits, which the bad run must not do at DISPATCH_LEVEL.
    check(unsafe { WdfWaitLockAcquire(lock, std::ptr::null_mut()) }).unwrap();
    // SAFETY: acquired.
    unsafe { WdfWaitLockRelease(lock) };
    if let Some(old) = old {
        // SAFETY: back to what it was.
        unsafe { KeLowerIrql(old) };
    }
    complete(request, length);
});

#[test]
fn waiting_at_dispatch() {
    let verdict = verdict(&waits_at_dispatch::DRIVER);
    assert_eq!(verdict.id(), "irql");
    assert!(verdict.effect.contains("because it may wait"), "{verdict}");
}

thread_local! {
    /// The table index that the driver below calls, and the IRQL at which it does.
    static TARGET: Cell<(usize, KIRQL)> = const { Cell::new((0, 0)) };
}

write_driver!(calls_too_high, |queue, request, length| {
    if bad(request) {
        let (index, irql) = TARGET.get();
        // SAFETY: the binding of the running driver.
        let binding = unsafe { &*linked::current() };
        // SAFETY: raises only.
        unsafe { KfRaiseIrql(irql) };
        // SAFETY: an index of KMDF's table.
        let function = unsafe { *binding.functions.wrapping_add(index) }.unwrap();
        // SAFETY: any function's pointer can be called with enough integer arguments in the C convention; the check
        // of the IRQL comes before any of them is looked at.
        let function = unsafe {
            std::mem::transmute::<
                unsafe extern "C" fn(),
                unsafe extern "C" fn(PWDF_DRIVER_GLOBALS, usize, usize, usize, usize, usize),
            >(function)
        };
        // SAFETY: as above.
        unsafe { function(binding.globals, 0, 0, 0, 0, 0) };
    }
    complete(request, length);
});

/// Every function of KMDF 1.15's table has its ceiling checked, straight from the statement.
#[test]
fn irql_above_the_ceiling_of_every_function() {
    scenario(&calls_too_high::DRIVER, GOOD).unwrap();
    let functions: Vec<_> = FUNCTIONS.iter().flat_map(|header| header.iter()).collect();
    let mut checked = 0;
    for function in functions {
        let Some((index, _)) = function.kmdf else { continue };
        // Callable at any IRQL, or newer than the test driver's target.
        if function.max_irql >= HIGH_LEVEL as KIRQL || index >= 444 {
            continue;
        }
        TARGET.set((index, function.max_irql + 1));
        let error = scenario(&calls_too_high::DRIVER, BAD).unwrap_err();
        let verdict = error.verdict().unwrap_or_else(|| panic!("{}: {error}", function.name));
        assert_eq!(verdict.id(), "irql", "{}: {verdict}", function.name);
        assert!(verdict.effect.contains(&format!("`{}`", function.name)), "{verdict}");
        checked += 1;
    }
    assert!(checked > 430, "{checked}");
}

/// Every rule has a name that is not used twice, says what to do, and is on the list.
#[test]
fn rules_are_distinct() {
    let rules = wdk_emulator::verifier::rules::ALL;
    for (index, rule) in rules.iter().enumerate() {
        assert!(!rule.means.is_empty() && !rule.help.is_empty() && !rule.microsoft.is_empty());
        assert!(rules[..index].iter().all(|other| other.id != rule.id), "{}", rule.id);
    }
}
