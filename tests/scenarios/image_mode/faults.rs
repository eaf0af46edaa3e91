//! Accesses to memory that is not there or not the driver's, the sections of an image, and where it all happened.

use super::{call, open, path, verdict};
use wdk_emulator::verifier::Level;
use wdk_emulator::{File, Machine, Verdict};

fn faults() -> (Machine, File) {
    open(Machine::new(), "faults", r"\\.\Faults")
}

fn stopped(function: u32, input: u64) -> Verdict {
    let (_machine, file) = faults();
    verdict(&file, function, input)
}

/// The line of the image's source that has a mark.
fn line(mark: &str) -> usize {
    let source = std::fs::read_to_string(path("faults").with_extension("c")).unwrap();
    source.lines().position(|line| line.contains(&format!("MARK: {mark} "))).unwrap() + 1
}

#[test]
fn a_null_pointer_names_function_line_and_callers() {
    let verdict = stopped(1, 8);
    assert_eq!(verdict.id(), "access-violation");
    assert!(verdict.effect.contains("a null pointer was followed (write)"), "{verdict}");
    assert_eq!(verdict.place, Some(format!("faults.c:{}", line("inner"))), "{verdict}");
    let frames = &verdict.backtrace;
    assert!(frames.len() >= 4, "{verdict}");
    for (frame, function) in frames.iter().zip(["inner+", "outer+", "act+", "EvtIoDeviceControl+"]) {
        assert!(frame.starts_with("faults.sys+0x") && frame.contains(function), "{verdict}");
    }
    assert!(frames[1].contains(&format!("(faults.c:{})", line("outer"))), "{verdict}");
}

#[test]
fn without_its_pdb_an_image_s_frames_are_offsets() {
    let directory = tempfile("no-pdb");
    let copy = directory.join("faults.sys");
    std::fs::copy(path("faults"), &copy).unwrap();
    let run = || {
        let machine = Machine::new();
        // SAFETY: a copy of this repository's image.
        unsafe { machine.load_image(&copy) }.unwrap().plug(r"ROOT\IMAGE").unwrap();
        let file = machine.open(r"\\.\Faults").unwrap();
        verdict(&file, 1, 8)
    };
    let plain = run();
    assert!(plain.place.as_deref().is_some_and(|place| place.starts_with("faults.sys+0x")), "{plain}");
    assert!(plain.backtrace.iter().all(|frame| !frame.contains("inner")), "{plain}");
    assert!(plain.backtrace.len() >= 4, "the tables of the image suffice: {plain}");
    // A PDB of another build is not believed.
    let mut pdb = std::fs::read(path("faults").with_extension("pdb")).unwrap();
    let image = std::fs::read(&copy).unwrap();
    let at = image.windows(4).position(|bytes| bytes == b"RSDS").unwrap() + 4;
    let guid = &image[at..at + 16];
    let found: Vec<usize> = (0..pdb.len() - 16).filter(|&i| &pdb[i..i + 16] == guid).collect();
    assert!(!found.is_empty());
    for at in found {
        pdb[at] ^= 1;
    }
    std::fs::write(directory.join("faults.pdb"), &pdb).unwrap();
    let other = run();
    assert!(
        other.backtrace[0].contains("no symbols") && other.backtrace[0].contains("another build"),
        "{other}"
    );
    // And one that is damaged costs the symbols only.
    pdb.truncate(pdb.len() / 3);
    std::fs::write(directory.join("faults.pdb"), &pdb).unwrap();
    assert_eq!(run().id(), "access-violation");
    std::fs::remove_dir_all(directory).unwrap();
}

