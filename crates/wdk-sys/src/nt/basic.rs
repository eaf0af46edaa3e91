//! Scalars, pointers to scalars, and the constants and inline functions that are not in Microsoft's metadata.

use core::ffi::c_void;
use core::marker::PhantomData;

use super::*;

/// Type aliases with a one-line documentation each: `NAME = type;`.
macro_rules! c_alias {
    ( $( $name:ident = $ty:ty; )* ) => {
        $(
            #[doc = concat!("C `", stringify!($name), "`.")]
            pub type $name = $ty;
        )*
    };
}

c_alias! {
    BOOL = i32;
    BOOLEAN = u8;
    BYTE = u8;
    CCHAR = i8;
    CHAR = i8;
    SCHAR = i8;
    UCHAR = u8;
    SHORT = i16;
    USHORT = u16;
    WORD = u16;
    WCHAR = u16;
    INT = i32;
    UINT = u32;
    LONG = i32;
    ULONG = u32;
    DWORD = u32;
    LONGLONG = i64;
    LONG64 = i64;
    ULONGLONG = u64;
    ULONG64 = u64;
    DWORD64 = u64;
    DWORDLONG = u64;
    LONG_PTR = i64;
    ULONG_PTR = u64;
    SIZE_T = ULONG_PTR;
    SSIZE_T = LONG_PTR;
    size_t = usize;
    VOID = c_void;

    ACCESS_MASK = ULONG;
    CLONG = ULONG;
    DEVICE_TYPE = ULONG;
    DEVPROPID = ULONG;
    DEVPROPTYPE = ULONG;
    ERESOURCE_THREAD = ULONG_PTR;
    EXECUTION_STATE = ULONG;
    KAFFINITY = ULONG_PTR;
    KIRQL = UCHAR;
    KPRIORITY = LONG;
    KPROCESSOR_MODE = CCHAR;
    KSPIN_LOCK = ULONG_PTR;
    LCID = ULONG;
    NTSTATUS = LONG;
    PFN_NUMBER = ULONG_PTR;
    PHYSICAL_ADDRESS = LARGE_INTEGER;
    PNP_DEVICE_STATE = ULONG;
    POOL_FLAGS = ULONG64;
    SECURITY_CONTEXT_TRACKING_MODE = BOOLEAN;
    SECURITY_INFORMATION = ULONG;
    USBD_STATUS = LONG;

    PVOID = *mut c_void;
    LPVOID = PVOID;
    LPCVOID = *const c_void;
    HANDLE = PVOID;
    POHANDLE = PVOID;
    PSECURITY_DESCRIPTOR = PVOID;
    PSID = PVOID;
    USBD_CONFIGURATION_HANDLE = PVOID;
    USBD_INTERFACE_HANDLE = PVOID;
    USBD_HANDLE = PVOID;
    USBD_PIPE_HANDLE = PVOID;
    HINSTANCE = PVOID;
    HKEY = PVOID;
    HLOCAL = PVOID;
    HMODULE = PVOID;

    PSTR = *mut CHAR;
    LPSTR = PSTR;
    PCSTR = *const CHAR;
    LPCSTR = PCSTR;
    PSZ = *mut CHAR;
    PCSZ = *const CHAR;
    PCH = *mut CHAR;
    PCCH = *const CHAR;
    PWSTR = *mut WCHAR;
    LPWSTR = PWSTR;
    PCWSTR = *const WCHAR;
    LPCWSTR = PCWSTR;
    PWCH = *mut WCHAR;
    PCWCH = *const WCHAR;

    PACCESS_MASK = *mut ACCESS_MASK;
    PBOOL = *mut BOOL;
    PBOOLEAN = *mut BOOLEAN;
    PBYTE = *mut BYTE;
    PCHAR = *mut CHAR;
    PDEVPROPTYPE = *mut DEVPROPTYPE;
    PDWORD = *mut DWORD;
    PHANDLE = *mut HANDLE;
    PKAFFINITY = *mut KAFFINITY;
    PKIRQL = *mut KIRQL;
    PKSPIN_LOCK = *mut KSPIN_LOCK;
    PLONG = *mut LONG;
    PLONGLONG = *mut LONGLONG;
    PLONG_PTR = *mut LONG_PTR;
    PNTSTATUS = *mut NTSTATUS;
    PPHYSICAL_ADDRESS = *mut PHYSICAL_ADDRESS;
    PPVOID = *mut PVOID;
    PSHORT = *mut SHORT;
    PSIZE_T = *mut SIZE_T;
    PUCHAR = *mut UCHAR;
    PULONG = *mut ULONG;
    PULONG64 = *mut ULONG64;
    PULONGLONG = *mut ULONGLONG;
    PULONG_PTR = *mut ULONG_PTR;
    PUSHORT = *mut USHORT;
    PWCHAR = *mut WCHAR;

    KMUTEX = KMUTANT;
    PKMUTEX = PKMUTANT;
    PRKDPC = PKDPC;
    PRKEVENT = PKEVENT;
    PRKMUTANT = PKMUTANT;
    PRKMUTEX = PKMUTANT;
    PRKSEMAPHORE = PKSEMAPHORE;
    PRKTHREAD = PKTHREAD;

    ANSI_STRING = STRING;
    PANSI_STRING = PSTRING;
    PCUNICODE_STRING = *const UNICODE_STRING;
    PCANSI_STRING = *const ANSI_STRING;
    LPGUID = *mut GUID;
    LPCGUID = *const GUID;
    PCGUID = *const GUID;
    REFGUID = *const GUID;

    PO_FX_COMPONENT = PO_FX_COMPONENT_V2;
    PPO_FX_COMPONENT = *mut PO_FX_COMPONENT;
}

