//! Images that try to get out (`tests/images/escape`): each attempt is a verdict, and has no effect.
#![cfg(all(target_os = "linux", target_arch = "x86_64"))]

mod common;

use common::{Directory, Ended, ROOT, confined, run, start, text};
use seccompiler::{SeccompAction, SeccompFilter, TargetArch, apply_filter};
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const ESCAPE: &str = "tests/images/escape/escape.sys";

/// The device control for an attempt of `escape.c`.
fn control(attempt: u32, input: &[u8]) -> String {
    let digits: String = input.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{:#x}:{digits}:8", 0x22_2000 + attempt * 4)
}

fn attempt(number: u32, input: &[u8], options: &[&str]) -> Ended {
    run(&[&[ESCAPE, "--ioctl", &control(number, input), "--json"], options].concat())
}

/// What the kernel returned to the image.
fn returned(ended: &Ended) -> i64 {
    let report = ended.json();
    let data = report["actions"][0]["data"].as_str().unwrap_or_else(|| panic!("{report:#}"));
    i64::from_be_bytes(u64::from_str_radix(data, 16).unwrap().to_le_bytes())
}

/// A process that an image could hurt.
struct Victim(Child);

impl Victim {
    fn new() -> Self {
        Self(Command::new("sleep").arg("600").stdin(Stdio::null()).spawn().expect("`sleep` is everywhere"))
    }

    fn number(&self) -> [u8; 4] {
        self.0.id().to_le_bytes()
    }

    fn is_well(&mut self) -> bool {
        let traced = fs::read_to_string(format!("/proc/{}/status", self.0.id())).unwrap();
        self.0.try_wait().unwrap().is_none() && traced.contains("TracerPid:\t0\n")
    }
}

impl Drop for Victim {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[track_caller]
fn refused(number: u32, input: &[u8], words: &str) {
    let ended = attempt(number, input, &[]);
    let report = ended.json();
    assert_eq!((ended.code, &report["verdict"]), (3, &"system-call".into()), "attempt {number}: {report:#}");
    let text = report["verdict_text"].as_str().unwrap();
    assert!(text.contains(words), "attempt {number}: `{words}` is not in: {text}");
    assert_eq!(report["actions"].as_array().unwrap().len(), 0, "the request came to an end");
}

#[test]
fn no_system_call_of_an_image_has_an_effect() {
    if !confined() {
        return;
    }
    let directory = Directory::new();
    let file = text(&directory.0.join("made"));
    let made = [file.as_bytes(), &[0]].concat();
    // The first is the program, the second its argument.
    let touch = [b"/usr/bin/touch\0", made.as_slice()].concat();
    let mut victim = Victim::new();
    let process = victim.number();
    let attempts: [(u32, &[u8], &str); 24] = [
        (0, &made, "the driver tried system call open (2), in EvtIoDeviceControl"),
        (1, &[], "system call socket (41)"),
        (2, &touch, "system call execve (59)"),
        (3, &process, "system call ptrace (101)"),
        (4, &process, "system call kill (62)"),
        // "/proc/self/mem"
        (5, &[], "system call open (2)"),
        (6, &[], "system call io_uring_setup (425)"),
        (7, &[], "system call clone (56)"),
        (8, &[], "system call fork (57)"),
        (9, &[], "system call prctl (157)"),
        (10, &[], "system call mprotect (10)"),
        (11, &made, "system call openat (257)"),
        // The emulator may make these, the driver may not.
        (12, &[], "system call getpid (39)"),
        (13, b"{\"started\":null}\n", "system call write (1)"),
        // x32 numbers, one that only x32 has, and none at all.
        (16, &made, "system call open (0x40000002, of the x32 convention)"),
        (17, &touch, "system call 0x40000208 (of the x32 convention)"),
        (18, &[], "system call -1"),
        // With an instruction of the emulator's own code.
        (19, &made, "system call open (2)"),
        (20, &[], "system call mprotect (10)"),
        (21, &process, "system call kill (62)"),
        (27, &[], "system call prctl (157)"),
        (26, &1_u32.to_le_bytes(), "system call dup (32)"),
        // `int 0x80`
        (14, &[], other_architecture()),
        (15, &process, other_architecture()),
    ];
    for (number, input, words) in attempts {
        refused(number, input, words);
        assert!(!Path::new(&file).exists(), "attempt {number} made a file");
        assert!(victim.is_well(), "attempt {number} reached another process");
    }
}

/// What is said of `int 0x80` here.
fn other_architecture() -> &'static str {
    let ended = attempt(14, &[], &["--no-sandbox"]);
    assert!(ended.code == 0 && returned(&ended) > 0, "this kernel has no `int 0x80`: {}", ended.out);
    "a system call of another architecture (`int 0x80` or `sysenter`)"
}

/// The attempts are real: without the sandbox they succeed.
#[test]
fn without_the_sandbox_an_image_does_what_it_likes() {
    let directory = Directory::new();
    let file = text(&directory.0.join("made"));
    let made = [file.as_bytes(), &[0]].concat();
    for number in [0, 11] {
        let ended = attempt(number, &made, &["--no-sandbox"]);
        assert_eq!(ended.code, 0, "{}{}", ended.out, ended.err);
        assert!(returned(&ended) > 2, "a descriptor");
        assert!(Path::new(&file).exists(), "attempt {number}");
        fs::remove_file(&file).unwrap();
    }
    for (number, input) in [(1, &[][..]), (9, &[]), (10, &[]), (12, &[])] {
        let ended = attempt(number, input, &["--no-sandbox"]);
        assert!(returned(&ended) >= 0, "attempt {number}: {}", returned(&ended));
    }
    for number in [4, 15] {
        let mut victim = Victim::new();
        let ended = attempt(number, &victim.number(), &["--no-sandbox"]);
        assert_eq!(returned(&ended), 0, "attempt {number}");
        assert!(!victim.0.wait().unwrap().success(), "it was killed");
    }
    // A program in place of the emulator ends without a report: still a verdict.
    let touch = [b"/usr/bin/touch\0", made.as_slice()].concat();
    let ended = attempt(2, &touch, &["--no-sandbox"]);
    assert_eq!(ended.json()["verdict"], "process-died", "{}", ended.out);
    assert!(Path::new(&file).exists(), "{}", ended.out);
}

#[test]
fn descriptors_that_somebody_left_open_are_closed() {
    let ioctl = control(26, &7_u32.to_le_bytes());
    let output = Command::new("sh")
        .args(["-c", "exec 7</dev/null; exec \"$@\"", "sh", env!("CARGO_BIN_EXE_cargo-driver")])
        .args(["run", ESCAPE, "--ioctl", &ioctl, "--json", "--no-sandbox"])
        .current_dir(ROOT)
        .output()
        .unwrap();
    let ended = Ended {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    };
    const EBADF: i64 = 9;
    assert_eq!(returned(&ended), -EBADF);
}

#[test]
fn a_process_that_dies_is_a_verdict() {
    if !confined() {
        return;
    }
    let cases: [(u32, &[u8], &str); 2] = [
        (22, b"a text\n", "cannot be trusted: it wrote what is no message"),
        (23, &[], "ended with exit code 0 and without a report"),
    ];
    for (number, input, words) in cases {
        let ended = attempt(number, input, &[]);
        let report = ended.json();
        assert_eq!((ended.code, &report["verdict"]), (3, &"process-died".into()), "{report:#}");
        assert!(report["verdict_text"].as_str().unwrap().contains(words), "`{words}` is not in: {report:#}");
    }
    // For people, what was done before is shown.
    let ended = run(&[ESCAPE, "--ioctl", &control(99, &[]), "--ioctl", &control(23, &[]), "--seed", "4"]);
    assert_eq!(ended.code, 3);
    assert!(
        ended.out.contains("ioctl       0x0022218c, 0 bytes in, up to 8 bytes out: STATUS_SUCCESS"),
        "{}",
        ended.out
    );
    assert!(
        ended.err.starts_with("error: driver bug: the driver ended the process that ran it\n"),
        "{}",
        ended.err
    );
    assert!(ended.err.ends_with("   = seed: 4\n"), "{}", ended.err);
}

/// The process lives on: it looks at pointers with nothing of the host's.
#[test]
fn a_bad_pointer_for_a_function_is_a_verdict() {
    if !confined() {
        return;
    }
    let ended = attempt(25, b"x", &[]);
    let report = ended.json();
    assert_eq!((ended.code, &report["verdict"]), (3, &"bad-pointer".into()), "{report:#}");
    let text = report["verdict_text"].as_str().unwrap();
    assert!(text.contains("`WdfRequestRetrieveInputBuffer` was given a bad pointer for `Length`"), "{text}");
}

#[test]
fn an_image_that_never_comes_back_is_ended() {
    if !confined() {
        return;
    }
    let before = Instant::now();
    let ended = attempt(24, &[], &["--timeout", "1"]);
    let report = ended.json();
    assert_eq!((ended.code, &report["verdict"]), (5, &"limit-reached".into()), "{report:#}");
    assert!(report["verdict_text"].as_str().unwrap().contains("for 1 seconds of this host"), "{report:#}");
    assert!(before.elapsed() < Duration::from_secs(20), "{:?}", before.elapsed());
}

/// The process that runs an image which never comes back, and the command that waits for it.
fn looping() -> (Child, u32) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-driver"))
        .args(["run", ESCAPE, "--ioctl", &control(24, &[]), "--timeout", "60"])
        .current_dir(ROOT)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let children = format!("/proc/{0}/task/{0}/children", command.id());
    for _ in 0..200 {
        let child = fs::read_to_string(&children).unwrap_or_default();
        if let Ok(child) = child.trim().parse()
            && has_computed(child)
        {
            return (command, child);
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    command.kill().unwrap();
    panic!("no child: {}", command.wait().unwrap());
}

/// Whether a process has used a tenth of a second of its processor: then it is the image that loops.
fn has_computed(process: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // The fourteenth field, of which the second, in parentheses, may have anything in it.
    let ticks = stat.rsplit_once(") ").and_then(|(_, rest)| rest.split(' ').nth(11)?.parse::<u64>().ok());
    ticks.is_some_and(|ticks| ticks >= 10)
}

fn is_gone(process: u32) -> bool {
    match fs::read_to_string(format!("/proc/{process}/stat")) {
        // A zombie is dead, whoever forgets to bury it.
        Ok(stat) => stat.rsplit_once(')').is_some_and(|(_, rest)| rest.starts_with(" Z")),
        Err(_) => true,
    }
}

#[test]
fn a_process_that_somebody_kills_is_a_verdict() {
    if !confined() {
        return;
    }
    let (command, child) = looping();
    assert!(Command::new("kill").args(["-KILL", &child.to_string()]).status().unwrap().success());
    let output = command.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(5));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("the process running the driver died by SIGKILL"), "{said}");
}

