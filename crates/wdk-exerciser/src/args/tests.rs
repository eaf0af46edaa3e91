//! The command line, right and wrong.

use super::*;
use crate::action::Input;
use alloc::vec;

const GUID: &str = "3c5b0a2e-90d1-4a55-8f0e-0b1d2c3e4f50";

fn of(line: &str) -> Result<Command, String> {
    parse(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
}

#[test]
fn a_stream_has_the_defaults_of_cargo_driver() {
    let Ok(Command::Run(run)) = of(&format!("run --interface {{{GUID}}}")) else { panic!("it is a run") };
    assert_eq!(run.device, Opened::Interface(Class::parse(GUID).unwrap()));
    let stream = Stream { file: None, chunk: 4096, threads: 2, readers: 1, cancel_every: 8 };
    assert_eq!(run.work, Work::Stream(stream));
    assert_eq!((run.timeout, run.json, run.out), (Some(Duration::from_secs(60)), false, None));
    let Ok(Command::Run(run)) = of(r"run --open Echo --timeout=0 --json --out r.json --threads 3") else {
        panic!("it is a run")
    };
    assert_eq!(run.device, Opened::Path(r"\\.\Echo".to_owned()));
    assert_eq!((run.timeout, run.json, run.out), (None, true, Some("r.json".to_owned())));
    assert!(matches!(run.work, Work::Stream(Stream { threads: 3, .. })));
}

#[test]
fn requests_keep_their_order() {
    let Ok(Command::Run(run)) =
        of(r"run --open \\.\Echo --read 3 --write hex:01 --ioctl 0x222000::8 --read=1")
    else {
        panic!("it is a run")
    };
    let expected = vec![
        Action::Read(3),
        Action::Write(Input::Bytes(vec![1])),
        Action::Ioctl { code: 0x22_2000, input: Vec::new(), output: 8 },
        Action::Read(1),
    ];
    assert_eq!(run.work, Work::Requests(expected));
}

#[test]
fn devices_are_named_by_their_hardware_id() {
    let expected = Devices { verb: Verb::Status, hardware_id: r"ROOT\X".to_owned(), json: true };
    assert_eq!(of(r"status --json --hardware-id ROOT\X"), Ok(Command::Devices(expected)));
    let Ok(Command::Install(install)) = of(r"install --hardware-id ROOT\X --inf x.inf --count 3") else {
        panic!("it is an installation")
    };
    assert_eq!((install.inf.as_str(), install.count, install.json), ("x.inf", 3, false));
    for (name, verb) in Verb::ALL {
        assert_eq!(verb.name(), name);
    }
}

#[test]
fn mistakes_are_named() {
    let cases = [
        ("", "no command"),
        ("fly", "no command `fly`"),
        ("run", "which device?"),
        ("run --open", "`--open` needs a value"),
        ("run --open=", "`--open` is empty"),
        ("run --open x --interface y", "both given"),
        ("run --interface y", "a GUID looks like"),
        ("run --open x y", "`y` stands alone"),
        ("run --open x --speed 3", "`run` has no option `--speed`"),
        ("run --open x --open y", "given twice"),
        ("run --open x --json=1", "takes no value"),
        ("run --open x --chunk 0", "no number from 1 to 67108864"),
        ("run --open x --threads 65", "no number from 1 to 64"),
        ("run --open x --cancel-every -1", "no number (give one from 0 on)"),
        ("run --open x --read many", "`--read many`: `many` is no number"),
        ("run --open x --read 1 --file f", "`--file` is for a stream"),
        ("status", "needs --hardware-id"),
        (r"status --hardware-id ROOT\A,B", "is no hardware ID"),
        (r"status --hardware-id ROOT\A --inf x", "`status` has no option `--inf`"),
        (r"install --hardware-id ROOT\A", "needs --inf"),
        (r"install --hardware-id ROOT\A --inf x --count 0", "no number from 1 to 1000"),
    ];
    for (line, expected) in cases {
        let error = of(line).expect_err(line);
        assert!(error.contains(expected), "{line}: {error}");
    }
    let long = format!("status --hardware-id {}", "x".repeat(MAX_ID + 1));
    assert!(of(&long).unwrap_err().contains("no hardware ID"));
}

#[test]
fn help_lists_every_command_and_every_exit_code() {
    let Ok(Command::Help(text)) = of("run --help") else { panic!("it is help") };
    let mut words: Vec<_> = Verb::ALL.iter().map(|(name, _)| (*name).to_owned()).collect();
    words.extend(Exit::ALL.iter().map(|exit| format!("\n  {:>2}  ", exit.code())));
    for word in words {
        assert!(text.contains(&word), "`{word}` is not in: {text}");
    }
}
