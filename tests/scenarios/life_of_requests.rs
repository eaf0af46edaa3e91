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
use wdk_emulator::{Completion, Device, DriverModule, File, Level, Machine, Overlapped};
use wdk_sys::*;

type Check = Result<(), String>;

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

/// The life cycle of one request, whatever the driver.
mod life {
    use wdk_sys::NTSTATUS;

    /// Where a request is.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum State {
        /// Sent; no queue has it.
        Submitted,
        /// In a queue of the framework.
        Queued,
        /// The driver's, in a callback.
        Owned,
        /// The driver's, cancelable.
        Parked,
        /// Complete: nothing follows.
        Done(NTSTATUS),
    }

    /// What happens to a request.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Event {
        /// A queue takes it: at its arrival, or because the driver forwards it or puts it back.
        Queue,
        /// It is presented or retrieved.
        Deliver,
        Park,
        /// `Parked::take`, or the cancel callback: whoever of the two is first.
        Take,
        Complete(NTSTATUS),
    }

    impl State {
        /// The state after `event`.
        ///
        /// # Panics
        ///
        /// When that is no event of this state: then the model that says so is wrong.
        pub fn after(self, event: Event) -> Self {
            match (self, event) {
                (Self::Submitted | Self::Owned, Event::Queue) => Self::Queued,
                (Self::Queued, Event::Deliver) | (Self::Parked, Event::Take) => Self::Owned,
                (Self::Owned, Event::Park) => Self::Parked,
                // The framework refuses it, completes it in a queue, or the driver completes it.
                (Self::Submitted | Self::Queued | Self::Owned, Event::Complete(status)) => Self::Done(status),
                (state, event) => panic!("the model is wrong: {event:?} of a request that is {state:?}"),
            }
        }
    }
}
use life::{Event, State};

/// A request as a model knows it.
#[derive(Debug, Clone)]
struct Known {
    handle: usize,
    state: State,
    information: usize,
    data: Vec<u8>,
}

/// All requests of a run, in the order in which they were sent.
#[derive(Debug, Clone, Default)]
struct Book(Vec<Known>);

impl Book {
    fn submit(&mut self, handle: usize) -> usize {
        self.0.push(Known { handle, state: State::Submitted, information: 0, data: Vec::new() });
        self.0.len() - 1
    }

    fn happens(&mut self, id: usize, event: Event) {
        self.0[id].state = self.0[id].state.after(event);
    }

    fn complete(&mut self, id: usize, status: NTSTATUS, information: usize, data: Vec<u8>) {
        self.happens(id, Event::Complete(status));
        (self.0[id].information, self.0[id].data) = (information, data);
    }

    fn fail(&mut self, id: usize, status: NTSTATUS) {
        self.complete(id, status, 0, Vec::new());
    }

    fn state(&self, id: usize) -> State {
        self.0[id].state
    }

    fn is_done(&self, id: usize) -> bool {
        matches!(self.0[id].state, State::Done(_))
    }

    fn of_handle(&self, handle: usize) -> Vec<usize> {
        (0..self.0.len()).filter(|&id| self.0[id].handle == handle).collect()
    }

    /// Compares with what the application got.
    fn agrees(&self, id: usize, got: &Completion) -> Check {
        let known = &self.0[id];
        let State::Done(status) = known.state else {
            return Err(format!(
                "request {id} is complete with {got:x?}, and the model has it {:?}",
                known.state
            ));
        };
        ensure((got.status, got.information) == (status, known.information) && got.data == known.data, || {
            format!(
                "request {id}: got {:#x} ({}), {} bytes; the model says {status:#x} ({}), {} bytes",
                got.status,
                got.information,
                got.data.len(),
                known.information,
                known.data.len()
            )
        })
    }
}

/// A model of a driver, for the step by step properties.
trait Model {
    /// What an application asks for.
    type Ask: Debug + Clone;
    fn book(&mut self) -> &mut Book;
    /// A request of `handle` arrives.
    fn ask(&mut self, id: usize, ask: &Self::Ask);
    /// Its requester gives up.
    fn cancel(&mut self, id: usize);
    /// Its handle is closed: only what is in a queue is cancelled.
    fn cleanup(&mut self, id: usize) {
        if self.book().state(id) == State::Queued {
            self.cancel(id);
        }
    }
    fn power(&mut self, up: bool);
    /// As much virtual time passes as it takes until nothing happens any more.
    fn time_passes(&mut self) {}
    /// The device goes. `outcomes` are the statuses of what was outstanding.
    fn removed(&self, outcomes: &BTreeMap<usize, NTSTATUS>) -> Check {
        match outcomes.iter().find(|(_, status)| **status != STATUS_CANCELLED) {
            Some((id, status)) => Err(format!("request {id} ended with {status:#x} when the device went")),
            None => Ok(()),
        }
    }
}

/// What happens in a step by step case.
#[derive(Debug, Clone)]
enum Action<A> {
    /// The handle is chosen among the open ones. A handle's requests can arrive at DISPATCH_LEVEL.
    Ask {
        handle: usize,
        dispatch: bool,
        ask: A,
    },
    /// One of those that are outstanding.
    Cancel(usize),
    CancelAll(usize),
    Open,
    Close(usize),
    Suspend,
    Resume,
    TimePasses,
}

/// How a case ends.
#[derive(Debug, Clone, Copy)]
enum Ending {
    Remove,
    SurpriseRemove,
    /// All handles are closed first, then the machine removes and unloads by itself.
    Finish,
}

#[derive(Debug, Clone)]
struct Case<A> {
    seed: u64,
    actions: Vec<Action<A>>,
    ending: Ending,
}

fn cases<A: Debug + Clone + 'static>(ask: BoxedStrategy<A>, length: usize) -> impl Strategy<Value = Case<A>> {
    let some = || 0..8_usize;
    let action = prop_oneof![
        14 => (some(), any::<bool>(), ask).prop_map(|(handle, dispatch, ask)| Action::Ask { handle, dispatch, ask }),
        4 => some().prop_map(Action::Cancel),
        1 => some().prop_map(Action::CancelAll),
        1 => Just(Action::Open),
        1 => some().prop_map(Action::Close),
        1 => Just(Action::Suspend),
        2 => Just(Action::Resume),
        1 => Just(Action::TimePasses),
    ];
    let ending = prop_oneof![Just(Ending::Finish), Just(Ending::Remove), Just(Ending::SurpriseRemove)];
    (0..1000_u64, prop::collection::vec(action, 1..length), ending).prop_map(|(seed, actions, ending)| Case {
        seed,
        actions,
        ending,
    })
}

/// A run of a case: the machine beside the model.
struct Steps<M: Model> {
    machine: Machine,
    device: Device,
    name: &'static str,
    files: Vec<(usize, File)>,
    opened: usize,
    outstanding: BTreeMap<usize, Overlapped>,
    model: M,
}

impl<M: Model> Steps<M> {
    fn new(
        driver: &'static DriverModule,
        name: &'static str,
        seed: u64,
        model: M,
    ) -> wdk_emulator::Result<Self> {
        let machine = Machine::builder().seed(seed).quantum(1 + seed % 5).verifier(Level::All).build();
        let device = machine.load(driver)?.plug(r"ROOT\LIFE")?;
        let outstanding = BTreeMap::new();
        Ok(Self { machine, device, name, files: Vec::new(), opened: 0, outstanding, model })
    }

    fn open(&mut self) -> Check {
        self.files.push((self.opened, self.machine.open(self.name).map_err(emulator)?));
        self.opened += 1;
        Ok(())
    }

