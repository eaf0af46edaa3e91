//! The command line of the program.

use crate::action::Action;
use crate::{Class, Exit};
use alloc::borrow::ToOwned as _;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

/// What the program is to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Prints this.
    Help(String),
    /// Streams a file through a device, or sends it requests.
    Run(Run),
    /// Makes devices and installs their driver.
    Install(Install),
    /// Does something to devices that are there.
    Devices(Devices),
}

/// The options of `run`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// How the device is opened.
    pub device: Opened,
    /// What is done with it.
    pub work: Work,
    /// When the run is ended.
    pub timeout: Option<Duration>,
    /// What the report calls the driver.
    pub driver: Option<String>,
    /// Prints the report as JSON.
    pub json: bool,
    /// Where the report goes, as JSON.
    pub out: Option<String>,
}

/// How a device is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opened {
    /// By the first interface of that class.
    Interface(Class),
    /// By its path: `\\.\Name`.
    Path(String),
}

/// What is done with a device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Work {
    /// A file goes through it.
    Stream(Stream),
    /// One request after the other.
    Requests(Vec<Action>),
}

/// How a file is streamed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stream {
    /// The file; if there is none, the program's own.
    pub file: Option<String>,
    /// Bytes of it in one write.
    pub chunk: u32,
    /// Threads that write.
    pub threads: u32,
    /// Threads that read.
    pub readers: u32,
    /// Every so many writes, one is cancelled; 0 for never.
    pub cancel_every: u64,
}

/// The options of `install`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Install {
    /// The devices' hardware ID.
    pub hardware_id: String,
    /// The driver's INF file.
    pub inf: String,
    /// How many devices there are to be.
    pub count: u32,
    /// Prints the report as JSON.
    pub json: bool,
}

/// What is done to all devices with a hardware ID.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Devices {
    /// What.
    pub verb: Verb,
    /// Their hardware ID.
    pub hardware_id: String,
    /// Prints the report as JSON.
    pub json: bool,
}

/// What can be done to devices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// They go away.
    Remove,
    /// They are stopped and started.
    Restart,
    /// They are stopped until they are enabled.
    Disable,
    /// They are started again.
    Enable,
    /// Nothing; what they are doing is told.
    Status,
}

impl Verb {
    /// All of them, by name.
    const ALL: [(&str, Self); 5] = [
        ("remove", Self::Remove),
        ("restart", Self::Restart),
        ("disable", Self::Disable),
        ("enable", Self::Enable),
        ("status", Self::Status),
    ];

    /// The subcommand's name.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, verb)| *verb == self).map_or("", |(name, _)| name)
    }
}

/// The largest chunk: a frame has to fit into memory several times.
pub const MAX_CHUNK: u32 = 64 << 20;
/// The most threads of a kind.
pub const MAX_THREADS: u32 = 64;
/// The most devices of a kind.
const MAX_DEVICES: u32 = 1000;
/// The longest hardware ID that Windows takes.
const MAX_ID: usize = 200;
/// How long a run may take if nobody says.
const TIMEOUT: u64 = 60;

const USAGE: &str = r"Exercises a driver through its device, on a Windows test machine.

  wdk-exerciser run (--interface GUID | --open NAME) [OPTIONS]
      Streams a file through the device, as `cargo driver run` does in the emulator, or sends it requests.
      --file FILE            the file to stream [default: this program]
      --chunk BYTES          bytes of the file in one write [4096]
      --threads N            threads that write [2]
      --readers N            threads that read [1]
      --cancel-every N       cancels every Nth write; 0 for never [8]
      --write DATA           instead of a stream: writes a text, the content of @FILE, or hex:0102
      --read BYTES           reads up to so many bytes
      --ioctl CODE[:INPUT[:LENGTH]]
                             sends a device control: input in hex, output length
      --timeout SECONDS      ends the run after so many seconds; 0 for never [60]
      --driver NAME          what the report calls the driver
      --out FILE             writes the report as JSON to a file
  wdk-exerciser install --hardware-id ID --inf FILE [--count N]
      Makes root-enumerated devices until there are N [1], and installs their driver.
  wdk-exerciser remove|restart|disable|enable|status --hardware-id ID
      Does so to all devices with that hardware ID, or says what they are doing.

