//! Uses the crates, so that their generic code is compiled too.

#![no_std]

use wdk_mutex::errors::DriverMutexError;
use wdk_mutex::fast_mutex::FastMutex;
use wdk_mutex::grt::Grt;
use wdk_mutex::kmutex::KMutex;

/// Counts under both kinds of mutex.
pub fn count(kernel: &KMutex<u32>, fast: &FastMutex<u64>) -> Result<u64, DriverMutexError> {
    *kernel.lock()? += 1;
    let mut guard = fast.lock()?;
    *guard += 1;
    Ok(*guard)
}

/// A mutex in the registry of mutexes.
pub fn register() -> bool {
    Grt::init().is_ok() && Grt::register_fast_mutex("compat", 0_u32).is_ok()
}