    fn act(
        &mut self,
        action: &Action<M::Ask>,
        start: &impl Fn(&File, usize, &M::Ask) -> wdk_emulator::Result<Overlapped>,
    ) -> Check {
        if self.files.is_empty() {
            self.open()?;
        }
        let at = |index: usize| index % self.files.len();
        match action {
            Action::Ask { handle, dispatch, ask } => {
                let (number, file) = &self.files[at(*handle)];
                let id = self.model.book().submit(*number);
                let file = if *dispatch { file.at_dispatch() } else { file.clone() };
                self.outstanding.insert(id, start(&file, id, ask).map_err(emulator)?);
                self.model.ask(id, ask);
            }
            Action::Cancel(index) => {
                let nth = index % self.outstanding.len().max(1);
                if let Some((&id, request)) = self.outstanding.iter().nth(nth) {
                    request.cancel().map_err(emulator)?;
                    self.model.cancel(id);
                }
            }
            Action::CancelAll(index) => {
                let (number, file) = &self.files[at(*index)];
                file.cancel_all().map_err(emulator)?;
                for id in self.model.book().of_handle(*number) {
                    if !self.model.book().is_done(id) {
                        self.model.cancel(id);
                    }
                }
            }
            Action::Open => self.open()?,
            Action::Close(index) => {
                let (number, file) = self.files.swap_remove(at(*index));
                file.close().map_err(emulator)?;
                for id in self.model.book().of_handle(number) {
                    self.model.cleanup(id);
                }
            }
            Action::Suspend => {
                self.device.suspend().map_err(emulator)?;
                self.model.power(false);
            }
            Action::Resume => {
                self.device.resume().map_err(emulator)?;
                self.model.power(true);
            }
            Action::TimePasses => {
                self.machine.run().map_err(emulator)?;
                self.model.time_passes();
            }
        }
        // All that can happen now happens, and little enough time passes that no timer of a driver expires.
        self.machine.sleep(Duration::from_millis(1)).map_err(emulator)?;
        self.compare()
    }

    /// What is complete is what the model says is complete.
    fn compare(&mut self) -> Check {
        let done: Vec<usize> =
            self.outstanding.iter().filter(|(_, request)| request.is_done()).map(|(id, _)| *id).collect();
        for id in done {
            let got = self.outstanding.remove(&id).expect("listed").wait().map_err(emulator)?;
            self.model.book().agrees(id, &got)?;
        }
        match self.outstanding.keys().find(|id| self.model.book().is_done(**id)) {
            Some(id) => {
                Err(format!("request {id} waits, and the model has it {:?}", self.model.book().state(*id)))
            }
            None => Ok(()),
        }
    }

    fn end(mut self, ending: Ending) -> Check {
        match ending {
            Ending::Finish => {
                let files = std::mem::take(&mut self.files);
                for (number, file) in files {
                    file.cancel_all().and_then(|()| file.close()).map_err(emulator)?;
                    for id in self.model.book().of_handle(number) {
                        if !self.model.book().is_done(id) {
                            self.model.cancel(id);
                        }
                    }
                    self.machine.sleep(Duration::from_millis(1)).map_err(emulator)?;
                    self.compare()?;
                }
                // What is left came through handles that were closed before: it goes with the device.
                let left = std::mem::take(&mut self.outstanding);
                self.machine.finish().map_err(emulator)?;
                return Self::outcomes(left).and_then(|outcomes| self.model.removed(&outcomes));
            }
            Ending::Remove => self.device.remove().map_err(emulator)?,
            Ending::SurpriseRemove => self.device.surprise_remove().map_err(emulator)?,
        }
        self.machine.sleep(Duration::from_millis(1)).map_err(emulator)?;
        for (_, file) in &self.files {
            let late = file.start_write(b"n: too late").and_then(Overlapped::wait).map_err(emulator)?;
            ensure(late.status == STATUS_NO_SUCH_DEVICE, || format!("a write after the removal: {late:x?}"))?;
        }
        let left = std::mem::take(&mut self.outstanding);
        let outcomes = Self::outcomes(left)?;
        self.model.removed(&outcomes)?;
        drop(self.files);
        self.machine.finish().map_err(emulator)
    }

    /// The statuses of what was outstanding; all of it is complete now.
    fn outcomes(left: BTreeMap<usize, Overlapped>) -> Result<BTreeMap<usize, NTSTATUS>, String> {
        let outcome = |(id, request): (usize, Overlapped)| match request.result() {
            Ok(completion) => Ok((id, completion.status)),
            Err(_) => Err(format!("request {id} was never completed")),
        };
        left.into_iter().map(outcome).collect()
    }
}

fn step_by_step<M: Model>(
    driver: &'static DriverModule,
    name: &'static str,
    model: M,
    case: &Case<M::Ask>,
    start: impl Fn(&File, usize, &M::Ask) -> wdk_emulator::Result<Overlapped>,
) -> Check {
    let mut steps = Steps::new(driver, name, case.seed, model).map_err(emulator)?;
    for (index, action) in case.actions.iter().enumerate() {
        steps.act(action, &start).map_err(|why| format!("after action {index}, {action:?}: {why}"))?;
    }
    steps.end(case.ending).map_err(|why| format!("in the end: {why}"))
}

// The virtual device.

#[derive(Debug, Clone)]
enum PipeAsk {
    Write(usize),
    Read(usize),
    Statistics,
    Capacity,
    Flush,
}

/// The virtual device: a FIFO of bytes, writes that wait for room, reads that wait for bytes.
struct Pipe {
    book: Book,
    capacity: usize,
    powered: bool,
    /// In the framework's queue, while the device sleeps.
    queue: VecDeque<(usize, PipeAsk)>,
    bytes: VecDeque<u8>,
    readers: VecDeque<(usize, usize)>,
    writers: VecDeque<(usize, usize)>,
    seen: Statistics,
}

/// What request `id` writes.
fn frame(id: usize, len: usize) -> Vec<u8> {
    (0..len).map(|i| (id * 37 + i * 11 + i / 256) as u8).collect()
}

impl Pipe {
    fn new() -> Self {
        Self {
            book: Book::default(),
            capacity: CAPACITY,
            powered: true,
            queue: VecDeque::new(),
            bytes: VecDeque::new(),
            readers: VecDeque::new(),
            writers: VecDeque::new(),
            seen: Statistics::default(),
        }
    }

    fn room(&self) -> usize {
        self.capacity - self.bytes.len()
    }

    fn deliver(&mut self, id: usize, ask: &PipeAsk) {
        if matches!(ask, PipeAsk::Write(0) | PipeAsk::Read(0)) {
            return self.book.complete(id, STATUS_SUCCESS, 0, Vec::new());
        }
        self.book.happens(id, Event::Deliver);
        match *ask {
            PipeAsk::Write(len) if len > self.capacity => self.book.fail(id, STATUS_INVALID_BUFFER_SIZE),
            PipeAsk::Write(len) if !self.writers.is_empty() || len > self.room() => {
                self.book.happens(id, Event::Park);
                self.writers.push_back((id, len));
            }
            PipeAsk::Write(len) => self.put(id, len),
            PipeAsk::Read(len) if self.bytes.is_empty() => {
                self.book.happens(id, Event::Park);
                self.readers.push_back((id, len));
            }
            PipeAsk::Read(len) => self.get(id, len),
            PipeAsk::Statistics => {
                let waiting = (self.readers.len() + self.writers.len()) as u64;
                let answer = Statistics { waiting, ..self.seen };
                self.book.complete(id, STATUS_SUCCESS, size_of::<Statistics>(), answer.as_bytes().to_vec());
            }
            PipeAsk::Capacity => {
                self.book.complete(id, STATUS_SUCCESS, 4, (CAPACITY as u32).as_bytes().to_vec());
            }
            PipeAsk::Flush => {
                self.bytes.clear();
                self.book.complete(id, STATUS_SUCCESS, 0, Vec::new());
            }
        }
        self.settle();
    }

