//! The scheduler: processors, threads, DPCs and virtual time, all on one thread of the host.
//!
//! Every choice — which processor goes on, which thread it runs — comes from the machine's random numbers, and
//! a switch can happen at each API call, so a run is a function of (driver, scenario, seed). Driver code
//! between two calls is atomic and memory is sequentially consistent.

pub(crate) mod fault;
pub(crate) mod lock;
pub(crate) mod stacks;
pub(crate) mod thread;

use crate::kernel::Kernel;
use crate::kernel::irql::{APC, DISPATCH, PASSIVE};
use crate::verifier::{Verdict, rules};
use stacks::Switch;
use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;
use thread::{Job, Role, State, Thread, job};

/// A virtual processor.
#[derive(Default)]
struct Processor {
    /// The thread that runs here or, with its IRQL raised, is bound here.
    thread: RefCell<Option<Rc<Thread>>>,
    /// The DPC that runs here, on top of the thread.
    dpc: RefCell<Option<Rc<Thread>>>,
    dpcs: RefCell<VecDeque<Job>>,
}

/// The state of the scheduler.
pub(crate) struct Scheduler {
    processors: Vec<Processor>,
    threads: RefCell<Vec<Rc<Thread>>>,
    idle: RefCell<Vec<Rc<Thread>>>,
    ready: RefCell<VecDeque<Rc<Thread>>>,
    /// The thread or DPC that runs now: one of `threads`, or null.
    current: Cell<*const Thread>,
    /// Threads and DPCs that processors have.
    seated: Cell<usize>,
    /// DPCs that wait for a processor.
    dpcs_waiting: Cell<usize>,
    /// API calls until the next voluntary switch.
    quantum: Cell<u32>,
    /// Virtual time in 100 ns since boot.
    now: Cell<u64>,
    timers: RefCell<BTreeMap<(u64, u64), Job>>,
    /// When the first timer is due.
    next_due: Cell<u64>,
    timer_sequence: Cell<u64>,
    switches: Cell<u64>,
}

/// Why [`Kernel::run_until`] came back without what it was asked for.
#[derive(Debug)]
pub(crate) enum Unfinished {
    /// The run stopped with a verdict.
    Stopped,
    /// Nothing can run, and no timer is due: it would wait forever.
    Stuck,
}

impl Scheduler {
    pub(crate) fn new(processors: usize) -> Self {
        Self {
            processors: (0..processors).map(|_| Processor::default()).collect(),
            threads: RefCell::default(),
            idle: RefCell::default(),
            ready: RefCell::default(),
            current: Cell::new(std::ptr::null()),
            seated: Cell::new(0),
            dpcs_waiting: Cell::new(0),
            quantum: Cell::new(1),
            now: Cell::new(10_000_000),
            timers: RefCell::default(),
            next_due: Cell::new(u64::MAX),
            timer_sequence: Cell::new(0),
            switches: Cell::new(0),
        }
    }

    #[inline]
    fn current(&self) -> Option<&Thread> {
        // SAFETY: null, or one of `threads`, which are kept as long as the scheduler.
        unsafe { self.current.get().as_ref() }
    }

    /// Whether no processor has anything to do, as between the requests of an application.
    fn all_idle(&self) -> bool {
        self.seated.get() == 0 && self.dpcs_waiting.get() == 0
    }

    /// Gives a processor a thread or a DPC.
    fn seat(&self, seat: &RefCell<Option<Rc<Thread>>>, thread: Rc<Thread>) {
        if seat.replace(Some(thread)).is_none() {
            self.seated.set(self.seated.get() + 1);
        }
    }

    /// Takes it away.
    fn unseat(&self, seat: &RefCell<Option<Rc<Thread>>>) -> Option<Rc<Thread>> {
        let thread = seat.take();
        if thread.is_some() {
            self.seated.set(self.seated.get() - 1);
        }
        thread
    }

