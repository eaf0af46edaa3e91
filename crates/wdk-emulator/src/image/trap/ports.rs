//! Port I/O: what `in` and `out` of an image reach.

use std::cell::RefCell;
use std::ops::RangeInclusive;
use std::rc::Rc;

/// The width of an access to a port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// 8 bits.
    Byte,
    /// 16 bits.
    Word,
    /// 32 bits.
    Long,
}

/// A model of a device behind I/O ports, for images that use `in` and `out`.
///
/// Driver code is interrupted while one of these runs, at any IRQL; it must not call the machine.
pub trait Ports {
    /// The driver reads from a port.
    fn read(&mut self, port: u16, width: Width) -> u32;

    /// The driver writes to a port.
    fn write(&mut self, port: u16, width: Width, value: u32);
}

type Device = Rc<RefCell<dyn Ports>>;

/// The devices of a machine that are behind ports.
#[derive(Default)]
pub(crate) struct PortSpace {
    devices: RefCell<Vec<(RangeInclusive<u16>, Device)>>,
}

impl PortSpace {
    /// Adds a device. One that was added later hides those before it.
    pub(crate) fn add(&self, ports: RangeInclusive<u16>, device: impl Ports + 'static) {
        self.devices.borrow_mut().insert(0, (ports, Rc::new(RefCell::new(device))));
    }

    /// The device behind a port.
    pub(super) fn find(&self, port: u16) -> Option<Device> {
        let devices = self.devices.borrow();
        devices.iter().find(|(ports, _)| ports.contains(&port)).map(|(_, device)| device.clone())
    }
}
