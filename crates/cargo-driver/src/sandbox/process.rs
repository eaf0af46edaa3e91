//! The process of an image, seen from the command: started, listened to, and ended in time.

use super::death::{Ending, How};
use super::message::{MAX_LINE, Message};
use crate::exit::{Exit, Failure, Result};
use std::ffi::OsString;
use std::io::{BufRead as _, BufReader, Read};
use std::process::{Child, ChildStderr, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

/// A process that runs an image. Dropping it kills it.
pub struct Process {
    child: Child,
    messages: Receiver<Heard>,
    last_words: Receiver<String>,
    deadline: Option<(Instant, Duration)>,
    distrust: Option<String>,
}

/// What the process does next.
pub enum Event {
    /// It told something.
    Told(Message),
    /// It ended.
    Ended(Ending),
}

enum Heard {
    Message(Box<Message>),
    Nonsense(String),
}

/// How often somebody looks whether it is still there, if it tells nothing.
const LOOK: Duration = Duration::from_millis(50);
/// How long its pipes may stay open when it has ended: other processes may have them without a sandbox.
const GRACE: Duration = Duration::from_millis(500);

impl Process {
    /// Starts this program again for an image, with the arguments of `run`.
    ///
    /// # Errors
    ///
    /// [`Exit::Limit`] when the host has no process for it.
    pub fn start(arguments: &[OsString], timeout: Option<Duration>) -> Result<Self> {
        let failed = |error: std::io::Error| {
            Failure::new(Exit::Limit, format!("cannot start a process for the driver image: {error}"))
        };
        let program = std::env::current_exe().map_err(failed)?;
        let mut command = Command::new(program);
        command.args(["run-image", "--parent", &std::process::id().to_string()]).args(arguments);
        // The environment is full of things that are nobody else's.
        command.env_clear();
        if let Some(directory) = std::env::var_os("TMPDIR") {
            command.env("TMPDIR", directory);
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(failed)?;
        let out = child.stdout.take().expect("it is piped");
        let err = child.stderr.take().expect("it is piped");
        // Few, so that a process that tells much has to wait.
        let (sender, messages) = sync_channel(4);
        thread::spawn(move || listen(out, &sender));
        let (sender, last_words) = sync_channel(1);
        thread::spawn(move || sender.send(tail(err)));
        let deadline = timeout.map(|timeout| (Instant::now() + timeout, timeout));
        Ok(Self { child, messages, last_words, deadline, distrust: None })
    }

    /// Waits for what the process does next.
    pub fn next(&mut self) -> Event {
        let mut gone: Option<Instant> = None;
        loop {
            if let Some(why) = self.distrust.take() {
                return self.kill(How::Nonsense(why));
            }
            match self.messages.recv_timeout(LOOK) {
                Ok(Heard::Message(message)) => {
                    if let Some(ending) = self.overdue() {
                        return ending;
                    }
                    return Event::Told(*message);
                }
                Ok(Heard::Nonsense(why)) => return self.kill(How::Nonsense(why)),
                // It closed its end. If it lives on, the deadline ends it.
                Err(RecvTimeoutError::Disconnected) => thread::sleep(Duration::from_millis(1)),
                Err(RecvTimeoutError::Timeout) => {}
            }
            let closed = matches!(self.messages.try_recv(), Err(std::sync::mpsc::TryRecvError::Disconnected));
            match self.child.try_wait() {
                Ok(Some(status)) if closed => return self.ended(How::Status(status)),
                Ok(Some(status)) if gone.get_or_insert_with(Instant::now).elapsed() >= GRACE => {
                    return self.ended(How::Status(status));
                }
                Ok(_) => {}
                Err(error) => return self.kill(How::Nonsense(format!("it cannot be waited for: {error}"))),
            }
            if let Some(ending) = self.overdue() {
                return ending;
            }
        }
    }

    /// Ends the process, because what it tells cannot be.
    pub fn distrust(&mut self, why: &str) {
        self.distrust = Some(why.to_owned());
    }

    fn overdue(&mut self) -> Option<Event> {
        let (deadline, timeout) = self.deadline?;
        (Instant::now() >= deadline).then(|| self.kill(How::TooLong(timeout)))
    }

    fn kill(&mut self, how: How) -> Event {
        // It may have ended by itself in the meantime.
        let _ = self.child.kill();
        let _ = self.child.wait();
        self.ended(how)
    }

    fn ended(&mut self, how: How) -> Event {
        let last_words = self.last_words.recv_timeout(GRACE).unwrap_or_default();
        Event::Ended(Ending { how, last_words })
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads messages until there are no more.
fn listen(out: ChildStdout, sender: &SyncSender<Heard>) {
    let mut out = BufReader::new(out);
    loop {
        let mut line = Vec::new();
        let heard = match out.by_ref().take(MAX_LINE).read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => return,
            Ok(_) if line.last() != Some(&b'\n') => {
                // Cut off by its end, or without end.
                if (line.len() as u64) < MAX_LINE {
                    return;
                }
                Heard::Nonsense("it wrote a line without end".to_owned())
            }
            Ok(_) => match serde_json::from_slice(&line) {
                Ok(message) => Heard::Message(Box::new(message)),
                Err(error) => Heard::Nonsense(format!("it wrote what is no message: {error}")),
            },
        };
        let stop = matches!(heard, Heard::Nonsense(_));
        if sender.send(heard).is_err() || stop {
            return;
        }
    }
}

/// The last lines of what was said.
fn tail(mut err: ChildStderr) -> String {
    const LONGEST: usize = 2000;
    let (mut kept, mut buffer) = (Vec::new(), [0; 4096]);
    while let Ok(count @ 1..) = err.read(&mut buffer) {
        kept.extend_from_slice(&buffer[..count]);
        if kept.len() > 2 * LONGEST {
            kept.drain(..kept.len() - LONGEST);
        }
    }
    String::from_utf8_lossy(&kept[kept.len().saturating_sub(LONGEST)..]).trim().to_owned()
}
