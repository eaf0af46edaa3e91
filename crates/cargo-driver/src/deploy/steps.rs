//! The scripts on the test machine, one after the other, across its restarts.

use super::Step;
use super::remote::{Remote, Trouble};
use super::report::{Report, Stopped};
use crate::exit::{Exit, Failure, Result};
use crate::progress::Spinner;
use serde::Deserialize;
use std::time::{Duration, Instant};

/// How long a question may take.
const QUESTION: Duration = Duration::from_secs(60);
/// How often a machine that restarts is asked.
const EVERY: Duration = Duration::from_secs(2);

/// The exit code of `exercise.ps1` when the driver's data are wrong.
const DATA: i32 = 1;
/// The exit code of a script after which Windows has to be restarted.
const RESTART: i32 = 18;
/// That of `collect.ps1` when the system stopped while a step was under way.
const STOPPED: i32 = 19;

/// What `status.ps1` says.
#[derive(Debug, Deserialize)]
struct Status {
    boot: String,
    interrupted: Option<Interrupted>,
}

/// What was under way when the system stopped.
#[derive(Debug, Deserialize)]
struct Interrupted {
    step: String,
    action: String,
}

/// How a script ended.
enum Came {
    /// With this code, having said that.
    Code(i32, String),
    /// The connection was lost meanwhile.
    Lost(String),
}

/// The steps of one test machine.
pub struct Run<'a> {
    remote: &'a Remote<'a>,
    directory: &'a str,
    step_limit: Duration,
    restart_limit: Duration,
    quiet: bool,
    /// The start of Windows that the machine is in, as far as it was asked.
    boot: Option<String>,
    /// Whether the step under way ended because the system stopped.
    collected: bool,
}

impl<'a> Run<'a> {
    /// Steps in that directory, with the limits of a step and of a restart.
    pub fn new(
        remote: &'a Remote<'a>,
        directory: &'a str,
        limits: (Duration, Duration),
        quiet: bool,
    ) -> Self {
        let (step_limit, restart_limit) = limits;
        Self { remote, directory, step_limit, restart_limit, quiet, boot: None, collected: false }
    }

    /// Does something, saying what.
    pub fn says<T>(&self, what: &str, act: impl FnOnce() -> Result<T>) -> Result<T> {
        let spinner = Spinner::new(&format!("{}: {what}", self.remote.host()), !self.quiet);
        let done = act();
        spinner.finish();
        done
    }

    /// Runs a script, and restarts the machine if that is needed.
    ///
    /// # Errors
    ///
    /// When it fails, the machine does not come back, or it stopped.
    pub fn script(&mut self, step: Step, report: &mut Report) -> Result {
        let name = step.name();
        if step == Step::Collect && self.collected {
            // It was run when the system stopped, and there is nothing new.
            return Ok(());
        }
        let before = self.boot()?;
        let mut again = step == Step::Install;
        loop {
            match self.says(name, || self.start(name))? {
                Came::Code(0, _) => {
                    report.step(name, 0);
                    return Ok(());
                }
                // What is wrong with the data is in the results.
                Came::Code(DATA, _) if step == Step::Exercise => {
                    report.step(name, DATA);
                    return Ok(());
                }
                Came::Code(RESTART, _) => {
                    report.step(name, RESTART);
                    self.restart()?;
                    // `install` did not get to its end, the others did.
                    if !again {
                        return Ok(());
                    }
                    again = false;
                }
                Came::Code(STOPPED, said) if step == Step::Collect => {
                    report.step(name, STOPPED);
                    report.stopped(Stopped { step: String::new(), action: String::new(), said });
                    return Err(Failure::new(Exit::DriverBug, report.stop()));
                }
                Came::Code(code, said) => {
                    report.step(name, code);
                    let what =
                        format!("`{name}` failed on `{}` with code {code}: {said}", self.remote.host());
                    return Err(Failure::new(Exit::Step, what));
                }
                Came::Lost(why) => {
                    report.step(name, -1);
                    return self.lost(name, &why, &before, report);
                }
            }
        }
    }

    /// The connection was lost in a step: the machine may have stopped.
    fn lost(&mut self, name: &str, why: &str, boot: &str, report: &mut Report) -> Result {
        let host = self.remote.host();
        let what = format!("the connection was lost in `{name}` ({why}); waiting for the machine");
        let status = self.says(&what, || self.wait(|_| true))?;
        let Some(interrupted) = status.interrupted else {
            let what = match status.boot == boot {
                true => {
                    format!("the connection to `{host}` was lost in `{name}`: {why} (it runs on; try again)")
                }
                false => format!("`{host}` restarted in `{name}`, and its scripts noted nothing: {why}"),
            };
            return Err(Failure::new(Exit::Unreachable, what));
        };
        self.collected = true;
        let said = match self.says("the system stopped; collecting", || self.start("collect"))? {
            Came::Code(code, said) => {
                report.step("collect", code);
                said
            }
            Came::Lost(why) => why,
        };
        report.stopped(Stopped { step: interrupted.step, action: interrupted.action, said });
        Err(Failure::new(Exit::DriverBug, report.stop()))
    }