/// A trailing array whose length is not part of its type.
#[repr(C)]
pub struct __IncompleteArrayField<T>(PhantomData<T>, [T; 0]);

impl<T> __IncompleteArrayField<T> {
    /// An array of no elements.
    #[inline]
    pub const fn new() -> Self {
        Self(PhantomData, [])
    }

    /// Where the first element is.
    #[inline]
    pub const fn as_ptr(&self) -> *const T {
        core::ptr::from_ref(self).cast()
    }

    /// Where the first element is.
    #[inline]
    pub const fn as_mut_ptr(&mut self) -> *mut T {
        core::ptr::from_mut(self).cast()
    }

    /// The first `length` elements.
    ///
    /// # Safety
    ///
    /// That many elements follow, initialised, in the memory that `self` was taken from.
    #[inline]
    pub const unsafe fn as_slice(&self, length: usize) -> &[T] {
        // SAFETY: the caller vouches for the elements.
        unsafe { core::slice::from_raw_parts(self.as_ptr(), length) }
    }
}

impl<T: Copy> Copy for __IncompleteArrayField<T> {}

impl<T: Copy> Clone for __IncompleteArrayField<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Default for __IncompleteArrayField<T> {
    fn default() -> Self {
        Self::new()
    }
}

/// Constants with a one-line documentation each, as `u32` unless the group says otherwise.
macro_rules! c_constants {
    ( $ty:ty: $( $name:ident = $value:expr; )* ) => {
        $(
            #[doc = concat!("`", stringify!($name), "` of the C headers.")]
            pub const $name: $ty = $value;
        )*
    };
}