    fn put(&mut self, id: usize, len: usize) {
        self.bytes.extend(frame(id, len));
        self.seen.writes += 1;
        self.seen.bytes_in += len as u64;
        self.seen.high_water = self.seen.high_water.max(self.bytes.len() as u64);
        self.book.complete(id, STATUS_SUCCESS, len, Vec::new());
    }

    fn get(&mut self, id: usize, len: usize) {
        let count = len.min(self.bytes.len());
        let data: Vec<u8> = self.bytes.drain(..count).collect();
        self.seen.reads += 1;
        self.seen.bytes_out += count as u64;
        self.book.complete(id, STATUS_SUCCESS, count, data);
    }

    fn settle(&mut self) {
        loop {
            if !self.bytes.is_empty()
                && let Some((id, len)) = self.readers.pop_front()
            {
                self.book.happens(id, Event::Take);
                self.get(id, len);
            } else if let Some(&(id, len)) = self.writers.front()
                && len <= self.room()
            {
                self.writers.pop_front();
                self.book.happens(id, Event::Take);
                self.put(id, len);
            } else {
                return;
            }
        }
    }
}

impl Model for Pipe {
    type Ask = PipeAsk;

    fn book(&mut self) -> &mut Book {
        &mut self.book
    }

    fn ask(&mut self, id: usize, ask: &PipeAsk) {
        self.book.happens(id, Event::Queue);
        if self.powered { self.deliver(id, ask) } else { self.queue.push_back((id, ask.clone())) }
    }

    fn cancel(&mut self, id: usize) {
        match self.book.state(id) {
            State::Queued => {
                self.queue.retain(|(other, _)| *other != id);
                self.book.fail(id, STATUS_CANCELLED);
            }
            State::Parked => {
                self.book.happens(id, Event::Take);
                self.readers.retain(|(other, _)| *other != id);
                self.writers.retain(|(other, _)| *other != id);
                self.seen.cancelled += 1;
                self.book.fail(id, STATUS_CANCELLED);
                self.settle();
            }
            _ => {}
        }
    }

    fn power(&mut self, up: bool) {
        self.powered = up;
        while up && let Some((id, ask)) = self.queue.pop_front() {
            self.deliver(id, &ask);
        }
    }

    /// Reads are cancelled. So are writes, unless those before them were cancelled first and made way.
    fn removed(&self, outcomes: &BTreeMap<usize, NTSTATUS>) -> Check {
        let mut put = 0;
        for (id, status) in outcomes {
            match self.writers.iter().find(|(writer, _)| writer == id) {
                Some((_, len)) if *status == STATUS_SUCCESS => put += len,
                _ => ensure(*status == STATUS_CANCELLED, || format!("request {id} ended with {status:#x}"))?,
            }
        }
        ensure(put <= self.room(), || format!("{put} bytes went in when there was room for {}", self.room()))
    }
}

fn pipe_asks() -> BoxedStrategy<PipeAsk> {
    let len = || {
        prop_oneof![
            4 => 1..40_usize,
            3 => 20_000..40_000_usize,
            1 => Just(0_usize),
            1 => CAPACITY - 1..CAPACITY + 2,
        ]
    };
    prop_oneof![
        6 => len().prop_map(PipeAsk::Write),
        5 => len().prop_map(PipeAsk::Read),
        2 => Just(PipeAsk::Statistics),
        1 => Just(PipeAsk::Capacity),
        1 => Just(PipeAsk::Flush),
    ]
    .boxed()
}

fn pipe_start(file: &File, id: usize, ask: &PipeAsk) -> wdk_emulator::Result<Overlapped> {
    match *ask {
        PipeAsk::Write(len) => file.start_write(&frame(id, len)),
        PipeAsk::Read(len) => file.start_read(len),
        PipeAsk::Statistics => file.start_ioctl(GET_STATISTICS.0, &[], size_of::<Statistics>()),
        PipeAsk::Capacity => file.start_ioctl(GET_CAPACITY.0, &[], 4),
        PipeAsk::Flush => file.start_ioctl(FLUSH.0, &[], 0),
    }
}

const PIPE: &str = r"\\.\VirtualDevice";

/// The virtual device does what the model says, after every step of every sequence.
#[test]
fn the_virtual_device_follows_its_model() {
    check(250, 1, cases(pipe_asks(), 40), |case| {
        step_by_step(&virtual_device::DRIVER, PIPE, Pipe::new(), case, pipe_start)
    });
}

/// The search finds a model that is wrong in one number, and shrinks the case to the few actions that show it, with
/// the seed.
#[test]
fn a_difference_is_found_and_shrunk() {
    let wrong = || Pipe { capacity: CAPACITY - 1, ..Pipe::new() };
    let failure = search(500, 2, &cases(pipe_asks(), 40), |case| {
        step_by_step(&virtual_device::DRIVER, PIPE, wrong(), case, pipe_start)
    })
    .expect_err("the model differs");
    let TestError::Fail(why, case) = failure else { panic!("{failure}") };
    assert!(why.message().contains("Write") && format!("{case:?}").contains("seed: "), "{why}: {case:?}");
    assert!(case.actions.len() <= 3, "{case:?}");
}

// A driver that does with requests all that a safe driver can do.

/// The driver of the tests below. What becomes of a write is in its first byte:
///
/// | | |
/// |---|---|
/// | `n` | completed in the handler |
/// | `t` | parked, completed from a timer |
/// | `w` | parked, completed from a work item |
/// | `p` | parked until the control `RELEASE` |
/// | `d` | parked, and its token dropped under the lock |
/// | `m` | forwarded to the manual queue `Shelf`, until the controls `RETRIEVE`, `REQUEUE` or `KEEP` |
///
/// Controls come through a queue of their own, which is not power managed and which nothing stops.
mod workshop {
    use core::time::Duration;
    use wdk::prelude::*;

    wdk::driver!(Workshop);

    pub const NAME: &str = r"\\.\Workshop";
    /// Longer than all actions of a case take together.
    pub const DELAY: Duration = Duration::from_secs(3600);

    pub const fn control(function: u32) -> IoControlCode {
        IoControlCode::new(0x8000, 0x900 + function, Method::Buffered, RequiredAccess::Any)
    }
    pub const RELEASE: IoControlCode = control(0);
    pub const RETRIEVE: IoControlCode = control(1);
    pub const REQUEUE: IoControlCode = control(2);
    /// Retrieves and parks.
    pub const KEEP: IoControlCode = control(3);
    pub const RELEASE_KEPT: IoControlCode = control(4);
    pub const STOP: IoControlCode = control(5);
    pub const START: IoControlCode = control(6);
    pub const PURGE: IoControlCode = control(7);
    pub const DRAIN: IoControlCode = control(8);
    pub const STOP_SHELF: IoControlCode = control(9);
    pub const START_SHELF: IoControlCode = control(10);
    pub const PURGE_SHELF: IoControlCode = control(11);
    pub const DRAIN_SHELF: IoControlCode = control(12);
    pub const TALLY: IoControlCode = control(13);