All print their report as JSON with --json.

";

/// Reads the arguments, which follow the program's name.
///
/// # Errors
///
/// What is wrong with them, in words, and what to do.
pub fn parse(arguments: &[String]) -> Result<Command, String> {
    let help = || Ok(Command::Help(format!("{USAGE}{}", Exit::table())));
    let Some((command, rest)) = arguments.split_first() else {
        return Err("no command was given (try `wdk-exerciser --help`)".to_owned());
    };
    if arguments.iter().any(|argument| argument == "--help" || argument == "-h") {
        return help();
    }
    let options = Options::split(command, rest)?;
    match command.as_str() {
        "run" => run(options).map(Command::Run),
        "install" => install(options).map(Command::Install),
        "help" => help(),
        other => match Verb::ALL.iter().find(|(name, _)| *name == other) {
            Some((_, verb)) => devices(*verb, options).map(Command::Devices),
            None => Err(format!("there is no command `{other}` (try `wdk-exerciser --help`)")),
        },
    }
}

/// The options of a command, in their order. An option without a value has none.
struct Options<'a> {
    command: &'a str,
    all: Vec<(&'a str, Option<&'a str>)>,
}

/// The options that stand alone.
const FLAGS: [&str; 1] = ["json"];

impl<'a> Options<'a> {
    fn split(command: &'a str, arguments: &'a [String]) -> Result<Self, String> {
        let mut all = Vec::new();
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            let Some(option) = argument.strip_prefix("--") else {
                return Err(format!("`{argument}` stands alone (options begin with `--`)"));
            };
            let (name, value) = match option.split_once('=') {
                Some((name, _)) if FLAGS.contains(&name) => return Err(format!("`--{name}` takes no value")),
                Some((name, value)) => (name, Some(value)),
                None if FLAGS.contains(&option) => (option, None),
                None => match arguments.next() {
                    Some(value) => (option, Some(value.as_str())),
                    None => return Err(format!("`--{option}` needs a value behind it")),
                },
            };
            all.push((name, value));
        }
        Ok(Self { command, all })
    }

    /// Refuses what the command does not know, and what is given twice but may not be.
    fn only(&self, known: &[&str], repeated: &[&str]) -> Result<(), String> {
        for (index, (name, _)) in self.all.iter().enumerate() {
            let command = self.command;
            if !known.contains(name) && !repeated.contains(name) {
                return Err(format!("`{command}` has no option `--{name}` (try `wdk-exerciser --help`)"));
            }
            if known.contains(name) && self.all[..index].iter().any(|(other, _)| other == name) {
                return Err(format!("`--{name}` is given twice"));
            }
        }
        Ok(())
    }

    fn has(&self, name: &str) -> bool {
        self.all.iter().any(|(other, _)| *other == name)
    }

    fn text(&self, name: &str) -> Option<&'a str> {
        self.all.iter().find(|(other, _)| *other == name).and_then(|(_, value)| *value)
    }

    fn owned(&self, name: &str) -> Result<Option<String>, String> {
        match self.text(name) {
            Some("") => Err(format!("`--{name}` is empty")),
            text => Ok(text.map(str::to_owned)),
        }
    }

    fn number(&self, name: &str, default: u64, least: u64, most: u64) -> Result<u64, String> {
        let Some(text) = self.text(name) else { return Ok(default) };
        let number = text.parse::<u64>().ok().filter(|number| (least..=most).contains(number));
        number.ok_or_else(|| match most {
            u64::MAX => format!("`--{name} {text}` is no number (give one from {least} on)"),
            _ => format!("`--{name} {text}` is no number from {least} to {most}"),
        })
    }

    fn hardware_id(&self) -> Result<String, String> {
        let id = self.owned("hardware-id")?;
        let id =
            id.ok_or_else(|| format!("`{}` needs --hardware-id ID, such as ROOT\\ECHO", self.command))?;
        // What Windows allows in one.
        let is_good = |c: char| c.is_ascii_graphic() && c != ',';
        match id.len() <= MAX_ID && id.chars().all(is_good) {
            true => Ok(id),
            false => Err(format!(
                "`{id}` is no hardware ID: it has up to {MAX_ID} printable ASCII characters, no spaces and no commas"
            )),
        }
    }
}

