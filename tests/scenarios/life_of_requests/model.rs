//! The reference model: the life of one request, what a driver's model has to say, and the step-by-step comparison.

use super::*;

/// The life cycle of one request, whatever the driver.
pub(crate) mod life {
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
pub(crate) use life::{Event, State};

/// A request as a model knows it.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    pub(crate) handle: usize,
    pub(crate) state: State,
    pub(crate) information: usize,
    pub(crate) data: Vec<u8>,
}

/// All requests of a run, in the order in which they were sent.
#[derive(Debug, Clone, Default)]
pub(crate) struct Book(pub(crate) Vec<Known>);

impl Book {
    pub(crate) fn submit(&mut self, handle: usize) -> usize {
        self.0.push(Known { handle, state: State::Submitted, information: 0, data: Vec::new() });
        self.0.len() - 1
    }

    pub(crate) fn happens(&mut self, id: usize, event: Event) {
        self.0[id].state = self.0[id].state.after(event);
    }

    pub(crate) fn complete(&mut self, id: usize, status: NTSTATUS, information: usize, data: Vec<u8>) {
        self.happens(id, Event::Complete(status));
        (self.0[id].information, self.0[id].data) = (information, data);
    }

    pub(crate) fn fail(&mut self, id: usize, status: NTSTATUS) {
        self.complete(id, status, 0, Vec::new());
    }

    pub(crate) fn state(&self, id: usize) -> State {
        self.0[id].state
    }

    pub(crate) fn is_done(&self, id: usize) -> bool {
        matches!(self.0[id].state, State::Done(_))
    }

    pub(crate) fn of_handle(&self, handle: usize) -> Vec<usize> {
        (0..self.0.len()).filter(|&id| self.0[id].handle == handle).collect()
    }

    /// Compares with what the application got.
    pub(crate) fn agrees(&self, id: usize, got: &Completion) -> Check {
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
pub(crate) trait Model {
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
pub(crate) enum Action<A> {
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
pub(crate) enum Ending {
    Remove,
    SurpriseRemove,
    /// All handles are closed first, then the machine removes and unloads by itself.
    Finish,
}

#[derive(Debug, Clone)]
pub(crate) struct Case<A> {
    pub(crate) seed: u64,
    pub(crate) actions: Vec<Action<A>>,
    pub(crate) ending: Ending,
}

pub(crate) fn cases<A: Debug + Clone + 'static>(
    ask: BoxedStrategy<A>,
    length: usize,
) -> impl Strategy<Value = Case<A>> {
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
pub(crate) struct Steps<M: Model> {
    pub(crate) machine: Machine,
    pub(crate) loaded: wdk_emulator::Driver,
    pub(crate) device: Device,
    pub(crate) name: &'static str,
    pub(crate) files: Vec<(usize, File)>,
    pub(crate) opened: usize,
    pub(crate) outstanding: BTreeMap<usize, Overlapped>,
    pub(crate) model: M,
}

impl<M: Model> Steps<M> {
    pub(crate) fn new(
        form: Form,
        driver: &Driver,
        name: &'static str,
        seed: u64,
        model: M,
    ) -> wdk_emulator::Result<Self> {
        let machine = Machine::builder().seed(seed).quantum(1 + seed % 5).verifier(Level::All).build();
        let loaded = form.load(&machine, driver)?;
        let device = loaded.plug(r"ROOT\LIFE")?;
        let outstanding = BTreeMap::new();
        Ok(Self { machine, loaded, device, name, files: Vec::new(), opened: 0, outstanding, model })
    }

    pub(crate) fn open(&mut self) -> Check {
        self.files.push((self.opened, self.machine.open(self.name).map_err(emulator)?));
        self.opened += 1;
        Ok(())
    }

    pub(crate) fn act(
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
    pub(crate) fn compare(&mut self) -> Check {
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

    pub(crate) fn end(mut self, ending: Ending) -> Said {
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
                let said = unload(self.machine, self.loaded)?;
                Self::outcomes(left).and_then(|outcomes| self.model.removed(&outcomes))?;
                return Ok(said);
            }
            Ending::Remove => self.device.remove().map_err(emulator)?,
            Ending::SurpriseRemove => self.device.surprise_remove().map_err(emulator)?,
        }
        // After a surprise the purged queue is there until the last handle is closed.
        let refusal = match ending {
            Ending::SurpriseRemove => STATUS_INVALID_DEVICE_STATE,
            _ => STATUS_NO_SUCH_DEVICE,
        };
        self.machine.sleep(Duration::from_millis(1)).map_err(emulator)?;
        for (_, file) in &self.files {
            let late = file.start_write(b"n: too late").and_then(Overlapped::wait).map_err(emulator)?;
            ensure(late.status == refusal, || format!("a write after the removal: {late:x?}"))?;
        }
        let left = std::mem::take(&mut self.outstanding);
        let outcomes = Self::outcomes(left)?;
        self.model.removed(&outcomes)?;
        drop(self.files);
        unload(self.machine, self.loaded)
    }

    /// The statuses of what was outstanding; all of it is complete now.
    pub(crate) fn outcomes(left: BTreeMap<usize, Overlapped>) -> Result<BTreeMap<usize, NTSTATUS>, String> {
        let outcome = |(id, request): (usize, Overlapped)| match request.result() {
            Ok(completion) => Ok((id, completion.status)),
            Err(_) => Err(format!("request {id} was never completed")),
        };
        left.into_iter().map(outcome).collect()
    }
}

pub(crate) fn step_by_step<M: Model>(
    form: Form,
    driver: &Driver,
    name: &'static str,
    model: M,
    case: &Case<M::Ask>,
    start: impl Fn(&File, usize, &M::Ask) -> wdk_emulator::Result<Overlapped>,
) -> Said {
    let mut steps = Steps::new(form, driver, name, case.seed, model).map_err(emulator)?;
    for (index, action) in case.actions.iter().enumerate() {
        steps.act(action, &start).map_err(|why| format!("after action {index}, {action:?}: {why}"))?;
    }
    steps.end(case.ending).map_err(|why| format!("in the end: {why}"))
}

// The virtual device.
