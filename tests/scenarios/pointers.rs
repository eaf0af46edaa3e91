//! Pointers that a driver passes to functions: where nothing is behind one the run stops in the function, with a verdict, as
//! Windows does. Each has a twin that is good.

#![cfg(all(target_os = "linux", target_arch = "x86_64"))]

use raw_drivers::pointers::{BAD, GOOD, NOWHERE};
use wdk_emulator::{Kind, Level, Machine, Result, Verdict};
use wdk_tests::both::{Driver, Form};
use wdk_tests::both_ways;

static POINTERS: Driver =
    Driver { package: "tests/drivers/raw", service: "pointers", linked: &raw_drivers::pointers::DRIVER };

both_ways![
    an_argument_that_leads_nowhere,
    a_member_that_leads_nowhere,
    a_string_that_leads_nowhere,
    a_place_for_a_result_that_cannot_be_written,
    a_kernel_lock_that_leads_nowhere,
    a_text_that_leads_nowhere,
    an_address_that_is_not_aligned,
];

fn scenario(form: Form, which: &str, how: u8) -> Result {
    // Fatal on Windows without a verifier, too.
    let machine = Machine::builder().verifier(Level::Standard).build();
    let device = form.load(&machine, &POINTERS)?.plug(r"ROOT\POINTERS")?;
    let file = machine.open(r"\\.\Pointers")?;
    let written = [which.as_bytes(), &[how]].concat();
    file.start_write(&written)?.wait()?.success()?;
    file.close()?;
    device.remove()?;
    machine.finish()
}

/// The verdict on a bad pointer, after showing that a good one is none.
fn verdict(form: Form, which: &str) -> Box<Verdict> {
    scenario(form, which, GOOD).expect("the twin is good");
    let error = scenario(form, which, BAD).expect_err("nothing is there");
    let verdict = error.verdict().unwrap_or_else(|| panic!("{error}"));
    if form == Form::Image {
        // The driver's own line, not the emulator's.
        let place = verdict.place.as_deref().unwrap_or_default();
        assert!(place.starts_with("pointers.rs:"), "{verdict}");
    }
    Box::new(verdict.clone())
}

fn nowhere(verdict: &Verdict, function: &str, what: &str) {
    assert_eq!(verdict.id(), "bad-pointer", "{verdict}");
    let effect = format!("`{function}` was given a bad pointer for {what}");
    assert!(verdict.effect.contains(&effect), "{verdict}");
    assert!(verdict.effect.contains(&format!("{NOWHERE:#x}, where no memory is")), "{verdict}");
}

fn an_argument_that_leads_nowhere(form: Form) {
    nowhere(&verdict(form, "argument"), "WdfSpinLockCreate", "`SpinLockAttributes`");
}

fn a_member_that_leads_nowhere(form: Form) {
    nowhere(&verdict(form, "member"), "WdfSpinLockCreate", "`ContextTypeInfo` of its attributes");
}

fn a_string_that_leads_nowhere(form: Form) {
    nowhere(&verdict(form, "string"), "WdfDeviceCreateSymbolicLink", "`Buffer` of `SymbolicLinkName`");
}

fn a_place_for_a_result_that_cannot_be_written(form: Form) {
    let verdict = verdict(form, "result");
    let (id, why) = match form {
        Form::Linked => ("bad-pointer", "where memory cannot be written"),
        Form::Image => ("write-to-read-only", "in section .rdata was written"),
    };
    assert_eq!(verdict.id(), id, "{verdict}");
    assert!(verdict.effect.contains("`WdfSpinLockCreate` was given a bad pointer"), "{verdict}");
    assert!(verdict.effect.contains(why), "{verdict}");
}

fn a_kernel_lock_that_leads_nowhere(form: Form) {
    nowhere(&verdict(form, "kernel"), "KeAcquireSpinLockRaiseToDpc", "`SpinLock`");
}

fn a_text_that_leads_nowhere(form: Form) {
    nowhere(&verdict(form, "print"), "DbgPrint", "`%s`");
}

/// Windows reads it all the same, and no driver may be blamed for it.
fn an_address_that_is_not_aligned(form: Form) {
    scenario(form, "odd", GOOD).expect("the twin is aligned");
    let error = scenario(form, "odd", BAD).expect_err("no model");
    let verdict = error.verdict().unwrap_or_else(|| panic!("{error}"));
    assert_eq!(verdict.kind, Kind::NotModelled, "{verdict}");
    let what = "WdfSpinLockCreate with SpinLockAttributes at an address that is not a multiple of 8";
    assert!(verdict.title.contains(what), "{verdict}");
}

/// What Windows keeps for images only: special pool, and sections that are discarded.
#[test]
#[cfg_attr(not(wdk_images), ignore = "SKIPPED: no Windows target")]
fn memory_that_is_gone() {
    for (which, id, why) in [
        ("freed", "pool-access", "(56 bytes), which was freed"),
        ("short", "pool-access", "which has 40 bytes"),
        ("discarded", "discarded-section", "in section INIT was read"),
    ] {
        let verdict = verdict(Form::Image, which);
        assert_eq!(verdict.id(), id, "{verdict}");
        let effect = "`WdfSpinLockCreate` was given a bad pointer for `SpinLockAttributes` of 56 bytes";
        assert!(verdict.effect.contains(effect) && verdict.effect.contains(why), "{verdict}");
    }
}
