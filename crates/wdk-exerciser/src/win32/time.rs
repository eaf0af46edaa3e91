//! A clock that only goes forward.

use core::time::Duration;
use windows_sys::Win32::System::Performance::{QueryPerformanceCounter, QueryPerformanceFrequency};
use windows_sys::Win32::System::Threading::Sleep;

/// Time since some moment in the past.
pub fn now() -> Duration {
    let (mut count, mut frequency) = (0, 1);
    // SAFETY: writes a number.
    unsafe { QueryPerformanceFrequency(&mut frequency) };
    // SAFETY: writes a number.
    unsafe { QueryPerformanceCounter(&mut count) };
    let nanoseconds = i128::from(count) * 1_000_000_000 / i128::from(frequency.max(1));
    Duration::from_nanos(u64::try_from(nanoseconds).unwrap_or(0))
}

/// Waits. Less than a millisecond is waited busily, with the processor given away in between.
pub fn sleep(time: Duration) {
    let until = now() + time;
    if time >= Duration::from_millis(1) {
        // SAFETY: no preconditions.
        unsafe { Sleep(milliseconds(time)) };
    }
    while now() < until {
        // SAFETY: no preconditions.
        unsafe { Sleep(0) };
    }
}

/// A time as Windows takes it. The longest is a little less than "for ever".
pub(super) fn milliseconds(time: Duration) -> u32 {
    u32::try_from(time.as_nanos().div_ceil(1_000_000)).unwrap_or(u32::MAX).min(u32::MAX - 1)
}
