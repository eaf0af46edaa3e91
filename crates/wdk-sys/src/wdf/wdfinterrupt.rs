//! Interrupts.
//!
//! DDI header: `wdfinterrupt.h`.

use crate::declare::{c_enum, c_struct};
#[allow(unused_imports)]
use super::*;

c_enum! {
    /// `WDF_INTERRUPT_POLARITY`.
    enum _WDF_INTERRUPT_POLARITY as WDF_INTERRUPT_POLARITY, PWDF_INTERRUPT_POLARITY {
        WdfInterruptPolarityUnknown = 0,
        WdfInterruptActiveHigh = 1,
        WdfInterruptActiveLow = 2,
    }
}

c_enum! {
    /// `WDF_INTERRUPT_POLICY`.
    enum _WDF_INTERRUPT_POLICY as WDF_INTERRUPT_POLICY, PWDF_INTERRUPT_POLICY {
        WdfIrqPolicyMachineDefault = 0,
        WdfIrqPolicyAllCloseProcessors = 1,
        WdfIrqPolicyOneCloseProcessor = 2,
        WdfIrqPolicyAllProcessorsInMachine = 3,
        WdfIrqPolicySpecifiedProcessors = 4,
        WdfIrqPolicySpreadMessagesAcrossAllProcessors = 5,
    }
}

c_enum! {
    /// `WDF_INTERRUPT_PRIORITY`.
    enum _WDF_INTERRUPT_PRIORITY as WDF_INTERRUPT_PRIORITY, PWDF_INTERRUPT_PRIORITY {
        WdfIrqPriorityUndefined = 0,
        WdfIrqPriorityLow = 1,
        WdfIrqPriorityNormal = 2,
        WdfIrqPriorityHigh = 3,
    }
}

