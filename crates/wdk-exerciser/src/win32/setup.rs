//! Device nodes and device interfaces (SetupAPI).

use super::error::{Error, Result};
use super::wide;
use crate::Class;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::mem::size_of;
use core::ptr::{null, null_mut};
use windows_sys::Win32::Devices::DeviceAndDriverInstallation::*;
use windows_sys::Win32::Foundation::{
    ERROR_INSUFFICIENT_BUFFER, ERROR_INVALID_DATA, ERROR_NO_MORE_ITEMS, ERROR_NO_SUCH_DEVINST,
};
use windows_sys::core::GUID;

/// A device node. It is the device's for as long as the device is there.
#[derive(Clone)]
pub struct DeviceNode {
    set: Rc<Set>,
    data: SP_DEVINFO_DATA,
}

/// What a device node is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Its driver runs.
    Started,
    /// It does not run, for a reason with this number (`CM_PROB_…`).
    Problem(u32),
    /// It does not run, and nobody says why.
    Stopped,
}

/// What can be done to a device node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Stops and starts it.
    Restart,
    /// Stops it, until it is enabled.
    Disable,
    /// Starts it again.
    Enable,
}

/// What is left to do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Outcome {
    /// It takes effect when Windows has been restarted.
    pub restart: bool,
}

/// The set-up class of an INF file.
#[derive(Clone)]
pub struct SetupClass {
    guid: GUID,
    name: Vec<u16>,
}

/// A set of device nodes, which goes away with the last one that uses it.
struct Set(HDEVINFO);

impl Set {
    fn new(set: HDEVINFO) -> Result<Rc<Self>> {
        if set == -1 { Err(Error::last()) } else { Ok(Rc::new(Self(set))) }
    }
}

impl Drop for Set {
    fn drop(&mut self) {
        // SAFETY: the set is open, and nobody uses it after this.
        unsafe { SetupDiDestroyDeviceInfoList(self.0) };
    }
}

/// The paths of all interfaces of that class whose devices are started, with their reference strings.
///
/// # Errors
///
/// What Windows says; so do the others.
pub fn interfaces(class: Class) -> Result<Vec<String>> {
    let class = guid(class);
    // SAFETY: the class is a GUID; the others ask for nothing.
    let set =
        unsafe { SetupDiGetClassDevsW(&class, null(), null_mut(), DIGCF_DEVICEINTERFACE | DIGCF_PRESENT) };
    let set = Set::new(set)?;
    let mut paths = Vec::new();
    for index in 0.. {
        let mut data = SP_DEVICE_INTERFACE_DATA {
            cbSize: size_of::<SP_DEVICE_INTERFACE_DATA>() as u32,
            ..SP_DEVICE_INTERFACE_DATA::default()
        };
        // SAFETY: the set is open, and the structure says its size.
        let found = unsafe { SetupDiEnumDeviceInterfaces(set.0, null(), &class, index, &mut data) };
        match Error::check(found) {
            Ok(()) => paths.push(interface_path(&set, &data)?),
            Err(Error(ERROR_NO_MORE_ITEMS)) => break,
            Err(error) => return Err(error),
        }
    }
    Ok(paths)
}

fn interface_path(set: &Set, data: &SP_DEVICE_INTERFACE_DATA) -> Result<String> {
    let mut size = 0;
    // SAFETY: without a buffer, it says how long one has to be.
    unsafe { SetupDiGetDeviceInterfaceDetailW(set.0, data, null_mut(), 0, &mut size, null_mut()) };
    let words =
        (size as usize).div_ceil(size_of::<u32>()).max(size_of::<SP_DEVICE_INTERFACE_DETAIL_DATA_W>() / 4);
    // Of words, because the structure is aligned like one.
    let mut buffer = vec![0_u32; words];
    buffer[0] = size_of::<SP_DEVICE_INTERFACE_DETAIL_DATA_W>() as u32;
    let detail = buffer.as_mut_ptr().cast::<SP_DEVICE_INTERFACE_DETAIL_DATA_W>();
    let length = (words * size_of::<u32>()) as u32;
    // SAFETY: the set is open, the buffer has that length and alignment, and begins with the structure's size.
    let success =
        unsafe { SetupDiGetDeviceInterfaceDetailW(set.0, data, detail, length, null_mut(), null_mut()) };
    Error::check(success)?;
    // Behind the size, in the same bytes: the path.
    let units: Vec<u16> = buffer[1..].iter().flat_map(|word| [*word as u16, (*word >> 16) as u16]).collect();
    Ok(wide::narrow(&units))
}

/// The device nodes that are present and have this hardware ID.
///
/// # Errors
///
/// As for [`interfaces`].
pub fn find(hardware_id: &str) -> Result<Vec<DeviceNode>> {
    // SAFETY: asks for all classes; the others ask for nothing.
    let set = unsafe { SetupDiGetClassDevsW(null(), null(), null_mut(), DIGCF_ALLCLASSES | DIGCF_PRESENT) };
    let set = Set::new(set)?;
    let mut found = Vec::new();
    for index in 0.. {
        let mut node = DeviceNode { set: set.clone(), data: empty() };
        // SAFETY: the set is open, and the structure says its size.
        match Error::check(unsafe { SetupDiEnumDeviceInfo(set.0, index, &mut node.data) }) {
            Ok(()) => {}
            Err(Error(ERROR_NO_MORE_ITEMS)) => break,
            Err(error) => return Err(error),
        }
        if node.hardware_ids()?.iter().any(|id| id.eq_ignore_ascii_case(hardware_id)) {
            found.push(node);
        }
    }
    Ok(found)
}

