//! Builds a Windows program that has no standard library and no C runtime, on any machine: one made with
//! `wdk_exerciser::program!`.

use crate::cargo::{self, Cargo};
use crate::error::{Error, Result};
use crate::files::{self, Access};
use crate::target::{Arch, Profile};
use crate::toolchain::Toolchain;
use crate::{image, link};
use serde::Serialize;
use std::path::PathBuf;

/// What to build. A program is always built as it is shipped.
#[derive(Debug, Clone)]
pub struct Program {
    /// The package's `Cargo.toml`.
    pub manifest: PathBuf,
    /// The root of its workspace.
    pub workspace_root: PathBuf,
    /// Where cargo builds.
    pub target_directory: PathBuf,
    /// The name of the binary target.
    pub name: String,
    /// Features of the package.
    pub features: Vec<String>,
    /// For which processor.
    pub arch: Arch,
    /// Where to put the program.
    pub out: PathBuf,
    /// Cargo says only what went wrong.
    pub quiet: bool,
}

/// A program that was built.
#[derive(Debug, Clone, Serialize)]
pub struct Built {
    /// The `.exe` file.
    pub program: PathBuf,
    /// Its length in bytes.
    pub size: u64,
    /// What built it.
    pub toolchain: Toolchain,
}

impl Program {
    /// Compiles, links and finishes the program, which appears whole or not at all. It does not depend on where it was
    /// built.
    ///
    /// # Errors
    ///
    /// What is missing on this machine, or that cargo failed.
    pub fn run(&self) -> Result<Built> {
        let toolchain = Toolchain::find(self.arch)?;
        let directories = cargo::directories(&self.workspace_root, &toolchain);
        let what = format!("the program `{}`", self.name);
        let cargo = Cargo {
            manifest: &self.manifest,
            workspace_root: &self.workspace_root,
            target_directory: self.target_directory.join(format!("{}-program", toolchain.directory())),
            target: &["--bin", &self.name],
            arch: self.arch,
            profile: Profile::Release,
            features: &self.features,
            quiet: self.quiet,
            toolchain: &toolchain,
            compiler_arguments: link::remapped(&directories),
            link_arguments: link::program_arguments().into_iter().map(Into::into).collect(),
            // Nobody debugs it with a path of this machine.
            settings: vec!["profile.release.strip=\"symbols\"".to_owned()],
            environment: Vec::new(),
            // `ntdll.dll` has them.
            memory_functions: false,
        };
        let mut made = cargo.run(&what)?;
        let Some(linked) = cargo::with_extension(&mut made, "exe") else {
            return Err(Error::Build(format!("cargo built {what}, but made no image of it")));
        };
        let mut bytes = files::read(&linked, image::LIMIT)?;
        image::finish(&mut bytes, None, false).map_err(|what| Error::Image { path: linked, what })?;
        files::make_directory_of(&self.out)?;
        files::replace(&self.out, &bytes, Access::Usual)?;
        Ok(Built { program: self.out.clone(), size: bytes.len() as u64, toolchain })
    }
}
