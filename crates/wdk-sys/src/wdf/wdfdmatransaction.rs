//! DMA transactions.
//!
//! DDI header: `wdfdmatransaction.h`.

#[allow(unused_imports)]
use super::*;

/// The callbacks of `wdfdmatransaction.h`: `fn EVT_… as PFN_…(parameters) -> result { irql }`.
#[doc(hidden)]
#[macro_export]
macro_rules! wdfdmatransaction_callbacks {
    ($($then:tt)+) => { $($then)+! {
        wdfdmatransaction;
        fn EVT_WDF_PROGRAM_DMA as PFN_WDF_PROGRAM_DMA(
            Transaction: WDFDMATRANSACTION,
            Device: WDFDEVICE,
            Context: WDFCONTEXT,
            Direction: WDF_DMA_DIRECTION,
            SgList: PSCATTER_GATHER_LIST,
        ) -> BOOLEAN { irql: DISPATCH_LEVEL ..= DISPATCH_LEVEL; }
        fn EVT_WDF_DMA_TRANSACTION_CONFIGURE_DMA_CHANNEL as PFN_WDF_DMA_TRANSACTION_CONFIGURE_DMA_CHANNEL(
            DmaTransaction: WDFDMATRANSACTION,
            Device: WDFDEVICE,
            Context: PVOID,
            Mdl: PMDL,
            Offset: usize,
            Length: usize,
        ) -> BOOLEAN { irql: DISPATCH_LEVEL ..= DISPATCH_LEVEL; }
        fn EVT_WDF_DMA_TRANSACTION_DMA_TRANSFER_COMPLETE as PFN_WDF_DMA_TRANSACTION_DMA_TRANSFER_COMPLETE(
            Transaction: WDFDMATRANSACTION,
            Device: WDFDEVICE,
            Context: WDFCONTEXT,
            Direction: WDF_DMA_DIRECTION,
            Status: DMA_COMPLETION_STATUS,
        ) -> () { irql: DISPATCH_LEVEL ..= DISPATCH_LEVEL; }
        fn EVT_WDF_RESERVE_DMA as PFN_WDF_RESERVE_DMA(
            DmaTransaction: WDFDMATRANSACTION,
            Context: PVOID,
        ) -> () { irql: DISPATCH_LEVEL ..= DISPATCH_LEVEL; }
    } };
}
wdfdmatransaction_callbacks!(crate::wdf::declare_callbacks);

