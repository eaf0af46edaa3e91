//! Every size, alignment and offset that the C compiler gives the structures of WDF on x64, once more and apart
//! from the statements: nested members included.

use super::*;
use core::mem::offset_of;

macro_rules! layout {
    ($( $ty:ident [$size:literal, $align:literal] { $( $($member:ident).+ = $offset:literal ),* $(,)? } )*) => {
        $( const _: () = {
            assert!(size_of::<$ty>() == $size);
            assert!(align_of::<$ty>() == $align);
            $( assert!(offset_of!($ty, $($member).+) == $offset); )*
        }; )*

        /// How many structures and members are proved.
        #[cfg(test)]
        pub(crate) const PROVED: (usize, usize) = (
            [$( stringify!($ty) ),*].len(),
            0 $( + [$( stringify!($($member).+) ),*].len() )*,
        );
    };
}

layout! {
    WDF_DRIVER_GLOBALS [56, 8] {
        Driver = 0,
        DriverFlags = 8,
        DriverTag = 12,
        DriverName = 16,
        DisplaceDriverUnload = 48,
    }
    WDF_OBJECT_ATTRIBUTES [56, 8] {
        Size = 0,
        EvtCleanupCallback = 8,
        EvtDestroyCallback = 16,
        ExecutionLevel = 24,
        SynchronizationScope = 28,
        ParentObject = 32,
        ContextSizeOverride = 40,
        ContextTypeInfo = 48,
    }
    WDF_OBJECT_CONTEXT_TYPE_INFO [40, 8] {
        Size = 0,
        ContextName = 8,
        ContextSize = 16,
        UniqueType = 24,
        EvtDriverGetUniqueContextType = 32,
    }
    WDF_CUSTOM_TYPE_CONTEXT [16, 8] {
        Size = 0,
        Data = 8,
    }
    WDF_DRIVER_CONFIG [32, 8] {
        Size = 0,
        EvtDriverDeviceAdd = 8,
        EvtDriverUnload = 16,
        DriverInitFlags = 24,
        DriverPoolTag = 28,
    }
    WDF_DRIVER_VERSION_AVAILABLE_PARAMS [12, 4] {
        Size = 0,
        MajorVersion = 4,
        MinorVersion = 8,
    }
    WDF_QUERY_INTERFACE_CONFIG [48, 8] {
        Size = 0,
        Interface = 8,
        InterfaceType = 16,
        SendQueryToParentStack = 24,
        EvtDeviceProcessQueryInterfaceRequest = 32,
        ImportInterface = 40,
    }
    WDFMEMORY_OFFSET [16, 8] {
        BufferOffset = 0,
        BufferLength = 8,
    }
    WDF_MEMORY_DESCRIPTOR [24, 8] {
        Type = 0,
        u = 8,
        u.BufferType = 8,
        u.BufferType.Buffer = 8,
        u.BufferType.Length = 16,
        u.MdlType = 8,
        u.MdlType.Mdl = 8,
        u.MdlType.BufferLength = 16,
        u.HandleType = 8,
        u.HandleType.Memory = 8,
        u.HandleType.Offsets = 16,
    }
    WDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER [4, 4] {
        IdentificationDescriptionSize = 0,
    }
    WDF_CHILD_ADDRESS_DESCRIPTION_HEADER [4, 4] {
        AddressDescriptionSize = 0,
    }
    WDF_CHILD_RETRIEVE_INFO [40, 8] {
        Size = 0,
        IdentificationDescription = 8,
        AddressDescription = 16,
        Status = 24,
        EvtChildListIdentificationDescriptionCompare = 32,
    }
    WDF_CHILD_LIST_CONFIG [96, 8] {
        Size = 0,
        IdentificationDescriptionSize = 4,
        AddressDescriptionSize = 8,
        EvtChildListCreateDevice = 16,
        EvtChildListScanForChildren = 24,
        EvtChildListIdentificationDescriptionCopy = 32,
        EvtChildListIdentificationDescriptionDuplicate = 40,
        EvtChildListIdentificationDescriptionCleanup = 48,
        EvtChildListIdentificationDescriptionCompare = 56,
        EvtChildListAddressDescriptionCopy = 64,
        EvtChildListAddressDescriptionDuplicate = 72,
        EvtChildListAddressDescriptionCleanup = 80,
        EvtChildListDeviceReenumerated = 88,
    }
    WDF_CHILD_LIST_ITERATOR [40, 8] {
        Size = 0,
        Flags = 4,
        Reserved = 8,
    }
    WDF_FILEOBJECT_CONFIG [40, 8] {
        Size = 0,
        EvtDeviceFileCreate = 8,
        EvtFileClose = 16,
        EvtFileCleanup = 24,
        AutoForwardCleanupClose = 32,
        FileObjectClass = 36,
    }
    WDF_DEVICE_PNP_NOTIFICATION_DATA [12, 4] {
        Type = 0,
        Data = 4,
        Data.EnterState = 4,
        Data.EnterState.CurrentState = 4,
        Data.EnterState.NewState = 8,
        Data.PostProcessState = 4,
        Data.PostProcessState.CurrentState = 4,
        Data.LeaveState = 4,
        Data.LeaveState.CurrentState = 4,
        Data.LeaveState.NewState = 8,
    }
    WDF_DEVICE_POWER_NOTIFICATION_DATA [12, 4] {
        Type = 0,
        Data = 4,
        Data.EnterState = 4,
        Data.EnterState.CurrentState = 4,
        Data.EnterState.NewState = 8,
        Data.PostProcessState = 4,
        Data.PostProcessState.CurrentState = 4,
        Data.LeaveState = 4,
        Data.LeaveState.CurrentState = 4,
        Data.LeaveState.NewState = 8,
    }
    WDF_DEVICE_POWER_POLICY_NOTIFICATION_DATA [12, 4] {
        Type = 0,
        Data = 4,
        Data.EnterState = 4,
        Data.EnterState.CurrentState = 4,
        Data.EnterState.NewState = 8,
        Data.PostProcessState = 4,
        Data.PostProcessState.CurrentState = 4,
        Data.LeaveState = 4,
        Data.LeaveState.CurrentState = 4,
        Data.LeaveState.NewState = 8,
    }
    WDF_PNPPOWER_EVENT_CALLBACKS [144, 8] {
        Size = 0,
        EvtDeviceD0Entry = 8,
        EvtDeviceD0EntryPostInterruptsEnabled = 16,
        EvtDeviceD0Exit = 24,
        EvtDeviceD0ExitPreInterruptsDisabled = 32,
        EvtDevicePrepareHardware = 40,
        EvtDeviceReleaseHardware = 48,
        EvtDeviceSelfManagedIoCleanup = 56,
        EvtDeviceSelfManagedIoFlush = 64,
        EvtDeviceSelfManagedIoInit = 72,
        EvtDeviceSelfManagedIoSuspend = 80,
        EvtDeviceSelfManagedIoRestart = 88,
        EvtDeviceSurpriseRemoval = 96,
        EvtDeviceQueryRemove = 104,
        EvtDeviceQueryStop = 112,
        EvtDeviceUsageNotification = 120,
        EvtDeviceRelationsQuery = 128,
        EvtDeviceUsageNotificationEx = 136,
    }
    WDF_POWER_POLICY_EVENT_CALLBACKS [64, 8] {
        Size = 0,
        EvtDeviceArmWakeFromS0 = 8,
        EvtDeviceDisarmWakeFromS0 = 16,
        EvtDeviceWakeFromS0Triggered = 24,
        EvtDeviceArmWakeFromSx = 32,
        EvtDeviceDisarmWakeFromSx = 40,
        EvtDeviceWakeFromSxTriggered = 48,
        EvtDeviceArmWakeFromSxWithReason = 56,
    }
    WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS [36, 4] {
        Size = 0,
        IdleCaps = 4,
        DxState = 8,
        IdleTimeout = 12,
        UserControlOfIdleSettings = 16,
        Enabled = 20,
        PowerUpIdleDeviceOnSystemWake = 24,
        IdleTimeoutType = 28,
        ExcludeD3Cold = 32,
    }
    WDF_DEVICE_POWER_POLICY_WAKE_SETTINGS [20, 4] {
        Size = 0,
        DxState = 4,
        UserControlOfWakeSettings = 8,
        Enabled = 12,
        ArmForWakeIfChildrenAreArmedForWake = 16,
        IndicateChildWakeOnParentWake = 17,
    }
    WDF_DEVICE_STATE [32, 4] {
        Size = 0,
        Disabled = 4,
        DontDisplayInUI = 8,
        Failed = 12,
        NotDisableable = 16,
        Removed = 20,
        ResourcesChanged = 24,
        AssignedToGuest = 28,
    }
    WDF_DEVICE_PNP_CAPABILITIES [48, 4] {
        Size = 0,
        LockSupported = 4,
        EjectSupported = 8,
        Removable = 12,
        DockDevice = 16,
        UniqueID = 20,
        SilentInstall = 24,
        SurpriseRemovalOK = 28,
        HardwareDisabled = 32,
        NoDisplayInUI = 36,
        Address = 40,
        UINumber = 44,
    }
    WDF_DEVICE_POWER_CAPABILITIES [80, 4] {
        Size = 0,
        DeviceD1 = 4,
        DeviceD2 = 8,
        WakeFromD0 = 12,
        WakeFromD1 = 16,
        WakeFromD2 = 20,
        WakeFromD3 = 24,
        DeviceState = 28,
        DeviceWake = 56,
        SystemWake = 60,
        D1Latency = 64,
        D2Latency = 68,
        D3Latency = 72,
        IdealDxStateForSx = 76,
    }
    WDF_REMOVE_LOCK_OPTIONS [8, 4] {
        Size = 0,
        Flags = 4,
    }
    WDF_POWER_FRAMEWORK_SETTINGS [88, 8] {
        Size = 0,
        EvtDeviceWdmPostPoFxRegisterDevice = 8,
        EvtDeviceWdmPrePoFxUnregisterDevice = 16,
        Component = 24,
        ComponentActiveConditionCallback = 32,
        ComponentIdleConditionCallback = 40,
        ComponentIdleStateCallback = 48,
        PowerControlCallback = 56,
        PoFxDeviceContext = 64,
        PoFxDeviceFlags = 72,
        DirectedPoFxEnabled = 80,
    }
    WDF_IO_TYPE_CONFIG [16, 4] {
        Size = 0,
        ReadWriteIoType = 4,
        DeviceControlIoType = 8,
        DirectTransferThreshold = 12,
    }
    WDF_DEVICE_PROPERTY_DATA [24, 8] {
        Size = 0,
        PropertyKey = 8,
        Lcid = 16,
        Flags = 20,
    }
    WDF_DPC_CONFIG [24, 8] {
        Size = 0,
        EvtDpcFunc = 8,
        AutomaticSerialization = 16,
    }
    WDF_TIMER_CONFIG [40, 8] {
        Size = 0,
        EvtTimerFunc = 8,
        Period = 16,
        AutomaticSerialization = 20,
        TolerableDelay = 24,
        UseHighResolutionTimer = 32,
    }
    WDF_WORKITEM_CONFIG [24, 8] {
        Size = 0,
        EvtWorkItemFunc = 8,
        AutomaticSerialization = 16,
    }
    WDF_INTERRUPT_CONFIG [104, 8] {
        Size = 0,
        SpinLock = 8,
        ShareVector = 16,
        FloatingSave = 20,
        AutomaticSerialization = 21,
        EvtInterruptIsr = 24,
        EvtInterruptDpc = 32,
        EvtInterruptEnable = 40,
        EvtInterruptDisable = 48,
        EvtInterruptWorkItem = 56,
        InterruptRaw = 64,
        InterruptTranslated = 72,
        WaitLock = 80,
        PassiveHandling = 88,
        ReportInactiveOnPowerDown = 92,
        CanWakeDevice = 96,
    }
    WDF_INTERRUPT_INFO [64, 8] {
        Size = 0,
        Reserved1 = 8,
        TargetProcessorSet = 16,
        Reserved2 = 24,
        MessageNumber = 28,
        Vector = 32,
        Irql = 36,
        Mode = 40,
        Polarity = 44,
        MessageSignaled = 48,
        ShareDisposition = 49,
        Group = 56,
    }
    WDF_INTERRUPT_EXTENDED_POLICY [32, 8] {
        Size = 0,
        Policy = 4,
        Priority = 8,
        TargetProcessorSetAndGroup = 16,
    }
    WDF_REQUEST_PARAMETERS [40, 8] {
        Size = 0,
        MinorFunction = 2,
        Type = 4,
        Parameters = 8,
        Parameters.Create = 8,
        Parameters.Create.SecurityContext = 8,
        Parameters.Create.Options = 16,
        Parameters.Create.FileAttributes = 24,
        Parameters.Create.ShareAccess = 26,
        Parameters.Create.EaLength = 32,
        Parameters.Read = 8,
        Parameters.Read.Length = 8,
        Parameters.Read.Key = 16,
        Parameters.Read.DeviceOffset = 24,
        Parameters.Write = 8,
        Parameters.Write.Length = 8,
        Parameters.Write.Key = 16,
        Parameters.Write.DeviceOffset = 24,
        Parameters.DeviceIoControl = 8,
        Parameters.DeviceIoControl.OutputBufferLength = 8,
        Parameters.DeviceIoControl.InputBufferLength = 16,
        Parameters.DeviceIoControl.IoControlCode = 24,
        Parameters.DeviceIoControl.Type3InputBuffer = 32,
        Parameters.Others = 8,
        Parameters.Others.Arg1 = 8,
        Parameters.Others.Arg2 = 16,
        Parameters.Others.IoControlCode = 24,
        Parameters.Others.Arg4 = 32,
    }
    WDF_REQUEST_COMPLETION_PARAMS [72, 8] {
        Size = 0,
        Type = 4,
        IoStatus = 8,
        Parameters = 24,
        Parameters.Write = 24,
        Parameters.Write.Buffer = 24,
        Parameters.Write.Length = 32,
        Parameters.Write.Offset = 40,
        Parameters.Read = 24,
        Parameters.Read.Buffer = 24,
        Parameters.Read.Length = 32,
        Parameters.Read.Offset = 40,
        Parameters.Ioctl = 24,
        Parameters.Ioctl.IoControlCode = 24,
        Parameters.Ioctl.Input = 32,
        Parameters.Ioctl.Input.Buffer = 32,
        Parameters.Ioctl.Input.Offset = 40,
        Parameters.Ioctl.Output = 48,
        Parameters.Ioctl.Output.Buffer = 48,
        Parameters.Ioctl.Output.Offset = 56,
        Parameters.Ioctl.Output.Length = 64,
        Parameters.Others = 24,
        Parameters.Others.Argument1 = 24,
        Parameters.Others.Argument1.Ptr = 24,
        Parameters.Others.Argument1.Value = 24,
        Parameters.Others.Argument2 = 32,
        Parameters.Others.Argument2.Ptr = 32,
        Parameters.Others.Argument2.Value = 32,
        Parameters.Others.Argument3 = 40,
        Parameters.Others.Argument3.Ptr = 40,
        Parameters.Others.Argument3.Value = 40,
        Parameters.Others.Argument4 = 48,
        Parameters.Others.Argument4.Ptr = 48,
        Parameters.Others.Argument4.Value = 48,
        Parameters.Usb = 24,
        Parameters.Usb.Completion = 24,
    }
    WDF_REQUEST_REUSE_PARAMS [24, 8] {
        Size = 0,
        Flags = 4,
        Status = 8,
        NewIrp = 16,
    }
    WDF_REQUEST_SEND_OPTIONS [16, 8] {
        Size = 0,
        Flags = 4,
        Timeout = 8,
    }
    WDF_REQUEST_FORWARD_OPTIONS [8, 4] {
        Size = 0,
        Flags = 4,
    }
    WDF_IO_TARGET_OPEN_PARAMS [136, 8] {
        Size = 0,
        Type = 4,
        EvtIoTargetQueryRemove = 8,
        EvtIoTargetRemoveCanceled = 16,
        EvtIoTargetRemoveComplete = 24,
        TargetDeviceObject = 32,
        TargetFileObject = 40,
        TargetDeviceName = 48,
        DesiredAccess = 64,
        ShareAccess = 68,
        FileAttributes = 72,
        CreateDisposition = 76,
        CreateOptions = 80,
        EaBuffer = 88,
        EaBufferLength = 96,
        AllocationSize = 104,
        FileInformation = 112,
        FileName = 120,
    }
    WDF_IO_QUEUE_CONFIG [96, 8] {
        Size = 0,
        DispatchType = 4,
        PowerManaged = 8,
        AllowZeroLengthRequests = 12,
        DefaultQueue = 13,
        EvtIoDefault = 16,
        EvtIoRead = 24,
        EvtIoWrite = 32,
        EvtIoDeviceControl = 40,
        EvtIoInternalDeviceControl = 48,
        EvtIoStop = 56,
        EvtIoResume = 64,
        EvtIoCanceledOnQueue = 72,
        Settings = 80,
        Settings.Parallel = 80,
        Settings.Parallel.NumberOfPresentedRequests = 80,
        Driver = 88,
    }
    WDF_IO_FORWARD_PROGRESS_RESERVED_POLICY_SETTINGS [8, 8] {
        Policy = 0,
        Policy.ExaminePolicy = 0,
        Policy.ExaminePolicy.EvtIoWdmIrpForForwardProgress = 0,
    }
    WDF_IO_QUEUE_FORWARD_PROGRESS_POLICY [40, 8] {
        Size = 0,
        TotalForwardProgressRequests = 4,
        ForwardProgressReservedPolicy = 8,
        ForwardProgressReservePolicySettings = 16,
        EvtIoAllocateResourcesForReservedRequest = 24,
        EvtIoAllocateRequestResources = 32,
    }
    WDF_FDO_EVENT_CALLBACKS [32, 8] {
        Size = 0,
        EvtDeviceFilterAddResourceRequirements = 8,
        EvtDeviceFilterRemoveResourceRequirements = 16,
        EvtDeviceRemoveAddedResources = 24,
    }
    WDF_PDO_EVENT_CALLBACKS [64, 8] {
        Size = 0,
        EvtDeviceResourcesQuery = 8,
        EvtDeviceResourceRequirementsQuery = 16,
        EvtDeviceEject = 24,
        EvtDeviceSetLock = 32,
        EvtDeviceEnableWakeAtBus = 40,
        EvtDeviceDisableWakeAtBus = 48,
        EvtDeviceReportedMissing = 56,
    }
    WDF_WMI_PROVIDER_CONFIG [40, 8] {
        Size = 0,
        Guid = 4,
        Flags = 20,
        MinInstanceBufferSize = 24,
        EvtWmiProviderFunctionControl = 32,
    }
    WDF_WMI_INSTANCE_CONFIG [64, 8] {
        Size = 0,
        Provider = 8,
        ProviderConfig = 16,
        UseContextForQuery = 24,
        Register = 25,
        EvtWmiInstanceQueryInstance = 32,
        EvtWmiInstanceSetInstance = 40,
        EvtWmiInstanceSetItem = 48,
        EvtWmiInstanceExecuteMethod = 56,
    }
    WDF_DMA_ENABLER_CONFIG [80, 8] {
        Size = 0,
        Profile = 4,
        MaximumLength = 8,
        EvtDmaEnablerFill = 16,
        EvtDmaEnablerFlush = 24,
        EvtDmaEnablerDisable = 32,
        EvtDmaEnablerEnable = 40,
        EvtDmaEnablerSelfManagedIoStart = 48,
        EvtDmaEnablerSelfManagedIoStop = 56,
        AddressWidthOverride = 64,
        WdmDmaVersionOverride = 68,
        Flags = 72,
    }
    WDF_DMA_SYSTEM_PROFILE_CONFIG [32, 8] {
        Size = 0,
        DemandMode = 4,
        LoopedTransfer = 5,
        DmaWidth = 8,
        DeviceAddress = 16,
        DmaDescriptor = 24,
    }
    WDF_COMMON_BUFFER_CONFIG [8, 4] {
        Size = 0,
        AlignmentRequirement = 4,
    }
    WDF_POWER_ROUTINE_TIMED_OUT_DATA [32, 8] {
        PowerState = 0,
        PowerPolicyState = 4,
        DeviceObject = 8,
        Device = 16,
        TimedOutThread = 24,
    }
    WDF_REQUEST_FATAL_ERROR_INFORMATION_LENGTH_MISMATCH_DATA [40, 8] {
        Request = 0,
        Irp = 8,
        OutputBufferLength = 16,
        Information = 24,
        MajorFunction = 32,
    }
    WDF_QUEUE_FATAL_ERROR_DATA [24, 8] {
        Queue = 0,
        Request = 8,
        Status = 16,
    }
    WDF_TASK_SEND_OPTIONS [16, 8] {
        Size = 0,
        Flags = 4,
        Timeout = 8,
    }
    WDF_USB_CONTROL_SETUP_PACKET [8, 2] {
        Packet = 0,
        Packet.bm = 0,
        Packet.bm.Request = 0,
        Packet.bm.Byte = 0,
        Packet.bRequest = 1,
        Packet.wValue = 2,
        Packet.wValue.Bytes = 2,
        Packet.wValue.Bytes.LowByte = 2,
        Packet.wValue.Bytes.HiByte = 3,
        Packet.wValue.Value = 2,
        Packet.wIndex = 4,
        Packet.wIndex.Bytes = 4,
        Packet.wIndex.Bytes.LowByte = 4,
        Packet.wIndex.Bytes.HiByte = 5,
        Packet.wIndex.Value = 4,
        Packet.wLength = 6,
        Generic = 0,
        Generic.Bytes = 0,
    }
    WDF_USB_REQUEST_COMPLETION_PARAMS [32, 8] {
        UsbdStatus = 0,
        Type = 4,
        Parameters = 8,
        Parameters.DeviceString = 8,
        Parameters.DeviceString.Buffer = 8,
        Parameters.DeviceString.LangID = 16,
        Parameters.DeviceString.StringIndex = 18,
        Parameters.DeviceString.RequiredSize = 19,
        Parameters.DeviceControlTransfer = 8,
        Parameters.DeviceControlTransfer.Buffer = 8,
        Parameters.DeviceControlTransfer.SetupPacket = 16,
        Parameters.DeviceControlTransfer.Length = 24,
        Parameters.DeviceUrb = 8,
        Parameters.DeviceUrb.Buffer = 8,
        Parameters.PipeWrite = 8,
        Parameters.PipeWrite.Buffer = 8,
        Parameters.PipeWrite.Length = 16,
        Parameters.PipeWrite.Offset = 24,
        Parameters.PipeRead = 8,
        Parameters.PipeRead.Buffer = 8,
        Parameters.PipeRead.Length = 16,
        Parameters.PipeRead.Offset = 24,
        Parameters.PipeUrb = 8,
        Parameters.PipeUrb.Buffer = 8,
    }
    WDF_USB_CONTINUOUS_READER_CONFIG [72, 8] {
        Size = 0,
        TransferLength = 8,
        HeaderLength = 16,
        TrailerLength = 24,
        NumPendingReads = 32,
        BufferAttributes = 40,
        EvtUsbTargetPipeReadComplete = 48,
        EvtUsbTargetPipeReadCompleteContext = 56,
        EvtUsbTargetPipeReadersFailed = 64,
    }
    WDF_USB_DEVICE_INFORMATION [20, 4] {
        Size = 0,
        UsbdVersionInformation = 4,
        HcdPortCapabilities = 12,
        Traits = 16,
    }
    WDF_USB_INTERFACE_SETTING_PAIR [16, 8] {
        UsbInterface = 0,
        SettingIndex = 8,
    }
    WDF_USB_DEVICE_SELECT_CONFIG_PARAMS [32, 8] {
        Size = 0,
        Type = 4,
        Types = 8,
        Types.Descriptor = 8,
        Types.Descriptor.ConfigurationDescriptor = 8,
        Types.Descriptor.InterfaceDescriptors = 16,
        Types.Descriptor.NumInterfaceDescriptors = 24,
        Types.Urb = 8,
        Types.Urb.Urb = 8,
        Types.SingleInterface = 8,
        Types.SingleInterface.NumberConfiguredPipes = 8,
        Types.SingleInterface.ConfiguredUsbInterface = 16,
        Types.MultiInterface = 8,
        Types.MultiInterface.NumberInterfaces = 8,
        Types.MultiInterface.Pairs = 16,
        Types.MultiInterface.NumberOfConfiguredInterfaces = 24,
    }
    WDF_USB_INTERFACE_SELECT_SETTING_PARAMS [16, 8] {
        Size = 0,
        Type = 4,
        Types = 8,
        Types.Descriptor = 8,
        Types.Descriptor.InterfaceDescriptor = 8,
        Types.Interface = 8,
        Types.Interface.SettingIndex = 8,
        Types.Urb = 8,
        Types.Urb.Urb = 8,
    }
    WDF_USB_PIPE_INFORMATION [20, 4] {
        Size = 0,
        MaximumPacketSize = 4,
        EndpointAddress = 8,
        Interval = 9,
        SettingIndex = 10,
        PipeType = 12,
        MaximumTransferSize = 16,
    }
    WDF_USB_DEVICE_CREATE_CONFIG [8, 4] {
        Size = 0,
        USBDClientContractVersion = 4,
    }
    WDF_COINSTALLER_INSTALL_OPTIONS [8, 4] {
        Size = 0,
        ShowRebootPrompt = 4,
    }
    WDF_DEVICE_INTERFACE_PROPERTY_DATA [40, 8] {
        Size = 0,
        InterfaceClassGUID = 8,
        ReferenceString = 16,
        PropertyKey = 24,
        Lcid = 32,
        Flags = 36,
    }
    WDF_COMPANION_EVENT_CALLBACKS [40, 8] {
        Size = 0,
        EvtCompanionPreD0Entry = 8,
        EvtCompanionPostD0Exit = 16,
        EvtCompanionPrePrepareHardware = 24,
        EvtCompanionPostReleaseHardware = 32,
    }
    WDF_TASK_QUEUE_CONFIG [24, 8] {
        Size = 0,
        TaskQueueId = 4,
        DispatchType = 8,
        EvtTaskExecuteSync = 16,
    }
    WDFOBJECT_TRIAGE_INFO [28, 4] {
        RawObjectSize = 0,
        ObjectType = 4,
        TotalObjectSize = 8,
        ChildListHead = 12,
        ChildEntry = 16,
        Globals = 20,
        ParentObject = 24,
    }
    WDFCONTEXT_TRIAGE_INFO [20, 4] {
        HeaderSize = 0,
        NextHeader = 4,
        Object = 8,
        TypeInfoPtr = 12,
        Context = 16,
    }
    WDFCONTEXTTYPE_TRIAGE_INFO [12, 4] {
        TypeInfoSize = 0,
        ContextSize = 4,
        ContextName = 8,
    }
    WDFQUEUE_TRIAGE_INFO [28, 4] {
        QueueSize = 0,
        IrpQueue1 = 4,
        IrpQueue2 = 8,
        RequestList1 = 12,
        RequestList2 = 16,
        FwdProgressContext = 20,
        PkgIo = 24,
    }
    WDFFWDPROGRESS_TRIAGE_INFO [12, 4] {
        ReservedRequestList = 0,
        ReservedRequestInUseList = 4,
        PendedIrpList = 8,
    }
    WDFIRPQUEUE_TRIAGE_INFO [16, 4] {
        IrpQueueSize = 0,
        IrpListHeader = 4,
        IrpListEntry = 8,
        IrpContext = 12,
    }
    WDFREQUEST_TRIAGE_INFO [28, 4] {
        RequestSize = 0,
        CsqContext = 4,
        FxIrp = 8,
        ListEntryQueueOwned = 12,
        ListEntryQueueOwned2 = 16,
        RequestListEntry = 20,
        FwdProgressList = 24,
    }
    WDFDEVICE_TRIAGE_INFO [8, 4] {
        DeviceInitSize = 0,
        DeviceDriver = 4,
    }
    WDFIRP_TRIAGE_INFO [8, 4] {
        FxIrpSize = 0,
        IrpPtr = 4,
    }
    WDF_TRIAGE_INFO [96, 8] {
        WdfMajorVersion = 0,
        WdfMinorVersion = 4,
        TriageInfoMajorVersion = 8,
        TriageInfoMinorVersion = 12,
        Reserved = 16,
        WdfObjectTriageInfo = 24,
        WdfContextTriageInfo = 32,
        WdfContextTypeTriageInfo = 40,
        WdfQueueTriageInfo = 48,
        WdfFwdProgressTriageInfo = 56,
        WdfIrpQueueTriageInfo = 64,
        WdfRequestTriageInfo = 72,
        WdfDeviceTriageInfo = 80,
        WdfIrpTriageInfo = 88,
    }
    MARKER_TYPE [16, 16] {
        Pad = 0,
    }
    WDF_VERSION [12, 4] {
        Major = 0,
        Minor = 4,
        Build = 8,
    }
    WDF_BIND_INFO [48, 8] {
        Size = 0,
        Component = 8,
        Version = 16,
        FuncCount = 28,
        FuncTable = 32,
        Module = 40,
    }
    WDF_BIND_INFO2 [88, 8] {
        V1 = 0,
        MinimumVersionRequired = 48,
        ClientVersionHigherThanFramework = 56,
        FuncCountPtr = 64,
        StructCountPtr = 72,
        StructTable = 80,
    }
    WDF_LIBRARY_INFO [56, 8] {
        Size = 0,
        LibraryCommission = 8,
        LibraryDecommission = 16,
        LibraryRegisterClient = 24,
        LibraryUnregisterClient = 32,
        Version = 40,
    }
    CLIENT_INFO [24, 8] {
        Size = 0,
        RegistryPath = 8,
        DriverObject = 16,
    }
    WDF_LOADER_INTERFACE [48, 8] {
        Header = 0,
        RegisterLibrary = 16,
        VersionBind = 24,
        VersionUnbind = 32,
        DiagnosticsValueByNameAsULONG = 40,
    }
    CLIENT_INFO_UM [16, 8] {
        Size = 0,
        RegistryPath = 8,
    }
    DRIVER_OBJECT_UM [368, 8] {
        Size = 0,
        Flags = 4,
        DriverName = 8,
        FxDriver = 24,
        DriverLoadContext = 32,
        ThreadPoolEnv = 40,
        ThreadPoolGroup = 112,
        IfrSequenceNumber = 120,
        AddDevice = 128,
        DriverUnload = 136,
        MajorFunction = 144,
    }
    WUDF_LOADER_FX_INTERFACE [32, 8] {
        Size = 0,
        RegisterLibrary = 8,
        pIWudfHost = 16,
        pUMDFPlatform = 24,
    }
}
