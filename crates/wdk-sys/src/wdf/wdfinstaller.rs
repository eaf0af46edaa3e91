//! Co-installer functions.
//!
//! DDI header: `wdfinstaller.h`.

use crate::declare::c_struct;
#[allow(unused_imports)]
use super::*;

c_struct! {
    /// `WDF_COINSTALLER_INSTALL_OPTIONS`.
    struct _WDF_COINSTALLER_INSTALL_OPTIONS as WDF_COINSTALLER_INSTALL_OPTIONS, PWDF_COINSTALLER_INSTALL_OPTIONS [8, 4] {
        Size: ULONG = 0,
        ShowRebootPrompt: BOOL = 4,
    }
}

/// Initialises a [`WDF_COINSTALLER_INSTALL_OPTIONS`] as the C function of that name does.
pub fn WDF_COINSTALLER_INSTALL_OPTIONS_INIT(ClientOptions: &mut WDF_COINSTALLER_INSTALL_OPTIONS) {
    *ClientOptions = WDF_COINSTALLER_INSTALL_OPTIONS::default();
    ClientOptions.Size = structure_size::<WDF_COINSTALLER_INSTALL_OPTIONS>();
}

/// A co-installer function that takes the path and the section of an INF file.
pub type PFN_WDFPREDEVICEINSTALL = Option<unsafe extern "C" fn(LPCWSTR, LPCWSTR) -> ULONG>;
/// As [`PFN_WDFPREDEVICEINSTALL`], with options.
pub type PFN_WDFPREDEVICEINSTALLEX =
    Option<unsafe extern "C" fn(LPCWSTR, LPCWSTR, PWDF_COINSTALLER_INSTALL_OPTIONS) -> ULONG>;
/// As [`PFN_WDFPREDEVICEINSTALL`], called after the installation.
pub type PFN_WDFPOSTDEVICEINSTALL = PFN_WDFPREDEVICEINSTALL;
/// As [`PFN_WDFPREDEVICEINSTALL`], called before the removal.
pub type PFN_WDFPREDEVICEREMOVE = PFN_WDFPREDEVICEINSTALL;
/// As [`PFN_WDFPREDEVICEINSTALL`], called after the removal.
pub type PFN_WDFPOSTDEVICEREMOVE = PFN_WDFPREDEVICEINSTALL;