/// The functions of `wdfdmatransaction.h`.
#[doc(hidden)]
#[macro_export]
macro_rules! wdfdmatransaction_functions {
    ($($then:tt)+) => { $($then)+! {
        wdfdmatransaction;
        fn WdfDmaTransactionCreate(
            DmaEnabler: WDFDMAENABLER,
            Attributes: PWDF_OBJECT_ATTRIBUTES,
            DmaTransaction: *mut WDFDMATRANSACTION,
        ) -> NTSTATUS {
            kmdf: 98, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: Attributes; must_use;
        }
        fn WdfDmaTransactionInitialize(
            DmaTransaction: WDFDMATRANSACTION,
            EvtProgramDmaFunction: PFN_WDF_PROGRAM_DMA,
            DmaDirection: WDF_DMA_DIRECTION,
            Mdl: PMDL,
            VirtualAddress: PVOID,
            Length: usize,
        ) -> NTSTATUS {
            kmdf: 99, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; must_use;
        }
        fn WdfDmaTransactionInitializeUsingRequest(
            DmaTransaction: WDFDMATRANSACTION,
            Request: WDFREQUEST,
            EvtProgramDmaFunction: PFN_WDF_PROGRAM_DMA,
            DmaDirection: WDF_DMA_DIRECTION,
        ) -> NTSTATUS {
            kmdf: 100, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; must_use;
        }
        fn WdfDmaTransactionExecute(
            DmaTransaction: WDFDMATRANSACTION,
            Context: WDFCONTEXT,
        ) -> NTSTATUS {
            kmdf: 101, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: Context; must_use;
        }
        fn WdfDmaTransactionRelease(DmaTransaction: WDFDMATRANSACTION) -> NTSTATUS {
            kmdf: 102, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDmaTransactionDmaCompleted(
            DmaTransaction: WDFDMATRANSACTION,
            Status: *mut NTSTATUS,
        ) -> BOOLEAN {
            kmdf: 103, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDmaTransactionDmaCompletedWithLength(
            DmaTransaction: WDFDMATRANSACTION,
            TransferredLength: usize,
            Status: *mut NTSTATUS,
        ) -> BOOLEAN {
            kmdf: 104, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDmaTransactionDmaCompletedFinal(
            DmaTransaction: WDFDMATRANSACTION,
            FinalTransferredLength: usize,
            Status: *mut NTSTATUS,
        ) -> BOOLEAN {
            kmdf: 105, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDmaTransactionGetBytesTransferred(DmaTransaction: WDFDMATRANSACTION) -> usize {
            kmdf: 106, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDmaTransactionSetMaximumLength(
            DmaTransaction: WDFDMATRANSACTION,
            MaximumLength: usize,
        ) -> () {
            kmdf: 107, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDmaTransactionGetRequest(DmaTransaction: WDFDMATRANSACTION) -> WDFREQUEST {
            kmdf: 108, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDmaTransactionGetCurrentDmaTransferLength(DmaTransaction: WDFDMATRANSACTION) -> usize {
            kmdf: 109, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDmaTransactionGetDevice(DmaTransaction: WDFDMATRANSACTION) -> WDFDEVICE {
            kmdf: 110, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDmaTransactionInitializeUsingOffset(
            DmaTransaction: WDFDMATRANSACTION,
            EvtProgramDmaFunction: PFN_WDF_PROGRAM_DMA,
            DmaDirection: WDF_DMA_DIRECTION,
            Mdl: PMDL,
            Offset: usize,
            Length: usize,
        ) -> NTSTATUS {
            kmdf: 406, 1.11; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; must_use;
        }
        fn WdfDmaTransactionGetTransferInfo(
            DmaTransaction: WDFDMATRANSACTION,
            MapRegisterCount: *mut ULONG,
            ScatterGatherElementCount: *mut ULONG,
        ) -> () {
            kmdf: 407, 1.11; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: MapRegisterCount, ScatterGatherElementCount;
        }
        fn WdfDmaTransactionSetChannelConfigurationCallback(
            DmaTransaction: WDFDMATRANSACTION,
            ConfigureRoutine: PFN_WDF_DMA_TRANSACTION_CONFIGURE_DMA_CHANNEL,
            ConfigureContext: PVOID,
        ) -> () {
            kmdf: 408, 1.11; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ConfigureRoutine, ConfigureContext;
        }
        fn WdfDmaTransactionSetTransferCompleteCallback(
            DmaTransaction: WDFDMATRANSACTION,
            DmaCompletionRoutine: PFN_WDF_DMA_TRANSACTION_DMA_TRANSFER_COMPLETE,
            DmaCompletionContext: PVOID,
        ) -> () {
            kmdf: 409, 1.11; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: DmaCompletionRoutine, DmaCompletionContext;
        }
        fn WdfDmaTransactionSetImmediateExecution(
            DmaTransaction: WDFDMATRANSACTION,
            UseImmediateExecution: BOOLEAN,
        ) -> () {
            kmdf: 410, 1.11; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDmaTransactionAllocateResources(
            DmaTransaction: WDFDMATRANSACTION,
            DmaDirection: WDF_DMA_DIRECTION,
            RequiredMapRegisters: ULONG,
            EvtReserveDmaFunction: PFN_WDF_RESERVE_DMA,
            EvtReserveDmaContext: PVOID,
        ) -> NTSTATUS {
            kmdf: 411, 1.11; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDmaTransactionSetDeviceAddressOffset(
            DmaTransaction: WDFDMATRANSACTION,
            Offset: ULONG,
        ) -> () {
            kmdf: 412, 1.11; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDmaTransactionFreeResources(DmaTransaction: WDFDMATRANSACTION) -> () {
            kmdf: 413, 1.11; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDmaTransactionCancel(DmaTransaction: WDFDMATRANSACTION) -> BOOLEAN {
            kmdf: 414, 1.11; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDmaTransactionWdmGetTransferContext(DmaTransaction: WDFDMATRANSACTION) -> PVOID {
            kmdf: 415, 1.11; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDmaTransactionStopSystemTransfer(DmaTransaction: WDFDMATRANSACTION) -> () {
            kmdf: 426, 1.11; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDmaTransactionSetSingleTransferRequirement(
            DmaTransaction: WDFDMATRANSACTION,
            RequireSingleTransfer: BOOLEAN,
        ) -> () {
            kmdf: 444, 1.19; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
    } };
}
wdfdmatransaction_functions!(crate::wdf::declare_functions);