    /// Takes the first timer, if it is due at that time.
    #[inline]
    fn pop_timer(&self, until: u64) -> Option<(u64, Job)> {
        if self.next_due.get() <= until { self.pop_first_timer() } else { None }
    }

    fn pop_first_timer(&self) -> Option<(u64, Job)> {
        let mut timers = self.timers.borrow_mut();
        let ((due, _), job) = timers.pop_first()?;
        self.next_due.set(timers.first_key_value().map_or(u64::MAX, |(&(due, _), _)| due));
        Some((due, job))
    }

    /// Ends all threads. They must not run afterwards.
    pub(crate) fn abandon(&self) {
        for thread in self.threads.borrow().iter() {
            thread.stacks.abandon();
        }
        self.idle.take();
        self.ready.take();
        self.timers.take();
        for processor in &self.processors {
            processor.thread.take();
            processor.dpc.take();
            processor.dpcs.take();
        }
    }
}

impl Kernel {
    /// Virtual time in 100 ns since boot.
    pub(crate) fn now(&self) -> u64 {
        self.sched.now.get()
    }

    /// The thread or DPC whose code runs now.
    #[inline]
    pub(crate) fn thread(&self) -> &Thread {
        self.sched.current().expect("called outside the machine's threads")
    }

    /// The same, to keep.
    pub(crate) fn this_thread(&self) -> Rc<Thread> {
        self.sched.threads.borrow()[self.thread().number as usize].clone()
    }

    /// Its number, if there is one.
    pub(crate) fn thread_number(&self) -> Option<u32> {
        self.sched.current().map(|thread| thread.number)
    }

    /// Whether code of this machine runs on one of its threads now.
    pub(crate) fn on_thread(&self) -> bool {
        !self.sched.current.get().is_null()
    }

    /// The current IRQL.
    pub(crate) fn irql(&self) -> u8 {
        self.sched.current().map_or(PASSIVE, |thread| thread.irql.get())
    }

    /// Starts a thread that runs `job`. It becomes ready; nothing runs yet.
    pub(crate) fn start_thread(
        &self,
        role: Role,
        name: impl Into<Cow<'static, str>>,
        body: impl FnOnce() + 'static,
    ) {
        self.start_work(role, name.into(), job(body));
    }

    /// The same for work that is there already.
    fn start_work(&self, role: Role, name: Cow<'static, str>, job: Job) {
        let thread = self.idle_thread(role, name);
        thread.stacks.set_job(job);
        thread.state.set(State::Ready);
        self.sched.ready.borrow_mut().push_back(thread);
    }

    /// Starts a thread that does work that is there already, and lets it run at once if nothing else could.
    pub(crate) fn run_work(&self, role: Role, name: &'static str, job: Job) {
        let sched = &self.sched;
        let idle =
            sched.all_idle() && sched.ready.borrow().is_empty() && sched.next_due.get() > sched.now.get();
        if !idle || self.on_thread() {
            return self.start_work(role, name.into(), job);
        }
        let thread = self.idle_thread(role, name.into());
        thread.stacks.set_job(job);
        sched.switches.set(0);
        let index = self.any_processor();
        sched.seat(&sched.processors[index].thread, thread.clone());
        self.run_thread(index, thread, false);
    }

    fn idle_thread(&self, role: Role, name: Cow<'static, str>) -> Rc<Thread> {
        let thread = self.sched.idle.borrow_mut().pop().unwrap_or_else(|| {
            let mut threads = self.sched.threads.borrow_mut();
            let thread = Thread::new(threads.len() as u32);
            threads.push(thread.clone());
            thread
        });
        thread.role.set(role);
        *thread.name.borrow_mut() = name;
        thread.irql.set(PASSIVE);
        thread.critical.set(0);
        thread.woken.set(false);
        thread
    }