/// Reads the set-up class of an INF file.
///
/// # Errors
///
/// As for [`interfaces`].
pub fn class_of_inf(path: &str) -> Result<SetupClass> {
    const LONGEST: usize = 32;
    let path = wide::wide(path)?;
    let mut class = SetupClass { guid: GUID::from_u128(0), name: vec![0; LONGEST] };
    // SAFETY: the path ends with a zero, and the buffer is as long as is said.
    let success = unsafe {
        let (guid, name) = (&mut class.guid, class.name.as_mut_ptr());
        SetupDiGetINFClassW(path.as_ptr(), guid, name, LONGEST as u32, null_mut())
    };
    Error::check(success).map(|()| class)
}

/// Makes a root-enumerated device with a hardware ID. It has no driver yet: see [`update_driver`].
///
/// # Errors
///
/// As for [`interfaces`].
pub fn create(class: &SetupClass, hardware_id: &str) -> Result<DeviceNode> {
    // SAFETY: the class is a GUID.
    let set = Set::new(unsafe { SetupDiCreateDeviceInfoList(&class.guid, null_mut()) })?;
    let mut node = DeviceNode { set, data: empty() };
    // SAFETY: the set is open, the name ends with a zero, the structure says its size.
    let made = unsafe {
        SetupDiCreateDeviceInfoW(
            node.set.0,
            class.name.as_ptr(),
            &class.guid,
            null(),
            null_mut(),
            DICD_GENERATE_ID,
            &mut node.data,
        )
    };
    Error::check(made)?;
    // A list of one: a zero ends the text, another one the list.
    let mut ids = wide::wide(hardware_id)?;
    ids.push(0);
    let length = (ids.len() * size_of::<u16>()) as u32;
    // SAFETY: the device is the set's, and the text has that many bytes.
    let set = unsafe {
        SetupDiSetDeviceRegistryPropertyW(
            node.set.0,
            &mut node.data,
            SPDRP_HARDWAREID,
            ids.as_ptr().cast(),
            length,
        )
    };
    Error::check(set)?;
    node.call(DIF_REGISTERDEVICE)?;
    Ok(node)
}

/// Installs the driver of an INF file, given by its full path, on all devices with that hardware ID.
///
/// # Errors
///
/// As for [`interfaces`]. That they have it already, or a better one, is none.
pub fn update_driver(hardware_id: &str, inf: &str) -> Result<Outcome> {
    let (id, inf) = (wide::wide(hardware_id)?, wide::wide(inf)?);
    let mut restart = 0;
    // Nobody is there to be asked: what would be a question is an error.
    let flags = INSTALLFLAG_NONINTERACTIVE;
    // SAFETY: both texts end with a zero.
    let updated = unsafe {
        UpdateDriverForPlugAndPlayDevicesW(null_mut(), id.as_ptr(), inf.as_ptr(), flags, &mut restart)
    };
    match Error::check(updated) {
        Ok(()) | Err(Error(ERROR_NO_MORE_ITEMS)) => Ok(Outcome { restart: restart != 0 }),
        Err(error) => Err(error),
    }
}

impl DeviceNode {
    /// The device instance ID.
    ///
    /// # Errors
    ///
    /// As for [`interfaces`].
    pub fn instance_id(&self) -> Result<String> {
        // The longest is 200 characters.
        let mut id = [0; 256];
        // SAFETY: the device is the set's, and the buffer is as long as is said.
        let success = unsafe {
            SetupDiGetDeviceInstanceIdW(self.set.0, &self.data, id.as_mut_ptr(), id.len() as u32, null_mut())
        };
        Error::check(success).map(|()| wide::narrow(&id))
    }

    /// What it is doing.
    ///
    /// # Errors
    ///
    /// As for [`interfaces`].
    pub fn state(&self) -> Result<State> {
        let (mut status, mut problem) = (0, 0);
        // SAFETY: writes two numbers.
        let result = unsafe { CM_Get_DevNode_Status(&mut status, &mut problem, self.data.DevInst, 0) };
        if result != CR_SUCCESS {
            // SAFETY: no preconditions.
            return Err(Error(unsafe { CM_MapCrToWin32Err(result, ERROR_NO_SUCH_DEVINST) }));
        }
        Ok(match (status & DN_STARTED != 0, status & DN_HAS_PROBLEM != 0) {
            (_, true) => State::Problem(problem),
            (true, false) => State::Started,
            (false, false) => State::Stopped,
        })
    }

