//! Builds a driver into a finished image.

use crate::cargo::{self, Cargo};
use crate::error::{Error, Result};
use crate::files::{self, Access};
use crate::image;
use crate::link;
use crate::metadata::DriverModel;
use crate::resource::VersionInfo;
use crate::target::{Arch, Profile};
use crate::toolchain::Toolchain;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// What to build, and how.
#[derive(Debug, Clone)]
pub struct Build {
    /// The driver's `Cargo.toml`.
    pub manifest: PathBuf,
    /// The root of its workspace, which is the package's own directory where there is no other.
    pub workspace_root: PathBuf,
    /// The workspace's target directory.
    pub target_directory: PathBuf,
    /// The library target's name, with underscores: the file is called like that.
    pub library: String,
    /// For which processor.
    pub arch: Arch,
    /// With or without optimisation.
    pub profile: Profile,
    /// Features of the package.
    pub features: Vec<String>,
    /// Where to put the image, if not in the target directory.
    pub out: Option<PathBuf>,
    /// Cargo says only what went wrong.
    pub quiet: bool,
}

/// A driver that was built.
#[derive(Debug, Clone, Serialize)]
pub struct Built {
    /// The image.
    pub image: PathBuf,
    /// Its debug information.
    pub symbols: Option<PathBuf>,
    /// Length of the image in bytes.
    pub size: u64,
    /// What kind of driver it is.
    pub model: DriverModel,
    /// What built it.
    pub toolchain: Toolchain,
}

impl Build {
    /// Compiles, links and finishes the driver. The image and its debug information appear whole or not at all.
    ///
    /// # Errors
    ///
    /// What the manifest says that cannot be, what is missing on this machine, or that cargo failed.
    pub fn run(&self) -> Result<Built> {
        let workspace_manifest = self.workspace_root.join("Cargo.toml");
        let model = DriverModel::read(&self.manifest, Some(&workspace_manifest))?;
        let toolchain = Toolchain::find(self.arch)?;
        let resource = self.write_resource(&model, &workspace_manifest, &toolchain)?;
        let linked = self.compile(&model, &toolchain, &resource)?;

        let mut bytes = files::read(&linked.image, image::LIMIT)?;
        let mut symbols =
            linked.symbols.as_deref().map(|path| files::read(path, image::LIMIT)).transpose()?;
        let kernel = !matches!(model, DriverModel::Umdf(_));
        image::finish(&mut bytes, symbols.as_deref_mut(), kernel)
            .map_err(|what| Error::Image { path: linked.image.clone(), what })?;
        let path = self.out.clone().unwrap_or_else(|| self.default_out(&model));
        files::make_directory_of(&path)?;
        // The debug information first: an image must not be there without it. Its name is the one in the image.
        let symbols = match (&linked.symbols, symbols) {
            (Some(found), Some(content)) => {
                let beside = path.with_file_name(found.file_name().expect("cargo names a file"));
                files::replace(&beside, &content, Access::Usual)?;
                Some(beside)
            }
            _ => None,
        };
        files::replace(&path, &bytes, Access::Usual)?;
        Ok(Built { image: path, symbols, size: bytes.len() as u64, model, toolchain })
    }

    /// Writes the version resource where the linker finds it.
    fn write_resource(
        &self,
        model: &DriverModel,
        workspace: &Path,
        toolchain: &Toolchain,
    ) -> Result<PathBuf> {
        let kernel = !matches!(model, DriverModel::Umdf(_));
        let name = format!("{}.{}", self.library, link::extension(model));
        let path = self.target_directory.join(toolchain.directory()).join(format!("{}.res", self.library));
        let version = VersionInfo::read(&self.manifest, Some(workspace), &name, kernel).ok_or_else(|| {
            Error::Metadata { manifest: self.manifest.clone(), what: "the package cannot be read".to_owned() }
        })?;
        files::make_directory_of(&path)?;
        files::replace(&path, &version.to_res(), Access::Usual)?;
        Ok(path)
    }

    /// Where the image goes if nobody says otherwise.
    fn default_out(&self, model: &DriverModel) -> PathBuf {
        let directory = self.target_directory.join("driver").join(self.arch.name());
        let name = format!("{}.{}", self.library, link::extension(model));
        directory.join(self.profile.directory()).join(name)
    }

    /// Compiles and links it, with a `.res` file for the linker.
    fn compile(&self, model: &DriverModel, toolchain: &Toolchain, resource: &Path) -> Result<Linked> {
        let directories = cargo::directories(&self.workspace_root, toolchain);
        let arguments = link::arguments(model, self.arch, toolchain.linker.kind);
        let link_arguments =
            arguments.into_iter().map(Into::into).chain([resource.as_os_str().to_owned()]).collect();
        let cargo = Cargo {
            manifest: &self.manifest,
            workspace_root: &self.workspace_root,
            target_directory: self.target_directory.join(toolchain.directory()),
            target: &["--lib", "--crate-type", "cdylib"],
            arch: self.arch,
            profile: self.profile,
            features: &self.features,
            quiet: self.quiet,
            toolchain,
            compiler_arguments: link::compiler_arguments(model, &directories),
            link_arguments,
            settings: Vec::new(),
            environment: vec![
                (crate::configure::BUILT_BY_DRIVER, "1".to_owned()),
                ("WDK_DRIVER_MODEL", model.in_short()),
            ],
            memory_functions: true,
        };
        let mut made = cargo.run(&format!("the driver `{}`", self.library))?;
        let Some(image) = cargo::with_extension(&mut made, "dll") else {
            let what = format!("cargo built `{}`, but made no image of it", self.library);
            return Err(Error::Build(what));
        };
        Ok(Linked { image, symbols: cargo::with_extension(&mut made, "pdb") })
    }
}

/// What the linker made.
#[derive(Debug)]
struct Linked {
    image: PathBuf,
    symbols: Option<PathBuf>,
}
