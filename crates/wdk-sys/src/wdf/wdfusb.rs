//! USB targets.
//!
//! DDI header: `wdfusb.h`.

use crate::declare::{c_enum, c_struct, c_union};
#[allow(unused_imports)]
use super::*;

/// `BMREQUEST_HOST_TO_DEVICE`.
pub const BMREQUEST_HOST_TO_DEVICE: ULONG = 0;
/// `BMREQUEST_DEVICE_TO_HOST`.
pub const BMREQUEST_DEVICE_TO_HOST: ULONG = 1;
/// `BMREQUEST_STANDARD`.
pub const BMREQUEST_STANDARD: ULONG = 0;
/// `BMREQUEST_CLASS`.
pub const BMREQUEST_CLASS: ULONG = 1;
/// `BMREQUEST_VENDOR`.
pub const BMREQUEST_VENDOR: ULONG = 2;
/// `BMREQUEST_TO_DEVICE`.
pub const BMREQUEST_TO_DEVICE: ULONG = 0;
/// `BMREQUEST_TO_INTERFACE`.
pub const BMREQUEST_TO_INTERFACE: ULONG = 1;
/// `BMREQUEST_TO_ENDPOINT`.
pub const BMREQUEST_TO_ENDPOINT: ULONG = 2;
/// `BMREQUEST_TO_OTHER`.
pub const BMREQUEST_TO_OTHER: ULONG = 3;

c_enum! {
    /// `WDF_USB_REQUEST_TYPE`.
    enum _WDF_USB_REQUEST_TYPE as WDF_USB_REQUEST_TYPE, PWDF_USB_REQUEST_TYPE {
        WdfUsbRequestTypeInvalid = 0,
        WdfUsbRequestTypeNoFormat = 1,
        WdfUsbRequestTypeDeviceString = 2,
        WdfUsbRequestTypeDeviceControlTransfer = 3,
        WdfUsbRequestTypeDeviceUrb = 4,
        WdfUsbRequestTypePipeWrite = 5,
        WdfUsbRequestTypePipeRead = 6,
        WdfUsbRequestTypePipeAbort = 7,
        WdfUsbRequestTypePipeReset = 8,
        WdfUsbRequestTypePipeUrb = 9,
    }
}

c_enum! {
    /// `WDF_USB_BMREQUEST_DIRECTION`.
    enum _WDF_USB_BMREQUEST_DIRECTION as WDF_USB_BMREQUEST_DIRECTION, PWDF_USB_BMREQUEST_DIRECTION {
        BmRequestHostToDevice = 0,
        BmRequestDeviceToHost = 1,
    }
}

c_enum! {
    /// `WDF_USB_BMREQUEST_TYPE`.
    enum _WDF_USB_BMREQUEST_TYPE as WDF_USB_BMREQUEST_TYPE, PWDF_USB_BMREQUEST_TYPE {
        BmRequestStandard = 0,
        BmRequestClass = 1,
        BmRequestVendor = 2,
    }
}

c_enum! {
    /// `WDF_USB_BMREQUEST_RECIPIENT`.
    enum _WDF_USB_BMREQUEST_RECIPIENT as WDF_USB_BMREQUEST_RECIPIENT, PWDF_USB_BMREQUEST_RECIPIENT {
        BmRequestToDevice = 0,
        BmRequestToInterface = 1,
        BmRequestToEndpoint = 2,
        BmRequestToOther = 3,
    }
}

c_enum! {
    /// `WDF_USB_PIPE_TYPE`.
    enum _WDF_USB_PIPE_TYPE as WDF_USB_PIPE_TYPE, PWDF_USB_PIPE_TYPE {
        WdfUsbPipeTypeInvalid = 0,
        WdfUsbPipeTypeControl = 1,
        WdfUsbPipeTypeIsochronous = 2,
        WdfUsbPipeTypeBulk = 3,
        WdfUsbPipeTypeInterrupt = 4,
    }
}

c_enum! {
    /// `WdfUsbTargetDeviceSelectConfigType`.
    enum _WdfUsbTargetDeviceSelectConfigType as WdfUsbTargetDeviceSelectConfigType, PWdfUsbTargetDeviceSelectConfigType {
        WdfUsbTargetDeviceSelectConfigTypeInvalid = 0,
        WdfUsbTargetDeviceSelectConfigTypeDeconfig = 1,
        WdfUsbTargetDeviceSelectConfigTypeSingleInterface = 2,
        WdfUsbTargetDeviceSelectConfigTypeMultiInterface = 3,
        WdfUsbTargetDeviceSelectConfigTypeInterfacesPairs = 4,
        WdfUsbTargetDeviceSelectConfigTypeInterfacesDescriptor = 5,
        WdfUsbTargetDeviceSelectConfigTypeUrb = 6,
    }
}

c_enum! {
    /// `WdfUsbTargetDeviceSelectSettingType`.
    enum _WdfUsbTargetDeviceSelectSettingType as WdfUsbTargetDeviceSelectSettingType, PWdfUsbTargetDeviceSelectSettingType {
        WdfUsbInterfaceSelectSettingTypeDescriptor = 16,
        WdfUsbInterfaceSelectSettingTypeSetting = 17,
        WdfUsbInterfaceSelectSettingTypeUrb = 18,
    }
}

c_enum! {
    /// `WDF_USB_DEVICE_TRAITS`.
    enum _WDF_USB_DEVICE_TRAITS as WDF_USB_DEVICE_TRAITS, PWDF_USB_DEVICE_TRAITS {
        WDF_USB_DEVICE_TRAIT_SELF_POWERED = 1,
        WDF_USB_DEVICE_TRAIT_REMOTE_WAKE_CAPABLE = 2,
        WDF_USB_DEVICE_TRAIT_AT_HIGH_SPEED = 4,
    }
}

