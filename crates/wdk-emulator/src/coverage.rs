//! What the emulator has a model of, function by function.

/// A function that drivers can call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Coverage {
    /// Its name.
    pub name: &'static str,
    /// The header of a WDF function, or the module that exports an NT function.
    pub place: &'static str,
    /// Whether it does what it does on Windows. Otherwise a call stops the run with "not modelled".
    pub modelled: bool,
}

impl Coverage {
    /// `body` is the function that the entry calls: one of the model's, or the trait's that stops the run.
    pub(crate) fn new<F>(name: &'static str, place: &'static str, body: &F) -> Self {
        // The compiler's choice between the two is visible in the path of what it chose.
        Self { name, place, modelled: !std::any::type_name_of_val(body).contains("NotModelled") }
    }
}

/// The functions of KMDF 1.33, in the order of its headers.
pub fn kmdf() -> Vec<Coverage> {
    crate::abi::wdf::coverage()
}

/// The NT functions that have an entry here. Those that `wdk-sys` only declares are not among them; none of them is
/// modelled.
pub fn nt() -> Vec<Coverage> {
    crate::abi::nt::coverage()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn modelled(list: &[Coverage], name: &str) -> bool {
        list.iter().find(|function| function.name == name).unwrap_or_else(|| panic!("no {name}")).modelled
    }

    #[test]
    fn a_body_counts_and_its_absence_does_not() {
        let (kmdf, nt) = (kmdf(), nt());
        assert_eq!(kmdf.len(), crate::abi::wdf::KMDF_FUNCTIONS);
        assert!(modelled(&kmdf, "WdfIoQueueCreate") && !modelled(&kmdf, "WdfUsbTargetDeviceCreateUrb"));
        assert!(modelled(&nt, "ExAllocatePool2") && !modelled(&nt, "IoCreateDevice"));
    }
}
