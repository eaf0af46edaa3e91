//! Driver images: finished files, whoever built them, run by the command.
#![cfg(all(target_os = "linux", target_arch = "x86_64"))]

mod common;

use common::{Directory, can_build, confined, json, run, start, text};
use std::fs;
use std::path::Path;

const ECHO: &str = "tests/images/echo/echo.sys";

#[test]
fn an_image_in_c_answers() {
    if !confined() {
        return;
    }
    let (ended, report) = json(&[ECHO, "--write", "hello", "--write", "print"]);
    assert_eq!(ended.code, 0, "{report:#}{}", ended.err);
    assert_eq!(report["driver"], ECHO);
    assert_eq!(report["debug"], serde_json::Value::Null);
    assert_eq!(report["device"], r"\\.\echoimage");
    assert_eq!(report["actions"].as_array().unwrap().len(), 2);
    assert_eq!(report["actions"][0]["information"], 5);
    assert_eq!(report["verdict"], "clean");

    let ended = run(&[ECHO, "--write", "hello", "--write", "print", "--open", "EchoImage"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert!(ended.out.starts_with("driver      tests/images/echo/echo.sys (image)\n"), "{}", ended.out);
    assert_eq!(ended.err, "driver: hello from C: 1 -2 3 -4 123456789abcdef\n");
}

#[test]
fn a_verdict_inside_the_image_is_the_verdict() {
    if !confined() {
        return;
    }
    let (ended, report) =
        json(&[ECHO, "--write", "fine", "--write", "trap", "--write", "never", "--seed", "9"]);
    assert_eq!((ended.code, report["exit_code"].as_i64()), (3, Some(3)), "{report:#}");
    assert_eq!(report["verdict"], "bug-check");
    assert_eq!(report["actions"].as_array().unwrap().len(), 1, "the first was done");
    let text = report["verdict_text"].as_str().unwrap();
    assert!(text.contains("bug check 0xC0DE") && text.contains("seed: 9"), "{text}");
    let people = run(&[ECHO, "--write", "trap"]);
    assert_eq!(people.code, 3);
    assert!(people.err.starts_with("error: driver bug: the driver stopped the system\n"), "{}", people.err);
}

#[test]
fn the_trace_of_an_image_repeats() {
    if !confined() {
        return;
    }
    let directory = Directory::new();
    let trace = |name: &str| {
        let path = text(&directory.0.join(name));
        let ended = run(&[ECHO, "--write", "a", "--write", "b", "--trace", &path, "--dispatch", "--quiet"]);
        assert_eq!(ended.code, 0, "{}", ended.err);
        fs::read_to_string(path).unwrap()
    };
    let first = trace("first");
    assert!(first.contains("echo binds to KMDF 1.15") && first.contains("> EvtIoWrite"), "{first}");
    assert_eq!(first, trace("second"));
}

#[test]
fn requests_arrive_at_the_irql_that_was_asked_for() {
    if !confined() {
        return;
    }
    let directory = Directory::new();
    let levels = |option: &[&str]| {
        let trace = text(&directory.0.join("trace"));
        let ended = run(&[&[ECHO, "--write", "a", "--write", "b", "--trace", &trace], option].concat());
        assert_eq!(ended.code, 0, "{}", ended.err);
        let trace = fs::read_to_string(trace).unwrap();
        let writes = trace.lines().filter(|line| line.contains("> EvtIoWrite"));
        writes.map(|line| line.contains("irql2")).collect::<Vec<_>>()
    };
    assert_eq!(levels(&[]), [false, false]);
    assert_eq!(levels(&["--dispatch"]), [true, true]);
    assert_eq!(levels(&["--dispatch=alternate"]), [false, true]);
}

/// Whatever the images of the tests do that is not an escape, they do alike inside and outside: faults and traps are
/// served, and verdicts find their source places.
#[test]
fn the_sandbox_changes_nothing() {
    if !confined() {
        return;
    }
    let mut images = 0;
    for entry in fs::read_dir(Path::new(common::ROOT).join("tests/images")).unwrap() {
        let directory = entry.unwrap().path();
        let name = directory.file_name().unwrap().to_str().unwrap().to_owned();
        let image = directory.join(&name).with_extension("sys");
        if name == "escape" || !image.is_file() {
            continue;
        }
        images += 1;
        for function in 0..32_u32 {
            let ioctl = format!("{:#x}:0000000000000000:8", 0x22_0000 | function << 2);
            let arguments = [&text(&image), "--write", "text", "--ioctl", &ioctl, "--read", "8", "--json"];
            let (inside, outside) = (run(&arguments), run(&[&arguments[..], &["--no-sandbox"]].concat()));
            assert_eq!((inside.code, &inside.err), (outside.code, &outside.err), "{name} {ioctl}");
            assert_eq!(inside.out, outside.out, "{name} {ioctl}");
        }
    }
    assert!(images > 0);
}

#[test]
fn an_image_that_is_no_stream_fails_the_stream() {
    if !confined() {
        return;
    }
    // It takes writes and refuses reads.
    let (ended, report) = json(&[ECHO, "--file", "README.md"]);
    assert_eq!(ended.code, 1, "{report:#}");
    assert_eq!(report["requests"]["failures"]["STATUS_INVALID_DEVICE_REQUEST (0xC0000010)"], 1);
    assert_ne!(report["sha256_written"], report["sha256_read"]);
}

#[test]
fn what_is_no_image_is_refused() {
    let directory = Directory::new();
    let good = fs::read(Path::new(common::ROOT).join(ECHO)).unwrap();
    let garbage = directory.file("garbage.sys", "no image at all");
    let truncated = directory.file("truncated", &good[..200]);
    run(&[&garbage, "--read", "1"]).refused(7, "cannot be loaded: the image is malformed");
    run(&[&truncated, "--read", "1"]).refused(7, "cannot be loaded: the image is malformed");
    run(&["no/such.sys"]).refused(2, "there is no driver image `no/such.sys`");
    run(&["NO.SYS"]).refused(2, "there is no driver image `NO.SYS`");
    run(&["/dev/null", "--read", "1"]).refused(2, "there is no package and no directory");
    run(&[ECHO, "--release"]).refused(2, "is built already");
    run(&[ECHO, "--features", "x"]).refused(2, "is built already");
    run(&[ECHO, "--file", "no/such/file"]).refused(8, "there is no such file");
    run(&[ECHO, "--write", "@no/such/file"]).refused(8, "cannot write what");
    let image = directory.file("image.sys", &good);
    run(&[&image, "--trace", &image]).refused(2, "the trace would replace the driver image");
    assert!(fs::read(&image).unwrap() == good, "the image was replaced");
}

#[test]
fn a_device_that_does_not_open_says_so() {
    if !confined() {
        return;
    }
    run(&[ECHO, "--read", "1", "--open", "Other"]).refused(7, r"its names are: \\.\echoimage");
    let class = "f1a0b1c6-58d4-4e0a-9a86-3f8c1d6d2b17";
    run(&[ECHO, "--read", "1", "--interface", class]).refused(7, "has no interface of that class");
}

/// What a report says that depends on the form of the driver or on the host, and not on what the driver did.
const MAY_DIFFER: [&str; 4] = [
    // What was named on the command line: a file or a package.
    "driver",
    // Nobody knows of an image how it was compiled.
    "debug",
    // Time of the host.
    "seconds",
    "bytes_per_second",
];

/// The same driver, built for this host and as an image, does the same: call for call, for every seed.
#[test]
fn a_stream_through_an_image_is_the_stream_through_its_source() {
    if !can_build() || !confined() {
        return;
    }
    let directory = Directory::new();
    // Named as the library, which is the service's name in the trace.
    let image = text(&directory.0.join("virtual_device.sys"));
    let built = start(&["build", "virtual-device", "--release", "--quiet", "--out", &image]);
    assert_eq!(built.code, 0, "{}", built.err);
    let checked = start(&["check", "--strict", &image]);
    assert_eq!(checked.code, 0, "{}{}", checked.out, checked.err);

    let options: [&[&str]; 3] = [
        &["--seed", "1"],
        &["--seed", "2", "--dispatch=alternate", "--readers", "2", "--chunk", "1000"],
        &["--seed", "77", "--threads", "5", "--cancel-every", "2", "--verifier", "all", "--processors", "4"],
    ];
    for options in options {
        let stream = |driver: &[&str], name: &str| {
            let trace = text(&directory.0.join(name));
            let (ended, mut report) = json(&[driver, options, &["--trace", &trace]].concat());
            assert_eq!(ended.code, 0, "{options:?}: {report:#}{}", ended.err);
            let fields = report.as_object_mut().unwrap();
            for differs in MAY_DIFFER {
                assert!(fields.remove(differs).is_some(), "{differs}");
            }
            (report, fs::read_to_string(trace).unwrap())
        };
        let (of_image, image_trace) = stream(&[&image], "image");
        let (of_source, source_trace) = stream(&["virtual-device", "--release"], "source");
        assert_eq!(of_image["verdict"], "clean");
        assert_eq!(of_image["sha256_written"], of_image["sha256_read"]);
        assert_eq!(of_image, of_source, "{options:?}");
        assert!(source_trace.lines().count() > 1000, "{options:?}");
        let differ = image_trace.lines().zip(source_trace.lines()).find(|(one, other)| one != other);
        assert_eq!(differ, None, "{options:?}");
        assert!(image_trace == source_trace, "{options:?}: one goes on");
    }
}