    /// Removes it.
    ///
    /// # Errors
    ///
    /// As for [`interfaces`].
    pub fn remove(&self) -> Result<Outcome> {
        let parameters = SP_REMOVEDEVICE_PARAMS {
            ClassInstallHeader: header(DIF_REMOVE),
            Scope: DI_REMOVEDEVICE_GLOBAL,
            HwProfile: 0,
        };
        self.set_parameters(&parameters)?;
        self.call(DIF_REMOVE)?;
        self.outcome()
    }

    /// Changes what it does.
    ///
    /// # Errors
    ///
    /// As for [`interfaces`].
    pub fn change(&self, change: Change) -> Result<Outcome> {
        let state = match change {
            Change::Restart => DICS_PROPCHANGE,
            Change::Disable => DICS_DISABLE,
            Change::Enable => DICS_ENABLE,
        };
        let change_in = |scope| {
            let parameters = SP_PROPCHANGE_PARAMS {
                ClassInstallHeader: header(DIF_PROPERTYCHANGE),
                StateChange: state,
                Scope: scope,
                HwProfile: 0,
            };
            self.set_parameters(&parameters)?;
            self.call(DIF_PROPERTYCHANGE)?;
            self.outcome()
        };
        // A device may have been disabled in all hardware profiles. What counts is what it is in this one.
        let everywhere = match change {
            Change::Enable => change_in(DICS_FLAG_GLOBAL).unwrap_or_default(),
            _ => Outcome::default(),
        };
        let here = change_in(DICS_FLAG_CONFIGSPECIFIC)?;
        Ok(Outcome { restart: everywhere.restart || here.restart })
    }

    fn hardware_ids(&self) -> Result<Vec<String>> {
        let mut buffer = vec![0_u16; 512];
        loop {
            let (mut needed, length) = (0, buffer.len() * size_of::<u16>());
            // SAFETY: the device is the set's, and the buffer has that many bytes.
            let success = unsafe {
                SetupDiGetDeviceRegistryPropertyW(
                    self.set.0,
                    &self.data,
                    SPDRP_HARDWAREID,
                    null_mut(),
                    buffer.as_mut_ptr().cast(),
                    length as u32,
                    &mut needed,
                )
            };
            match Error::check(success) {
                Ok(()) => break,
                Err(Error(ERROR_INSUFFICIENT_BUFFER)) if needed as usize > length => {
                    buffer = vec![0; (needed as usize).div_ceil(size_of::<u16>())];
                }
                // It has none.
                Err(Error(ERROR_INVALID_DATA)) => return Ok(Vec::new()),
                // It has gone.
                Err(Error(ERROR_NO_SUCH_DEVINST)) => return Ok(Vec::new()),
                Err(error) => return Err(error),
            }
        }
        let ids = buffer.split(|unit| *unit == 0).take_while(|id| !id.is_empty());
        Ok(ids.map(wide::narrow).collect())
    }

    /// Sets what a function of the class installer is called with.
    fn set_parameters<T: Parameters>(&self, parameters: &T) -> Result {
        let header = (&raw const *parameters).cast::<SP_CLASSINSTALL_HEADER>();
        // SAFETY: the device is the set's; the structure begins with a header, and has that size.
        let success =
            unsafe { SetupDiSetClassInstallParamsW(self.set.0, &self.data, header, size_of::<T>() as u32) };
        Error::check(success)
    }

    fn call(&self, function: DI_FUNCTION) -> Result {
        // SAFETY: the device is the set's.
        Error::check(unsafe { SetupDiCallClassInstaller(function, self.set.0, &self.data) })
    }

    fn outcome(&self) -> Result<Outcome> {
        let mut parameters = SP_DEVINSTALL_PARAMS_W {
            cbSize: size_of::<SP_DEVINSTALL_PARAMS_W>() as u32,
            ..SP_DEVINSTALL_PARAMS_W::default()
        };
        // SAFETY: the device is the set's, and the structure says its size.
        Error::check(unsafe { SetupDiGetDeviceInstallParamsW(self.set.0, &self.data, &mut parameters) })?;
        Ok(Outcome { restart: parameters.Flags & (DI_NEEDREBOOT | DI_NEEDRESTART) != 0 })
    }
}

/// A structure that begins with a `SP_CLASSINSTALL_HEADER`.
///
/// # Safety
///
/// It does.
unsafe trait Parameters {}
// SAFETY: its first member is one.
unsafe impl Parameters for SP_REMOVEDEVICE_PARAMS {}
// SAFETY: its first member is one.
unsafe impl Parameters for SP_PROPCHANGE_PARAMS {}

fn empty() -> SP_DEVINFO_DATA {
    SP_DEVINFO_DATA { cbSize: size_of::<SP_DEVINFO_DATA>() as u32, ..SP_DEVINFO_DATA::default() }
}

fn header(function: DI_FUNCTION) -> SP_CLASSINSTALL_HEADER {
    SP_CLASSINSTALL_HEADER { cbSize: size_of::<SP_CLASSINSTALL_HEADER>() as u32, InstallFunction: function }
}

fn guid(class: Class) -> GUID {
    let (data1, data2, data3, data4) = class.members();
    GUID { data1, data2, data3, data4 }
}
