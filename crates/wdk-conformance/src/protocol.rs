//! What the driver and the user's side agree on.
//!
//! The first device of the driver is the desk: it takes no part in experiments, selects them, calls their commands and
//! keeps what their callbacks note. Any other device serves the experiment that is selected when it is added.

/// The hardware identifier of every device of the driver.
pub const HARDWARE_ID: &str = r"ROOT\WDK_CONFORMANCE";
/// The name under which the desk is opened, behind `\\.\`.
pub const DESK: &str = "WdkConformanceDesk";
/// The name under which the device of the selected experiment is opened, behind `\\.\`.
pub const DEVICE: &str = "WdkConformance";

/// A device control of the desk: buffered, of an unknown type of device, for any access.
const fn control(function: u32) -> u32 {
    0x22 << 16 | function << 2
}

/// Gives out an experiment. In: its number, four bytes. Out: [`fields`](self#fields) and script, or
/// `STATUS_NO_MORE_ENTRIES`.
///
/// # Fields
///
/// A line each: name; facts, with spaces between; what the verifier has to be; what it means. Then the script.
pub const DESCRIBE: u32 = control(0x900);
/// Selects an experiment and forgets what the one before has left. In: its name.
pub const SELECT: u32 = control(0x901);
/// Calls a command of the selected experiment. In: its name.
pub const CALL: u32 = control(0x902);
/// Takes the notes that were made since the last time. Out: lines.
pub const NOTES: u32 = control(0x903);
/// Reports the experiment's device as failed, whereupon Windows removes it by surprise.
pub const FAIL: u32 = control(0x904);
/// Says which version of the framework the driver is bound to. Out: `1.33`.
pub const FRAMEWORK: u32 = control(0x905);

/// The room for what a control gives out.
pub const ROOM: usize = 16 << 10;

/// The device control with this number, with each way to transfer (`METHOD_*`), that experiments send.
pub const fn asked(method: u32) -> u32 {
    control(0x801) | method
}
