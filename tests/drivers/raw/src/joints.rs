//! A driver that does what a program writes: prints, panics, stops the system, overflows its stack and more.

use wdk_sys::ntddk::{DbgPrint, KeBugCheckEx};
use wdk_sys::*;

crate::raw_entry!("Joints", WdfIoQueueDispatchSequential, |config, attributes| {
    config.EvtIoWrite = Some(write);
});

#[cfg(linked)]
wdk_sys::driver_module!(pub DRIVER = entry);

/// The driver, by the name of its service.
#[cfg(not(linked))]
pub(crate) const ALL: &[(&str, binding::DriverEntry)] = &[("joints", entry)];

unsafe extern "C" fn write(_queue: WDFQUEUE, request: WDFREQUEST, length: usize) {
    let mut buffer = core::ptr::null_mut();
    let mut size = 0;
    // SAFETY: the framework gave this driver the request.
    let status = unsafe { WdfRequestRetrieveInputBuffer(request, 1, &mut buffer, &mut size) };
    assert!(NT_SUCCESS(status) && size == length);
    // SAFETY: the buffer has that many bytes.
    let bytes = unsafe { core::slice::from_raw_parts(buffer.cast::<u8>(), size) };
    match bytes {
        b"print" => {
            let format = c"%s: %d, %I64x, '%5u', %c, %ws, %%\n";
            let wide = ['w', 'i', 'd', 'e', '\0'].map(|letter| letter as u16);
            // SAFETY: the arguments are what the format asks for.
            unsafe {
                DbgPrint(
                    format.as_ptr(),
                    c"text".as_ptr(),
                    -5_i32,
                    0xDEAD_BEEF_CAFE_u64,
                    42_u32,
                    i32::from(b'x'),
                    wide.as_ptr(),
                )
            };
        }
        b"panic" => luckless(),
        b"bug check" => {
            // SAFETY: ends the run.
            unsafe { KeBugCheckEx(0xE2, 1, 2, 3, 4) };
        }
        b"overflow" => {
            core::hint::black_box(overflow(1));
        }
        b"null" => {
            // SAFETY: not safe at all, which is the point.
            unsafe { core::ptr::null_mut::<u32>().write_volatile(1) };
        }
        b"unmodelled" => {
            // SAFETY: has no model, so nothing happens.
            unsafe { WdfRequestGetCompletionParams(request, core::ptr::dangling_mut()) };
        }
        _ => {}
    }
    // SAFETY: the driver owns the request.
    unsafe { WdfRequestCompleteWithInformation(request, STATUS_SUCCESS, length as ULONG_PTR) };
}

/// Panics. The framework's callbacks must not unwind, so a linked driver stops on the way.
fn luckless() {
    #[cfg(linked)]
    linked::guard(|| panic!("no {} today", "luck"));
    #[cfg(not(linked))]
    panic!("no {} today", "luck");
}

/// Never comes back, in frames of a kilobyte.
#[allow(unconditional_recursion)]
fn overflow(depth: u64) -> u64 {
    let frame = core::hint::black_box([depth; 128]);
    overflow(depth + 1) + frame[depth as usize % 128]
}