c_constants! { u32:
    FALSE = 0;
    TRUE = 1;

    PASSIVE_LEVEL = 0;
    LOW_LEVEL = 0;
    APC_LEVEL = 1;
    DISPATCH_LEVEL = 2;
    CMCI_LEVEL = 5;
    CLOCK_LEVEL = 13;
    IPI_LEVEL = 14;
    DRS_LEVEL = 14;
    POWER_LEVEL = 14;
    PROFILE_LEVEL = 15;
    HIGH_LEVEL = 15;

    PAGE_SIZE = 4096;
    PAGE_SHIFT = 12;
    MAXIMUM_WAIT_OBJECTS = 64;
    THREAD_WAIT_OBJECTS = 3;

    CM_RESOURCE_INTERRUPT_MESSAGE_TOKEN = 0xFFFF_FFFE;

    PO_FX_DEVICE_FLAG_RESERVED_1 = 0x01;
    PO_FX_DEVICE_FLAG_DFX_DIRECT_CHILDREN_OPTIONAL = 0x02;
    PO_FX_DEVICE_FLAG_DFX_POWER_CHILDREN_OPTIONAL = 0x04;
    PO_FX_DEVICE_FLAG_DFX_CHILDREN_OPTIONAL = 0x06;
    PO_FX_DEVICE_FLAG_DISABLE_FAST_RESUME = 0x08;
    PO_FX_DEVICE_FLAG_ENABLE_FAST_RESUME = 0x10;
    PO_FX_DEVICE_FLAG_NO_FAULT_CALLBACKS = 0x20;
    PO_FX_DIRECTED_FX_IMMEDIATE_IDLE_TIMEOUT = 0xFFFF_FFFF;
    PO_FX_DIRECTED_FX_MAX_IDLE_TIMEOUT = 600;

    USBD_CLIENT_CONTRACT_VERSION_INVALID = 0xFFFF_FFFF;
    USBD_CLIENT_CONTRACT_VERSION_602 = 0x602;
    USBD_INTERFACE_VERSION_600 = 0x600;
    USBD_INTERFACE_VERSION_602 = 0x602;
    USBD_INTERFACE_VERSION_603 = 0x603;

    DPFLTR_SYSTEM_ID = 0;
    DPFLTR_IHVDRIVER_ID = 77;
    DPFLTR_IHVVIDEO_ID = 78;
    DPFLTR_IHVAUDIO_ID = 79;
    DPFLTR_IHVNETWORK_ID = 80;
    DPFLTR_IHVSTREAMING_ID = 81;
    DPFLTR_IHVBUS_ID = 82;
    DPFLTR_DEFAULT_ID = 101;
    DPFLTR_ERROR_LEVEL = 0;
    DPFLTR_WARNING_LEVEL = 1;
    DPFLTR_TRACE_LEVEL = 2;
    DPFLTR_INFO_LEVEL = 3;
    DPFLTR_MASK = 0x8000_0000;
}

c_constants! { POOL_FLAGS:
    POOL_FLAG_REQUIRED_START = 0x1;
    POOL_FLAG_USE_QUOTA = 0x1;
    POOL_FLAG_UNINITIALIZED = 0x2;
    POOL_FLAG_SESSION = 0x4;
    POOL_FLAG_CACHE_ALIGNED = 0x8;
    POOL_FLAG_RESERVED1 = 0x10;
    POOL_FLAG_RAISE_ON_FAILURE = 0x20;
    POOL_FLAG_NON_PAGED = 0x40;
    POOL_FLAG_NON_PAGED_EXECUTE = 0x80;
    POOL_FLAG_PAGED = 0x100;
    POOL_FLAG_RESERVED2 = 0x200;
    POOL_FLAG_RESERVED3 = 0x400;
    POOL_FLAG_REQUIRED_END = 0x8000_0000;
    POOL_FLAG_OPTIONAL_START = 0x1_0000_0000;
    POOL_FLAG_SPECIAL_POOL = 0x1_0000_0000;
    POOL_FLAG_OPTIONAL_END = 0x8000_0000_0000_0000;
}

/// A device control code from its parts.
#[inline]
pub const fn CTL_CODE(device_type: ULONG, function: ULONG, method: ULONG, access: ULONG) -> ULONG {
    (device_type << 16) | (access << 14) | (function << 2) | method
}

/// The device type in a control code.
#[inline]
pub const fn DEVICE_TYPE_FROM_CTL_CODE(control_code: ULONG) -> ULONG {
    control_code >> 16
}

/// The transfer method in a control code.
#[inline]
pub const fn METHOD_FROM_CTL_CODE(control_code: ULONG) -> ULONG {
    control_code & 3
}

/// Whether a status means success or is informational.
#[inline]
pub const fn NT_SUCCESS(status: NTSTATUS) -> bool {
    status >= 0
}

/// Whether a status is informational.
#[inline]
pub const fn NT_INFORMATION(status: NTSTATUS) -> bool {
    status.cast_unsigned() >> 30 == 1
}

/// Whether a status is a warning.
#[inline]
pub const fn NT_WARNING(status: NTSTATUS) -> bool {
    status.cast_unsigned() >> 30 == 2
}

/// Whether a status is an error.
#[inline]
pub const fn NT_ERROR(status: NTSTATUS) -> bool {
    status.cast_unsigned() >> 30 == 3
}