/// The callbacks of `wdfusb.h`: `fn EVT_… as PFN_…(parameters) -> result { irql }`.
#[doc(hidden)]
#[macro_export]
macro_rules! wdfusb_callbacks {
    ($($then:tt)+) => { $($then)+! {
        wdfusb;
        fn EVT_WDF_USB_READER_COMPLETION_ROUTINE as PFN_WDF_USB_READER_COMPLETION_ROUTINE(
            Pipe: WDFUSBPIPE,
            Buffer: WDFMEMORY,
            NumBytesTransferred: usize,
            Context: WDFCONTEXT,
        ) -> () { irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; }
        fn EVT_WDF_USB_READERS_FAILED as PFN_WDF_USB_READERS_FAILED(
            Pipe: WDFUSBPIPE,
            Status: NTSTATUS,
            UsbdStatus: USBD_STATUS,
        ) -> BOOLEAN { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
    } };
}
wdfusb_callbacks!(crate::wdf::declare_callbacks);

c_struct! {
    /// `_WDF_USB_CONTROL_SETUP_PACKET__bindgen_ty_1__bindgen_ty_1__bindgen_ty_1`.
    struct _WDF_USB_CONTROL_SETUP_PACKET__bindgen_ty_1__bindgen_ty_1__bindgen_ty_1 [1, 1] {
        /// Bit-field: `Recipient`: 2 at bit 0, `Reserved`: 3 at bit 2, `Type`: 2 at bit 5, `Dir`: 1 at bit 7.
        Bits: BYTE = 0,
    }
}

c_union! {
    /// `_WDF_USB_CONTROL_SETUP_PACKET__bindgen_ty_1__bindgen_ty_1`.
    union _WDF_USB_CONTROL_SETUP_PACKET__bindgen_ty_1__bindgen_ty_1 [1, 1] {
        Request: _WDF_USB_CONTROL_SETUP_PACKET__bindgen_ty_1__bindgen_ty_1__bindgen_ty_1,
        Byte: BYTE,
    }
}

c_struct! {
    /// `_WDF_USB_CONTROL_SETUP_PACKET__bindgen_ty_1__bindgen_ty_2__bindgen_ty_1`.
    struct _WDF_USB_CONTROL_SETUP_PACKET__bindgen_ty_1__bindgen_ty_2__bindgen_ty_1 [2, 1] {
        LowByte: BYTE = 0,
        HiByte: BYTE = 1,
    }
}

c_union! {
    /// `_WDF_USB_CONTROL_SETUP_PACKET__bindgen_ty_1__bindgen_ty_2`.
    union _WDF_USB_CONTROL_SETUP_PACKET__bindgen_ty_1__bindgen_ty_2 [2, 2] {
        Bytes: _WDF_USB_CONTROL_SETUP_PACKET__bindgen_ty_1__bindgen_ty_2__bindgen_ty_1,
        Value: USHORT,
    }
}

c_struct! {
    /// `_WDF_USB_CONTROL_SETUP_PACKET__bindgen_ty_1__bindgen_ty_3__bindgen_ty_1`.
    struct _WDF_USB_CONTROL_SETUP_PACKET__bindgen_ty_1__bindgen_ty_3__bindgen_ty_1 [2, 1] {
        LowByte: BYTE = 0,
        HiByte: BYTE = 1,
    }
}

c_union! {
    /// `_WDF_USB_CONTROL_SETUP_PACKET__bindgen_ty_1__bindgen_ty_3`.
    union _WDF_USB_CONTROL_SETUP_PACKET__bindgen_ty_1__bindgen_ty_3 [2, 2] {
        Bytes: _WDF_USB_CONTROL_SETUP_PACKET__bindgen_ty_1__bindgen_ty_3__bindgen_ty_1,
        Value: USHORT,
    }
}

c_struct! {
    /// `_WDF_USB_CONTROL_SETUP_PACKET__bindgen_ty_1`.
    struct _WDF_USB_CONTROL_SETUP_PACKET__bindgen_ty_1 [8, 2] {
        bm: _WDF_USB_CONTROL_SETUP_PACKET__bindgen_ty_1__bindgen_ty_1 = 0,
        bRequest: BYTE = 1,
        wValue: _WDF_USB_CONTROL_SETUP_PACKET__bindgen_ty_1__bindgen_ty_2 = 2,
        wIndex: _WDF_USB_CONTROL_SETUP_PACKET__bindgen_ty_1__bindgen_ty_3 = 4,
        wLength: USHORT = 6,
    }
}

c_struct! {
    /// `_WDF_USB_CONTROL_SETUP_PACKET__bindgen_ty_2`.
    struct _WDF_USB_CONTROL_SETUP_PACKET__bindgen_ty_2 [8, 1] {
        Bytes: [BYTE; 8] = 0,
    }
}

c_union! {
    /// `WDF_USB_CONTROL_SETUP_PACKET`.
    union _WDF_USB_CONTROL_SETUP_PACKET as WDF_USB_CONTROL_SETUP_PACKET, PWDF_USB_CONTROL_SETUP_PACKET [8, 2] {
        Packet: _WDF_USB_CONTROL_SETUP_PACKET__bindgen_ty_1,
        Generic: _WDF_USB_CONTROL_SETUP_PACKET__bindgen_ty_2,
    }
}

c_struct! {
    /// `_WDF_USB_REQUEST_COMPLETION_PARAMS__bindgen_ty_1__bindgen_ty_1`.
    struct _WDF_USB_REQUEST_COMPLETION_PARAMS__bindgen_ty_1__bindgen_ty_1 [16, 8] {
        Buffer: WDFMEMORY = 0,
        LangID: USHORT = 8,
        StringIndex: UCHAR = 10,
        RequiredSize: UCHAR = 11,
    }
}

c_struct! {
    /// `_WDF_USB_REQUEST_COMPLETION_PARAMS__bindgen_ty_1__bindgen_ty_2`.
    struct _WDF_USB_REQUEST_COMPLETION_PARAMS__bindgen_ty_1__bindgen_ty_2 [24, 8] {
        Buffer: WDFMEMORY = 0,
        SetupPacket: WDF_USB_CONTROL_SETUP_PACKET = 8,
        Length: ULONG = 16,
    }
}

c_struct! {
    /// `_WDF_USB_REQUEST_COMPLETION_PARAMS__bindgen_ty_1__bindgen_ty_3`.
    struct _WDF_USB_REQUEST_COMPLETION_PARAMS__bindgen_ty_1__bindgen_ty_3 [8, 8] {
        Buffer: WDFMEMORY = 0,
    }
}

c_struct! {
    /// `_WDF_USB_REQUEST_COMPLETION_PARAMS__bindgen_ty_1__bindgen_ty_4`.
    struct _WDF_USB_REQUEST_COMPLETION_PARAMS__bindgen_ty_1__bindgen_ty_4 [24, 8] {
        Buffer: WDFMEMORY = 0,
        Length: usize = 8,
        Offset: usize = 16,
    }
}

c_struct! {
    /// `_WDF_USB_REQUEST_COMPLETION_PARAMS__bindgen_ty_1__bindgen_ty_5`.
    struct _WDF_USB_REQUEST_COMPLETION_PARAMS__bindgen_ty_1__bindgen_ty_5 [24, 8] {
        Buffer: WDFMEMORY = 0,
        Length: usize = 8,
        Offset: usize = 16,
    }
}

c_struct! {
    /// `_WDF_USB_REQUEST_COMPLETION_PARAMS__bindgen_ty_1__bindgen_ty_6`.
    struct _WDF_USB_REQUEST_COMPLETION_PARAMS__bindgen_ty_1__bindgen_ty_6 [8, 8] {
        Buffer: WDFMEMORY = 0,
    }
}

c_union! {
    /// `_WDF_USB_REQUEST_COMPLETION_PARAMS__bindgen_ty_1`.
    union _WDF_USB_REQUEST_COMPLETION_PARAMS__bindgen_ty_1 [24, 8] {
        DeviceString: _WDF_USB_REQUEST_COMPLETION_PARAMS__bindgen_ty_1__bindgen_ty_1,
        DeviceControlTransfer: _WDF_USB_REQUEST_COMPLETION_PARAMS__bindgen_ty_1__bindgen_ty_2,
        DeviceUrb: _WDF_USB_REQUEST_COMPLETION_PARAMS__bindgen_ty_1__bindgen_ty_3,
        PipeWrite: _WDF_USB_REQUEST_COMPLETION_PARAMS__bindgen_ty_1__bindgen_ty_4,
        PipeRead: _WDF_USB_REQUEST_COMPLETION_PARAMS__bindgen_ty_1__bindgen_ty_5,
        PipeUrb: _WDF_USB_REQUEST_COMPLETION_PARAMS__bindgen_ty_1__bindgen_ty_6,
    }
}

c_struct! {
    /// `WDF_USB_REQUEST_COMPLETION_PARAMS`.
    struct _WDF_USB_REQUEST_COMPLETION_PARAMS as WDF_USB_REQUEST_COMPLETION_PARAMS, PWDF_USB_REQUEST_COMPLETION_PARAMS [32, 8] {
        UsbdStatus: USBD_STATUS = 0,
        Type: WDF_USB_REQUEST_TYPE = 4,
        Parameters: _WDF_USB_REQUEST_COMPLETION_PARAMS__bindgen_ty_1 = 8,
    }
}

c_struct! {
    /// `WDF_USB_CONTINUOUS_READER_CONFIG`.
    struct _WDF_USB_CONTINUOUS_READER_CONFIG as WDF_USB_CONTINUOUS_READER_CONFIG, PWDF_USB_CONTINUOUS_READER_CONFIG [72, 8] {
        Size: ULONG = 0,
        TransferLength: usize = 8,
        HeaderLength: usize = 16,
        TrailerLength: usize = 24,
        NumPendingReads: UCHAR = 32,
        BufferAttributes: PWDF_OBJECT_ATTRIBUTES = 40,
        EvtUsbTargetPipeReadComplete: PFN_WDF_USB_READER_COMPLETION_ROUTINE = 48,
        EvtUsbTargetPipeReadCompleteContext: WDFCONTEXT = 56,
        EvtUsbTargetPipeReadersFailed: PFN_WDF_USB_READERS_FAILED = 64,
    }
}

c_struct! {
    /// `WDF_USB_DEVICE_INFORMATION`.
    struct _WDF_USB_DEVICE_INFORMATION as WDF_USB_DEVICE_INFORMATION, PWDF_USB_DEVICE_INFORMATION [20, 4] {
        Size: ULONG = 0,
        /// Padding of `UsbdVersionInformation` to pointer alignment.
        __pad0: [u8; 0] = 4,
        UsbdVersionInformation: USBD_VERSION_INFORMATION = 4,
        HcdPortCapabilities: ULONG = 12,
        Traits: ULONG = 16,
    }
}

c_struct! {
    /// `WDF_USB_INTERFACE_SETTING_PAIR`.
    struct _WDF_USB_INTERFACE_SETTING_PAIR as WDF_USB_INTERFACE_SETTING_PAIR, PWDF_USB_INTERFACE_SETTING_PAIR [16, 8] {
        UsbInterface: WDFUSBINTERFACE = 0,
        SettingIndex: UCHAR = 8,
    }
}

c_struct! {
    /// `_WDF_USB_DEVICE_SELECT_CONFIG_PARAMS__bindgen_ty_1__bindgen_ty_1`.
    struct _WDF_USB_DEVICE_SELECT_CONFIG_PARAMS__bindgen_ty_1__bindgen_ty_1 [24, 8] {
        ConfigurationDescriptor: PUSB_CONFIGURATION_DESCRIPTOR = 0,
        InterfaceDescriptors: *mut PUSB_INTERFACE_DESCRIPTOR = 8,
        NumInterfaceDescriptors: ULONG = 16,
    }
}

c_struct! {
    /// `_WDF_USB_DEVICE_SELECT_CONFIG_PARAMS__bindgen_ty_1__bindgen_ty_2`.
    struct _WDF_USB_DEVICE_SELECT_CONFIG_PARAMS__bindgen_ty_1__bindgen_ty_2 [8, 8] {
        Urb: PURB = 0,
    }
}

c_struct! {
    /// `_WDF_USB_DEVICE_SELECT_CONFIG_PARAMS__bindgen_ty_1__bindgen_ty_3`.
    struct _WDF_USB_DEVICE_SELECT_CONFIG_PARAMS__bindgen_ty_1__bindgen_ty_3 [16, 8] {
        NumberConfiguredPipes: UCHAR = 0,
        ConfiguredUsbInterface: WDFUSBINTERFACE = 8,
    }
}

c_struct! {
    /// `_WDF_USB_DEVICE_SELECT_CONFIG_PARAMS__bindgen_ty_1__bindgen_ty_4`.
    struct _WDF_USB_DEVICE_SELECT_CONFIG_PARAMS__bindgen_ty_1__bindgen_ty_4 [24, 8] {
        NumberInterfaces: UCHAR = 0,
        Pairs: PWDF_USB_INTERFACE_SETTING_PAIR = 8,
        NumberOfConfiguredInterfaces: UCHAR = 16,
    }
}

c_union! {
    /// `_WDF_USB_DEVICE_SELECT_CONFIG_PARAMS__bindgen_ty_1`.
    union _WDF_USB_DEVICE_SELECT_CONFIG_PARAMS__bindgen_ty_1 [24, 8] {
        Descriptor: _WDF_USB_DEVICE_SELECT_CONFIG_PARAMS__bindgen_ty_1__bindgen_ty_1,
        Urb: _WDF_USB_DEVICE_SELECT_CONFIG_PARAMS__bindgen_ty_1__bindgen_ty_2,
        SingleInterface: _WDF_USB_DEVICE_SELECT_CONFIG_PARAMS__bindgen_ty_1__bindgen_ty_3,
        MultiInterface: _WDF_USB_DEVICE_SELECT_CONFIG_PARAMS__bindgen_ty_1__bindgen_ty_4,
    }
}

c_struct! {
    /// `WDF_USB_DEVICE_SELECT_CONFIG_PARAMS`.
    struct _WDF_USB_DEVICE_SELECT_CONFIG_PARAMS as WDF_USB_DEVICE_SELECT_CONFIG_PARAMS, PWDF_USB_DEVICE_SELECT_CONFIG_PARAMS [32, 8] {
        Size: ULONG = 0,
        Type: WdfUsbTargetDeviceSelectConfigType = 4,
        Types: _WDF_USB_DEVICE_SELECT_CONFIG_PARAMS__bindgen_ty_1 = 8,
    }
}

c_struct! {
    /// `_WDF_USB_INTERFACE_SELECT_SETTING_PARAMS__bindgen_ty_1__bindgen_ty_1`.
    struct _WDF_USB_INTERFACE_SELECT_SETTING_PARAMS__bindgen_ty_1__bindgen_ty_1 [8, 8] {
        InterfaceDescriptor: PUSB_INTERFACE_DESCRIPTOR = 0,
    }
}

c_struct! {
    /// `_WDF_USB_INTERFACE_SELECT_SETTING_PARAMS__bindgen_ty_1__bindgen_ty_2`.
    struct _WDF_USB_INTERFACE_SELECT_SETTING_PARAMS__bindgen_ty_1__bindgen_ty_2 [1, 1] {
        SettingIndex: UCHAR = 0,
    }
}

c_struct! {
    /// `_WDF_USB_INTERFACE_SELECT_SETTING_PARAMS__bindgen_ty_1__bindgen_ty_3`.
    struct _WDF_USB_INTERFACE_SELECT_SETTING_PARAMS__bindgen_ty_1__bindgen_ty_3 [8, 8] {
        Urb: PURB = 0,
    }
}

c_union! {
    /// `_WDF_USB_INTERFACE_SELECT_SETTING_PARAMS__bindgen_ty_1`.
    union _WDF_USB_INTERFACE_SELECT_SETTING_PARAMS__bindgen_ty_1 [8, 8] {
        Descriptor: _WDF_USB_INTERFACE_SELECT_SETTING_PARAMS__bindgen_ty_1__bindgen_ty_1,
        Interface: _WDF_USB_INTERFACE_SELECT_SETTING_PARAMS__bindgen_ty_1__bindgen_ty_2,
        Urb: _WDF_USB_INTERFACE_SELECT_SETTING_PARAMS__bindgen_ty_1__bindgen_ty_3,
    }
}

c_struct! {
    /// `WDF_USB_INTERFACE_SELECT_SETTING_PARAMS`.
    struct _WDF_USB_INTERFACE_SELECT_SETTING_PARAMS as WDF_USB_INTERFACE_SELECT_SETTING_PARAMS, PWDF_USB_INTERFACE_SELECT_SETTING_PARAMS [16, 8] {
        Size: ULONG = 0,
        Type: WdfUsbTargetDeviceSelectSettingType = 4,
        Types: _WDF_USB_INTERFACE_SELECT_SETTING_PARAMS__bindgen_ty_1 = 8,
    }
}

c_struct! {
    /// `WDF_USB_PIPE_INFORMATION`.
    struct _WDF_USB_PIPE_INFORMATION as WDF_USB_PIPE_INFORMATION, PWDF_USB_PIPE_INFORMATION [20, 4] {
        Size: ULONG = 0,
        MaximumPacketSize: ULONG = 4,
        EndpointAddress: UCHAR = 8,
        Interval: UCHAR = 9,
        SettingIndex: UCHAR = 10,
        PipeType: WDF_USB_PIPE_TYPE = 12,
        MaximumTransferSize: ULONG = 16,
    }
}

c_struct! {
    /// `WDF_USB_DEVICE_CREATE_CONFIG`.
    struct _WDF_USB_DEVICE_CREATE_CONFIG as WDF_USB_DEVICE_CREATE_CONFIG, PWDF_USB_DEVICE_CREATE_CONFIG [8, 4] {
        Size: ULONG = 0,
        USBDClientContractVersion: ULONG = 4,
    }
}

/// The functions of `wdfusb.h`.
#[doc(hidden)]
#[macro_export]
macro_rules! wdfusb_functions {
    ($($then:tt)+) => { $($then)+! {
        wdfusb;
        fn WdfUsbTargetDeviceCreate(
            Device: WDFDEVICE,
            Attributes: PWDF_OBJECT_ATTRIBUTES,
            UsbDevice: *mut WDFUSBDEVICE,
        ) -> NTSTATUS {
            kmdf: 322, 1.0; umdf: 202, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: Attributes; must_use;
        }
        fn WdfUsbTargetDeviceRetrieveInformation(
            UsbDevice: WDFUSBDEVICE,
            Information: PWDF_USB_DEVICE_INFORMATION,
        ) -> NTSTATUS {
            kmdf: 323, 1.0; umdf: 204, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; must_use;
        }
        fn WdfUsbTargetDeviceGetDeviceDescriptor(
            UsbDevice: WDFUSBDEVICE,
            UsbDeviceDescriptor: PUSB_DEVICE_DESCRIPTOR,
        ) -> () {
            kmdf: 324, 1.0; umdf: 205, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ;
        }
        fn WdfUsbTargetDeviceRetrieveConfigDescriptor(
            UsbDevice: WDFUSBDEVICE,
            ConfigDescriptor: PVOID,
            ConfigDescriptorLength: PUSHORT,
        ) -> NTSTATUS {
            kmdf: 325, 1.0; umdf: 206, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ConfigDescriptor; must_use;
        }
        fn WdfUsbTargetDeviceQueryString(
            UsbDevice: WDFUSBDEVICE,
            Request: WDFREQUEST,
            RequestOptions: PWDF_REQUEST_SEND_OPTIONS,
            String: PUSHORT,
            NumCharacters: PUSHORT,
            StringIndex: UCHAR,
            LangID: USHORT,
        ) -> NTSTATUS {
            kmdf: 326, 1.0; umdf: 207, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: Request, RequestOptions, String, LangID; must_use;
        }
        fn WdfUsbTargetDeviceAllocAndQueryString(
            UsbDevice: WDFUSBDEVICE,
            StringMemoryAttributes: PWDF_OBJECT_ATTRIBUTES,
            StringMemory: *mut WDFMEMORY,
            NumCharacters: PUSHORT,
            StringIndex: UCHAR,
            LangID: USHORT,
        ) -> NTSTATUS {
            kmdf: 327, 1.0; umdf: 208, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: StringMemoryAttributes, NumCharacters, LangID; must_use;
        }
        fn WdfUsbTargetDeviceFormatRequestForString(
            UsbDevice: WDFUSBDEVICE,
            Request: WDFREQUEST,
            Memory: WDFMEMORY,
            Offset: PWDFMEMORY_OFFSET,
            StringIndex: UCHAR,
            LangID: USHORT,
        ) -> NTSTATUS {
            kmdf: 328, 1.0; umdf: 209, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: Offset, LangID; must_use;
        }
        fn WdfUsbTargetDeviceGetNumInterfaces(UsbDevice: WDFUSBDEVICE) -> UCHAR {
            kmdf: 329, 1.0; umdf: 210, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfUsbTargetDeviceSelectConfig(
            UsbDevice: WDFUSBDEVICE,
            PipeAttributes: PWDF_OBJECT_ATTRIBUTES,
            Params: PWDF_USB_DEVICE_SELECT_CONFIG_PARAMS,
        ) -> NTSTATUS {
            kmdf: 330, 1.0; umdf: 211, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: PipeAttributes; must_use;
        }
        fn WdfUsbTargetDeviceWdmGetConfigurationHandle(
            UsbDevice: WDFUSBDEVICE,
        ) -> USBD_CONFIGURATION_HANDLE {
            kmdf: 331, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfUsbTargetDeviceRetrieveCurrentFrameNumber(
            UsbDevice: WDFUSBDEVICE,
            CurrentFrameNumber: PULONG,
        ) -> NTSTATUS {
            kmdf: 332, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; must_use;
        }
        fn WdfUsbTargetDeviceSendControlTransferSynchronously(
            UsbDevice: WDFUSBDEVICE,
            Request: WDFREQUEST,
            RequestOptions: PWDF_REQUEST_SEND_OPTIONS,
            SetupPacket: PWDF_USB_CONTROL_SETUP_PACKET,
            MemoryDescriptor: PWDF_MEMORY_DESCRIPTOR,
            BytesTransferred: PULONG,
        ) -> NTSTATUS {
            kmdf: 333, 1.0; umdf: 212, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: Request, RequestOptions, MemoryDescriptor, BytesTransferred; must_use;
        }
        fn WdfUsbTargetDeviceFormatRequestForControlTransfer(
            UsbDevice: WDFUSBDEVICE,
            Request: WDFREQUEST,
            SetupPacket: PWDF_USB_CONTROL_SETUP_PACKET,
            TransferMemory: WDFMEMORY,
            TransferOffset: PWDFMEMORY_OFFSET,
        ) -> NTSTATUS {
            kmdf: 334, 1.0; umdf: 213, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: TransferMemory, TransferOffset; must_use;
        }
        fn WdfUsbTargetDeviceIsConnectedSynchronous(UsbDevice: WDFUSBDEVICE) -> NTSTATUS {
            kmdf: 335, 1.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ; must_use;
        }
        fn WdfUsbTargetDeviceResetPortSynchronously(UsbDevice: WDFUSBDEVICE) -> NTSTATUS {
            kmdf: 336, 1.0; umdf: 214, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ; must_use;
        }
        fn WdfUsbTargetDeviceCyclePortSynchronously(UsbDevice: WDFUSBDEVICE) -> NTSTATUS {
            kmdf: 337, 1.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ; must_use;
        }
        fn WdfUsbTargetDeviceFormatRequestForCyclePort(
            UsbDevice: WDFUSBDEVICE,
            Request: WDFREQUEST,
        ) -> NTSTATUS {
            kmdf: 338, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; must_use;
        }
        fn WdfUsbTargetDeviceSendUrbSynchronously(
            UsbDevice: WDFUSBDEVICE,
            Request: WDFREQUEST,
            RequestOptions: PWDF_REQUEST_SEND_OPTIONS,
            Urb: PURB,
        ) -> NTSTATUS {
            kmdf: 339, 1.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: Request, RequestOptions; must_use;
        }
        fn WdfUsbTargetDeviceFormatRequestForUrb(
            UsbDevice: WDFUSBDEVICE,
            Request: WDFREQUEST,
            UrbMemory: WDFMEMORY,
            UrbMemoryOffset: PWDFMEMORY_OFFSET,
        ) -> NTSTATUS {
            kmdf: 340, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: UrbMemoryOffset; must_use;
        }
        fn WdfUsbTargetPipeGetInformation(
            Pipe: WDFUSBPIPE,
            PipeInformation: PWDF_USB_PIPE_INFORMATION,
        ) -> () {
            kmdf: 341, 1.0; umdf: 216, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfUsbTargetPipeIsInEndpoint(Pipe: WDFUSBPIPE) -> BOOLEAN {
            kmdf: 342, 1.0; umdf: 217, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfUsbTargetPipeIsOutEndpoint(Pipe: WDFUSBPIPE) -> BOOLEAN {
            kmdf: 343, 1.0; umdf: 218, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfUsbTargetPipeGetType(Pipe: WDFUSBPIPE) -> WDF_USB_PIPE_TYPE {
            kmdf: 344, 1.0; umdf: 219, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfUsbTargetPipeSetNoMaximumPacketSizeCheck(Pipe: WDFUSBPIPE) -> () {
            kmdf: 345, 1.0; umdf: 220, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfUsbTargetPipeWriteSynchronously(
            Pipe: WDFUSBPIPE,
            Request: WDFREQUEST,
            RequestOptions: PWDF_REQUEST_SEND_OPTIONS,
            MemoryDescriptor: PWDF_MEMORY_DESCRIPTOR,
            BytesWritten: PULONG,
        ) -> NTSTATUS {
            kmdf: 346, 1.0; umdf: 221, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: Request, RequestOptions, MemoryDescriptor, BytesWritten; must_use;
        }
        fn WdfUsbTargetPipeFormatRequestForWrite(
            Pipe: WDFUSBPIPE,
            Request: WDFREQUEST,
            WriteMemory: WDFMEMORY,
            WriteOffset: PWDFMEMORY_OFFSET,
        ) -> NTSTATUS {
            kmdf: 347, 1.0; umdf: 222, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: WriteMemory, WriteOffset; must_use;
        }
        fn WdfUsbTargetPipeReadSynchronously(
            Pipe: WDFUSBPIPE,
            Request: WDFREQUEST,
            RequestOptions: PWDF_REQUEST_SEND_OPTIONS,
            MemoryDescriptor: PWDF_MEMORY_DESCRIPTOR,
            BytesRead: PULONG,
        ) -> NTSTATUS {
            kmdf: 348, 1.0; umdf: 223, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: Request, RequestOptions, MemoryDescriptor, BytesRead; must_use;
        }
        fn WdfUsbTargetPipeFormatRequestForRead(
            Pipe: WDFUSBPIPE,
            Request: WDFREQUEST,
            ReadMemory: WDFMEMORY,
            ReadOffset: PWDFMEMORY_OFFSET,
        ) -> NTSTATUS {
            kmdf: 349, 1.0; umdf: 224, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ReadMemory, ReadOffset; must_use;
        }
        fn WdfUsbTargetPipeConfigContinuousReader(
            Pipe: WDFUSBPIPE,
            Config: PWDF_USB_CONTINUOUS_READER_CONFIG,
        ) -> NTSTATUS {
            kmdf: 350, 1.0; umdf: 225, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; must_use;
        }
        fn WdfUsbTargetPipeAbortSynchronously(
            Pipe: WDFUSBPIPE,
            Request: WDFREQUEST,
            RequestOptions: PWDF_REQUEST_SEND_OPTIONS,
        ) -> NTSTATUS {
            kmdf: 351, 1.0; umdf: 226, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: Request, RequestOptions; must_use;
        }
        fn WdfUsbTargetPipeFormatRequestForAbort(Pipe: WDFUSBPIPE, Request: WDFREQUEST) -> NTSTATUS {
            kmdf: 352, 1.0; umdf: 227, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; must_use;
        }
        fn WdfUsbTargetPipeResetSynchronously(
            Pipe: WDFUSBPIPE,
            Request: WDFREQUEST,
            RequestOptions: PWDF_REQUEST_SEND_OPTIONS,
        ) -> NTSTATUS {
            kmdf: 353, 1.0; umdf: 228, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: Request, RequestOptions; must_use;
        }
        fn WdfUsbTargetPipeFormatRequestForReset(Pipe: WDFUSBPIPE, Request: WDFREQUEST) -> NTSTATUS {
            kmdf: 354, 1.0; umdf: 229, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; must_use;
        }
        fn WdfUsbTargetPipeSendUrbSynchronously(
            Pipe: WDFUSBPIPE,
            Request: WDFREQUEST,
            RequestOptions: PWDF_REQUEST_SEND_OPTIONS,
            Urb: PURB,
        ) -> NTSTATUS {
            kmdf: 355, 1.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: Request, RequestOptions; must_use;
        }
        fn WdfUsbTargetPipeFormatRequestForUrb(
            PIPE: WDFUSBPIPE,
            Request: WDFREQUEST,
            UrbMemory: WDFMEMORY,
            UrbMemoryOffset: PWDFMEMORY_OFFSET,
        ) -> NTSTATUS {
            kmdf: 356, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: UrbMemoryOffset; must_use;
        }
        fn WdfUsbInterfaceGetInterfaceNumber(UsbInterface: WDFUSBINTERFACE) -> BYTE {
            kmdf: 357, 1.0; umdf: 230, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfUsbInterfaceGetNumEndpoints(
            UsbInterface: WDFUSBINTERFACE,
            SettingIndex: UCHAR,
        ) -> BYTE {
            kmdf: 358, 1.0; umdf: 231, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfUsbInterfaceGetDescriptor(
            UsbInterface: WDFUSBINTERFACE,
            SettingIndex: UCHAR,
            InterfaceDescriptor: PUSB_INTERFACE_DESCRIPTOR,
        ) -> () {
            kmdf: 359, 1.0; umdf: 232, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfUsbInterfaceSelectSetting(
            UsbInterface: WDFUSBINTERFACE,
            PipesAttributes: PWDF_OBJECT_ATTRIBUTES,
            Params: PWDF_USB_INTERFACE_SELECT_SETTING_PARAMS,
        ) -> NTSTATUS {
            kmdf: 360, 1.0; umdf: 234, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: PipesAttributes; must_use;
        }
        fn WdfUsbInterfaceGetEndpointInformation(
            UsbInterface: WDFUSBINTERFACE,
            SettingIndex: UCHAR,
            EndpointIndex: UCHAR,
            EndpointInfo: PWDF_USB_PIPE_INFORMATION,
        ) -> () {
            kmdf: 361, 1.0; umdf: 235, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfUsbTargetDeviceGetInterface(
            UsbDevice: WDFUSBDEVICE,
            InterfaceIndex: UCHAR,
        ) -> WDFUSBINTERFACE {
            kmdf: 362, 1.0; umdf: 236, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfUsbInterfaceGetConfiguredSettingIndex(Interface: WDFUSBINTERFACE) -> BYTE {
            kmdf: 363, 1.0; umdf: 237, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfUsbInterfaceGetNumConfiguredPipes(UsbInterface: WDFUSBINTERFACE) -> BYTE {
            kmdf: 364, 1.0; umdf: 238, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfUsbInterfaceGetConfiguredPipe(
            UsbInterface: WDFUSBINTERFACE,
            PipeIndex: UCHAR,
            PipeInfo: PWDF_USB_PIPE_INFORMATION,
        ) -> WDFUSBPIPE {
            kmdf: 365, 1.0; umdf: 239, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: PipeInfo;
        }
        fn WdfUsbTargetPipeWdmGetPipeHandle(UsbPipe: WDFUSBPIPE) -> USBD_PIPE_HANDLE {
            kmdf: 366, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfUsbInterfaceGetNumSettings(UsbInterface: WDFUSBINTERFACE) -> BYTE {
            kmdf: 386, 1.5; umdf: 233, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfUsbTargetDeviceCreateWithParameters(
            Device: WDFDEVICE,
            Config: PWDF_USB_DEVICE_CREATE_CONFIG,
            Attributes: PWDF_OBJECT_ATTRIBUTES,
            UsbDevice: *mut WDFUSBDEVICE,
        ) -> NTSTATUS {
            kmdf: 421, 1.11; umdf: 203, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: Attributes; must_use;
        }
        fn WdfUsbTargetDeviceQueryUsbCapability(
            UsbDevice: WDFUSBDEVICE,
            CapabilityType: *const GUID,
            CapabilityBufferLength: ULONG,
            CapabilityBuffer: PVOID,
            ResultLength: PULONG,
        ) -> NTSTATUS {
            kmdf: 422, 1.11; umdf: 215, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: CapabilityBuffer, ResultLength; must_use;
        }
        fn WdfUsbTargetDeviceCreateUrb(
            UsbDevice: WDFUSBDEVICE,
            Attributes: PWDF_OBJECT_ATTRIBUTES,
            UrbMemory: *mut WDFMEMORY,
            Urb: *mut PURB,
        ) -> NTSTATUS {
            kmdf: 423, 1.11; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: Attributes, Urb; must_use;
        }
        fn WdfUsbTargetDeviceCreateIsochUrb(
            UsbDevice: WDFUSBDEVICE,
            Attributes: PWDF_OBJECT_ATTRIBUTES,
            NumberOfIsochPackets: ULONG,
            UrbMemory: *mut WDFMEMORY,
            Urb: *mut PURB,
        ) -> NTSTATUS {
            kmdf: 424, 1.11; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: Attributes, Urb; must_use;
        }
    } };
}
wdfusb_functions!(crate::wdf::declare_functions);

/// Initialises a [`WDF_USB_CONTINUOUS_READER_CONFIG`] as the C function of that name does.
pub fn WDF_USB_CONTINUOUS_READER_CONFIG_INIT(
    Config: &mut WDF_USB_CONTINUOUS_READER_CONFIG,
    EvtUsbTargetPipeReadComplete: PFN_WDF_USB_READER_COMPLETION_ROUTINE,
    EvtUsbTargetPipeReadCompleteContext: WDFCONTEXT,
    TransferLength: usize,
) {
    *Config = WDF_USB_CONTINUOUS_READER_CONFIG::default();
    Config.Size = structure_size::<WDF_USB_CONTINUOUS_READER_CONFIG>();
    Config.EvtUsbTargetPipeReadComplete = EvtUsbTargetPipeReadComplete;
    Config.EvtUsbTargetPipeReadCompleteContext = EvtUsbTargetPipeReadCompleteContext;
    Config.TransferLength = TransferLength;
}

/// Initialises a [`WDF_USB_DEVICE_INFORMATION`] as the C function of that name does.
pub fn WDF_USB_DEVICE_INFORMATION_INIT(Udi: &mut WDF_USB_DEVICE_INFORMATION) {
    *Udi = WDF_USB_DEVICE_INFORMATION::default();
    Udi.Size = structure_size::<WDF_USB_DEVICE_INFORMATION>();
}

/// Initialises a [`WDF_USB_DEVICE_SELECT_CONFIG_PARAMS`] as the C function of that name does.
pub fn WDF_USB_DEVICE_SELECT_CONFIG_PARAMS_INIT_SINGLE_INTERFACE(
    Params: &mut WDF_USB_DEVICE_SELECT_CONFIG_PARAMS,
) {
    *Params = WDF_USB_DEVICE_SELECT_CONFIG_PARAMS::default();
    Params.Size = structure_size::<WDF_USB_DEVICE_SELECT_CONFIG_PARAMS>();
    Params.Type = _WdfUsbTargetDeviceSelectConfigType::WdfUsbTargetDeviceSelectConfigTypeSingleInterface;
}

/// Initialises a [`WDF_USB_DEVICE_SELECT_CONFIG_PARAMS`] as the C function of that name does.
pub fn WDF_USB_DEVICE_SELECT_CONFIG_PARAMS_INIT_INTERFACES_DESCRIPTORS(
    Params: &mut WDF_USB_DEVICE_SELECT_CONFIG_PARAMS,
    ConfigDescriptor: PUSB_CONFIGURATION_DESCRIPTOR,
    InterfaceDescriptors: *mut PUSB_INTERFACE_DESCRIPTOR,
    NumInterfaceDescriptors: ULONG,
) {
    *Params = WDF_USB_DEVICE_SELECT_CONFIG_PARAMS::default();
    Params.Size = structure_size::<WDF_USB_DEVICE_SELECT_CONFIG_PARAMS>();
    Params.Type = _WdfUsbTargetDeviceSelectConfigType::WdfUsbTargetDeviceSelectConfigTypeInterfacesDescriptor;
    Params.Types.Descriptor.ConfigurationDescriptor = ConfigDescriptor;
    Params.Types.Descriptor.InterfaceDescriptors = InterfaceDescriptors;
    Params.Types.Descriptor.NumInterfaceDescriptors = NumInterfaceDescriptors;
}

/// Initialises a [`WDF_USB_DEVICE_SELECT_CONFIG_PARAMS`] as the C function of that name does.
pub fn WDF_USB_DEVICE_SELECT_CONFIG_PARAMS_INIT_URB(
    Params: &mut WDF_USB_DEVICE_SELECT_CONFIG_PARAMS,
    Urb: PURB,
) {
    *Params = WDF_USB_DEVICE_SELECT_CONFIG_PARAMS::default();
    Params.Size = structure_size::<WDF_USB_DEVICE_SELECT_CONFIG_PARAMS>();
    Params.Type = _WdfUsbTargetDeviceSelectConfigType::WdfUsbTargetDeviceSelectConfigTypeUrb;
    Params.Types.Urb.Urb = Urb;
}

/// Initialises a [`WDF_USB_DEVICE_SELECT_CONFIG_PARAMS`] as the C function of that name does.
pub fn WDF_USB_DEVICE_SELECT_CONFIG_PARAMS_INIT_DECONFIG(
    Params: &mut WDF_USB_DEVICE_SELECT_CONFIG_PARAMS,
) {
    *Params = WDF_USB_DEVICE_SELECT_CONFIG_PARAMS::default();
    Params.Size = structure_size::<WDF_USB_DEVICE_SELECT_CONFIG_PARAMS>();
    Params.Type = _WdfUsbTargetDeviceSelectConfigType::WdfUsbTargetDeviceSelectConfigTypeDeconfig;
}

/// Initialises a [`WDF_USB_INTERFACE_SELECT_SETTING_PARAMS`] as the C function of that name does.
pub fn WDF_USB_INTERFACE_SELECT_SETTING_PARAMS_INIT_DESCRIPTOR(
    Params: &mut WDF_USB_INTERFACE_SELECT_SETTING_PARAMS,
    Interface: PUSB_INTERFACE_DESCRIPTOR,
) {
    *Params = WDF_USB_INTERFACE_SELECT_SETTING_PARAMS::default();
    Params.Size = structure_size::<WDF_USB_INTERFACE_SELECT_SETTING_PARAMS>();
    Params.Type = _WdfUsbTargetDeviceSelectSettingType::WdfUsbInterfaceSelectSettingTypeDescriptor;
    Params.Types.Descriptor.InterfaceDescriptor = Interface;
}

/// Initialises a [`WDF_USB_INTERFACE_SELECT_SETTING_PARAMS`] as the C function of that name does.
pub fn WDF_USB_INTERFACE_SELECT_SETTING_PARAMS_INIT_URB(
    Params: &mut WDF_USB_INTERFACE_SELECT_SETTING_PARAMS,
    Urb: PURB,
) {
    *Params = WDF_USB_INTERFACE_SELECT_SETTING_PARAMS::default();
    Params.Size = structure_size::<WDF_USB_INTERFACE_SELECT_SETTING_PARAMS>();
    Params.Type = _WdfUsbTargetDeviceSelectSettingType::WdfUsbInterfaceSelectSettingTypeUrb;
    Params.Types.Urb.Urb = Urb;
}

/// Initialises a [`WDF_USB_INTERFACE_SELECT_SETTING_PARAMS`] as the C function of that name does.
pub fn WDF_USB_INTERFACE_SELECT_SETTING_PARAMS_INIT_SETTING(
    Params: &mut WDF_USB_INTERFACE_SELECT_SETTING_PARAMS,
    SettingIndex: UCHAR,
) {
    *Params = WDF_USB_INTERFACE_SELECT_SETTING_PARAMS::default();
    Params.Size = structure_size::<WDF_USB_INTERFACE_SELECT_SETTING_PARAMS>();
    Params.Type = _WdfUsbTargetDeviceSelectSettingType::WdfUsbInterfaceSelectSettingTypeSetting;
    Params.Types.Interface.SettingIndex = SettingIndex;
}

/// Initialises a [`WDF_USB_PIPE_INFORMATION`] as the C function of that name does.
pub fn WDF_USB_PIPE_INFORMATION_INIT(Info: &mut WDF_USB_PIPE_INFORMATION) {
    *Info = WDF_USB_PIPE_INFORMATION::default();
    Info.Size = structure_size::<WDF_USB_PIPE_INFORMATION>();
}

/// Initialises a [`WDF_USB_DEVICE_CREATE_CONFIG`] as the C function of that name does.
pub fn WDF_USB_DEVICE_CREATE_CONFIG_INIT(
    Config: &mut WDF_USB_DEVICE_CREATE_CONFIG,
    USBDClientContractVersion: ULONG,
) {
    *Config = WDF_USB_DEVICE_CREATE_CONFIG::default();
    Config.Size = structure_size::<WDF_USB_DEVICE_CREATE_CONFIG>();
    Config.USBDClientContractVersion = USBDClientContractVersion;
}

fn setup_packet(
    direction: WDF_USB_BMREQUEST_DIRECTION,
    kind: WDF_USB_BMREQUEST_TYPE,
    recipient: WDF_USB_BMREQUEST_RECIPIENT,
    request: BYTE,
    value: USHORT,
    index: USHORT,
) -> WDF_USB_CONTROL_SETUP_PACKET {
    // `Bits` of the request type: recipient at bit 0, type at bit 5, direction at bit 7.
    let bits = (recipient as BYTE & 3) | (kind as BYTE & 3) << 5 | (direction as BYTE & 1) << 7;
    let mut packet = WDF_USB_CONTROL_SETUP_PACKET::default();
    packet.Packet.bm.Byte = bits;
    packet.Packet.bRequest = request;
    packet.Packet.wValue.Value = value;
    packet.Packet.wIndex.Value = index;
    packet
}

/// Initialises a standard request as the C function of that name does.
pub fn WDF_USB_CONTROL_SETUP_PACKET_INIT(
    Packet: &mut WDF_USB_CONTROL_SETUP_PACKET,
    Direction: WDF_USB_BMREQUEST_DIRECTION,
    Recipient: WDF_USB_BMREQUEST_RECIPIENT,
    Request: BYTE,
    Value: USHORT,
    Index: USHORT,
) {
    let kind = _WDF_USB_BMREQUEST_TYPE::BmRequestStandard;
    *Packet = setup_packet(Direction, kind, Recipient, Request, Value, Index);
}

/// Initialises a class request as the C function of that name does.
pub fn WDF_USB_CONTROL_SETUP_PACKET_INIT_CLASS(
    Packet: &mut WDF_USB_CONTROL_SETUP_PACKET,
    Direction: WDF_USB_BMREQUEST_DIRECTION,
    Recipient: WDF_USB_BMREQUEST_RECIPIENT,
    Request: BYTE,
    Value: USHORT,
    Index: USHORT,
) {
    let kind = _WDF_USB_BMREQUEST_TYPE::BmRequestClass;
    *Packet = setup_packet(Direction, kind, Recipient, Request, Value, Index);
}

/// Initialises a vendor request as the C function of that name does.
pub fn WDF_USB_CONTROL_SETUP_PACKET_INIT_VENDOR(
    Packet: &mut WDF_USB_CONTROL_SETUP_PACKET,
    Direction: WDF_USB_BMREQUEST_DIRECTION,
    Recipient: WDF_USB_BMREQUEST_RECIPIENT,
    Request: BYTE,
    Value: USHORT,
    Index: USHORT,
) {
    let kind = _WDF_USB_BMREQUEST_TYPE::BmRequestVendor;
    *Packet = setup_packet(Direction, kind, Recipient, Request, Value, Index);
}

/// Initialises a set-feature or clear-feature request as the C function of that name does.
pub fn WDF_USB_CONTROL_SETUP_PACKET_INIT_FEATURE(
    Packet: &mut WDF_USB_CONTROL_SETUP_PACKET,
    BmRequestRecipient: WDF_USB_BMREQUEST_RECIPIENT,
    FeatureSelector: USHORT,
    Index: USHORT,
    SetFeature: BOOLEAN,
) {
    const USB_REQUEST_CLEAR_FEATURE: BYTE = 1;
    const USB_REQUEST_SET_FEATURE: BYTE = 3;
    let request =
        if SetFeature != 0 { USB_REQUEST_SET_FEATURE } else { USB_REQUEST_CLEAR_FEATURE };
    *Packet = setup_packet(
        _WDF_USB_BMREQUEST_DIRECTION::BmRequestHostToDevice,
        _WDF_USB_BMREQUEST_TYPE::BmRequestStandard,
        BmRequestRecipient,
        request,
        FeatureSelector,
        Index,
    );
}

/// Initialises a get-status request as the C function of that name does.
pub fn WDF_USB_CONTROL_SETUP_PACKET_INIT_GET_STATUS(
    Packet: &mut WDF_USB_CONTROL_SETUP_PACKET,
    BmRequestRecipient: WDF_USB_BMREQUEST_RECIPIENT,
    Index: USHORT,
) {
    const USB_REQUEST_GET_STATUS: BYTE = 0;
    *Packet = setup_packet(
        _WDF_USB_BMREQUEST_DIRECTION::BmRequestDeviceToHost,
        _WDF_USB_BMREQUEST_TYPE::BmRequestStandard,
        BmRequestRecipient,
        USB_REQUEST_GET_STATUS,
        0,
        Index,
    );
}

/// Initialises the parameters of a multiple-interface configuration as the C function of that name does.
pub fn WDF_USB_DEVICE_SELECT_CONFIG_PARAMS_INIT_MULTIPLE_INTERFACES(
    Params: &mut WDF_USB_DEVICE_SELECT_CONFIG_PARAMS,
    NumberInterfaces: UCHAR,
    SettingPairs: PWDF_USB_INTERFACE_SETTING_PAIR,
) {
    use _WdfUsbTargetDeviceSelectConfigType::*;
    *Params = WDF_USB_DEVICE_SELECT_CONFIG_PARAMS::default();
    Params.Size = structure_size::<WDF_USB_DEVICE_SELECT_CONFIG_PARAMS>();
    if !SettingPairs.is_null() && NumberInterfaces != 0 {
        Params.Type = WdfUsbTargetDeviceSelectConfigTypeInterfacesPairs;
        Params.Types.MultiInterface.NumberInterfaces = NumberInterfaces;
        Params.Types.MultiInterface.Pairs = SettingPairs;
    } else {
        Params.Type = WdfUsbTargetDeviceSelectConfigTypeMultiInterface;
    }
}
