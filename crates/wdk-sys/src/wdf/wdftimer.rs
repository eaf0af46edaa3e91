//! Timers.
//!
//! DDI header: `wdftimer.h`.

use crate::declare::c_struct;
#[allow(unused_imports)]
use super::*;

/// `TolerableDelayUnlimited`.
pub const TolerableDelayUnlimited: ULONG = 0xffffffff;

/// The callbacks of `wdftimer.h`: `fn EVT_… as PFN_…(parameters) -> result { irql }`.
#[doc(hidden)]
#[macro_export]
macro_rules! wdftimer_callbacks {
    ($($then:tt)+) => { $($then)+! {
        wdftimer;
        fn EVT_WDF_TIMER as PFN_WDF_TIMER(
            Timer: WDFTIMER,
        ) -> () { irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; }
    } };
}
wdftimer_callbacks!(crate::wdf::declare_callbacks);

c_struct! {
    /// `WDF_TIMER_CONFIG`.
    struct _WDF_TIMER_CONFIG as WDF_TIMER_CONFIG, PWDF_TIMER_CONFIG [40, 8] {
        Size: ULONG = 0,
        EvtTimerFunc: PFN_WDF_TIMER = 8,
        Period: ULONG = 16,
        AutomaticSerialization: BOOLEAN = 20,
        TolerableDelay: ULONG = 24,
        /// Padding of `UseHighResolutionTimer` to pointer alignment.
        __pad0: [u8; 4] = 28,
        UseHighResolutionTimer: BOOLEAN = 32,
    }
}

/// The functions of `wdftimer.h`.
#[doc(hidden)]
#[macro_export]
macro_rules! wdftimer_functions {
    ($($then:tt)+) => { $($then)+! {
        wdftimer;
        fn WdfTimerCreate(
            Config: PWDF_TIMER_CONFIG,
            Attributes: PWDF_OBJECT_ATTRIBUTES,
            Timer: *mut WDFTIMER,
        ) -> NTSTATUS {
            kmdf: 318, 1.0; umdf: 198, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; must_use;
        }
        fn WdfTimerStart(Timer: WDFTIMER, DueTime: LONGLONG) -> BOOLEAN {
            kmdf: 319, 1.0; umdf: 199, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        /// `PASSIVE_LEVEL` and below when `Wait == __true`.
        fn WdfTimerStop(Timer: WDFTIMER, Wait: BOOLEAN) -> BOOLEAN {
            kmdf: 320, 1.0; umdf: 200, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; strict: PASSIVE_LEVEL;
        }
        fn WdfTimerGetParentObject(Timer: WDFTIMER) -> WDFOBJECT {
            kmdf: 321, 1.0; umdf: 201, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
    } };
}
wdftimer_functions!(crate::wdf::declare_functions);

/// Initialises a [`WDF_TIMER_CONFIG`] as the C function of that name does.
pub fn WDF_TIMER_CONFIG_INIT(Config: &mut WDF_TIMER_CONFIG, EvtTimerFunc: PFN_WDF_TIMER) {
    *Config = WDF_TIMER_CONFIG::default();
    Config.Size = structure_size::<WDF_TIMER_CONFIG>();
    Config.EvtTimerFunc = EvtTimerFunc;
    Config.Period = 0;
    Config.AutomaticSerialization = TRUE as BOOLEAN;
    Config.TolerableDelay = 0;
}

/// Initialises a [`WDF_TIMER_CONFIG`] as the C function of that name does.
pub fn WDF_TIMER_CONFIG_INIT_PERIODIC(
    Config: &mut WDF_TIMER_CONFIG,
    EvtTimerFunc: PFN_WDF_TIMER,
    Period: LONG,
) {
    *Config = WDF_TIMER_CONFIG::default();
    Config.Size = structure_size::<WDF_TIMER_CONFIG>();
    Config.EvtTimerFunc = EvtTimerFunc;
    Config.Period = Period as ULONG;
    Config.AutomaticSerialization = TRUE as BOOLEAN;
    Config.TolerableDelay = 0;
}
