//! Performing an experiment.

use crate::protocol;
use crate::results::Outcome;
use crate::script::{Action, Experiment, Request};
use alloc::borrow::ToOwned;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::Write as _;

const SUCCESS: i32 = 0;
const NO_MORE_ENTRIES: i32 = 0x8000_001A_u32 as i32;

/// Why an experiment could not go on.
pub type Stop = String;

/// What became of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// Its status.
    pub status: i32,
    /// `IoStatus.Information`.
    pub information: usize,
    /// What came back.
    pub data: Vec<u8>,
}

/// Where experiments are performed: a computer with the driver, whose desk is there.
pub trait Host {
    /// A handle to a device.
    type File;
    /// A request that was sent.
    type Pending;

    /// Why it cannot perform an experiment, if it cannot.
    fn refuses(&self, _experiment: &Experiment) -> Option<String> {
        None
    }
    /// Plugs the experiment's device in; whether it starts.
    fn plug(&mut self) -> Result<bool, Stop>;
    /// Removes the device, if it is there; whether the driver lets it go.
    fn remove(&mut self) -> Result<bool, Stop>;
    /// The device is gone without having been asked.
    fn surprise(&mut self) -> Result<(), Stop>;
    /// Suspends or resumes the device.
    fn power(&mut self, on: bool) -> Result<(), Stop>;
    /// Opens the device, or a file of it; the status of a refusal.
    fn open(&mut self, name: &str) -> Result<Result<Self::File, i32>, Stop>;
    /// Closes a handle.
    fn close(&mut self, file: Self::File) -> Result<(), Stop>;
    /// Sends a request to a device, or to the desk if no handle is given, from a thread of its own if asked.
    fn start(
        &mut self,
        file: Option<&Self::File>,
        request: &Request,
        thread: bool,
    ) -> Result<Self::Pending, Stop>;
    /// Whether a request is done.
    fn is_done(&mut self, pending: &Self::Pending) -> bool;
    /// Cancels a request.
    fn cancel(&mut self, pending: &Self::Pending) -> Result<(), Stop>;
    /// Waits for a request, but not for ever.
    fn wait(&mut self, pending: Self::Pending) -> Result<Completion, Stop>;
    /// Waits until nothing is under way any more.
    fn settle(&mut self) -> Result<(), Stop>;
    /// Waits for some milliseconds.
    fn sleep(&mut self, milliseconds: u32) -> Result<(), Stop>;
    /// The name of a status.
    fn status_name(&self, status: i32) -> Option<&'static str>;
}

/// The experiments that the driver of a host has.
///
/// # Errors
///
/// What the desk did not do, or what is wrong with a description.
pub fn experiments<H: Host>(host: &mut H) -> Result<Vec<Experiment>, Stop> {
    let mut all = Vec::new();
    loop {
        let number = u32::try_from(all.len()).map_err(|error| error.to_string())?;
        let completion = ask(host, protocol::DESCRIBE, &number.to_le_bytes())?;
        if completion.status == NO_MORE_ENTRIES {
            return Ok(all);
        }
        let text = text_of(host, completion)?;
        all.push(Experiment::parse(&text).map_err(|mistake| mistake.to_string())?);
    }
}

/// The version of the framework that the driver is bound to.
///
/// # Errors
///
/// What the desk did not do.
pub fn framework<H: Host>(host: &mut H) -> Result<String, Stop> {
    let completion = ask(host, protocol::FRAMEWORK, &[])?;
    text_of(host, completion)
}

/// Performs an experiment.
pub fn perform<H: Host>(host: &mut H, experiment: &Experiment) -> Outcome {
    let mut stage = Stage { host, files: BTreeMap::new(), pending: BTreeMap::new(), observed: Vec::new() };
    let (mut observed, mut agrees, mut stopped) = (Vec::new(), true, None);
    if let Some(why) = stage.host.refuses(experiment) {
        return Outcome::not_run(experiment, why);
    }
    if let Err(why) = stage.select(&experiment.name) {
        return Outcome::not_run(experiment, why);
    }
    for step in &experiment.script.steps {
        let looks = !step.expected.is_empty()
            || matches!(step.action, Action::Settle | Action::Sleep(_) | Action::End);
        let done = stage.take(&step.action).and_then(|()| if looks { stage.notes() } else { Ok(()) });
        let lines = core::mem::take(&mut stage.observed);
        agrees &= step.agrees(&lines);
        observed.push(step.text.clone());
        observed.extend(lines.iter().map(|line| format!("| {line}")));
        if let Err(why) = done {
            observed.push(format!("stopped: {why}"));
            stopped = Some(why);
            break;
        }
    }
    Outcome::new(experiment, observed, agrees && stopped.is_none())
}

/// What a script has under way.
struct Stage<'a, H: Host> {
    host: &'a mut H,
    files: BTreeMap<String, H::File>,
    pending: BTreeMap<u32, H::Pending>,
    observed: Vec<String>,
}

