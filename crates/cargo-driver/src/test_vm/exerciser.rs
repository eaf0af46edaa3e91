//! The program that exercises the driver on Windows.

use crate::exerciser;
use crate::exit::Result;
use crate::package::Made;
use wdk_build::files;
use wdk_build::sign::FILE_LIMIT;

/// Builds the program for the package's architecture.
///
/// # Errors
///
/// When it cannot be built.
pub fn build(made: &Made) -> Result<Vec<u8>> {
    let target = &made.driver.workspace_target;
    let out = target.join("driver").join(made.arch.name()).join("release").join(exerciser::FILE_NAME);
    let built = exerciser::build(made.arch, Some(target), &out, made.quiet)?;
    Ok(files::read(&built.program, FILE_LIMIT).map_err(wdk_build::Error::from)?)
}
