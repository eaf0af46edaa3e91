//! Object names that applications open: symbolic links and device interfaces.

use crate::abi::Call;
use crate::framework::objects::Ref;
use crate::framework::wdfdevice::Device;
use std::cell::RefCell;
use std::collections::BTreeMap;
use wdk_sys::*;

/// A device interface that a driver registered.
pub(crate) struct Interface {
    pub(crate) guid: GUID,
    pub(crate) link: String,
    pub(crate) device: Ref<Device>,
}

/// The names of a machine.
#[derive(Default)]
pub(crate) struct Names {
    links: RefCell<BTreeMap<String, Ref<Device>>>,
    pub(crate) interfaces: RefCell<Vec<Interface>>,
}

/// The part of a name behind the directory of DOS devices, in the case that comparison ignores.
fn key(name: &str) -> Option<String> {
    const DIRECTORIES: [&str; 6] =
        [r"\DosDevices\Global\", r"\DosDevices\", r"\??\", r"\GLOBAL??\", r"\\.\", r"\\?\"];
    let rest = DIRECTORIES.iter().find_map(|directory| {
        let head = name.get(..directory.len())?;
        head.eq_ignore_ascii_case(directory).then(|| &name[directory.len()..])
    })?;
    (!rest.is_empty()).then(|| rest.to_lowercase())
}

impl Names {
    /// Adds a link. Fails when the name is not one that applications can open, or is taken.
    pub(crate) fn add(&self, name: &str, device: &Ref<Device>) -> Result<(), NTSTATUS> {
        let key = key(name).ok_or(STATUS_OBJECT_PATH_SYNTAX_BAD)?;
        let mut links = self.links.borrow_mut();
        if links.contains_key(&key) {
            return Err(STATUS_OBJECT_NAME_COLLISION);
        }
        links.insert(key, device.clone());
        Ok(())
    }

    /// The device behind a name that an application opens.
    pub(crate) fn find(&self, name: &str) -> Option<Ref<Device>> {
        let key = key(name)?;
        if let Some(device) = self.links.borrow().get(&key) {
            return Some(device.clone());
        }
        let interfaces = self.interfaces.borrow();
        let found = interfaces.iter().find(|interface| self::key(&interface.link).as_ref() == Some(&key))?;
        // Interfaces are there while the device is started (`PNP1`).
        found.device.interfaces_enabled.get().then(|| found.device.clone())
    }

    /// The device behind a name that an application opens, and what the name says beyond it: the name of the file.
    pub(crate) fn find_file(&self, name: &str) -> Option<(Ref<Device>, String)> {
        let mut end = name.len();
        loop {
            if let Some(device) = self.find(&name[..end]) {
                return Some((device, name[end..].to_owned()));
            }
            end = name[..end].rfind('\\')?;
        }
    }

    /// The names of a device, links first.
    pub(crate) fn of(&self, device: &Ref<Device>) -> Vec<String> {
        let same = |other: &Ref<Device>| std::rc::Rc::ptr_eq(&other.object, &device.object);
        let links = self.links.borrow();
        let links = links.iter().filter(|(_, d)| same(d)).map(|(name, _)| format!(r"\\.\{name}"));
        let interfaces = self.interfaces.borrow();
        links.chain(interfaces.iter().filter(|i| same(&i.device)).map(|i| i.link.clone())).collect()
    }

    pub(crate) fn remove(&self, device: &Ref<Device>) {
        let same = |other: &Ref<Device>| std::rc::Rc::ptr_eq(&other.object, &device.object);
        self.links.borrow_mut().retain(|_, d| !same(d));
        self.interfaces.borrow_mut().retain(|interface| !same(&interface.device));
    }

    pub(crate) fn clear(&self) {
        self.links.take();
        self.interfaces.take();
    }
}

/// A GUID in the registry's form.
pub(crate) fn format_guid(guid: &GUID) -> String {
    let d = &guid.Data4;
    format!(
        "{{{:08x}-{:04x}-{:04x}-{:02x}{:02x}-{:02x}{:02x}{:02x}{:02x}{:02x}{:02x}}}",
        guid.Data1, guid.Data2, guid.Data3, d[0], d[1], d[2], d[3], d[4], d[5], d[6], d[7]
    )
}

/// A driver's counted string.
///
/// # Safety
///
/// The pointer is to a valid `UNICODE_STRING`.
pub(crate) unsafe fn read_string(call: &Call, what: &str, string: PCUNICODE_STRING) -> String {
    call.readable(format_args!("`{what}`"), string, 1);
    // SAFETY: as the caller promises.
    let string = unsafe { &*string };
    if string.Length < 2 || string.Buffer.is_null() {
        return String::new();
    }
    let count = string.Length as usize / 2;
    call.readable(format_args!("`Buffer` of `{what}`"), string.Buffer.cast_const(), count);
    // SAFETY: a valid string has that many units.
    let units = unsafe { std::slice::from_raw_parts(string.Buffer, count) };
    String::from_utf16_lossy(units)
}
