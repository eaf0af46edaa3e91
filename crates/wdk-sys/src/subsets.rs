//! The modules that windows-drivers-rs has behind features of the same names.
//!
//! Their types and constants are at the crate's root whether a feature is on or not; what a module has are the
//! functions. Microsoft's metadata, from which they are generated, describes few of these headers: what is missing
//! is said at each module.

/// HID: the functions of `hidpddi.h` and `hidpi.h` (`hidparse.sys`) and of `hidport.h` (`hidclass.sys`).
///
/// Not there: `hidspicx.h`, `kbdmou.h`, `ntdd8042.h` (none of them has functions that images import) and `vhf.h`,
/// whose functions are in a static library of Microsoft's.
#[cfg(feature = "hid")]
pub mod hid {
    pub use crate::declared::hid::*;
}

/// USB: the functions of `usbdlib.h` (`usbd.sys`). Those of `wdfusb.h` are at the root.
///
/// Not there: the class extensions (UCM, UCX, UDE, UFX, URS), which drivers reach through tables of their own.
#[cfg(feature = "usb")]
pub mod usb {
    pub use crate::declared::usb::*;
}

/// GPIO. It has no functions: those of `gpioclx.h` are calls through a class extension's table, which the metadata
/// does not describe.
#[cfg(feature = "gpio")]
pub mod gpio {}

/// Simple peripheral buses. It has no functions: those of `spbcx.h` are calls through a class extension's table, which
/// the metadata does not describe.
#[cfg(feature = "spb")]
pub mod spb {}

/// Storage. It has no functions: `storport.h` is not in the metadata. The control codes and structures of `ntdddisk.h`,
/// `ntddstor.h` and `ntddscsi.h` are at the root.
#[cfg(feature = "storage")]
pub mod storage {}

/// Serial and parallel ports. Their headers have no functions; the control codes and structures of `ntddser.h` are at
/// the root.
#[cfg(feature = "parallel-ports")]
pub mod parallel_ports {}
