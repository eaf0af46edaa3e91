//! The language of scripts.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::iter::Peekable;
use core::str::Chars;

/// What the framework's verifier has to be for an experiment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verifier {
    /// On or off.
    Any,
    /// Off: with it, the framework would do something else.
    Off,
    /// It reports and does not stop: a mistake is refused with a status (`VerifierOn` 1, `DbgBreakOnError` 0). In the
    /// emulator a verifier that is off does so.
    Reports,
}

impl Verifier {
    /// Its word in a description.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::Off => "off",
            Self::Reports => "reports",
        }
    }
}

/// An experiment, as its driver describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Experiment {
    /// Its name, which is unique in a driver.
    pub name: String,
    /// The ids of the facts that it shows.
    pub facts: Vec<String>,
    /// What the verifier has to be.
    pub verifier: Verifier,
    /// What it means, in a sentence.
    pub means: String,
    /// What the user's side does.
    pub script: Script,
}

impl Experiment {
    /// Reads a description; see [`protocol::DESCRIBE`](crate::protocol::DESCRIBE).
    ///
    /// # Errors
    ///
    /// What is wrong with it, and where.
    pub fn parse(description: &str) -> Result<Self, Mistake> {
        let mut parts = description.splitn(5, '\n');
        let mut next = |what: &str| parts.next().ok_or_else(|| Mistake(format!("it has no {what}")));
        let (name, facts) = (next("name")?.to_owned(), next("facts")?);
        let verifier = match next("verifier")? {
            "any" => Verifier::Any,
            "off" => Verifier::Off,
            "reports" => Verifier::Reports,
            other => return Err(Mistake(format!("`{other}` is no state of the verifier"))),
        };
        let (means, script) = (next("meaning")?.to_owned(), next("script")?);
        let script = Script::parse(script).map_err(|Mistake(why)| Mistake(format!("{name}: {why}")))?;
        let facts = facts.split_whitespace().map(ToOwned::to_owned).collect();
        Ok(Self { name, facts, verifier, means, script })
    }
}

/// Steps, and the lines that are expected of each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// The steps. The last one is [`Action::End`].
    pub steps: Vec<Step>,
}

/// A step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// As it is written.
    pub text: String,
    /// What is done.
    pub action: Action,
    /// What is expected of it.
    pub expected: Vec<Expected>,
}

/// A place in what is observed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expected {
    /// `| line`: this line.
    Line(String),
    /// `|? line`, several times: one of these lines. Windows leaves open which.
    OneOf(Vec<String>),
}

/// What a step does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// `plug`: plugs the experiment's device in. Observed: `not started`, if it does not start.
    Plug,
    /// `remove`: removes the device in an orderly way. Observed: `refused`, if the driver refuses.
    Remove,
    /// `surprise`: the device is gone.
    Surprise,
    /// `nap`: the device leaves D0 and enters it again, as when the system sleeps for a while.
    Nap,
    /// `suspend`: the device leaves D0. Nothing on Windows does that while a program goes on.
    Suspend,
    /// `resume`: the device enters D0 again.
    Resume,
    /// `open a "\name"`: opens the device, or a file of it. Observed: the status of a refusal.
    Open(String, String),
    /// `close a`: closes a handle.
    Close(String),
    /// `write a "text"`, `1 = write a "text"`, `thread 1 = call wait`: sends a request. One without a number is waited
    /// for; observed is its [completion](Self::Await). A call is a request to the desk.
    Start {
        /// The number under which it is known.
        pending: Option<u32>,
        /// Whether a thread of its own sends it, because the driver keeps the sender waiting.
        thread: bool,
        /// The handle; `None` is the desk.
        file: Option<String>,
        /// What is asked for.
        request: Request,
    },
    /// `await 1 2`: waits until requests are done. Observed of each: `1: STATUS_SUCCESS 4 "data"`.
    Await(Vec<u32>),
    /// `look 1`: whether a request is done. Observed: `1: done` or `1: pending`.
    Look(u32),
    /// `cancel 1`: cancels a request.
    Cancel(u32),
    /// `settle`: waits until nothing is under way any more.
    Settle,
    /// `sleep 20`: waits for so many milliseconds.
    Sleep(u32),
    /// `end`: closes what is open and removes the device. It is the last step of every script, written or not.
    End,
}