    /// What the front queue did with what it was given.
    #[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
    pub struct Tally {
        pub delivered: u32,
        pub completed: u32,
        pub cancelled: u32,
        /// By the framework: `park` or `forward` failed.
        pub refused: u32,
        pub forwarded: u32,
        pub dropped: u32,
        pub waiting: u32,
    }

    struct Workshop;

    impl Driver for Workshop {
        fn device_add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> Result<()> {
            let device = init.create(|_, _| Ok(()), irql)?;
            device.create_symbolic_link(wstr!(r"\DosDevices\Workshop"), irql)?;
            let shelf =
                device.queue(Dispatching::Manual, |_, _| Ok(Shelf { kept: PoolDeque::new() }), irql)?;
            let front = device.default_queue(
                Dispatching::PARALLEL,
                |queue, irql| {
                    Ok(Front {
                        shelf: shelf.to_handle(irql),
                        held: PoolDeque::new(),
                        timed: PoolDeque::new(),
                        worked: PoolDeque::new(),
                        timer: Timer::try_new(queue, None, irql)?,
                        item: WorkItem::try_new(queue, irql)?,
                        tally: Tally::default(),
                    })
                },
                irql,
            )?;
            let config = QueueConfig::new(Dispatching::PARALLEL).power_managed(PowerManaged::No);
            let init = |_: &QueueRef<Desk>, irql: &mut Irql<'_, Passive>| {
                Ok(Desk { front: front.to_handle(irql), shelf: shelf.to_handle(irql) })
            };
            device.queue(config, init, irql)?.route(RequestType::DeviceControl, irql)
        }
    }

    pub struct Front {
        shelf: QueueHandle<Shelf>,
        held: PoolDeque<Parked<Write>>,
        timed: PoolDeque<Parked<Write>>,
        worked: PoolDeque<Parked<Write>>,
        timer: Timer<Expire>,
        item: WorkItem<Work>,
        tally: Tally,
    }

    fn route(request: &WriteRequest<'_>) -> u8 {
        let mut first = [0];
        request.input().copy_to(&mut first).map_or(0, |()| first[0])
    }

    fn finish<'r, L: wdk::irql::MayComplete + AtMost<Dispatch>>(
        request: WriteRequest<'r>,
        irql: &mut Irql<'_, L>,
    ) -> Disposed<'r> {
        let len = request.len();
        request.complete(Ok(len), irql)
    }

    impl Front {
        /// Takes the first token that is still worth something.
        fn first<L: wdk::irql::MayComplete + AtMost<Dispatch>>(
            list: &mut PoolDeque<Parked<Write>>,
            irql: &mut Irql<'_, L>,
        ) -> bool {
            while let Some(parked) = list.pop_front() {
                if parked.take(irql, finish) {
                    return true;
                }
            }
            false
        }

        fn all<L: wdk::irql::MayComplete + AtMost<Dispatch>>(
            list: &mut PoolDeque<Parked<Write>>,
            irql: &mut Irql<'_, L>,
        ) -> u32 {
            let mut count = 0;
            while Self::first(list, irql) {
                count += 1;
            }
            count
        }
    }

    impl IoQueue for Front {
        type Scope = PerQueue;
        type Exec = Dispatch;
        const HANDLES: Handlers = Handlers::WRITE;

        fn write<'r>(
            this: &mut Self,
            request: WriteRequest<'r>,
            irql: &mut Irql<'_, Dispatch>,
        ) -> Disposed<'r> {
            this.tally.delivered += 1;
            let route = route(&request);
            let list = match route {
                b't' => &mut this.timed,
                b'w' => &mut this.worked,
                b'p' | b'd' => &mut this.held,
                b'm' => {
                    return match request.forward(&this.shelf, irql) {
                        Ok(proof) => {
                            this.tally.forwarded += 1;
                            proof
                        }
                        Err(rejected) => {
                            this.tally.refused += 1;
                            rejected.fail(irql)
                        }
                    };
                }
                _ => {
                    this.tally.completed += 1;
                    return finish(request, irql);
                }
            };
            if list.try_reserve(1, irql).is_err() {
                this.tally.refused += 1;
                return request.complete(Err(Error::INSUFFICIENT_RESOURCES), irql);
            }
            let (proof, parked) = match request.park(irql) {
                Ok(parked) => parked,
                Err(rejected) => {
                    this.tally.refused += 1;
                    return rejected.fail(irql);
                }
            };
            match route {
                b'd' => {
                    this.tally.dropped += 1;
                    drop(parked);
                }
                _ => {
                    let _ = list.push_within_capacity(parked);
                }
            }
            match route {
                b't' => {
                    this.timer.start(DELAY, irql);
                }
                b'w' => this.item.enqueue(irql),
                _ => {}
            }
            proof
        }

        fn cancel<'r>(
            this: &mut Self,
            request: CanceledRequest<'r>,
            irql: &mut Irql<'_, Dispatch>,
        ) -> Disposed<'r> {
            for list in [&mut this.held, &mut this.timed, &mut this.worked] {
                list.retain(|parked| !request.is(parked));
            }
            let Classified::Write(request) = request.classify() else {
                unreachable!("only writes are parked")
            };
            // A dropped one is counted already.
            if route(&request) != b'd' {
                this.tally.cancelled += 1;
            }
            request.complete(Err(Error::CANCELLED), irql)
        }
    }

    struct Expire;

    impl TimerHandler for Expire {
        type Parent = QueueRef<Front>;

        fn expired(queue: &QueueRef<Front>, irql: &mut Irql<'_, Dispatch>) {
            queue.lock(irql, |this, irql| this.tally.completed += Front::all(&mut this.timed, irql));
        }
    }

    struct Work;

    impl WorkHandler for Work {
        type Parent = QueueRef<Front>;

        fn run(queue: &QueueRef<Front>, _: &mut MayBlock<'_>, irql: &mut Irql<'_, Passive>) {
            queue.lock(irql, |this, irql| this.tally.completed += Front::all(&mut this.worked, irql));
        }
    }

    /// The manual queue. A request that is kept is parked in it.
    pub struct Shelf {
        kept: PoolDeque<Parked<Write>>,
    }

    impl IoQueue for Shelf {
        type Scope = PerQueue;
        type Exec = Dispatch;
        const HANDLES: Handlers = Handlers::NONE;

        fn cancel<'r>(
            this: &mut Self,
            request: CanceledRequest<'r>,
            irql: &mut Irql<'_, Dispatch>,
        ) -> Disposed<'r> {
            this.kept.retain(|parked| !request.is(parked));
            request.complete(Err(Error::CANCELLED), irql)
        }
    }

    /// The queue of the controls.
    struct Desk {
        front: QueueHandle<Front>,
        shelf: QueueHandle<Shelf>,
    }

    impl IoQueue for Desk {
        type Scope = Unsynchronized;
        type Exec = Dispatch;
        const HANDLES: Handlers = Handlers::DEVICE_CONTROL;

        fn device_control<'r>(
            this: &Self,
            request: DeviceControlRequest<'r>,
            irql: &mut Irql<'_, Dispatch>,
        ) -> Disposed<'r> {
            request.complete_with(irql, |request, irql| {
                let code = request.code();
                let device =
                    request.queue::<Self>().and_then(|queue| queue.device::<()>()).ok_or(Error::NOT_FOUND)?;
                let front = this.front.of(device).ok_or(Error::NOT_FOUND)?;
                let shelf = this.shelf.of(device).ok_or(Error::NOT_FOUND)?;
                if code == TALLY {
                    let t = front.lock(irql, |this, _| Tally {
                        waiting: (this.held.len() + this.timed.len() + this.worked.len()) as u32,
                        ..this.tally
                    });
                    let words =
                        [t.delivered, t.completed, t.cancelled, t.refused, t.forwarded, t.dropped, t.waiting];
                    return request.output().write_value(&words);
                }
                let moved = serve(code, front, shelf, irql)?;
                request.output().write(&[u8::from(moved)])
            })
        }
    }

    /// Does what a control asks for; says whether there was a request to do it with.
    fn serve(
        code: IoControlCode,
        front: &QueueRef<Front>,
        shelf: &QueueRef<Shelf>,
        irql: &mut Irql<'_, Dispatch>,
    ) -> Result<bool> {
        match code {
            RELEASE => {
                return Ok(front.lock(irql, |this, irql| {
                    let released = Front::first(&mut this.held, irql);
                    this.tally.completed += u32::from(released);
                    released
                }));
            }
            RETRIEVE => {
                return shelf.retrieve(irql, |retrieved, irql| match retrieved.into_request().classify() {
                    Classified::Write(write) => finish(write, irql),
                    _ => unreachable!("only writes are forwarded"),
                });
            }
            REQUEUE => {
                return shelf.retrieve(irql, |retrieved, irql| {
                    retrieved.requeue(irql).unwrap_or_else(|rejected| rejected.fail(irql))
                });
            }
            KEEP => return keep(shelf, irql),
            RELEASE_KEPT => return Ok(shelf.lock(irql, |this, irql| Front::first(&mut this.kept, irql))),
            STOP => front.stop(irql),
            START => front.start(irql),
            PURGE => front.purge(irql),
            DRAIN => front.drain(irql),
            STOP_SHELF => shelf.stop(irql),
            START_SHELF => shelf.start(irql),
            PURGE_SHELF => shelf.purge(irql),
            DRAIN_SHELF => shelf.drain(irql),
            _ => return Err(Error::INVALID_DEVICE_REQUEST),
        }
        Ok(false)
    }

    /// Parks a retrieved request, under the lock of its queue.
    ///
    /// Without the lock, EvtIoStop could come between: it acknowledges what is parked, and a request that is parked
    /// after it holds the device up until it is completed.
    fn keep(shelf: &QueueRef<Shelf>, irql: &mut Irql<'_, Dispatch>) -> Result<bool> {
        shelf.lock(irql, |this, irql| {
            this.kept.try_reserve(1, irql)?;
            shelf.retrieve(irql, |retrieved, irql| {
                let Classified::Write(write) = retrieved.into_request().classify() else {
                    unreachable!("only writes are forwarded")
                };
                match write.park(irql) {
                    Ok((proof, parked)) => {
                        let _ = this.kept.push_within_capacity(parked);
                        proof
                    }
                    Err(rejected) => rejected.fail(irql),
                }
            })
        })
    }
}
use workshop::Tally;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ShopAsk {
    /// Which way, and how many bytes.
    Write(u8, usize),
    Control(wdk::ioctl::IoControlCode),
}

