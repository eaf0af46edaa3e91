//! Applications that run at once: what they did, and what came of it.

use super::*;

#[derive(Debug, Clone)]
pub(crate) enum Step<A> {
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
pub(crate) enum Meanwhile {
    /// Opens and closes a handle: mostly, lets the threads go on for a while.
    Open,
    Suspend,
    Resume,
}

#[derive(Debug, Clone)]
pub(crate) struct Race<A> {
    pub(crate) seed: u64,
    pub(crate) quantum: u64,
    pub(crate) threads: Vec<Vec<Step<A>>>,
    pub(crate) meanwhile: Vec<Meanwhile>,
    /// Whether the device goes while they run, and how.
    pub(crate) removal: Option<Ending>,
}

pub(crate) fn races<A: Debug + Clone + 'static>(
    ask: BoxedStrategy<A>,
    length: usize,
) -> impl Strategy<Value = Race<A>> {
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
pub(crate) struct Record<A> {
    pub(crate) thread: usize,
    pub(crate) ask: A,
    pub(crate) began: u64,
    pub(crate) ended: u64,
    /// Somebody asked for its cancellation.
    pub(crate) cancelled: bool,
    pub(crate) got: Option<Completion>,
}

pub(crate) struct Log<A> {
    pub(crate) clock: Cell<u64>,
    pub(crate) records: RefCell<Vec<Record<A>>>,
    pub(crate) left: RefCell<Vec<(usize, Overlapped)>>,
}

impl<A: Clone> Log<A> {
    pub(crate) fn tick(&self) -> u64 {
        self.clock.set(self.clock.get() + 1);
        self.clock.get()
    }

    pub(crate) fn begin(&self, thread: usize, ask: &A) -> usize {
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

    pub(crate) fn end(&self, id: usize, got: Completion) {
        let ended = self.tick();
        let record = &mut self.records.borrow_mut()[id];
        assert!(record.got.replace(got).is_none(), "one completion for each request");
        record.ended = ended;
    }

    pub(crate) fn cancels(&self, which: impl Fn(usize, &Record<A>) -> bool) {
        for (id, record) in self.records.borrow_mut().iter_mut().enumerate() {
            record.cancelled |= record.got.is_none() && which(id, record);
        }
    }

    /// Notes which of these are done.
    pub(crate) fn poll(&self, mine: &mut Vec<(usize, Overlapped)>) {
        for (id, request) in std::mem::take(mine) {
            match request.result() {
                Ok(got) => self.end(id, got),
                Err(request) => mine.push((id, request)),
            }
        }
    }
}

pub(crate) type Start<A> = fn(&File, usize, &A) -> wdk_emulator::Result<Overlapped>;

pub(crate) fn run_thread<A: Clone>(
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
pub(crate) fn race<A: Clone + Debug + 'static>(
    form: Form,
    driver: &Driver,
    name: &'static str,
    case: &Race<A>,
    start: Start<A>,
    tidy: impl Fn(&Machine, &File, &Log<A>) -> Check,
    judge: impl Fn(&[Record<A>], bool) -> Check,
) -> Said {
    let machine = Machine::builder().seed(case.seed).quantum(case.quantum).verifier(Level::All).build();
    let loaded = form.load(&machine, driver).map_err(emulator)?;
    let device = loaded.plug(r"ROOT\LIFE").map_err(emulator)?;
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
    unload(machine, loaded)
}

pub(crate) fn outcome<A: Debug>(
    id: usize,
    record: &Record<A>,
    allowed: &[NTSTATUS],
) -> Result<Completion, String> {
    let got = record.got.clone().ok_or_else(|| format!("request {id} has no completion"))?;
    ensure(allowed.contains(&got.status), || {
        format!("request {id}, {:?}, ended with {:#x}, not {allowed:x?}", record.ask, got.status)
    })?;
    Ok(got)
}

/// Statuses that any request may have, whatever its driver does.
pub(crate) fn common(cancelled: bool, removed: bool) -> Vec<NTSTATUS> {
    let mut allowed = Vec::new();
    if cancelled || removed {
        allowed.push(STATUS_CANCELLED);
    }
    if removed {
        allowed.extend([STATUS_NO_SUCH_DEVICE, STATUS_INVALID_DEVICE_STATE]);
    }
    allowed
}