/// The callbacks of `wdfinterrupt.h`: `fn EVT_… as PFN_…(parameters) -> result { irql }`.
#[doc(hidden)]
#[macro_export]
macro_rules! wdfinterrupt_callbacks {
    ($($then:tt)+) => { $($then)+! {
        wdfinterrupt;
        fn EVT_WDF_INTERRUPT_ISR as PFN_WDF_INTERRUPT_ISR(
            Interrupt: WDFINTERRUPT,
            MessageID: ULONG,
        ) -> BOOLEAN { irql: PASSIVE_LEVEL ..= DIRQL; }
        fn EVT_WDF_INTERRUPT_SYNCHRONIZE as PFN_WDF_INTERRUPT_SYNCHRONIZE(
            Interrupt: WDFINTERRUPT,
            Context: WDFCONTEXT,
        ) -> BOOLEAN { irql: PASSIVE_LEVEL ..= DIRQL; }
        fn EVT_WDF_INTERRUPT_DPC as PFN_WDF_INTERRUPT_DPC(
            Interrupt: WDFINTERRUPT,
            AssociatedObject: WDFOBJECT,
        ) -> () { irql: DISPATCH_LEVEL ..= DISPATCH_LEVEL; }
        fn EVT_WDF_INTERRUPT_WORKITEM as PFN_WDF_INTERRUPT_WORKITEM(
            Interrupt: WDFINTERRUPT,
            AssociatedObject: WDFOBJECT,
        ) -> () { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
        fn EVT_WDF_INTERRUPT_ENABLE as PFN_WDF_INTERRUPT_ENABLE(
            Interrupt: WDFINTERRUPT,
            AssociatedDevice: WDFDEVICE,
        ) -> NTSTATUS { irql: PASSIVE_LEVEL ..= DIRQL; }
        fn EVT_WDF_INTERRUPT_DISABLE as PFN_WDF_INTERRUPT_DISABLE(
            Interrupt: WDFINTERRUPT,
            AssociatedDevice: WDFDEVICE,
        ) -> NTSTATUS { irql: PASSIVE_LEVEL ..= DIRQL; }
    } };
}
wdfinterrupt_callbacks!(crate::wdf::declare_callbacks);

c_struct! {
    /// `WDF_INTERRUPT_CONFIG`.
    struct _WDF_INTERRUPT_CONFIG as WDF_INTERRUPT_CONFIG, PWDF_INTERRUPT_CONFIG [104, 8] {
        Size: ULONG = 0,
        SpinLock: WDFSPINLOCK = 8,
        ShareVector: WDF_TRI_STATE = 16,
        FloatingSave: BOOLEAN = 20,
        AutomaticSerialization: BOOLEAN = 21,
        EvtInterruptIsr: PFN_WDF_INTERRUPT_ISR = 24,
        EvtInterruptDpc: PFN_WDF_INTERRUPT_DPC = 32,
        EvtInterruptEnable: PFN_WDF_INTERRUPT_ENABLE = 40,
        EvtInterruptDisable: PFN_WDF_INTERRUPT_DISABLE = 48,
        EvtInterruptWorkItem: PFN_WDF_INTERRUPT_WORKITEM = 56,
        InterruptRaw: PCM_PARTIAL_RESOURCE_DESCRIPTOR = 64,
        InterruptTranslated: PCM_PARTIAL_RESOURCE_DESCRIPTOR = 72,
        WaitLock: WDFWAITLOCK = 80,
        PassiveHandling: BOOLEAN = 88,
        ReportInactiveOnPowerDown: WDF_TRI_STATE = 92,
        CanWakeDevice: BOOLEAN = 96,
    }
}

c_struct! {
    /// `WDF_INTERRUPT_INFO`.
    struct _WDF_INTERRUPT_INFO as WDF_INTERRUPT_INFO, PWDF_INTERRUPT_INFO [64, 8] {
        Size: ULONG = 0,
        Reserved1: ULONG64 = 8,
        TargetProcessorSet: KAFFINITY = 16,
        Reserved2: ULONG = 24,
        MessageNumber: ULONG = 28,
        Vector: ULONG = 32,
        Irql: KIRQL = 36,
        Mode: KINTERRUPT_MODE = 40,
        Polarity: WDF_INTERRUPT_POLARITY = 44,
        MessageSignaled: BOOLEAN = 48,
        ShareDisposition: UCHAR = 49,
        /// Padding of `Group` to pointer alignment.
        __pad0: [u8; 6] = 50,
        Group: USHORT = 56,
    }
}

c_struct! {
    /// `WDF_INTERRUPT_EXTENDED_POLICY`.
    struct _WDF_INTERRUPT_EXTENDED_POLICY as WDF_INTERRUPT_EXTENDED_POLICY, PWDF_INTERRUPT_EXTENDED_POLICY [32, 8] {
        Size: ULONG = 0,
        Policy: WDF_INTERRUPT_POLICY = 4,
        Priority: WDF_INTERRUPT_PRIORITY = 8,
        TargetProcessorSetAndGroup: GROUP_AFFINITY = 16,
    }
}

/// The functions of `wdfinterrupt.h`.
#[doc(hidden)]
#[macro_export]
macro_rules! wdfinterrupt_functions {
    ($($then:tt)+) => { $($then)+! {
        wdfinterrupt;
        fn WdfInterruptCreate(
            Device: WDFDEVICE,
            Configuration: PWDF_INTERRUPT_CONFIG,
            Attributes: PWDF_OBJECT_ATTRIBUTES,
            Interrupt: *mut WDFINTERRUPT,
        ) -> NTSTATUS {
            kmdf: 141, 1.0; umdf: 72, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: Attributes; must_use;
        }
        fn WdfInterruptQueueDpcForIsr(Interrupt: WDFINTERRUPT) -> BOOLEAN {
            kmdf: 142, 1.0; umdf: 73, 2.0; irql: PASSIVE_LEVEL ..= DIRQL; optional: ;
        }
        fn WdfInterruptSynchronize(
            Interrupt: WDFINTERRUPT,
            Callback: PFN_WDF_INTERRUPT_SYNCHRONIZE,
            Context: WDFCONTEXT,
        ) -> BOOLEAN {
            kmdf: 143, 1.0; umdf: 75, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfInterruptAcquireLock(Interrupt: WDFINTERRUPT) -> () {
            kmdf: 144, 1.0; umdf: 76, 2.0; irql: PASSIVE_LEVEL ..= DIRQL; optional: ;
        }
        fn WdfInterruptReleaseLock(Interrupt: WDFINTERRUPT) -> () {
            kmdf: 145, 1.0; umdf: 77, 2.0; irql: PASSIVE_LEVEL ..= DIRQL; optional: ;
        }
        fn WdfInterruptEnable(Interrupt: WDFINTERRUPT) -> () {
            kmdf: 146, 1.0; umdf: 78, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ;
        }
        fn WdfInterruptDisable(Interrupt: WDFINTERRUPT) -> () {
            kmdf: 147, 1.0; umdf: 79, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ;
        }
        fn WdfInterruptWdmGetInterrupt(Interrupt: WDFINTERRUPT) -> PKINTERRUPT {
            kmdf: 148, 1.0; irql: PASSIVE_LEVEL ..= DIRQL; optional: ; must_use;
        }
        fn WdfInterruptGetInfo(Interrupt: WDFINTERRUPT, Info: PWDF_INTERRUPT_INFO) -> () {
            kmdf: 149, 1.0; umdf: 80, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfInterruptSetPolicy(
            Interrupt: WDFINTERRUPT,
            Policy: WDF_INTERRUPT_POLICY,
            Priority: WDF_INTERRUPT_PRIORITY,
            TargetProcessorSet: KAFFINITY,
        ) -> () {
            kmdf: 150, 1.0; umdf: 81, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfInterruptGetDevice(Interrupt: WDFINTERRUPT) -> WDFDEVICE {
            kmdf: 151, 1.0; umdf: 83, 2.0; irql: PASSIVE_LEVEL ..= DIRQL; optional: ;
        }
        fn WdfInterruptSetExtendedPolicy(
            Interrupt: WDFINTERRUPT,
            PolicyAndGroup: PWDF_INTERRUPT_EXTENDED_POLICY,
        ) -> () {
            kmdf: 389, 1.9; umdf: 82, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfInterruptQueueWorkItemForIsr(Interrupt: WDFINTERRUPT) -> BOOLEAN {
            kmdf: 416, 1.11; umdf: 74, 2.0; irql: PASSIVE_LEVEL ..= DIRQL; optional: ;
        }
        fn WdfInterruptTryToAcquireLock(Interrupt: WDFINTERRUPT) -> BOOLEAN {
            kmdf: 417, 1.11; umdf: 84, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ; must_use;
        }
        fn WdfInterruptReportActive(Interrupt: WDFINTERRUPT) -> () {
            kmdf: 428, 1.11; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfInterruptReportInactive(Interrupt: WDFINTERRUPT) -> () {
            kmdf: 429, 1.11; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
    } };
}
wdfinterrupt_functions!(crate::wdf::declare_functions);

/// Initialises a [`WDF_INTERRUPT_CONFIG`] as the C function of that name does.
pub fn WDF_INTERRUPT_CONFIG_INIT(
    Configuration: &mut WDF_INTERRUPT_CONFIG,
    EvtInterruptIsr: PFN_WDF_INTERRUPT_ISR,
    EvtInterruptDpc: PFN_WDF_INTERRUPT_DPC,
) {
    *Configuration = WDF_INTERRUPT_CONFIG::default();
    Configuration.Size = structure_size::<WDF_INTERRUPT_CONFIG>();
    Configuration.ShareVector = _WDF_TRI_STATE::WdfUseDefault;
    Configuration.EvtInterruptIsr = EvtInterruptIsr;
    Configuration.EvtInterruptDpc = EvtInterruptDpc;
    Configuration.ReportInactiveOnPowerDown = _WDF_TRI_STATE::WdfUseDefault;
}

/// Initialises a [`WDF_INTERRUPT_INFO`] as the C function of that name does.
pub fn WDF_INTERRUPT_INFO_INIT(Info: &mut WDF_INTERRUPT_INFO) {
    *Info = WDF_INTERRUPT_INFO::default();
    Info.Size = structure_size::<WDF_INTERRUPT_INFO>();
}

/// Initialises a [`WDF_INTERRUPT_EXTENDED_POLICY`] as the C function of that name does.
pub fn WDF_INTERRUPT_EXTENDED_POLICY_INIT(ExtendedPolicy: &mut WDF_INTERRUPT_EXTENDED_POLICY) {
    *ExtendedPolicy = WDF_INTERRUPT_EXTENDED_POLICY::default();
    ExtendedPolicy.Size = structure_size::<WDF_INTERRUPT_EXTENDED_POLICY>();
    ExtendedPolicy.Policy = _WDF_INTERRUPT_POLICY::WdfIrqPolicyMachineDefault;
    ExtendedPolicy.Priority = _WDF_INTERRUPT_PRIORITY::WdfIrqPriorityUndefined;
}
