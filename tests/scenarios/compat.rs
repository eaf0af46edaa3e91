//! Drivers written for windows-drivers-rs, moved over by `[patch]` alone: they build in every layout, for this host and
//! as images, and the KMDF ones run.

use object::read::pe::PeFile64;
use std::path::{Path, PathBuf};
use wdk_emulator::{Driver, Error, Kind, Machine};
use wdk_sys::binding::{Framework, Versions};
use wdk_sys::{STATUS_CANCELLED, STATUS_INVALID_DEVICE_REQUEST};
use wdk_tests::compat::{self, Workspace};

/// KMDF, package metadata, the 0.5 releases.
const STREAM: Workspace = Workspace { directory: "kmdf-package", package: "", library: "compat_stream" };
/// KMDF, workspace metadata, the 0.4 releases.
const CALCULATOR: Workspace =
    Workspace { directory: "kmdf-workspace", package: "driver", library: "compat_calculator" };
const WDM: Workspace = Workspace { directory: "wdm", package: "", library: "compat_wdm" };
const UMDF: Workspace = Workspace { directory: "umdf", package: "", library: "compat_umdf" };
const REGISTRY: Workspace = Workspace { directory: "registry", package: "", library: "compat_registry" };

/// A driver in one of its two forms.
enum Form {
    Linked(PathBuf, Versions),
    #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
    Image(PathBuf),
}

impl Form {
    fn load(&self, machine: &Machine) -> Result<Driver, Error> {
        match self {
            Self::Linked(library, versions) => machine.load(compat::load(library, *versions)),
            #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
            // SAFETY: an image of a driver in this repository.
            Self::Image(image) => unsafe { machine.load_image(image) },
        }
    }
}

fn linked(workspace: Workspace, versions: Versions) -> Form {
    Form::Linked(workspace.host_library(), versions)
}

/// What is asserted of the stream device: bytes go through, a waiting read can be cancelled, nothing is left behind.
fn stream(form: &Form) {
    let machine = Machine::builder().seed(7).build();
    let driver = form.load(&machine).expect("it loads");
    let device = driver.plug(r"ROOT\COMPAT").expect("it starts");
    let file = machine.open(r"\\.\CompatStream").expect("it opens");
    let waiting = file.start_read(64).expect("it waits");
    assert!(!waiting.is_done());
    assert_eq!(file.write(b"written").unwrap(), 7);
    let read = waiting.wait().unwrap().success().unwrap();
    assert_eq!(read.data, b"written");

    let waiting = file.start_read(64).unwrap();
    machine.run().unwrap();
    assert!(!waiting.is_done(), "there is nothing to read");
    waiting.cancel().unwrap();
    assert_eq!(waiting.wait().unwrap().status, STATUS_CANCELLED);

    assert_eq!(file.write(b"never read").unwrap(), 10);
    file.close().unwrap();
    device.remove().unwrap();
    driver.unload().unwrap();
    assert_eq!(machine.take_debug_output(), ["stream: loading", "stream: 10 bytes were never read"]);
    machine.finish().unwrap();
}

const IOCTL_ADD: u32 = 0x0022_2000;

/// What is asserted of the calculator.
fn calculator(form: &Form) {
    let machine = Machine::new();
    let driver = form.load(&machine).expect("it loads");
    let device = driver.plug(r"ROOT\COMPAT").expect("it starts");
    let file = machine.open(r"\\.\CompatCalculator").expect("it opens");
    let numbers: Vec<u8> = [1_u32, 2, u32::MAX].iter().flat_map(|n| n.to_le_bytes()).collect();
    assert_eq!(file.ioctl(IOCTL_ADD, &numbers, 8).unwrap(), (u64::from(u32::MAX) + 3).to_le_bytes());
    let refused = file.ioctl(IOCTL_ADD + 0x100, &numbers, 8).unwrap_err();
    assert_eq!(refused.status(), Some(STATUS_INVALID_DEVICE_REQUEST));
    file.close().unwrap();
    device.remove().unwrap();
    driver.unload().unwrap();
    let said = machine.take_debug_output();
    assert_eq!(said[0], "WdfDriverCreate: 0x00000000");
    assert!(said[1].starts_with("what is [") && said[1].ends_with("other = 2236672"), "{said:?}");
    assert_eq!(said[2..], ["0x222100?", "", "2 calls"]);
    machine.finish().unwrap();
}

/// What is asserted of the WDM driver: it gets as far as the first routine without a model, and is told so.
fn wdm(form: &Form) {
    let machine = Machine::new();
    let verdict = match form.load(&machine) {
        Err(Error::Stopped(verdict)) => verdict,
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("WDM devices are modelled now: say what the driver does"),
    };
    assert_eq!(verdict.kind, Kind::NotModelled, "{verdict}");
    assert_eq!(machine.take_debug_output(), ["compat-wdm: loading"]);
}

#[test]
#[cfg_attr(wdk_sanitizer, ignore = "SKIPPED: other workspaces are not built for a sanitizer")]
fn a_kmdf_driver_with_package_metadata_runs() {
    stream(&linked(STREAM, Versions::kmdf(33)));
}

#[test]
#[cfg_attr(wdk_sanitizer, ignore = "SKIPPED: other workspaces are not built for a sanitizer")]
fn a_kmdf_driver_with_workspace_metadata_and_the_older_releases_runs() {
    calculator(&linked(CALCULATOR, Versions::kmdf(23)));
}