    /// Queues a DPC to the processor of the caller.
    pub(crate) fn queue_dpc(&self, body: impl FnOnce() + 'static) {
        let processor = self.sched.current().map_or(0, |thread| thread.processor.get());
        self.sched.processors[processor].dpcs.borrow_mut().push_back(job(body));
        self.sched.dpcs_waiting.set(self.sched.dpcs_waiting.get() + 1);
    }

    /// Runs `job` at a virtual time, in the context of the clock interrupt: it may queue DPCs and wake threads.
    pub(crate) fn at(&self, due: u64, body: impl FnOnce() + 'static) -> (u64, u64) {
        let sequence = self.sched.timer_sequence.get();
        self.sched.timer_sequence.set(sequence + 1);
        self.sched.timers.borrow_mut().insert((due, sequence), job(body));
        self.sched.next_due.set(self.sched.next_due.get().min(due));
        (due, sequence)
    }

    /// Takes back what [`at`](Self::at) was told to do. `false` if it was done already.
    pub(crate) fn cancel_at(&self, key: (u64, u64)) -> bool {
        let mut timers = self.sched.timers.borrow_mut();
        let found = timers.remove(&key).is_some();
        self.sched.next_due.set(timers.first_key_value().map_or(u64::MAX, |(&(due, _), _)| due));
        found
    }

    /// A point at which another processor or thread may go on. Called on the model's stack.
    pub(crate) fn switch_point(&self) {
        self.sched.now.set(self.sched.now.get() + 1);
        let quantum = self.sched.quantum.get();
        if quantum > 1 {
            self.sched.quantum.set(quantum - 1);
            return self.deliver_dpcs();
        }
        self.sched.quantum.set(1 + self.random_below(self.config.quantum) as u32);
        if !self.is_alone() {
            self.give_way(Switch::Preempted);
        }
    }

    /// Whether nothing but the calling thread could go on now, so that giving way would come straight back.
    fn is_alone(&self) -> bool {
        let sched = &self.sched;
        // The one that is seated is the caller.
        sched.seated.get() == 1
            && sched.dpcs_waiting.get() == 0
            && sched.ready.borrow().is_empty()
            && sched.next_due.get() > sched.now.get()
    }

    /// Lets DPCs that wait for this processor run, if the IRQL allows them to.
    #[inline]
    pub(crate) fn deliver_dpcs(&self) {
        if self.sched.dpcs_waiting.get() > 0 {
            self.deliver_waiting_dpcs();
        }
    }

    fn deliver_waiting_dpcs(&self) {
        let (processor, irql) = match self.sched.current() {
            Some(thread) if thread.role.get() != Role::Dpc => (thread.processor.get(), thread.irql.get()),
            _ => return,
        };
        if irql < DISPATCH && !self.sched.processors[processor].dpcs.borrow().is_empty() {
            self.give_way(Switch::Preempted);
        }
    }

    /// Sets the current IRQL. Lowering it lets waiting DPCs in.
    pub(crate) fn set_irql(&self, irql: u8) {
        let lowered = match self.sched.current() {
            Some(thread) => thread.irql.replace(irql) > irql,
            None => false,
        };
        if lowered {
            self.deliver_dpcs();
        }
    }

    fn give_way(&self, why: Switch) {
        self.thread().stacks.switch(why);
    }

    /// Blocks the calling thread until somebody wakes it. `what` says in words what it waits for.
    pub(crate) fn block(&self, what: &'static str) {
        let thread = self.thread();
        if thread.irql.get() > APC {
            let effect = format!("{} waits for {what} at raised IRQL", thread.label());
            self.fatal(&rules::irql::IRQL, effect, Vec::new());
        }
        if thread.woken.replace(false) {
            return;
        }
        thread.waits_for.set(what);
        thread.state.set(State::Blocked);
        thread.stacks.switch(Switch::Blocked);
        thread.woken.set(false);
    }

    /// Wakes a thread that [`block`](Self::block) blocked, or is about to block.
    pub(crate) fn wake(&self, thread: &Rc<Thread>) {
        if thread.state.get() == State::Blocked {
            thread.state.set(State::Ready);
            self.sched.ready.borrow_mut().push_back(thread.clone());
        }
        thread.woken.set(true);
    }

