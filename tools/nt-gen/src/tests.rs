//! That what is generated holds what the tables ask for, and that mistakes in the tables are reported.

use std::path::Path;

use crate::declared::Declared;
use crate::layout::Expected;
use crate::overrides::Overrides;
use crate::selection::Selection;
use crate::{generate, metadata};

fn home() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn generated() -> Vec<(String, String)> {
    let winmd = metadata::locate(&home().join("Cargo.toml")).unwrap();
    generate(home(), &winmd).unwrap()
}

fn file<'a>(files: &'a [(String, String)], name: &str) -> &'a str {
    &files.iter().find(|(file, _)| file == name).unwrap().1
}

#[test]
fn every_type_and_member_of_the_layout_table_is_proved() {
    let table = std::fs::read_to_string(home().join("layout.json")).unwrap();
    let expected = Expected::parse(&table).unwrap();
    let (types, members) = expected.counts();
    assert!(types >= 128 && members >= 1283, "the table has shrunk: {types} types, {members} members");

    let files = generated();
    let proofs = file(&files, "layout.rs");
    assert_eq!(proofs.matches("assert!(size_of::<").count(), types);
    assert_eq!(proofs.matches("assert!(align_of::<").count(), types);
    assert_eq!(proofs.matches("assert!(offset_of!(").count(), members);
    for ty in &expected.types {
        assert!(proofs.contains(&format!("size_of::<{}>() == {},", ty.name, ty.sizeof)), "{}", ty.name);
    }
}

#[test]
fn generating_twice_gives_the_same_text() {
    assert!(generated() == generated());
}

#[test]
fn files_are_as_generated() {
    for (name, text) in generated() {
        let path = home().join("../../crates/wdk-sys/src/nt").join(&name);
        assert!(std::fs::read_to_string(path).unwrap() == text, "{name} is out of date: run nt-gen");
    }
}

#[test]
fn what_the_metadata_gets_wrong_is_put_right() {
    let files = generated();
    let (io, dispatch) = (file(&files, "io.rs"), file(&files, "dispatch.rs"));
    assert!(io.contains("struct _DEVICE_OBJECT as DEVICE_OBJECT, PDEVICE_OBJECT [336, 16]"));
    assert!(io.contains("        __bindgen_padding_1: ULONG = 12,\n        IoControlCode: ULONG = 16,"));
    assert!(dispatch.contains("        Period: ULONG = 60,"));
    let functions = file(&files, "functions.rs");
    assert!(!functions.contains("ntdll.dll"));
    assert!(functions.contains("fn RtlCompareUnicodeString("));
}

#[test]
fn functions_are_all_stated() {
    let selection =
        Selection::parse(&std::fs::read_to_string(home().join("selection.txt")).unwrap()).unwrap();
    let files = generated();
    let functions = file(&files, "functions.rs");
    assert_eq!(functions.matches("            module: \"").count(), selection.functions.len());
    for wanted in &selection.functions {
        assert_eq!(functions.matches(&format!("        fn {}(", wanted.name)).count(), 1, "{}", wanted.name);
    }
}

#[test]
fn declared_functions_are_all_stated_and_none_twice() {
    let declared = Declared::parse(&std::fs::read_to_string(home().join("declared.txt")).unwrap()).unwrap();
    let files = generated();
    let text = file(&files, "declared.rs");
    let names: Vec<&String> =
        declared.groups.iter().flat_map(|group| &group.functions).map(|(name, _)| name).collect();
    assert!(names.len() > 1700, "the list has shrunk: {}", names.len());
    assert_eq!(text.matches("            module: \"").count(), names.len());
    for name in names {
        assert_eq!(text.matches(&format!("        fn {name}(")).count(), 1, "{name}");
    }
}

#[test]
fn a_wrong_line_in_the_declarations_is_reported() {
    let problem = Declared::parse("module ntoskrnl.exe\nKeFoo HIGHEST").err().unwrap();
    assert_eq!(format!("{problem:#}"), "declared.txt line 2: HIGHEST is not an IRQL this tool knows");
    let problem = Declared::parse("KeFoo HIGH").err().unwrap();
    assert_eq!(format!("{problem:#}"), "declared.txt line 1: no module before the first function");
}

#[test]
fn a_layout_that_differs_is_reported() {
    let mut expected =
        Expected::parse(&std::fs::read_to_string(home().join("layout.json")).unwrap()).unwrap();
    let irp = expected.types.iter_mut().find(|ty| ty.name == "IRP").unwrap();
    irp.sizeof += 8;
    irp.offsets.insert("Nowhere".into(), crate::layout::Place::Byte(4));
    let winmd = metadata::locate(&home().join("Cargo.toml")).unwrap();
    let problem = crate::generate_with(home(), &winmd, &expected).unwrap_err().to_string();
    assert!(problem.contains("IRP: 208/16, expected 216/16"), "{problem}");
    assert!(problem.contains("IRP.Nowhere: no such member"), "{problem}");
}

#[test]
fn an_override_wants_a_reason() {
    let problem = Overrides::parse("[[alias]]\nfrom = \"A\"\nto = \"B\"\nreason = \"\"").err().unwrap();
    assert_eq!(problem.to_string(), "overrides.toml: an entry of [[alias]] has no reason");
}

#[test]
fn an_unknown_word_in_the_selection_is_reported_with_its_line() {
    let problem = Selection::parse("# fine\nfunction KeSetEvent").err().unwrap();
    assert_eq!(format!("{problem:#}"), "selection.txt line 2: unknown word function");
}

#[test]
fn the_scalars_this_tool_counts_on_are_stated() {
    let basic = std::fs::read_to_string(home().join("../../crates/wdk-sys/src/nt/basic.rs")).unwrap();
    for (name, _) in crate::model::BASIC {
        assert!(basic.contains(&format!("\n    {name} = ")), "{name}");
    }
    for name in crate::model::BASIC_POINTERS {
        assert!(basic.contains(&format!("\n    P{name} = ")), "P{name}");
    }
}

#[test]
fn an_override_that_applies_to_nothing_is_reported() {
    let table = "[[member]]\nmembers = [\"IRP.Nowhere\"]\nto = \"ULONG\"\nreason = \"a test of the check\"";
    assert_eq!(Overrides::parse(table).unwrap().unused(), ["member IRP.Nowhere"]);
}