#[test]
#[cfg_attr(wdk_sanitizer, ignore = "SKIPPED: other workspaces are not built for a sanitizer")]
fn memory_of_the_global_allocator_is_pool_memory_and_its_loss_is_found() {
    let machine = Machine::new();
    let driver = linked(CALCULATOR, Versions::kmdf(23)).load(&machine).unwrap();
    let device = driver.plug(r"ROOT\COMPAT").unwrap();
    let file = machine.open(r"\\.\CompatCalculator").unwrap();
    file.ioctl(IOCTL_ADD + 4, &[0; 100], 0).unwrap();
    file.close().unwrap();
    device.remove().unwrap();
    let Error::Stopped(verdict) = driver.unload().and_then(|()| machine.finish()).unwrap_err() else {
        panic!("a leak is a verdict");
    };
    assert_eq!(verdict.kind, Kind::DriverBug);
    assert!(verdict.to_string().contains("tag 'Rust', 100 bytes"), "{verdict}");
}

#[test]
#[cfg_attr(wdk_sanitizer, ignore = "SKIPPED: other workspaces are not built for a sanitizer")]
fn a_panic_in_a_raw_callback_is_a_verdict() {
    let machine = Machine::new();
    let driver = linked(CALCULATOR, Versions::kmdf(23)).load(&machine).unwrap();
    driver.plug(r"ROOT\COMPAT").unwrap();
    let file = machine.open(r"\\.\CompatCalculator").unwrap();
    let Error::Stopped(verdict) = file.ioctl(IOCTL_ADD + 8, &[0; 3], 0).unwrap_err() else {
        panic!("a panic is a verdict");
    };
    assert_eq!(verdict.kind, Kind::DriverBug);
    assert!(verdict.to_string().contains("asked to panic with 3 bytes, at driver/src/lib.rs"), "{verdict}");
}

#[test]
#[cfg_attr(wdk_sanitizer, ignore = "SKIPPED: other workspaces are not built for a sanitizer")]
fn a_wdm_driver_builds_and_runs_as_far_as_there_is_a_model() {
    wdm(&linked(WDM, Versions::WDM));
}

#[test]
#[cfg_attr(wdk_sanitizer, ignore = "SKIPPED: other workspaces are not built for a sanitizer")]
fn a_umdf_driver_builds_and_is_refused() {
    let versions = Versions { framework: Framework::Umdf, major: 2, target_minor: 33, minimum_minor: 33 };
    let machine = Machine::new();
    let refused = linked(UMDF, versions).load(&machine).err().expect("UMDF is not modelled");
    assert!(matches!(refused, Error::DriverEntry(_)), "{refused}");
}

#[test]
#[cfg_attr(wdk_sanitizer, ignore = "SKIPPED: other workspaces are not built for a sanitizer")]
fn crates_of_the_registry_that_depend_on_wdk_sys_build() {
    REGISTRY.host_library();
}

/// The modules that an image imports from, and its exports.
fn names(image: &Path) -> (Vec<String>, Vec<String>) {
    let data = std::fs::read(image).unwrap();
    let file = PeFile64::parse(&*data).unwrap();
    let text = |name: &[u8]| String::from_utf8_lossy(name).into_owned();
    let directories = file.data_directories();
    let imports = directories.get(object::pe::IMAGE_DIRECTORY_ENTRY_IMPORT);
    let mut modules = Vec::new();
    if imports.is_some_and(|directory| directory.virtual_address.get(object::LittleEndian) != 0) {
        let table = file.import_table().unwrap().unwrap();
        let mut descriptors = table.descriptors().unwrap();
        while let Some(descriptor) = descriptors.next().unwrap() {
            modules.push(text(table.name(descriptor.name.get(object::LittleEndian)).unwrap()));
        }
    }
    use object::Object as _;
    let name = |export: object::Export<'_>| match export.name() {
        object::NameOrOrdinal::Name(name) => text(name),
        object::NameOrOrdinal::Ordinal(ordinal) => format!("#{ordinal}"),
    };
    let exports = file.exports().unwrap().map(|export| name(export.unwrap())).collect();
    (modules, exports)
}

#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
#[test]
#[cfg_attr(wdk_sanitizer, ignore = "SKIPPED: other workspaces are not built for a sanitizer")]
#[cfg_attr(not(any(wdk_images, wdk_sanitizer)), ignore = "SKIPPED: no Windows target")]
fn the_images_link_and_import_from_where_their_model_may() {
    let cases: [(Workspace, &[&str], &str); 4] = [
        (STREAM, &["ntoskrnl.exe", "WDFLDR.SYS"], "DriverEntry"),
        (CALCULATOR, &["ntoskrnl.exe", "WDFLDR.SYS"], "DriverEntry"),
        (WDM, &["ntoskrnl.exe"], "DriverEntry"),
        (UMDF, &["KERNEL32.dll"], "FxDriverEntryUm"),
    ];
    for (workspace, modules, entry) in cases {
        let Some(image) = workspace.image() else { return };
        let (imports, exports) = names(&image);
        assert_eq!(imports, modules, "{}", workspace.directory);
        assert!(exports.iter().any(|name| name == entry), "{}: {exports:?}", workspace.directory);
        match workspace.directory {
            "kmdf-package" => stream(&Form::Image(image)),
            "kmdf-workspace" => calculator(&Form::Image(image)),
            "wdm" => wdm(&Form::Image(image)),
            _ => {}
        }
    }
}
