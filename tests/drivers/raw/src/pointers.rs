//! A driver that passes pointers to functions: which, a program writes, and whether there is memory behind them.

use crate::plumbing::{attributes, check};
use wdk_sys::ntddk::{
    DbgPrint, ExAllocatePool2, ExFreePoolWithTag, KeAcquireSpinLockRaiseToDpc, KeReleaseSpinLock,
};
use wdk_sys::*;

crate::raw_entry!("Pointers", WdfIoQueueDispatchSequential, |config, attributes| {
    config.EvtIoWrite = Some(write);
});

#[cfg(linked)]
wdk_sys::driver_module!(pub DRIVER = entry);

/// The driver, by the name of its service.
#[cfg(not(linked))]
pub(crate) const ALL: &[(&str, binding::DriverEntry)] = &[("pointers", entry)];

/// What a program writes for a pointer with memory behind it, and what for one without.
pub const GOOD: u8 = b'+';
/// See [`GOOD`].
pub const BAD: u8 = b'-';

/// An address of the system's that no linker and no allocator gives out.
pub const NOWHERE: usize = 0xFFFF_9000_DEAD_0000;

/// Attributes that are gone when the driver is initialised.
#[cfg_attr(not(linked), unsafe(link_section = "INIT"))]
static mut INITIAL: WDF_OBJECT_ATTRIBUTES = at_rest();
/// Attributes that stay.
static mut LASTING: WDF_OBJECT_ATTRIBUTES = at_rest();
/// A place in memory that cannot be written.
static CONSTANT: usize = 7;

/// What `WDF_OBJECT_ATTRIBUTES_INIT` makes.
const fn at_rest() -> WDF_OBJECT_ATTRIBUTES {
    WDF_OBJECT_ATTRIBUTES {
        Size: size_of::<WDF_OBJECT_ATTRIBUTES>() as ULONG,
        EvtCleanupCallback: None,
        EvtDestroyCallback: None,
        ExecutionLevel: _WDF_EXECUTION_LEVEL::WdfExecutionLevelInheritFromParent,
        SynchronizationScope: _WDF_SYNCHRONIZATION_SCOPE::WdfSynchronizationScopeInheritFromParent,
        ParentObject: core::ptr::null_mut(),
        ContextSizeOverride: 0,
        ContextTypeInfo: core::ptr::null(),
    }
}

/// A pointer that leads nowhere in a bad run.
fn choose<T>(good: *mut T, bad: bool) -> *mut T {
    if bad { core::ptr::without_provenance_mut(NOWHERE) } else { good }
}

/// Creates a lock with these attributes and deletes it.
fn create(attributes: PWDF_OBJECT_ATTRIBUTES, place: *mut WDFSPINLOCK) {
    // SAFETY: in a good run both are valid; in a bad one the model finds that one is not.
    check(unsafe { WdfSpinLockCreate(attributes, place) }).unwrap();
    // SAFETY: the handle was written there.
    let lock = unsafe { *place };
    // SAFETY: created.
    unsafe { WdfObjectDelete(lock.cast()) };
}

unsafe extern "C" fn write(queue: WDFQUEUE, request: WDFREQUEST, length: usize) {
    let (mut buffer, mut size) = (core::ptr::null_mut(), 0);
    // SAFETY: the framework gave this driver the request.
    check(unsafe { WdfRequestRetrieveInputBuffer(request, 1, &mut buffer, &mut size) }).unwrap();
    // SAFETY: the buffer has that many bytes.
    let bytes = unsafe { core::slice::from_raw_parts(buffer.cast::<u8>(), size) };
    let [which @ .., good] = bytes else { unreachable!("one byte at least") };
    pass(which, *good == BAD, queue);
    // SAFETY: the driver owns the request.
    unsafe { WdfRequestCompleteWithInformation(request, STATUS_SUCCESS, length as ULONG_PTR) };
}

fn pass(which: &[u8], bad: bool, queue: WDFQUEUE) {
    let mut lock = core::ptr::null_mut();
    let mut own = attributes();
    match which {
        b"argument" => create(choose(&mut own, bad), &mut lock),
        b"member" => {
            let info = WDF_OBJECT_CONTEXT_TYPE_INFO {
                Size: size_of::<WDF_OBJECT_CONTEXT_TYPE_INFO>() as ULONG,
                ContextName: c"Context".as_ptr().cast(),
                ContextSize: 8,
                ..WDF_OBJECT_CONTEXT_TYPE_INFO::default()
            };
            own.ContextTypeInfo = choose((&raw const info).cast_mut(), bad);
            create(&mut own, &mut lock);
        }
        b"odd" => {
            let mut bytes = [0_u64; 8];
            let place = bytes.as_mut_ptr().cast::<u8>().wrapping_add(usize::from(bad));
            // SAFETY: the buffer has room for the attributes and one byte more.
            unsafe { place.cast::<WDF_OBJECT_ATTRIBUTES>().write_unaligned(own) };
            create(place.cast(), &mut lock);
        }
        b"string" => {
            let mut units = [0_u16; 13];
            for (to, from) in units.iter_mut().zip(r"\DosDevices\2".encode_utf16()) {
                *to = from;
            }
            let buffer = choose(units.as_mut_ptr(), bad);
            let name = UNICODE_STRING { Length: 26, MaximumLength: 26, Buffer: buffer };
            // SAFETY: the queue presented a request.
            let device = unsafe { WdfIoQueueGetDevice(queue) };
            // SAFETY: as in `create`.
            check(unsafe { WdfDeviceCreateSymbolicLink(device, &name) }).unwrap();
        }
        b"result" => {
            let constant = (&raw const CONSTANT).cast_mut().cast();
            create(&mut own, if bad { constant } else { &mut lock });
        }
        b"kernel" => {
            let mut lock: KSPIN_LOCK = 0;
            let lock = choose(&mut lock, bad);
            // SAFETY: as in `create`.
            let old = unsafe { KeAcquireSpinLockRaiseToDpc(lock) };
            // SAFETY: acquired.
            unsafe { KeReleaseSpinLock(lock, old) };
        }
        b"print" => {
            let text = choose(c"text".as_ptr().cast_mut(), bad);
            // SAFETY: as in `create`.
            unsafe { DbgPrint(c"%s\n".as_ptr(), text) };
        }
        b"freed" | b"short" => {
            let size = size_of::<WDF_OBJECT_ATTRIBUTES>() - usize::from(which == b"short" && bad) * 16;
            // SAFETY: allocates nonpaged memory.
            let block = unsafe { ExAllocatePool2(0x40, size as SIZE_T, 1) };
            let memory = block.cast::<u8>();
            // SAFETY: that many bytes are there, and the attributes have as many or more.
            unsafe { memory.copy_from((&raw const own).cast(), size) };
            // SAFETY: allocated above.
            let free = || unsafe { ExFreePoolWithTag(block, 1) };
            let early = which == b"freed" && bad;
            if early {
                free();
            }
            create(block.cast(), &mut lock);
            if !early {
                free();
            }
        }
        b"discarded" => create(if bad { &raw mut INITIAL } else { &raw mut LASTING }, &mut lock),
        _ => unreachable!("one of the above"),
    }
}