/// Where the workshop has a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    FrontQueue(u8, usize),
    ShelfQueue(usize),
    Held(usize),
    Timed(usize),
    Kept(usize),
}

#[derive(Debug, Clone, Copy)]
struct Gate {
    accepts: bool,
    dispatches: bool,
}

/// The workshop: two queues, and lists of parked requests.
struct Shop {
    book: Book,
    powered: bool,
    front: Gate,
    shelf: Gate,
    /// In the order in which they got there.
    places: Vec<(usize, Place)>,
    tally: Tally,
}

impl Shop {
    fn new() -> Self {
        let open = Gate { accepts: true, dispatches: true };
        Self {
            book: Book::default(),
            powered: true,
            front: open,
            shelf: open,
            places: Vec::new(),
            tally: Tally::default(),
        }
    }

    fn first(&self, wanted: impl Fn(Place) -> bool) -> Option<(usize, Place)> {
        self.places.iter().copied().find(|(_, place)| wanted(*place))
    }

    fn leave(&mut self, id: usize) -> Option<Place> {
        let at = self.places.iter().position(|(other, _)| *other == id)?;
        Some(self.places.remove(at).1)
    }

    fn park(&mut self, id: usize, place: Place) {
        self.book.happens(id, Event::Park);
        self.places.push((id, place));
    }

    fn deliver(&mut self, id: usize, route: u8, len: usize) {
        self.book.happens(id, Event::Deliver);
        self.tally.delivered += 1;
        match route {
            b't' => self.park(id, Place::Timed(len)),
            b'p' => self.park(id, Place::Held(len)),
            b'd' => {
                self.book.happens(id, Event::Park);
                self.book.happens(id, Event::Take);
                self.tally.dropped += 1;
                self.book.fail(id, STATUS_INTERNAL_ERROR);
            }
            b'm' if self.shelf.accepts => {
                self.book.happens(id, Event::Queue);
                self.places.push((id, Place::ShelfQueue(len)));
                self.tally.forwarded += 1;
            }
            b'm' => {
                self.tally.refused += 1;
                // The framework's STATUS_WDF_BUSY, as applications see it.
                self.book.fail(id, STATUS_DEVICE_BUSY);
            }
            _ => {
                if route == b'w' {
                    self.book.happens(id, Event::Park);
                    self.book.happens(id, Event::Take);
                }
                self.tally.completed += 1;
                self.book.complete(id, STATUS_SUCCESS, len, Vec::new());
            }
        }
    }

    fn deliver_queued(&mut self) {
        while self.powered
            && self.front.dispatches
            && let Some((id, Place::FrontQueue(route, len))) =
                self.first(|place| matches!(place, Place::FrontQueue(..)))
        {
            self.leave(id);
            self.deliver(id, route, len);
        }
    }

    /// Completes the first request at such a place.
    fn finish_first(&mut self, wanted: impl Fn(Place) -> bool) -> bool {
        let Some((id, place)) = self.first(wanted) else { return false };
        self.leave(id);
        let (Place::Held(len) | Place::Timed(len) | Place::Kept(len) | Place::ShelfQueue(len)) = place else {
            unreachable!("not completed from there")
        };
        let event = if matches!(place, Place::ShelfQueue(_)) { Event::Deliver } else { Event::Take };
        self.book.happens(id, event);
        self.tally.completed += u32::from(matches!(place, Place::Held(_) | Place::Timed(_)));
        self.book.complete(id, STATUS_SUCCESS, len, Vec::new());
        true
    }

    fn purge(&mut self, wanted: impl Fn(Place) -> bool) {
        while let Some((id, _)) = self.first(&wanted) {
            self.cancel(id);
        }
    }

    /// What a control answers.
    fn control(&mut self, code: wdk::ioctl::IoControlCode) -> Result<Vec<u8>, NTSTATUS> {
        let queued = |place| matches!(place, Place::ShelfQueue(_));
        let shelf_is_open = self.shelf.dispatches && self.powered;
        let moved = match code {
            workshop::TALLY => {
                let waiting =
                    self.places.iter().filter(|(_, place)| matches!(place, Place::Held(_) | Place::Timed(_)));
                let waiting = waiting.count() as u32;
                let t = self.tally;
                let words =
                    [t.delivered, t.completed, t.cancelled, t.refused, t.forwarded, t.dropped, waiting];
                return Ok(words.as_bytes().to_vec());
            }
            workshop::RETRIEVE | workshop::REQUEUE | workshop::KEEP if !shelf_is_open => {
                // The framework's STATUS_WDF_PAUSED, as applications see it.
                return Err(STATUS_DEVICE_BUSY);
            }
            workshop::RETRIEVE => self.finish_first(queued),
            workshop::REQUEUE => match self.first(queued) {
                Some((id, _)) => {
                    self.book.happens(id, Event::Deliver);
                    self.book.happens(id, Event::Queue);
                    true
                }
                None => false,
            },
            workshop::KEEP => match self.first(queued) {
                Some((id, Place::ShelfQueue(len))) => {
                    self.leave(id);
                    self.book.happens(id, Event::Deliver);
                    self.park(id, Place::Kept(len));
                    true
                }
                _ => false,
            },
            workshop::RELEASE => self.finish_first(|place| matches!(place, Place::Held(_))),
            workshop::RELEASE_KEPT => self.finish_first(|place| matches!(place, Place::Kept(_))),
            _ => {
                self.change(code);
                false
            }
        };
        Ok(vec![u8::from(moved)])
    }