#[test]
fn the_process_goes_with_the_command() {
    if !confined() {
        return;
    }
    let (mut command, child) = looping();
    assert!(!is_gone(child));
    command.kill().unwrap();
    command.wait().unwrap();
    let until = Instant::now() + Duration::from_secs(20);
    while !is_gone(child) {
        assert!(Instant::now() < until, "process {child} lives on");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Runs on a host that answers a system call with an error.
fn on_a_host_without(call: i64, error: u32, arguments: &'static [&'static str]) -> Ended {
    // Filters belong to a thread and what it starts.
    let run = move || {
        let rules = [(call, Vec::new())].into_iter().collect();
        let filter =
            SeccompFilter::new(rules, SeccompAction::Allow, SeccompAction::Errno(error), TargetArch::x86_64)
                .unwrap();
        let program: Vec<_> = filter.try_into().unwrap();
        apply_filter(&program).unwrap();
        start(arguments)
    };
    std::thread::spawn(run).join().unwrap()
}

#[test]
fn a_host_that_cannot_confine_refuses_unless_told_otherwise() {
    const LANDLOCK_CREATE_RULESET: i64 = 444;
    const SECCOMP: i64 = 317;
    const ENOSYS: u32 = 38;
    const EOPNOTSUPP: u32 = 95;
    let plain: &[&str] = &["run", "tests/images/echo/echo.sys", "--write", "x"];
    let trusting: &[&str] = &["run", "tests/images/echo/echo.sys", "--write", "x", "--no-sandbox"];
    // Not in the kernel, and not enabled.
    for (call, error, words) in [
        (LANDLOCK_CREATE_RULESET, ENOSYS, "Landlock does not work here"),
        (LANDLOCK_CREATE_RULESET, EOPNOTSUPP, "Landlock does not work here"),
        (SECCOMP, ENOSYS, "system-call filters (seccomp) do not work here"),
    ] {
        let ended = on_a_host_without(call, error, plain);
        ended.refused(14, words);
        ended.refused(14, "give --no-sandbox");
        let ended = on_a_host_without(call, error, trusting);
        assert_eq!(ended.code, 0, "{}", ended.err);
    }
}