    /// Spins: lets other processors go on until one of them has made progress.
    pub(crate) fn spin(&self, what: &'static str) {
        let thread = self.thread();
        thread.waits_for.set(what);
        thread.state.set(State::Spinning);
        thread.stacks.switch(Switch::Spinning);
    }

    /// Ends the run with a verdict. Called on the model's stack; does not come back.
    #[cold]
    pub(crate) fn stop(&self, verdict: Verdict) -> ! {
        self.record(verdict);
        let thread = self.thread();
        loop {
            // Nothing resumes a thread of a stopped run; it is unwound from here.
            thread.stacks.switch(Switch::Stopped);
        }
    }

    /// Runs the machine until `done`, or until nothing can run any more.
    pub(crate) fn run_until(&self, mut done: impl FnMut() -> bool) -> Result<(), Unfinished> {
        assert!(!self.on_thread(), "the machine's own threads cannot run the machine");
        loop {
            if self.stopped() {
                return Err(Unfinished::Stopped);
            }
            if done() {
                return Ok(());
            }
            if !self.step() {
                let Some((due, job)) = self.sched.pop_timer(u64::MAX) else { return Err(Unfinished::Stuck) };
                self.sched.now.set(self.sched.now.get().max(due));
                self.enter(|| job.run());
            }
        }
    }

    #[inline]
    fn expire_timers(&self) {
        while let Some((_, job)) = self.sched.pop_timer(self.sched.now.get()) {
            self.enter(|| job.run());
        }
    }

    /// Lets one processor go on until its next switch. `false` if none can.
    fn step(&self) -> bool {
        self.expire_timers();
        let sched = &self.sched;
        if sched.all_idle() {
            if sched.ready.borrow().is_empty() {
                return false;
            }
            sched.switches.set(0);
            self.run_processor(self.any_processor());
            return true;
        }
        // A spinning processor is passed over while another can go on.
        let mut runnable = [0usize; 8];
        let mut found = 0;
        let mut spinning = [0usize; 8];
        let mut spinners = 0;
        let ready = !sched.ready.borrow().is_empty();
        for (index, processor) in sched.processors.iter().enumerate() {
            let dpc = processor.dpc.borrow();
            let thread = processor.thread.borrow();
            let top = dpc.as_ref().or(thread.as_ref());
            let raised = thread.as_ref().is_some_and(|t| t.irql.get() >= DISPATCH);
            let can_start_dpc = dpc.is_none() && !raised && !processor.dpcs.borrow().is_empty();
            match top {
                Some(t) if t.state.get() == State::Spinning && !can_start_dpc => {
                    spinning[spinners] = index;
                    spinners += 1;
                }
                Some(_) => {
                    runnable[found] = index;
                    found += 1;
                }
                None if can_start_dpc || ready => {
                    runnable[found] = index;
                    found += 1;
                }
                None => {}
            }
        }
        // Every spinner gets its turn now and then: the lock it waits for may be free.
        let (list, length) = if spinners > 0 && (found == 0 || self.random().is_multiple_of(4)) {
            (&spinning, spinners)
        } else {
            (&runnable, found)
        };
        if length == 0 {
            return false;
        }
        if found == 0 && spinners > 0 {
            sched.switches.set(sched.switches.get() + 1);
            if sched.switches.get() > 10_000 {
                let thread = sched.processors[spinning[0]].top().expect("it spins");
                self.record(Verdict::limit(
                    self,
                    format!(
                        "{} spins forever on {}: every processor waits",
                        thread.label(),
                        thread.waits_for.get()
                    ),
                ));
                return true;
            }
        } else {
            sched.switches.set(0);
        }
        let index = if length == 1 { list[0] } else { list[self.random_below(length as u64) as usize] };
        self.run_processor(index);
        true
    }