/// A request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// `write a "text"`
    Write(Vec<u8>),
    /// `read a 4`
    Read(usize),
    /// `control a buffered "text" 4`, by the name of a method: `buffered`, `in-direct`, `out-direct` or `neither`.
    Control {
        /// The code.
        code: u32,
        /// What is sent.
        input: Vec<u8>,
        /// How much may come back.
        output: usize,
    },
}

impl Request {
    /// A call of a command.
    pub(crate) fn call(command: &str) -> Self {
        Self::Control { code: crate::protocol::CALL, input: command.as_bytes().to_vec(), output: 0 }
    }
}

/// What is wrong with a script or a description.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake(String);

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl core::error::Error for Mistake {}

impl Script {
    /// Reads a script. Lines that are empty or begin with `#` say nothing.
    ///
    /// # Errors
    ///
    /// What is wrong, with the number of the line.
    pub fn parse(text: &str) -> Result<Self, Mistake> {
        let mut steps: Vec<Step> = Vec::new();
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            let mistake = |why: String| Mistake(format!("line {}, `{line}`: {why}", number + 1));
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some(expected) = line.strip_prefix('|') {
                let step = steps.last_mut().ok_or_else(|| mistake("there is no step above".into()))?;
                step.expect(expected);
                continue;
            }
            if steps.last().is_some_and(|step| step.action == Action::End) {
                return Err(mistake("nothing follows the end".into()));
            }
            let action = Words::of(line).action().map_err(mistake)?;
            steps.push(Step { text: line.to_owned(), action, expected: Vec::new() });
        }
        if steps.last().is_none_or(|step| step.action != Action::End) {
            steps.push(Step { text: "end".to_owned(), action: Action::End, expected: Vec::new() });
        }
        Ok(Self { steps })
    }

    /// The steps with what is expected of each, as they are written, without what says nothing.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for step in &self.steps {
            lines.push(step.text.clone());
            lines.extend(step.expected_lines().into_iter().map(|line| match line.strip_prefix("? ") {
                Some(line) => format!("|? {line}"),
                None => format!("| {line}"),
            }));
        }
        lines
    }
}

impl Step {
    fn expect(&mut self, line: &str) {
        match line.strip_prefix('?') {
            None => self.expected.push(Expected::Line(line.trim().to_owned())),
            Some(line) => match self.expected.last_mut() {
                Some(Expected::OneOf(set)) => set.push(line.trim().to_owned()),
                _ => self.expected.push(Expected::OneOf([line.trim().to_owned()].into())),
            },
        }
    }

    /// What is expected, with `? ` before each line that is one of several.
    pub fn expected_lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for expected in &self.expected {
            match expected {
                Expected::Line(line) => lines.push(line.clone()),
                Expected::OneOf(set) => lines.extend(set.iter().map(|line| format!("? {line}"))),
            }
        }
        lines
    }

    /// Whether what was observed is what was expected.
    pub fn agrees(&self, observed: &[String]) -> bool {
        self.expected.len() == observed.len()
            && self.expected.iter().zip(observed).all(|(expected, line)| match expected {
                Expected::Line(expected) => expected == line,
                Expected::OneOf(set) => set.contains(line),
            })
    }
}

/// The words of a line.
struct Words<'a> {
    rest: Peekable<Chars<'a>>,
}

type Parsed<T> = Result<T, String>;

impl<'a> Words<'a> {
    fn of(line: &'a str) -> Self {
        Self { rest: line.chars().peekable() }
    }