fn run(options: Options<'_>) -> Result<Run, String> {
    const STREAM: [&str; 5] = ["file", "chunk", "threads", "readers", "cancel-every"];
    const REQUESTS: [&str; 3] = ["write", "read", "ioctl"];
    const OTHERS: [&str; 6] = ["interface", "open", "timeout", "driver", "json", "out"];
    options.only(&[&STREAM[..], &OTHERS].concat(), &REQUESTS)?;
    let device = match (options.text("interface"), options.owned("open")?) {
        (Some(_), Some(_)) => {
            return Err("--interface and --open are both given (one of them says it)".to_owned());
        }
        (Some(class), None) => {
            Opened::Interface(Class::parse(class).map_err(|why| format!("`--interface {class}`: {why}"))?)
        }
        (None, Some(name)) if name.starts_with(r"\\") => Opened::Path(name),
        (None, Some(name)) => Opened::Path(format!(r"\\.\{name}")),
        (None, None) => {
            return Err("which device? (give its --interface GUID, or its name with --open)".to_owned());
        }
    };
    let mut actions = Vec::new();
    for (name, value) in &options.all {
        let value = value.unwrap_or_default();
        let action = match *name {
            "write" => Action::write(value),
            "read" => Action::read(value),
            "ioctl" => Action::ioctl(value),
            _ => continue,
        };
        actions.push(action.map_err(|why| format!("`--{name} {value}`: {why}"))?);
    }
    let work = match (actions.is_empty(), STREAM.into_iter().find(|name| options.has(name))) {
        (false, Some(name)) => {
            return Err(format!(
                "`--{name}` is for a stream, and there are requests (leave out one of them)"
            ));
        }
        (false, None) => Work::Requests(actions),
        (true, _) => Work::Stream(Stream {
            file: options.owned("file")?,
            chunk: options.number("chunk", 4096, 1, MAX_CHUNK.into())? as u32,
            threads: options.number("threads", 2, 1, MAX_THREADS.into())? as u32,
            readers: options.number("readers", 1, 1, MAX_THREADS.into())? as u32,
            cancel_every: options.number("cancel-every", 8, 0, u64::MAX)?,
        }),
    };
    let seconds = options.number("timeout", TIMEOUT, 0, u32::MAX.into())?;
    Ok(Run {
        device,
        work,
        timeout: (seconds > 0).then(|| Duration::from_secs(seconds)),
        driver: options.owned("driver")?,
        json: options.has("json"),
        out: options.owned("out")?,
    })
}

fn install(options: Options<'_>) -> Result<Install, String> {
    options.only(&["hardware-id", "inf", "count", "json"], &[])?;
    Ok(Install {
        hardware_id: options.hardware_id()?,
        inf: options.owned("inf")?.ok_or("`install` needs --inf FILE, the driver's INF file")?,
        count: options.number("count", 1, 1, MAX_DEVICES.into())? as u32,
        json: options.has("json"),
    })
}

fn devices(verb: Verb, options: Options<'_>) -> Result<Devices, String> {
    options.only(&["hardware-id", "json"], &[])?;
    Ok(Devices { verb, hardware_id: options.hardware_id()?, json: options.has("json") })
}

#[cfg(test)]
mod tests;
