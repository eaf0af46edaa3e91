//! What an image uses that has no model.

use super::{call, load, open, path, verdict};
use wdk_emulator::{File, Kind, Machine};

fn imports() -> (Machine, File) {
    open(Machine::builder().trace().build(), "imports", r"\\.\Imports")
}

#[test]
fn it_is_listed_when_the_image_is_loaded() {
    let machine = Machine::builder().trace().build();
    let before = machine.map_image(path("imports")).unwrap().not_modelled();
    assert_eq!(before, ["ntoskrnl.exe!ExInventedFunction", "ntoskrnl.exe!ExInventedVariable"]);
    let driver = load(&machine, "imports");
    let listed = driver.not_modelled();
    assert_eq!(listed[..2], before);
    // The functions of the framework that the code takes from the table.
    assert_eq!(listed[2..], ["WdfCollectionCreate"]);
    let trace = machine.take_trace();
    for name in &listed {
        assert!(trace.contains(&format!("imports.sys uses {name}, which is not modelled")), "{trace}");
    }
    machine.finish().unwrap();
    // One that uses nothing of the kind has an empty list.
    let machine = Machine::new();
    assert_eq!(load(&machine, "traps").not_modelled(), [""; 0]);
    machine.finish().unwrap();
}

#[test]
fn it_stops_the_run_when_it_is_used_and_not_before() {
    let (machine, file) = imports();
    assert_eq!(call(&file, 0, 41).unwrap(), 42);
    assert_eq!(call(&file, 3, 0).unwrap(), 0x7FFF_FFFF_0000);
    drop(file);
    machine.finish().unwrap();
    for (function, name, how) in [
        (1, "ExInventedFunction", "was called"),
        (2, "ExInventedVariable", "was accessed as a variable"),
        (4, "WdfCollectionCreate", "was called"),
    ] {
        let (_machine, file) = imports();
        let verdict = verdict(&file, function, 0);
        assert_eq!(verdict.kind, Kind::NotModelled);
        assert!(verdict.title.contains(&format!("not modelled: {name} ")), "{verdict}");
        assert!(verdict.effect.contains(how), "{verdict}");
        assert!(
            verdict.place.as_deref().is_some_and(|place| place.starts_with("imports.sys+0x")),
            "{verdict}"
        );
    }
}