impl<H: Host> Stage<'_, H> {
    fn select(&mut self, name: &str) -> Result<(), Stop> {
        let completion = ask(self.host, protocol::SELECT, name.as_bytes())?;
        text_of(self.host, completion).map(drop)
    }

    /// Takes what callbacks have noted.
    fn notes(&mut self) -> Result<(), Stop> {
        let completion = ask(self.host, protocol::NOTES, &[])?;
        let notes = text_of(self.host, completion)?;
        self.observed.extend(notes.lines().map(ToOwned::to_owned));
        Ok(())
    }

    fn pending(&mut self, number: u32) -> Result<H::Pending, Stop> {
        self.pending.remove(&number).ok_or_else(|| format!("there is no request {number}"))
    }

    fn take(&mut self, action: &Action) -> Result<(), Stop> {
        match action {
            Action::Plug => {
                if !self.host.plug()? {
                    self.observed.push("not started".to_owned());
                    // What a failed start undoes may come later.
                    self.host.settle()?;
                }
            }
            Action::Remove => {
                if !self.host.remove()? {
                    self.observed.push("refused".to_owned());
                }
            }
            Action::Surprise => self.host.surprise()?,
            Action::Nap => {
                self.host.power(false)?;
                self.host.power(true)?;
            }
            Action::Suspend => self.host.power(false)?,
            Action::Resume => self.host.power(true)?,
            Action::Open(file, name) => match self.host.open(name)? {
                Ok(opened) => drop(self.files.insert(file.clone(), opened)),
                Err(status) => {
                    let line = format!("open {file}: {}", name_of(self.host, status));
                    self.observed.push(line);
                }
            },
            Action::Close(file) => {
                let closing = self.files.remove(file).ok_or_else(|| format!("`{file}` is not open"))?;
                self.host.close(closing)?;
            }
            Action::Start { pending, thread, file, request } => {
                let to = match file {
                    Some(file) => Some(self.files.get(file).ok_or_else(|| format!("`{file}` is not open"))?),
                    None => None,
                };
                let started = self.host.start(to, request, *thread)?;
                match pending {
                    Some(number) => {
                        if self.pending.insert(*number, started).is_some() {
                            return Err(format!("there are two requests {number}"));
                        }
                    }
                    None => {
                        let completion = self.host.wait(started)?;
                        // A call that did what it should is not worth a line.
                        if file.is_some() || completion.status != SUCCESS {
                            self.observe("", completion);
                        }
                    }
                }
            }
            Action::Await(numbers) => {
                for number in numbers {
                    let pending = self.pending(*number)?;
                    let completion = self.host.wait(pending)?;
                    self.observe(&format!("{number}: "), completion);
                }
            }
            Action::Look(number) => {
                let pending =
                    self.pending.get(number).ok_or_else(|| format!("there is no request {number}"))?;
                let done = if self.host.is_done(pending) { "done" } else { "pending" };
                self.observed.push(format!("{number}: {done}"));
            }
            Action::Cancel(number) => {
                let pending =
                    self.pending.get(number).ok_or_else(|| format!("there is no request {number}"))?;
                self.host.cancel(pending)?;
            }
            Action::Settle => self.host.settle()?,
            Action::Sleep(milliseconds) => self.host.sleep(*milliseconds)?,
            Action::End => {
                for file in core::mem::take(&mut self.files).into_values() {
                    self.host.close(file)?;
                }
                self.host.remove()?;
                for pending in core::mem::take(&mut self.pending).into_values() {
                    self.host.wait(pending)?;
                }
                self.host.settle()?;
            }
        }
        Ok(())
    }

    fn observe(&mut self, who: &str, completion: Completion) {
        let Completion { status, information, data } = completion;
        let mut line = format!("{who}{} {information}", name_of(self.host, status));
        if !data.is_empty() {
            // Writing to a string does not fail.
            let _ = write!(line, " \"{}\"", data.escape_ascii());
        }
        self.observed.push(line);
    }
}

fn name_of<H: Host>(host: &H, status: i32) -> String {
    host.status_name(status).map_or_else(|| format!("{status:#010X}"), ToOwned::to_owned)
}

fn ask<H: Host>(host: &mut H, code: u32, input: &[u8]) -> Result<Completion, Stop> {
    let output = match code {
        protocol::SELECT => 0,
        _ => protocol::ROOM,
    };
    let request = Request::Control { code, input: input.to_vec(), output };
    let pending = host.start(None, &request, false)?;
    host.wait(pending)
}

fn text_of<H: Host>(host: &H, completion: Completion) -> Result<String, Stop> {
    match completion.status {
        SUCCESS => String::from_utf8(completion.data).map_err(|error| error.to_string()),
        status => Err(format!("the desk says {}", name_of(host, status))),
    }
}