    fn skip_space(&mut self) {
        while self.rest.next_if(|c| c.is_whitespace()).is_some() {}
    }

    fn is_over(&mut self) -> bool {
        self.skip_space();
        self.rest.peek().is_none()
    }

    fn word(&mut self) -> Parsed<String> {
        self.skip_space();
        let mut word = String::new();
        while let Some(c) = self.rest.next_if(|c| !c.is_whitespace()) {
            word.push(c);
        }
        if word.is_empty() { Err("a word is missing at the end".to_owned()) } else { Ok(word) }
    }

    fn number<T: core::str::FromStr>(&mut self) -> Parsed<T> {
        let word = self.word()?;
        word.parse().map_err(|_| format!("`{word}` is no number"))
    }

    /// A text in quotation marks, without any inside; nothing at the end of the line.
    fn quoted(&mut self) -> Parsed<String> {
        self.skip_space();
        match self.rest.next() {
            None => return Ok(String::new()),
            Some('"') => {}
            Some(_) => return Err("a text stands in quotation marks".to_owned()),
        }
        let mut text = String::new();
        loop {
            match self.rest.next() {
                Some('"') => return Ok(text),
                Some(c) => text.push(c),
                None => return Err("the quotation mark at the end of the text is missing".to_owned()),
            }
        }
    }

    fn action(mut self) -> Parsed<Action> {
        let mut verb = self.word()?;
        let thread = verb == "thread";
        if thread {
            verb = self.word()?;
        }
        let mut pending = None;
        if let Ok(number) = verb.parse() {
            if self.word()? != "=" {
                return Err("`=` follows the number of a request".to_owned());
            }
            pending = Some(number);
            verb = self.word()?;
        }
        let request = self.request(&verb)?;
        let action = match request {
            Some((file, request)) => {
                if thread && pending.is_none() {
                    return Err("a request that a thread sends has a number".to_owned());
                }
                Action::Start { pending, thread, file, request }
            }
            None if pending.is_some() || thread => return Err(format!("`{verb}` is no request")),
            None => self.plain(&verb)?,
        };
        if self.is_over() { Ok(action) } else { Err("there is more than the step takes".to_owned()) }
    }

    fn request(&mut self, verb: &str) -> Parsed<Option<(Option<String>, Request)>> {
        Ok(Some(match verb {
            "write" => (Some(self.word()?), Request::Write(self.quoted()?.into_bytes())),
            "read" => (Some(self.word()?), Request::Read(self.number()?)),
            "control" => {
                let file = self.word()?;
                let method = match &*self.word()? {
                    "buffered" => 0,
                    "in-direct" => 1,
                    "out-direct" => 2,
                    "neither" => 3,
                    other => return Err(format!("`{other}` is no method of a control")),
                };
                let (input, output) = (self.quoted()?.into_bytes(), self.number()?);
                (Some(file), Request::Control { code: crate::protocol::asked(method), input, output })
            }
            "call" => (None, Request::call(&self.word()?)),
            _ => return Ok(None),
        }))
    }

    fn plain(&mut self, verb: &str) -> Parsed<Action> {
        Ok(match verb {
            "plug" => Action::Plug,
            "remove" => Action::Remove,
            "surprise" => Action::Surprise,
            "nap" => Action::Nap,
            "suspend" => Action::Suspend,
            "resume" => Action::Resume,
            "open" => Action::Open(self.word()?, self.quoted()?),
            "close" => Action::Close(self.word()?),
            "await" => {
                let mut numbers = Vec::from([self.number()?]);
                while !self.is_over() {
                    numbers.push(self.number()?);
                }
                Action::Await(numbers)
            }
            "look" => Action::Look(self.number()?),
            "cancel" => Action::Cancel(self.number()?),
            "settle" => Action::Settle,
            "sleep" => Action::Sleep(self.number()?),
            "end" => Action::End,
            other => return Err(format!("`{other}` is no step")),
        })
    }
}

#[cfg(test)]
mod tests;
