//! `cargo driver run`: runs a driver in the emulator, and reports.
//!
//! A package of the user's is built and runs in this process (`linked.rs`). An image is somebody's native code: it
//! runs in a process of its own (`image.rs` is this side of it, `image_process.rs` the other). What happens in the
//! machine is the same (`perform.rs`).

mod actions;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod image;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod image_process;
mod linked;
pub mod perform;
pub mod watcher;
pub mod work;

use crate::args::{Run, RunImage};
use crate::exit::{Exit, Result};
use crate::workspace::{self, Workspace};
use std::ffi::OsString;
use std::path::Path;

/// Runs the command, whose arguments these were.
///
/// # Errors
///
/// What ends it before there is anything to report.
pub fn run(options: &Run, arguments: &[OsString]) -> Result<Exit> {
    let path = Path::new(&options.driver);
    // No package has a dot in its name.
    if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("sys")) && !path.is_dir() {
        return image(options, arguments);
    }
    let here = Workspace::load(None);
    let is_package = here.as_ref().is_ok_and(|workspace| workspace.has_package(&options.driver));
    if !is_package && path.is_file() {
        return image(options, arguments);
    }
    let driver = workspace::find_driver(&here, &options.driver)?;
    linked::run(&driver, &here, options)
}

#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
fn image(options: &Run, arguments: &[OsString]) -> Result<Exit> {
    image::run(options, arguments)
}

/// The process in which an image runs.
///
/// # Errors
///
/// None: what goes wrong is told to the process that started this one.
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
pub fn image_process(image: &RunImage) -> Result<Exit> {
    image_process::run(image)
}

#[cfg(not(all(target_os = "linux", target_arch = "x86_64")))]
fn image(options: &Run, _arguments: &[OsString]) -> Result<Exit> {
    Err(elsewhere(&options.driver))
}

/// There is none on this host.
///
/// # Errors
///
/// Always.
#[cfg(not(all(target_os = "linux", target_arch = "x86_64")))]
pub fn image_process(image: &RunImage) -> Result<Exit> {
    Err(elsewhere(&image.run.driver))
}

#[cfg(not(all(target_os = "linux", target_arch = "x86_64")))]
fn elsewhere(driver: &str) -> crate::exit::Failure {
    let what = format!("the driver image `{driver}` cannot be loaded: images run on Linux on x86-64 only");
    crate::exit::Failure::new(Exit::Start, what)
}
