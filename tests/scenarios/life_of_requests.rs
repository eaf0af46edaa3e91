//! The life of requests: random sequences of what applications, Plug and Play and drivers do, run in the emulator and
//! compared with a reference model.
//!
//! Two kinds of property:
//!
//! * **step by step**: every action runs to its end, and the model says exactly which requests are complete now, with
//!   which status, count and bytes;
//! * **racing**: threads of applications run at once, on schedules that the case's seed chooses. The model then says
//!   which outcomes are allowed, and what is conserved.
//!
//! Both are deterministic: the cases come from a fixed seed. `PROPTEST_CASES` and `PROPTEST_RNG_SEED` choose others.
//! A case that fails is shrunk and printed whole, with the seed of its machine and its sequence.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestError, TestRunner};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt::Debug;
use std::rc::Rc;
use std::time::Duration;
use virtual_device::{CAPACITY, FLUSH, GET_CAPACITY, GET_STATISTICS, Statistics};
use wdk::zerocopy::IntoBytes;
use wdk_emulator::{Completion, Device, File, Level, Machine, Overlapped};
use wdk_sys::*;
use wdk_tests::both::{Driver, Form};
use wdk_tests::both_ways;

#[path = "life_of_requests/model.rs"]
mod model;
#[path = "life_of_requests/pipe.rs"]
mod pipe;
#[path = "life_of_requests/race.rs"]
mod race;
#[path = "life_of_requests/shop.rs"]
mod shop;
#[path = "life_of_requests/words.rs"]
mod words;

use model::*;
use pipe::*;
use race::*;
use shop::*;
use words::*;

type Check = Result<(), String>;
/// What the driver printed.
type Said = Result<Vec<String>, String>;

/// Runs `test` on cases of `strategy`: the same ones every time, unless the environment chooses.
fn check<S: Strategy<Value: Debug>>(cases: u32, seed: u64, strategy: S, test: impl Fn(&S::Value) -> Check) {
    match search(cases, seed, &strategy, test) {
        Ok(()) => {}
        Err(TestError::Fail(why, case)) => panic!("{why}\nthe smallest case, with its seed: {case:?}"),
        Err(TestError::Abort(why)) => panic!("{why}"),
    }
}

fn search<S: Strategy>(
    cases: u32,
    seed: u64,
    strategy: &S,
    test: impl Fn(&S::Value) -> Check,
) -> Result<(), TestError<S::Value>> {
    // `default` reads the environment.
    let mut config = Config { failure_persistence: None, max_shrink_iters: 4000, ..Config::default() };
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = cases;
    }
    if std::env::var_os("PROPTEST_RNG_SEED").is_none() {
        config.rng_seed = RngSeed::Fixed(seed);
    }
    TestRunner::new(config).run(strategy, |case| test(&case).map_err(TestCaseError::fail))
}

fn emulator(error: wdk_emulator::Error) -> String {
    format!("the emulator: {error}")
}

fn ensure(holds: bool, what: impl FnOnce() -> String) -> Check {
    if holds { Ok(()) } else { Err(what()) }
}

both_ways![
    the_virtual_device_follows_its_model,
    the_workshop_follows_its_model,
    racing_applications_lose_nothing_on_the_virtual_device,
    racing_applications_get_one_answer_each_from_the_workshop,
];

static VIRTUAL_DEVICE: Driver =
    Driver { package: "drivers/virtual-device", service: "virtual_device", linked: &virtual_device::DRIVER };

static WORKSHOP: Driver =
    Driver { package: "tests/drivers/workshop", service: "workshop", linked: &workshop::DRIVER };

/// A driver that has nothing to say.
fn quiet(said: Said) -> Check {
    let said = said?;
    ensure(said.is_empty(), || format!("the driver printed {said:?}"))
}

/// The workshop, which counted what it gave to requests and got back.
fn tidy(said: Said) -> Check {
    let said = said?;
    ensure(said == ["workshop: 0 tickets are left"], || format!("the driver printed {said:?}"))
}

/// Unloads the driver, and returns what it printed.
fn unload(machine: Machine, driver: wdk_emulator::Driver) -> Said {
    driver.unload().map_err(emulator)?;
    let said = machine.take_debug_output();
    machine.finish().map_err(emulator)?;
    Ok(said)
}

/// The virtual device does what the model says, after every step of every sequence.
fn the_virtual_device_follows_its_model(form: Form) {
    check(250, 1, cases(pipe_asks(), 40), |case| {
        quiet(step_by_step(form, &VIRTUAL_DEVICE, PIPE, Pipe::new(), case, pipe_start))
    });
}

/// The search finds a model that is wrong in one number, and shrinks the case to the few actions that show it, with
/// the seed.
#[test]
fn a_difference_is_found_and_shrunk() {
    let wrong = || Pipe { capacity: CAPACITY - 1, ..Pipe::new() };
    let failure = search(500, 2, &cases(pipe_asks(), 40), |case| {
        quiet(step_by_step(Form::Linked, &VIRTUAL_DEVICE, PIPE, wrong(), case, pipe_start))
    })
    .expect_err("the model differs");
    let TestError::Fail(why, case) = failure else { panic!("{failure}") };
    assert!(why.message().contains("Write") && format!("{case:?}").contains("seed: "), "{why}: {case:?}");
    assert!(case.actions.len() <= 3, "{case:?}");
}

// A driver that does with requests all that a safe driver can do.

/// A driver that parks, forwards, retrieves, puts back and completes later, and whose queues are stopped, started,
/// drained and purged, does what the model says.
fn the_workshop_follows_its_model(form: Form) {
    check(300, 3, cases(shop_asks(), 50), |case| {
        tidy(step_by_step(form, &WORKSHOP, workshop::NAME, Shop::new(), case, shop_start))
    });
}

// Threads at once.

/// Writers and readers on threads of their own, cancelled, put to sleep and removed from under them.
fn racing_applications_lose_nothing_on_the_virtual_device(form: Form) {
    check(250, 4, races(words_asks(), 14), |case| {
        quiet(race(form, &VIRTUAL_DEVICE, PIPE, case, words_start, words_tidy, words_judge))
    });
}

/// Every request of the workshop ends once, with a status that something in the sequence accounts for.
fn racing_applications_get_one_answer_each_from_the_workshop(form: Form) {
    check(400, 5, races(shop_asks(), 18), |case| {
        tidy(race(form, &WORKSHOP, workshop::NAME, case, shop_start, shop_tidy, shop_judge))
    });
}
