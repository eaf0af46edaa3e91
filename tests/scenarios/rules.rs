//! Each rule of the verifier with a driver that breaks it and a twin that does not. The twin differs in what the
//! application asks for, so that both are the same code up to the one mistake.

use raw_drivers::rules::{BAD, GOOD};
use wdk_emulator::{Level, Machine, Result, Verdict};
use wdk_sys::*;
use wdk_tests::both::{Driver, Form};
use wdk_tests::both_ways;

/// The driver of that name.
macro_rules! driver {
    ($name:ident) => {
        Driver {
            package: "tests/drivers/raw",
            service: stringify!($name),
            linked: &raw_drivers::rules::$name::DRIVER,
        }
    };
}

both_ways![
    completed_twice,
    request_not_owned,
    request_not_owned_after_forward,
    never_completed_at_removal,
    invalid_information,
    wrong_handle_type,
    null_argument,
    use_after_deletion,
    pool_leak_at_unload,
    freed_twice,
    object_leak_at_unload,
    presentation_lock_taken_twice,
    irql_not_restored,
    waiting_at_dispatch,
    irql_above_the_ceiling_of_every_function,
];

/// Loads a driver, opens `\\.\Rules`, writes, closes, removes and unloads: whatever stops it is the result.
fn scenario(form: Form, driver: &Driver, what: &[u8]) -> Result {
    at_level(form, driver, what, Level::Standard)
}

fn at_level(form: Form, driver: &Driver, what: &[u8], level: Level) -> Result {
    let machine = Machine::builder().verifier(level).build();
    let device = form.load(&machine, driver)?.plug(r"ROOT\RULES")?;
    let file = machine.open(r"\\.\Rules")?;
    file.start_write(what)?.result().ok();
    file.close()?;
    device.remove()?;
    machine.finish()
}

/// The verdict on the driver when it misbehaves, after showing that it passes when it does not.
fn verdict(form: Form, driver: &Driver) -> Box<Verdict> {
    scenario(form, driver, GOOD).expect("the twin keeps the rules");
    match scenario(form, driver, BAD) {
        Err(wdk_emulator::Error::Stopped(verdict)) => {
            let text = verdict.to_string();
            let rule = verdict.rule.expect("a rule was broken");
            // A verdict names rule, effect, cause or help, and the seed.
            for part in [rule.id, rule.means, rule.help, "effect:", "seed: 1"] {
                assert!(text.contains(part), "{part:?} is not in\n{text}");
            }
            verdict
        }
        other => panic!("expected a verdict, got {other:?}"),
    }
}

fn completed_twice(form: Form) {
    assert_eq!(verdict(form, &driver!(completes_twice)).id(), "completed-twice");
    // Fatal on Windows without a verifier, so here, too.
    let error = at_level(form, &driver!(completes_twice), BAD, Level::Off).unwrap_err();
    assert_eq!(error.verdict().unwrap().id(), "completed-twice");
}

fn request_not_owned(form: Form) {
    let verdict = verdict(form, &driver!(keeps_after_completion));
    assert!(matches!(verdict.id(), "request-not-owned" | "use-after-deletion"), "{verdict}");
}

fn request_not_owned_after_forward(form: Form) {
    assert_eq!(verdict(form, &driver!(forwards_and_completes)).id(), "request-not-owned");
}

fn never_completed_at_removal(form: Form) {
    let verdict = verdict(form, &driver!(never_completes));
    assert_eq!(verdict.id(), "never-completed");
    assert!(verdict.history.iter().any(|line| line.contains("given to the driver")), "{verdict}");
}

fn invalid_information(form: Form) {
    let verdict = verdict(form, &driver!(information));
    assert_eq!(verdict.id(), "invalid-information");
    assert!(verdict.effect.contains("Information 5, and its buffer has 4 bytes"), "{verdict}");
    // A check of the verifier only.
    at_level(form, &driver!(information), BAD, Level::Off).expect("not checked without a verifier");
}

fn wrong_handle_type(form: Form) {
    let verdict = verdict(form, &driver!(wrong_handle));
    assert_eq!(verdict.id(), "wrong-handle");
    assert!(verdict.effect.contains("wants a WDFQUEUE and was given a WDFREQUEST"), "{verdict}");
}

fn null_argument(form: Form) {
    assert_eq!(verdict(form, &driver!(null_handle)).id(), "null-argument");
}

fn use_after_deletion(form: Form) {
    let verdict = verdict(form, &driver!(deleted_lock));
    assert_eq!(verdict.id(), "use-after-deletion");
    assert!(verdict.effect.contains("`WdfSpinLockAcquire` was given WDFSPINLOCK"), "{verdict}");
}

fn pool_leak_at_unload(form: Form) {
    let verdict = verdict(form, &driver!(leaks_pool));
    assert_eq!(verdict.id(), "pool-leak");
    assert!(verdict.cause.contains("tag 'Leak', 100 bytes"), "{verdict}");
}

fn freed_twice(form: Form) {
    assert_eq!(verdict(form, &driver!(frees_twice)).id(), "bad-pool-free");
}

fn object_leak_at_unload(form: Form) {
    let verdict = verdict(form, &driver!(leaks_reference));
    assert_eq!(verdict.id(), "object-leak");
    assert!(verdict.cause.contains("WDFQUEUE") && verdict.cause.contains("1 references"), "{verdict}");
}

fn presentation_lock_taken_twice(form: Form) {
    assert_eq!(verdict(form, &driver!(locks_twice)).id(), "recursive-lock");
}

fn irql_not_restored(form: Form) {
    assert_eq!(verdict(form, &driver!(returns_raised)).id(), "irql-not-restored");
}

fn waiting_at_dispatch(form: Form) {
    let verdict = verdict(form, &driver!(waits_at_dispatch));
    assert_eq!(verdict.id(), "irql");
    assert!(verdict.effect.contains("because it may wait"), "{verdict}");
}

/// Every function of KMDF 1.15's table has its ceiling checked, straight from the statement.
fn irql_above_the_ceiling_of_every_function(form: Form) {
    let driver = driver!(calls_too_high);
    scenario(form, &driver, GOOD).unwrap();
    let functions: Vec<_> = FUNCTIONS.iter().flat_map(|header| header.iter()).collect();
    let mut checked = 0;
    for function in functions {
        let Some((index, _)) = function.kmdf else { continue };
        // Callable at any IRQL, or newer than the test driver's target.
        if function.max_irql >= HIGH_LEVEL as KIRQL || index >= 444 {
            continue;
        }
        let [low, high] = (index as u16).to_le_bytes();
        let error = scenario(form, &driver, &[function.max_irql + 1, low, high]).unwrap_err();
        let verdict = error.verdict().unwrap_or_else(|| panic!("{}: {error}", function.name));
        assert_eq!(verdict.id(), "irql", "{}: {verdict}", function.name);
        assert!(verdict.effect.contains(&format!("`{}`", function.name)), "{verdict}");
        checked += 1;
    }
    assert!(checked > 430, "{checked}");
}

/// Every rule has a name that is not used twice, says what to do, and is on the list.
#[test]
fn rules_are_distinct() {
    let rules = wdk_emulator::verifier::rules::ALL;
    for (index, rule) in rules.iter().enumerate() {
        assert!(!rule.means.is_empty() && !rule.help.is_empty() && !rule.microsoft.is_empty());
        assert!(rules[..index].iter().all(|other| other.id != rule.id), "{}", rule.id);
    }
}
