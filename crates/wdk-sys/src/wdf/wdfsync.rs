//! Spin locks and wait locks.
//!
//! DDI header: `wdfsync.h`.

#[allow(unused_imports)]
use super::*;

/// The functions of `wdfsync.h`.
#[doc(hidden)]
#[macro_export]
macro_rules! wdfsync_functions {
    ($($then:tt)+) => { $($then)+! {
        wdfsync;
        fn WdfObjectAcquireLock(Object: WDFOBJECT) -> () {
            kmdf: 310, 1.0; umdf: 190, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfObjectReleaseLock(Object: WDFOBJECT) -> () {
            kmdf: 311, 1.0; umdf: 191, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfWaitLockCreate(
            LockAttributes: PWDF_OBJECT_ATTRIBUTES,
            Lock: *mut WDFWAITLOCK,
        ) -> NTSTATUS {
            kmdf: 312, 1.0; umdf: 192, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: LockAttributes; must_use;
        }
        /// `PASSIVE_LEVEL` and below when `Timeout == NULL`.
        /// `PASSIVE_LEVEL` and below when `Timeout != NULL && *Timeout != 0`.
        fn WdfWaitLockAcquire(Lock: WDFWAITLOCK, Timeout: PLONGLONG) -> NTSTATUS {
            kmdf: 313, 1.0; umdf: 193, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: Timeout; strict: PASSIVE_LEVEL;
        }
        fn WdfWaitLockRelease(Lock: WDFWAITLOCK) -> () {
            kmdf: 314, 1.0; umdf: 194, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfSpinLockCreate(
            SpinLockAttributes: PWDF_OBJECT_ATTRIBUTES,
            SpinLock: *mut WDFSPINLOCK,
        ) -> NTSTATUS {
            kmdf: 315, 1.0; umdf: 195, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: SpinLockAttributes; must_use;
        }
        fn WdfSpinLockAcquire(SpinLock: WDFSPINLOCK) -> () {
            kmdf: 316, 1.0; umdf: 196, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfSpinLockRelease(SpinLock: WDFSPINLOCK) -> () {
            kmdf: 317, 1.0; umdf: 197, 2.0; irql: DISPATCH_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
    } };
}
wdfsync_functions!(crate::wdf::declare_functions);