    fn change(&mut self, code: wdk::ioctl::IoControlCode) {
        let in_shelf = |place| matches!(place, Place::ShelfQueue(_) | Place::Kept(_));
        match code {
            workshop::STOP => self.front = Gate { accepts: true, dispatches: false },
            workshop::STOP_SHELF => self.shelf = Gate { accepts: true, dispatches: false },
            workshop::START => {
                self.front = Gate { accepts: true, dispatches: true };
                self.deliver_queued();
            }
            workshop::START_SHELF => self.shelf = Gate { accepts: true, dispatches: true },
            workshop::DRAIN => self.front.accepts = false,
            workshop::DRAIN_SHELF => self.shelf.accepts = false,
            workshop::PURGE => {
                self.front.accepts = false;
                self.purge(|place| !in_shelf(place));
            }
            workshop::PURGE_SHELF => {
                self.shelf.accepts = false;
                self.purge(in_shelf);
            }
            other => unreachable!("{other:?}"),
        }
    }
}

impl Model for Shop {
    type Ask = ShopAsk;

    fn book(&mut self) -> &mut Book {
        &mut self.book
    }

    fn ask(&mut self, id: usize, ask: &ShopAsk) {
        match *ask {
            ShopAsk::Write(..) if !self.front.accepts => self.book.fail(id, STATUS_INVALID_DEVICE_STATE),
            ShopAsk::Write(route, len) => {
                self.book.happens(id, Event::Queue);
                self.places.push((id, Place::FrontQueue(route, len)));
                self.deliver_queued();
            }
            ShopAsk::Control(code) => {
                self.book.happens(id, Event::Queue);
                self.book.happens(id, Event::Deliver);
                match self.control(code) {
                    Ok(answer) => self.book.complete(id, STATUS_SUCCESS, answer.len(), answer),
                    Err(status) => self.book.fail(id, status),
                }
            }
        }
    }

    fn cancel(&mut self, id: usize) {
        let Some(place) = self.leave(id) else { return };
        if self.book.state(id) == State::Parked {
            self.book.happens(id, Event::Take);
        }
        self.tally.cancelled += u32::from(matches!(place, Place::Held(_) | Place::Timed(_)));
        self.book.fail(id, STATUS_CANCELLED);
    }

    fn power(&mut self, up: bool) {
        self.powered = up;
        self.deliver_queued();
    }

    fn time_passes(&mut self) {
        while self.finish_first(|place| matches!(place, Place::Timed(_))) {}
    }
}

const CONTROLS: [wdk::ioctl::IoControlCode; 14] = [
    workshop::RELEASE,
    workshop::RETRIEVE,
    workshop::REQUEUE,
    workshop::KEEP,
    workshop::RELEASE_KEPT,
    workshop::STOP,
    workshop::START,
    workshop::PURGE,
    workshop::DRAIN,
    workshop::STOP_SHELF,
    workshop::START_SHELF,
    workshop::PURGE_SHELF,
    workshop::DRAIN_SHELF,
    workshop::TALLY,
];

fn shop_asks() -> BoxedStrategy<ShopAsk> {
    prop_oneof![
        8 => (prop::sample::select(b"ntwpdmmp".to_vec()), 1..50_usize)
            .prop_map(|(route, len)| ShopAsk::Write(route, len)),
        3 => prop::sample::select(CONTROLS[..5].to_vec()).prop_map(ShopAsk::Control),
        1 => prop::sample::select(vec![workshop::START, workshop::START_SHELF, workshop::TALLY])
            .prop_map(ShopAsk::Control),
        2 => prop::sample::select(CONTROLS[5..].to_vec()).prop_map(ShopAsk::Control),
    ]
    .boxed()
}

fn shop_start(file: &File, _: usize, ask: &ShopAsk) -> wdk_emulator::Result<Overlapped> {
    match *ask {
        ShopAsk::Write(route, len) => file.start_write(&vec![route; len]),
        ShopAsk::Control(code) => file.start_ioctl(code.0, &[], size_of::<Tally>()),
    }
}

/// A driver that parks, forwards, retrieves, puts back and completes later, and whose queues are stopped, started,
/// drained and purged, does what the model says.
#[test]
fn the_workshop_follows_its_model() {
    check(300, 3, cases(shop_asks(), 50), |case| {
        step_by_step(&workshop::DRIVER, workshop::NAME, Shop::new(), case, shop_start)
    });
}

// Threads at once.

#[derive(Debug, Clone)]
enum Step<A> {
    Ask {
        dispatch: bool,
        ask: A,
    },
    /// One of the thread's own that are outstanding.
    Cancel(usize),
    /// All of another thread's, also those that are on their way to the device.
    CancelAll(usize),
    /// Waits for all of its own.
    Await,
}

/// What Plug and Play does meanwhile.
#[derive(Debug, Clone, Copy)]
enum Meanwhile {
    /// Opens and closes a handle: mostly, lets the threads go on for a while.
    Open,
    Suspend,
    Resume,
}

#[derive(Debug, Clone)]
struct Race<A> {
    seed: u64,
    quantum: u64,
    threads: Vec<Vec<Step<A>>>,
    meanwhile: Vec<Meanwhile>,
    /// Whether the device goes while they run, and how.
    removal: Option<Ending>,
}

fn races<A: Debug + Clone + 'static>(ask: BoxedStrategy<A>, length: usize) -> impl Strategy<Value = Race<A>> {
    let step = prop_oneof![
        10 => (any::<bool>(), ask).prop_map(|(dispatch, ask)| Step::Ask { dispatch, ask }),
        3 => (0..8_usize).prop_map(Step::Cancel),
        1 => (0..8_usize).prop_map(Step::CancelAll),
        1 => Just(Step::Await),
    ];
    let meanwhile =
        prop_oneof![4 => Just(Meanwhile::Open), 1 => Just(Meanwhile::Suspend), 1 => Just(Meanwhile::Resume)];
    let removal = prop_oneof![
        2 => Just(None),
        1 => Just(Some(Ending::Remove)),
        1 => Just(Some(Ending::SurpriseRemove)),
    ];
    let threads = prop::collection::vec(prop::collection::vec(step, 1..length), 1..4);
    (0..1000_u64, 1..5_u64, threads, prop::collection::vec(meanwhile, 0..8), removal).prop_map(
        |(seed, quantum, threads, meanwhile, removal)| Race { seed, quantum, threads, meanwhile, removal },
    )
}

/// A request of a race, and when it was sent and known to be complete.
#[derive(Debug, Clone)]
struct Record<A> {
    thread: usize,
    ask: A,
    began: u64,
    ended: u64,
    /// Somebody asked for its cancellation.
    cancelled: bool,
    got: Option<Completion>,
}