    /// One of the processors, when each could go on.
    fn any_processor(&self) -> usize {
        let count = self.sched.processors.len();
        if count == 1 { 0 } else { self.random_below(count as u64) as usize }
    }

    fn run_processor(&self, index: usize) {
        if let Some((thread, is_dpc)) = self.choose(index) {
            self.run_thread(index, thread, is_dpc);
        }
    }

    /// Runs what a processor has chosen, until its next switch.
    fn run_thread(&self, index: usize, thread: Rc<Thread>, is_dpc: bool) {
        let sched = &self.sched;
        let processor = &sched.processors[index];
        thread.processor.set(index);
        thread.state.set(State::Running);
        let outer = sched.current.replace(&raw const *thread);
        let switch = {
            let _restore = Restore { k: self, outer };
            self.enter(|| thread.stacks.resume())
        };
        match switch {
            Switch::Preempted if !is_dpc && thread.irql.get() < DISPATCH => {
                thread.state.set(State::Ready);
                sched.unseat(&processor.thread);
                sched.ready.borrow_mut().push_back(thread);
            }
            Switch::Preempted | Switch::Spinning => {}
            Switch::Blocked => {
                sched.unseat(&processor.thread);
            }
            Switch::Idle => {
                thread.state.set(State::Idle);
                sched.unseat(if is_dpc { &processor.dpc } else { &processor.thread });
                sched.idle.borrow_mut().push(thread);
            }
            Switch::Stopped => {}
        }
    }

    /// What a processor does next: its DPC, a DPC that waits, its thread, a ready thread.
    fn choose(&self, index: usize) -> Option<(Rc<Thread>, bool)> {
        let sched = &self.sched;
        let processor = &sched.processors[index];
        if let Some(dpc) = processor.dpc.borrow().clone() {
            return Some((dpc, true));
        }
        let raised = processor.thread.borrow().as_ref().is_some_and(|t| t.irql.get() >= DISPATCH);
        if !raised {
            let next = processor.dpcs.borrow_mut().pop_front();
            if let Some(job) = next {
                sched.dpcs_waiting.set(sched.dpcs_waiting.get() - 1);
                let dpc = self.idle_thread(Role::Dpc, "DPC".into());
                dpc.irql.set(DISPATCH);
                dpc.stacks.set_job(job);
                sched.seat(&processor.dpc, dpc.clone());
                return Some((dpc, true));
            }
        }
        if let Some(thread) = processor.thread.borrow().clone() {
            return Some((thread, false));
        }
        let thread = {
            let mut ready = sched.ready.borrow_mut();
            let length = ready.len();
            let pick = if length > 1 { self.random_below(length as u64) as usize } else { 0 };
            ready.remove(pick)?
        };
        sched.seat(&processor.thread, thread.clone());
        Some((thread, false))
    }

    /// The blocked threads, in words, for a verdict about a run that cannot go on.
    pub(crate) fn who_waits(&self) -> String {
        let threads = self.sched.threads.borrow();
        let waiting = threads
            .iter()
            .filter(|t| t.state.get() == State::Blocked)
            .map(|t| format!("{} waits for {}", t.label(), t.waits_for.get()))
            .collect::<Vec<_>>();
        if waiting.is_empty() { "no thread waits for anything".to_owned() } else { waiting.join("; ") }
    }
}

/// Puts back who ran before, also when a panic of the test's own code unwinds through: that machine is over.
struct Restore<'a> {
    k: &'a Kernel,
    outer: *const Thread,
}

impl Drop for Restore<'_> {
    fn drop(&mut self) {
        self.k.sched.current.set(self.outer);
        if std::thread::panicking() && !self.k.stopped() {
            self.k.record(Verdict::limit(self.k, "a thread of the test panicked".to_owned()));
        }
    }
}

impl Processor {
    fn top(&self) -> Option<Rc<Thread>> {
        self.dpc.borrow().clone().or_else(|| self.thread.borrow().clone())
    }
}