    /// Restarts the machine and waits until it is back.
    fn restart(&mut self) -> Result {
        let boot = self.boot()?;
        let host = self.remote.host();
        match self.remote.run("shutdown /r /t 1", QUESTION) {
            // It may go before it has answered.
            Ok(_) | Err(Trouble::Lost(_) | Trouble::TooLong(_)) => {}
            Err(Trouble::Failure(failure)) => return Err(failure),
        }
        let what = format!("waiting for the restart, at most {} s", self.restart_limit.as_secs());
        let back = self.says(&what, || self.wait(|status| status.boot != boot)).map_err(|failure| {
            Failure::new(failure.exit, format!("`{host}` did not come back from its restart: {failure}"))
        })?;
        self.boot = Some(back.boot);
        Ok(())
    }

    /// Waits until the machine answers, and the answer is one.
    fn wait(&self, is_one: impl Fn(&Status) -> bool) -> Result<Status> {
        let started = Instant::now();
        loop {
            let why = match self.ask() {
                Ok(Ok(status)) if is_one(&status) => return Ok(status),
                Ok(Ok(_)) => "it was not restarted".to_owned(),
                Ok(Err(failure)) => failure.to_string(),
                Err(Trouble::Failure(failure)) => return Err(failure),
                Err(trouble) => trouble.failure(self.remote.host()).to_string(),
            };
            if started.elapsed() >= self.restart_limit {
                let what = format!("after {} s: {why}", self.restart_limit.as_secs());
                return Err(Failure::new(Exit::Unreachable, what));
            }
            std::thread::sleep(EVERY.min(self.restart_limit / 4));
        }
    }

    /// The start of Windows that the machine is in.
    fn boot(&mut self) -> Result<String> {
        if let Some(boot) = &self.boot {
            return Ok(boot.clone());
        }
        let asked = self.says("asking how it is", || {
            self.ask().map_err(|trouble| trouble.failure(self.remote.host()))?
        });
        Ok(self.boot.insert(asked?.boot).clone())
    }

    /// Asks how the machine is.
    fn ask(&self) -> std::result::Result<Result<Status>, Trouble> {
        let ended = self.remote.run(&self.line("status"), QUESTION)?;
        // PowerShell may say other things before.
        let line = ended.out.lines().rev().find(|line| line.trim_start().starts_with('{'));
        let status = line.and_then(|line| serde_json::from_str(line).ok());
        Ok(status.ok_or_else(|| {
            let host = self.remote.host();
            let said = said(&ended.err, &ended.out);
            let code = ended.code.unwrap_or(-1);
            let what = format!(
                "`{host}` does not say how it is: PowerShell ended with code {code}: {said} (is it Windows, and is the folder \
                 in {}?)",
                self.directory
            );
            Failure::new(Exit::Step, what)
        }))
    }

    fn start(&self, script: &str) -> Result<Came> {
        match self.remote.run(&self.line(script), self.step_limit) {
            Ok(ended) => Ok(match ended.code {
                Some(code) => Came::Code(code, said(&ended.err, &ended.out)),
                None => Came::Lost("ssh was killed".to_owned()),
            }),
            Err(Trouble::Lost(why)) => Ok(Came::Lost(why)),
            Err(Trouble::TooLong(limit)) => {
                let what = format!(
                    "`{script}` on `{}` took longer than {} s (--step-timeout)",
                    self.remote.host(),
                    limit.as_secs()
                );
                Err(Failure::new(Exit::Step, what))
            }
            Err(Trouble::Failure(failure)) => Err(failure),
        }
    }

    /// The same to cmd and to PowerShell, whichever the SSH server starts.
    fn line(&self, script: &str) -> String {
        let directory = self.directory;
        format!(
            "powershell -NoProfile -NonInteractive -ExecutionPolicy Bypass -File {directory}/{script}.ps1"
        )
    }
}

/// What a script complained of, or the end of what it said.
fn said(err: &str, out: &str) -> String {
    let lines: Vec<_> = err.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let from = lines.iter().position(|line| line.starts_with("error: ")).unwrap_or(0);
    let text = lines[from..].iter().take(8).copied().collect::<Vec<_>>().join(" ");
    if !text.is_empty() {
        return text.trim_start_matches("error: ").to_owned();
    }
    let last = out.lines().rev().map(str::trim).find(|line| !line.is_empty());
    last.unwrap_or("it said nothing").to_owned()
}

#[cfg(test)]
mod tests {
    use super::said;

    #[test]
    fn the_message_is_what_counts() {
        assert_eq!(said("banner\nerror: no\n", "out"), "no");
        assert_eq!(said("", "a\nb\n\n"), "b");
        assert_eq!(said("x", ""), "x");
        assert_eq!(said("", ""), "it said nothing");
    }
}