struct Log<A> {
    clock: Cell<u64>,
    records: RefCell<Vec<Record<A>>>,
    left: RefCell<Vec<(usize, Overlapped)>>,
}

impl<A: Clone> Log<A> {
    fn tick(&self) -> u64 {
        self.clock.set(self.clock.get() + 1);
        self.clock.get()
    }

    fn begin(&self, thread: usize, ask: &A) -> usize {
        let began = self.tick();
        let mut records = self.records.borrow_mut();
        records.push(Record {
            thread,
            ask: ask.clone(),
            began,
            ended: u64::MAX,
            cancelled: false,
            got: None,
        });
        records.len() - 1
    }

    fn end(&self, id: usize, got: Completion) {
        let ended = self.tick();
        let record = &mut self.records.borrow_mut()[id];
        assert!(record.got.replace(got).is_none(), "one completion for each request");
        record.ended = ended;
    }

    fn cancels(&self, which: impl Fn(usize, &Record<A>) -> bool) {
        for (id, record) in self.records.borrow_mut().iter_mut().enumerate() {
            record.cancelled |= record.got.is_none() && which(id, record);
        }
    }

    /// Notes which of these are done.
    fn poll(&self, mine: &mut Vec<(usize, Overlapped)>) {
        for (id, request) in std::mem::take(mine) {
            match request.result() {
                Ok(got) => self.end(id, got),
                Err(request) => mine.push((id, request)),
            }
        }
    }
}

type Start<A> = fn(&File, usize, &A) -> wdk_emulator::Result<Overlapped>;

fn run_thread<A: Clone>(
    number: usize,
    files: &[File],
    steps: &[Step<A>],
    log: &Log<A>,
    start: Start<A>,
) -> wdk_emulator::Result {
    let mut mine = Vec::new();
    for step in steps {
        match step {
            Step::Ask { dispatch, ask } => {
                let id = log.begin(number, ask);
                let file = if *dispatch { files[number].at_dispatch() } else { files[number].clone() };
                mine.push((id, start(&file, id, ask)?));
            }
            Step::Cancel(index) if !mine.is_empty() => {
                let (id, request) = &mine[index % mine.len()];
                log.cancels(|other, _| other == *id);
                request.cancel()?;
            }
            Step::Cancel(_) => {}
            Step::CancelAll(thread) => {
                let thread = thread % files.len();
                log.cancels(|_, record| record.thread == thread);
                files[thread].cancel_all()?;
            }
            Step::Await => {
                for (id, request) in std::mem::take(&mut mine) {
                    log.end(id, request.wait()?);
                }
            }
        }
        log.poll(&mut mine);
    }
    log.left.borrow_mut().extend(mine);
    Ok(())
}

/// Runs a race, has `tidy` bring the device to rest, and gives the records to `judge`.
fn race<A: Clone + Debug + 'static>(
    driver: &'static DriverModule,
    name: &'static str,
    case: &Race<A>,
    start: Start<A>,
    tidy: impl Fn(&Machine, &File, &Log<A>) -> Check,
    judge: impl Fn(&[Record<A>], bool) -> Check,
) -> Check {
    let machine = Machine::builder().seed(case.seed).quantum(case.quantum).verifier(Level::All).build();
    let device = machine.load(driver).and_then(|driver| driver.plug(r"ROOT\LIFE")).map_err(emulator)?;
    let log = Rc::new(Log { clock: Cell::new(0), records: RefCell::default(), left: RefCell::default() });
    let files: Vec<File> =
        case.threads.iter().map(|_| machine.open(name)).collect::<Result<_, _>>().map_err(emulator)?;
    let mut threads = Vec::new();
    for (number, steps) in case.threads.iter().enumerate() {
        let (files, steps, log) = (files.clone(), steps.clone(), log.clone());
        let body = move || run_thread(number, &files, &steps, &log, start);
        threads.push(machine.spawn(&format!("application {number}"), body));
    }
    for event in &case.meanwhile {
        match event {
            Meanwhile::Open => machine.open(name).and_then(File::close),
            Meanwhile::Suspend => device.suspend(),
            Meanwhile::Resume => device.resume(),
        }
        .map_err(emulator)?;
    }
    let device = match case.removal {
        Some(Ending::SurpriseRemove) => device.surprise_remove().map(|()| None),
        Some(_) => device.remove().map(|()| None),
        None => device.resume().map(|()| Some(device)),
    }
    .map_err(emulator)?;
    machine.run().map_err(emulator)?;
    // Who still waits for something waits for what nobody will do: it is cancelled.
    let mut rounds = 2 * case.threads.iter().map(Vec::len).sum::<usize>();
    while threads.iter().any(|thread| !thread.is_done()) {
        ensure(device.is_some(), || "an application waits for a device that is gone".to_owned())?;
        ensure(rounds > 0, || "an application waits for what was cancelled".to_owned())?;
        rounds -= 1;
        log.cancels(|_, _| true);
        for file in &files {
            file.cancel_all().map_err(emulator)?;
        }
        machine.run().map_err(emulator)?;
    }
    for thread in threads {
        thread.join().and_then(|result| result).map_err(emulator)?;
    }
    if device.is_some() {
        tidy(&machine, &files[0], &log)?;
        log.cancels(|_, _| true);
        for (_, request) in &*log.left.borrow() {
            request.cancel().map_err(emulator)?;
        }
        machine.run().map_err(emulator)?;
    }
    log.poll(&mut log.left.borrow_mut());
    let left: Vec<usize> = log.left.borrow().iter().map(|(id, _)| *id).collect();
    ensure(left.is_empty(), || format!("never completed: {left:?}"))?;
    let records = log.records.take();
    judge(&records, device.is_none())?;
    drop(files);
    machine.finish().map_err(emulator)
}

fn outcome<A: Debug>(id: usize, record: &Record<A>, allowed: &[NTSTATUS]) -> Result<Completion, String> {
    let got = record.got.clone().ok_or_else(|| format!("request {id} has no completion"))?;
    ensure(allowed.contains(&got.status), || {
        format!("request {id}, {:?}, ended with {:#x}, not {allowed:x?}", record.ask, got.status)
    })?;
    Ok(got)
}

/// Statuses that any request may have, whatever its driver does.
fn common(cancelled: bool, removed: bool) -> Vec<NTSTATUS> {
    let mut allowed = Vec::new();
    if cancelled || removed {
        allowed.push(STATUS_CANCELLED);
    }
    if removed {
        allowed.extend([STATUS_NO_SUCH_DEVICE, STATUS_INVALID_DEVICE_STATE]);
    }
    allowed
}

/// In words of four bytes: the number of the request, and the number of the word in it.
#[derive(Debug, Clone, Copy)]
enum WordsAsk {
    Write(usize),
    Read(usize),
    Statistics,
}

fn words_asks() -> BoxedStrategy<WordsAsk> {
    let words = || prop_oneof![3 => 1..8_usize, 1 => 4000..9000_usize];
    prop_oneof![
        4 => words().prop_map(WordsAsk::Write),
        3 => words().prop_map(WordsAsk::Read),
        1 => Just(WordsAsk::Statistics),
    ]
    .boxed()
}

fn words_start(file: &File, id: usize, ask: &WordsAsk) -> wdk_emulator::Result<Overlapped> {
    match *ask {
        WordsAsk::Write(words) => {
            let word = |index: usize| [(id as u16).to_le_bytes(), (index as u16).to_le_bytes()].concat();
            file.start_write(&(0..words).flat_map(word).collect::<Vec<u8>>())
        }
        WordsAsk::Read(words) => file.start_read(words * 4),
        WordsAsk::Statistics => file.start_ioctl(GET_STATISTICS.0, &[], size_of::<Statistics>()),
    }
}

