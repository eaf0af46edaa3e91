//! What became of devices that were installed, changed or looked at.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::{self, Write};
use serde::Serialize;

/// What `install`, `remove`, `restart`, `disable`, `enable` and `status` print with `--json`.
#[derive(Debug, Serialize)]
pub struct Devices {
    /// Which of them it was.
    pub action: String,
    /// The hardware ID.
    pub hardware_id: String,
    /// How many devices were made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created: Option<u32>,
    /// The devices, and what they are doing now.
    pub devices: Vec<Device>,
    /// Whether it takes effect only when Windows has been restarted.
    pub restart: bool,
    /// How the program ends.
    pub exit_code: u8,
}

/// A device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Device {
    /// Its device instance ID.
    pub instance_id: String,
    /// What it is doing.
    pub state: State,
    /// The number of its problem (`CM_PROB_…`).
    pub problem: Option<u32>,
    /// The name of that problem, if it has one.
    pub problem_name: Option<&'static str>,
}

/// What a device is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Its driver runs.
    Started,
    /// Its driver does not run.
    Stopped,
    /// Its driver does not run, because of a problem.
    Problem,
    /// It is gone.
    Removed,
}

impl Device {
    /// A device with a problem, or without one.
    pub fn new(instance_id: String, state: State, problem: Option<u32>) -> Self {
        Self { instance_id, state, problem, problem_name: problem.and_then(problem_name) }
    }
}

impl Devices {
    /// Prints it for people.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn print(&self, out: &mut impl Write) -> fmt::Result {
        for device in &self.devices {
            write!(out, "{}: ", device.instance_id)?;
            match (device.state, device.problem, device.problem_name) {
                (State::Started, ..) => writeln!(out, "started"),
                (State::Removed, ..) => writeln!(out, "removed"),
                (_, Some(problem), Some(name)) => writeln!(out, "problem {problem} ({name})"),
                (_, Some(problem), None) => writeln!(out, "problem {problem}"),
                _ => writeln!(out, "not started"),
            }?;
        }
        if self.restart {
            writeln!(out, "Windows has to be restarted for it")?;
        }
        Ok(())
    }
}

/// The name of a problem, without `CM_PROB_` in front.
fn problem_name(number: u32) -> Option<&'static str> {
    let index = usize::try_from(number).ok()?.checked_sub(1)?;
    PROBLEMS.get(index).copied()
}

/// From 1 on, as in `cfg.h`.
const PROBLEMS: [&str; 57] = [
    "NOT_CONFIGURED",
    "DEVLOADER_FAILED",
    "OUT_OF_MEMORY",
    "ENTRY_IS_WRONG_TYPE",
    "LACKED_ARBITRATOR",
    "BOOT_CONFIG_CONFLICT",
    "FAILED_FILTER",
    "DEVLOADER_NOT_FOUND",
    "INVALID_DATA",
    "FAILED_START",
    "LIAR",
    "NORMAL_CONFLICT",
    "NOT_VERIFIED",
    "NEED_RESTART",
    "REENUMERATION",
    "PARTIAL_LOG_CONF",
    "UNKNOWN_RESOURCE",
    "REINSTALL",
    "REGISTRY",
    "VXDLDR",
    "WILL_BE_REMOVED",
    "DISABLED",
    "DEVLOADER_NOT_READY",
    "DEVICE_NOT_THERE",
    "MOVED",
    "TOO_EARLY",
    "NO_VALID_LOG_CONF",
    "FAILED_INSTALL",
    "HARDWARE_DISABLED",
    "CANT_SHARE_IRQ",
    "FAILED_ADD",
    "DISABLED_SERVICE",
    "TRANSLATION_FAILED",
    "NO_SOFTCONFIG",
    "BIOS_TABLE",
    "IRQ_TRANSLATION_FAILED",
    "FAILED_DRIVER_ENTRY",
    "DRIVER_FAILED_PRIOR_UNLOAD",
    "DRIVER_FAILED_LOAD",
    "DRIVER_SERVICE_KEY_INVALID",
    "LEGACY_SERVICE_NO_DEVICES",
    "DUPLICATE_DEVICE",
    "FAILED_POST_START",
    "HALTED",
    "PHANTOM",
    "SYSTEM_SHUTDOWN",
    "HELD_FOR_EJECT",
    "DRIVER_BLOCKED",
    "REGISTRY_TOO_LARGE",
    "SETPROPERTIES_FAILED",
    "WAITING_ON_DEPENDENCY",
    "UNSIGNED_DRIVER",
    "USED_BY_DEBUGGER",
    "DEVICE_RESET",
    "CONSOLE_LOCKED",
    "NEED_CLASS_CONFIG",
    "GUEST_ASSIGNMENT_FAILED",
];

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::borrow::ToOwned as _;
    use alloc::vec;

    #[test]
    fn problems_have_their_names() {
        let known = [
            (1, "NOT_CONFIGURED"),
            (10, "FAILED_START"),
            (22, "DISABLED"),
            (28, "FAILED_INSTALL"),
            (52, "UNSIGNED_DRIVER"),
        ];
        for (number, name) in known {
            assert_eq!(problem_name(number), Some(name));
        }
        assert_eq!((problem_name(0), problem_name(58), problem_name(u32::MAX)), (None, None, None));
    }

    #[test]
    fn each_device_has_a_line() {
        let device = |state, problem| Device::new(r"ROOT\X\0000".to_owned(), state, problem);
        let devices = Devices {
            action: "status".to_owned(),
            hardware_id: r"ROOT\X".to_owned(),
            created: None,
            devices: vec![device(State::Started, None), device(State::Problem, Some(52))],
            restart: true,
            exit_code: 18,
        };
        let mut text = String::new();
        devices.print(&mut text).unwrap();
        let expected = [
            r"ROOT\X\0000: started",
            r"ROOT\X\0000: problem 52 (UNSIGNED_DRIVER)",
            "Windows has to be restarted for it",
            "",
        ];
        assert_eq!(text, expected.join("\n"));
        let json = serde_json::to_value(&devices).unwrap();
        assert_eq!(
            (&json["devices"][1]["state"], &json["created"]),
            (&"problem".into(), &serde_json::Value::Null)
        );
    }
}
