//! The program that exercises the driver on Windows.

use crate::exit::{Exit, Failure, Result};
use crate::package::Made;
use wdk_build::files;
use wdk_build::sign::FILE_LIMIT;

/// The program for the package's architecture.
///
/// # Errors
///
/// When it cannot be built.
pub fn build(_made: &Made) -> Result<Vec<u8>> {
    let path = std::env::var_os("WDK_EXERCISER").ok_or_else(|| {
        Failure::new(Exit::Toolchain, "there is no wdk-exerciser.exe (set WDK_EXERCISER to its path)")
    })?;
    Ok(files::read(path.as_ref(), FILE_LIMIT).map_err(wdk_build::Error::from)?)
}
