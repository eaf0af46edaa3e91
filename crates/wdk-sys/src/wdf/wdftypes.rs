//! Handles and basic types.
//!
//! DDI header: `wdftypes.h`.

use crate::declare::{c_opaque, c_enum};
#[allow(unused_imports)]
use super::*;

/// `UMDF_DRIVER`.
pub const UMDF_DRIVER: ULONG = 2;

c_enum! {
    /// `WDF_TRI_STATE`.
    enum _WDF_TRI_STATE as WDF_TRI_STATE, PWDF_TRI_STATE {
        WdfFalse = 0,
        WdfTrue = 1,
        WdfUseDefault = 2,
    }
}


c_opaque! {
    /// The object behind a `WDFDRIVER` handle.
    WDFDRIVER__ as WDFDRIVER;
    /// The object behind a `WDFDEVICE` handle.
    WDFDEVICE__ as WDFDEVICE;
    /// The object behind a `WDFWMIPROVIDER` handle.
    WDFWMIPROVIDER__ as WDFWMIPROVIDER;
    /// The object behind a `WDFWMIINSTANCE` handle.
    WDFWMIINSTANCE__ as WDFWMIINSTANCE;
    /// The object behind a `WDFQUEUE` handle.
    WDFQUEUE__ as WDFQUEUE;
    /// The object behind a `WDFREQUEST` handle.
    WDFREQUEST__ as WDFREQUEST;
    /// The object behind a `WDFFILEOBJECT` handle.
    WDFFILEOBJECT__ as WDFFILEOBJECT;
    /// The object behind a `WDFDPC` handle.
    WDFDPC__ as WDFDPC;
    /// The object behind a `WDFTIMER` handle.
    WDFTIMER__ as WDFTIMER;
    /// The object behind a `WDFWORKITEM` handle.
    WDFWORKITEM__ as WDFWORKITEM;
    /// The object behind a `WDFINTERRUPT` handle.
    WDFINTERRUPT__ as WDFINTERRUPT;
    /// The object behind a `WDFWAITLOCK` handle.
    WDFWAITLOCK__ as WDFWAITLOCK;
    /// The object behind a `WDFSPINLOCK` handle.
    WDFSPINLOCK__ as WDFSPINLOCK;
    /// The object behind a `WDFMEMORY` handle.
    WDFMEMORY__ as WDFMEMORY;
    /// The object behind a `WDFLOOKASIDE` handle.
    WDFLOOKASIDE__ as WDFLOOKASIDE;
    /// The object behind a `WDFIOTARGET` handle.
    WDFIOTARGET__ as WDFIOTARGET;
    /// The object behind a `WDFUSBDEVICE` handle.
    WDFUSBDEVICE__ as WDFUSBDEVICE;
    /// The object behind a `WDFUSBINTERFACE` handle.
    WDFUSBINTERFACE__ as WDFUSBINTERFACE;
    /// The object behind a `WDFUSBPIPE` handle.
    WDFUSBPIPE__ as WDFUSBPIPE;
    /// The object behind a `WDFDMAENABLER` handle.
    WDFDMAENABLER__ as WDFDMAENABLER;
    /// The object behind a `WDFDMATRANSACTION` handle.
    WDFDMATRANSACTION__ as WDFDMATRANSACTION;
    /// The object behind a `WDFCOMMONBUFFER` handle.
    WDFCOMMONBUFFER__ as WDFCOMMONBUFFER;
    /// The object behind a `WDFKEY` handle.
    WDFKEY__ as WDFKEY;
    /// The object behind a `WDFSTRING` handle.
    WDFSTRING__ as WDFSTRING;
    /// The object behind a `WDFCOLLECTION` handle.
    WDFCOLLECTION__ as WDFCOLLECTION;
    /// The object behind a `WDFCHILDLIST` handle.
    WDFCHILDLIST__ as WDFCHILDLIST;
    /// The object behind a `WDFIORESREQLIST` handle.
    WDFIORESREQLIST__ as WDFIORESREQLIST;
    /// The object behind a `WDFIORESLIST` handle.
    WDFIORESLIST__ as WDFIORESLIST;
    /// The object behind a `WDFCMRESLIST` handle.
    WDFCMRESLIST__ as WDFCMRESLIST;
    /// The object behind a `WDFCOMPANIONTARGET` handle.
    WDFCOMPANIONTARGET__ as WDFCOMPANIONTARGET;
    /// The object behind a `WDFCOMPANION` handle.
    WDFCOMPANION__ as WDFCOMPANION;
    /// The object behind a `WDFTASKQUEUE` handle.
    WDFTASKQUEUE__ as WDFTASKQUEUE;
    /// What `EvtDriverDeviceAdd` gets and `WdfDeviceCreate` consumes.
    WDFDEVICE_INIT as PWDFDEVICE_INIT;
    /// What a class extension adds to a [`WDFDEVICE_INIT`].
    WDFCXDEVICE_INIT as PWDFCXDEVICE_INIT;
}

/// A handle to any framework object. Each kind of object has a handle type of its own; all of them are
/// pointers and cast to this one.
pub type WDFOBJECT = HANDLE;
/// Pointer to a [`WDFOBJECT`].
pub type PWDFOBJECT = *mut WDFOBJECT;
/// Driver-defined context of a callback.
pub type WDFCONTEXT = PVOID;
/// Table of structure sizes.
pub type WDF_STRUCT_INFO = *mut usize;
/// An entry of the function table; each call casts it to the exact type.
pub type WDFFUNC = Option<unsafe extern "C" fn()>;

/// No attributes: a pointer that `PWDF_OBJECT_ATTRIBUTES` parameters accept.
pub const WDF_NO_OBJECT_ATTRIBUTES: PWDF_OBJECT_ATTRIBUTES = core::ptr::null_mut();
/// No event callback.
pub const WDF_NO_EVENT_CALLBACK: PVOID = core::ptr::null_mut();
/// No handle.
pub const WDF_NO_HANDLE: PVOID = core::ptr::null_mut();
/// No context.
pub const WDF_NO_CONTEXT: PVOID = core::ptr::null_mut();
/// No send options.
pub const WDF_NO_SEND_OPTIONS: PWDF_REQUEST_SEND_OPTIONS = core::ptr::null_mut();
/// A null pointer.
pub const WDF_NULL_POINTER: PVOID = core::ptr::null_mut();