fn tempfile(name: &str) -> std::path::PathBuf {
    let directory = std::env::temp_dir().join(format!("wdk-images-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    directory
}

#[test]
fn freed_pool_memory_is_out_of_reach() {
    let verdict = stopped(2, 0);
    assert_eq!(verdict.id(), "pool-access");
    assert!(
        verdict.effect.contains("byte 10 of pool allocation 1 with tag 'Test' (100 bytes), which was freed"),
        "{verdict}"
    );
}

#[test]
fn so_is_what_lies_behind_an_allocation() {
    let verdict = stopped(3, 96);
    assert_eq!(verdict.id(), "pool-access");
    assert!(
        verdict.effect.contains("byte 96 of pool allocation 1 with tag 'Test', which has 96 bytes"),
        "{verdict}"
    );
    let (machine, file) = faults();
    assert_eq!(call(&file, 3, 95).unwrap(), 1);
    drop(file);
    machine.finish().unwrap();
}

#[test]
fn an_overflow_of_the_stack_is_a_verdict_with_its_frames() {
    let verdict = stopped(4, 0);
    assert_eq!(verdict.id(), "stack-overflow");
    assert!(verdict.backtrace.iter().filter(|frame| frame.contains(" overflow+")).count() > 4, "{verdict}");
    let (machine, file) = faults();
    assert_eq!(call(&file, 9, 2).unwrap(), 13);
    drop(file);
    machine.finish().unwrap();
}

#[test]
fn code_and_constants_cannot_be_written_and_data_not_executed() {
    for (function, id, section) in [
        (5, "write-to-read-only", "section .text was written"),
        (6, "write-to-read-only", "section .rdata was written"),
        (7, "execute-of-data", "section .data was executed"),
    ] {
        let verdict = stopped(function, 0);
        assert_eq!(verdict.id(), id, "{verdict}");
        assert!(verdict.effect.contains(section), "{verdict}");
    }
}

#[test]
fn init_is_gone_once_driver_entry_has_returned() {
    let verdict = stopped(8, 1);
    assert_eq!(verdict.id(), "discarded-section");
    assert!(verdict.effect.contains("in section INIT was executed"), "{verdict}");
    assert!(verdict.backtrace.iter().any(|frame| frame.contains(" at_start+")), "{verdict}");
}

#[test]
fn page_sections_are_not_there_at_dispatch_level() {
    for (function, section) in [(10, "in section PAGE was executed"), (11, "in section PAGEDATA was read")] {
        let verdict = stopped(function, 5);
        assert_eq!(verdict.id(), "paged-at-raised-irql");
        assert!(verdict.effect.contains(section) && verdict.effect.contains("DISPATCH_LEVEL"), "{verdict}");
        // Without the verifier Windows would page nothing out in this machine.
        let (_machine, file) = open(Machine::builder().verifier(Level::Off).build(), "faults", r"\\.\Faults");
        assert_eq!(call(&file, function, 5).unwrap(), if function == 10 { 15 } else { 7 });
    }
    // A callback at DISPATCH_LEVEL in between does not hurt the next one below it.
    let (machine, file) = faults();
    assert_eq!(call(&file, 9, 5).unwrap(), 22);
    call(&file.at_dispatch(), 12, 0).unwrap();
    assert_eq!(call(&file, 9, 6).unwrap(), 25);
    drop(file);
    machine.finish().unwrap();
}

#[test]
fn the_security_cookie_is_the_seed_s_and_not_the_linker_s() {
    let cookie = |seed| {
        let (machine, file) = open(Machine::builder().seed(seed).build(), "faults", r"\\.\Faults");
        let cookie = call(&file, 12, 0).unwrap();
        drop(file);
        machine.finish().unwrap();
        cookie
    };
    assert_eq!(cookie(1), cookie(1));
    assert_ne!(cookie(1), cookie(2));
    assert_ne!(cookie(1), 0x2B99_2DDF_A232);
    assert_eq!(cookie(1) >> 48, 0);
}

#[test]
fn the_guard_pointers_lead_to_where_they_should() {
    let (machine, file) = faults();
    assert_eq!(call(&file, 13, 14).unwrap(), 42);
    drop(file);
    machine.finish().unwrap();
}

#[test]
fn a_call_of_nothing_names_its_caller() {
    let verdict = stopped(14, 0);
    assert_eq!(verdict.id(), "access-violation");
    assert!(verdict.backtrace.first().is_some_and(|frame| frame.contains(" act+")), "{verdict}");
    assert!(stopped(14, 0x1000_0000_0000).effect.contains("led where there is no code"));
}

#[test]
fn addresses_of_the_system_and_impossible_ones_are_verdicts() {
    let verdict = stopped(15, 0);
    assert!(verdict.id() == "access-violation" && verdict.effect.contains("0xffff800000001000"), "{verdict}");
    let verdict = stopped(16, 0);
    assert!(verdict.id() == "access-violation" && verdict.effect.contains("cannot be one"), "{verdict}");
}

#[test]
fn a_null_pointer_at_dispatch_level_is_no_exception() {
    let (_machine, file) = faults();
    let verdict = verdict(&file.at_dispatch(), 1, 8);
    assert!(verdict.effect.contains("at DISPATCH_LEVEL"), "{verdict}");
}