/// Gives writes that wait their room, and reads what is left in the device.
fn words_tidy(machine: &Machine, file: &File, log: &Log<WordsAsk>) -> Check {
    loop {
        let ask = WordsAsk::Read(CAPACITY / 4);
        let id = log.begin(usize::MAX, &ask);
        let read = words_start(file, id, &ask).map_err(emulator)?;
        machine.run().map_err(emulator)?;
        log.poll(&mut log.left.borrow_mut());
        if read.is_done() {
            log.end(id, read.wait().map_err(emulator)?);
            continue;
        }
        log.cancels(|other, _| other == id);
        read.cancel().map_err(emulator)?;
        log.end(id, read.wait().map_err(emulator)?);
        return Ok(());
    }
}

/// Where the bytes of a write were read.
#[derive(Debug, Default)]
struct Seen {
    words: BTreeSet<u16>,
    /// The first end and the last begin of the reads that got some of it.
    first_end: u64,
    last_begin: u64,
}

/// A read returns words of writes that succeeded, each once, in one piece and in order; writes of which one was
/// complete before the other began are not swapped; nothing is lost.
fn words_judge(records: &[Record<WordsAsk>], removed: bool) -> Check {
    let mut seen: BTreeMap<usize, Seen> = BTreeMap::new();
    for (id, record) in records.iter().enumerate() {
        let mut allowed = common(record.cancelled, removed);
        allowed.push(STATUS_SUCCESS);
        let got = outcome(id, record, &allowed)?;
        let success = got.status == STATUS_SUCCESS;
        match record.ask {
            WordsAsk::Write(words) => {
                let wanted = if success { words * 4 } else { 0 };
                ensure(got.information == wanted, || format!("write {id} returned {}", got.information))?;
            }
            WordsAsk::Read(words) if success => {
                let count = got.data.len();
                ensure(count > 0 && count % 4 == 0 && count <= words * 4, || {
                    format!("read {id} got {count}")
                })?;
                let mut previous: Option<(usize, u16)> = None;
                for word in got.data.chunks(4) {
                    let from = usize::from(u16::from_le_bytes([word[0], word[1]]));
                    let index = u16::from_le_bytes([word[2], word[3]]);
                    if let Some((before, last)) = previous {
                        let ends = |id: usize, last: u16| matches!(records[id].ask, WordsAsk::Write(words) if words == usize::from(last) + 1);
                        let next =
                            if before == from { last + 1 == index } else { ends(before, last) && index == 0 };
                        ensure(next, || format!("read {id}: {from}.{index} follows {before}.{last}"))?;
                        ensure(before == from || records[from].ended > records[before].began, || {
                            format!(
                                "read {id}: {from} was complete before {before} began, and comes after it"
                            )
                        })?;
                    }
                    previous = Some((from, index));
                    let entry = seen.entry(from).or_insert(Seen { first_end: u64::MAX, ..Seen::default() });
                    ensure(entry.words.insert(index), || format!("{from}.{index} was read twice"))?;
                    entry.first_end = entry.first_end.min(record.ended);
                    entry.last_begin = entry.last_begin.max(record.began);
                }
            }
            WordsAsk::Read(_) => ensure(got.data.is_empty(), || format!("read {id} failed with data"))?,
            WordsAsk::Statistics => {}
        }
    }
    for (id, record) in records.iter().enumerate() {
        let WordsAsk::Write(words) = record.ask else { continue };
        let success = record.got.as_ref().is_some_and(|got| got.status == STATUS_SUCCESS);
        let count = seen.get(&id).map_or(0, |seen| seen.words.len());
        ensure(success || count == 0, || format!("write {id} failed and left {count} words"))?;
        ensure(!success || removed || count == words, || {
            format!("of write {id}, {count} of {words} words came")
        })?;
    }
    for (id, first) in &seen {
        for (other, second) in &seen {
            let before = records[*id].ended < records[*other].began;
            ensure(!before || second.first_end > first.last_begin, || format!("{other} overtook {id}"))?;
        }
    }
    Ok(())
}

/// Writers and readers on threads of their own, cancelled, put to sleep and removed from under them.
#[test]
fn racing_applications_lose_nothing_on_the_virtual_device() {
    check(250, 4, races(words_asks(), 14), |case| {
        race(&virtual_device::DRIVER, PIPE, case, words_start, words_tidy, words_judge)
    });
}

/// Everything is opened and whatever waits is completed; then the driver's own account is right.
fn shop_tidy(machine: &Machine, file: &File, _: &Log<ShopAsk>) -> Check {
    let ask = |code: wdk::ioctl::IoControlCode| file.ioctl(code.0, &[], size_of::<Tally>()).map_err(emulator);
    ask(workshop::START)?;
    ask(workshop::START_SHELF)?;
    machine.run().map_err(emulator)?;
    for code in [workshop::RELEASE, workshop::RETRIEVE, workshop::RELEASE_KEPT] {
        while ask(code)? == [1] {}
    }
    machine.run().map_err(emulator)?;
    let words: Vec<u32> = ask(workshop::TALLY)?
        .chunks(4)
        .map(|word| u32::from_le_bytes(word.try_into().expect("four bytes")))
        .collect();
    let ended: u32 = words[1..6].iter().sum();
    ensure(words[0] == ended && words[6] == 0, || {
        format!("delivered, completed, cancelled, refused, forwarded, dropped, waiting: {words:?}")
    })
}

fn shop_judge(records: &[Record<ShopAsk>], removed: bool) -> Check {
    let asked = |codes: &[wdk::ioctl::IoControlCode]| {
        records.iter().any(|record| matches!(record.ask, ShopAsk::Control(code) if codes.contains(&code)))
    };
    let purged = asked(&[workshop::PURGE]);
    let shelf_purged = asked(&[workshop::PURGE_SHELF]);
    let closed = purged || asked(&[workshop::DRAIN]);
    let shelf_closed = shelf_purged || asked(&[workshop::DRAIN_SHELF]);
    for (id, record) in records.iter().enumerate() {
        let mut allowed = common(record.cancelled, removed);
        match record.ask {
            ShopAsk::Write(route, len) => {
                allowed.push(if route == b'd' { STATUS_INTERNAL_ERROR } else { STATUS_SUCCESS });
                if purged || route == b'm' && shelf_purged {
                    allowed.push(STATUS_CANCELLED);
                }
                if closed {
                    allowed.push(STATUS_INVALID_DEVICE_STATE);
                }
                if route == b'm' {
                    allowed.extend((shelf_closed || removed).then_some(STATUS_DEVICE_BUSY));
                }
                let got = outcome(id, record, &allowed)?;
                let wanted = if got.status == STATUS_SUCCESS { len } else { 0 };
                ensure(got.information == wanted, || format!("write {id} returned {}", got.information))?;
            }
            ShopAsk::Control(code) => {
                allowed.push(STATUS_SUCCESS);
                if [workshop::RETRIEVE, workshop::REQUEUE, workshop::KEEP].contains(&code) {
                    allowed.push(STATUS_DEVICE_BUSY);
                }
                outcome(id, record, &allowed)?;
            }
        }
    }
    Ok(())
}

/// Every request of the workshop ends once, with a status that something in the sequence accounts for.
#[test]
fn racing_applications_get_one_answer_each_from_the_workshop() {
    check(400, 5, races(shop_asks(), 18), |case| {
        race(&workshop::DRIVER, workshop::NAME, case, shop_start, shop_tidy, shop_judge)
    });
}
