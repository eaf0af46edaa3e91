//! Requests on the command line: what is sent, what comes back, and what the command makes of it.

mod common;

use common::{Directory, json, run};
use serde_json::{Value, json as value};
use std::fs;

/// A device control of `drivers/virtual-device`, and the class of its interface.
const STATISTICS: &str = "0x80002000::56";
const INTERFACE: &str = "f1a0b1c6-58d4-4e0a-9a86-3f8c1d6d2b17";

fn field(report: &Value, name: &str) -> Vec<Value> {
    report["actions"].as_array().unwrap().iter().map(|done| done[name].clone()).collect()
}

#[test]
fn requests_are_sent_in_order_through_one_handle() {
    let directory = Directory::new();
    let file = directory.file("content", "from a file");
    let at = format!("@{file}");
    let actions = [
        "--write", "hello", "--write", "hex:00ff", "--read", "3", "--write", &at, "--read", "100", "--read",
        "0",
    ];
    let (ended, report) = json(&[&["virtual-device"], &actions[..]].concat());
    assert_eq!(ended.code, 0, "{report:#}{}", ended.err);
    assert_eq!(report["driver"], "virtual-device");
    assert_eq!(report["debug"], true);
    assert_eq!(report["verdict"], "clean");
    assert_eq!(field(&report, "action"), ["write", "write", "read", "write", "read", "read"]);
    assert_eq!(field(&report, "data"), ["", "", "68656c", "", "6c6f00ff66726f6d20612066696c65", ""]);
    assert_eq!(
        field(&report, "information"),
        [value!(5), value!(2), value!(3), value!(11), value!(15), value!(0)]
    );
    assert_eq!(field(&report, "status"), ["STATUS_SUCCESS (0x00000000)"; 6]);
    assert!(report.get("frames").is_none(), "no file was streamed: {report:#}");
}

#[test]
fn people_see_bytes_and_text() {
    let ended = run(&["virtual-device", "--write", "a text of some length", "--read", "64", "--seed", "5"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    for words in [
        "driver      virtual-device (debug build)\n",
        "write       21 bytes: STATUS_SUCCESS (0x00000000), 21 bytes taken\n",
        "read        up to 64 bytes: STATUS_SUCCESS (0x00000000), 21 bytes\n",
        "00000000  61 20 74 65 78 74 20 6f  66 20 73 6f 6d 65 20 6c  a text of some l\n",
        "00000010  65 6e 67 74 68 ",
        "verdict     clean, seed 5\n",
    ] {
        assert!(ended.out.contains(words), "`{words}` is not in: {}", ended.out);
    }
    let quiet = run(&["virtual-device", "--write", "x", "--quiet"]);
    assert_eq!((quiet.code, quiet.out.as_str()), (0, ""));
}

#[test]
fn a_request_that_fails_is_named_and_the_next_has_its_turn() {
    let ended = run(&["virtual-device", "--ioctl", "0x80002004:0102:8", "--write", "x", "--read", "1"]);
    assert_eq!(ended.code, 1, "{}", ended.out);
    assert!(
        ended.err.contains("ioctl (0x80002004, 2 bytes in, up to 8 bytes out): STATUS_"),
        "{}",
        ended.err
    );
    assert!(ended.out.contains("00000000  78 "), "{}", ended.out);
    let ended = run(&["virtual-device", "--ioctl", STATISTICS]);
    assert_eq!(ended.code, 0, "{}", ended.err);
}

#[test]
fn a_request_that_waits_forever_is_cancelled() {
    // Nothing was written, so there is nothing to read.
    let (ended, report) = json(&["virtual-device", "--read", "4", "--write", "late", "--read", "4"]);
    assert_eq!(ended.code, 1, "{report:#}");
    assert_eq!(field(&report, "stuck"), [true, false, false]);
    assert_eq!(report["actions"][0]["status"], "STATUS_CANCELLED (0xC0000120)");
    assert_eq!(report["actions"][2]["data"], "6c617465");
    assert_eq!(report["verdict"], "clean");
    assert!(report["remarks"][0].as_str().unwrap().contains("cancelled after 10 s:"), "{report:#}");
}

#[test]
fn a_request_that_the_driver_keeps_is_a_verdict() {
    // It keeps one of the first writes.
    let writes = ["--write", "x"].repeat(20);
    let (ended, report) =
        json(&[&["tests/drivers/defects", "--features", "keeps-a-request"], &writes[..]].concat());
    assert_eq!(ended.code, 3, "{report:#}");
    assert_eq!(report["verdict"], "never-completed");
    let kept = report["actions"].as_array().unwrap().last().unwrap();
    assert_eq!((&kept["status"], &kept["success"]), (&Value::Null, &value!(false)), "{kept:#}");
}

#[test]
fn the_device_is_opened_as_the_user_says() {
    let opened = |option: &[&str]| {
        let (ended, report) = json(&[&["virtual-device", "--write", "x"], option].concat());
        assert_eq!(ended.code, 0, "{}", ended.err);
        report["device"].as_str().unwrap().to_owned()
    };
    let name = opened(&[]);
    let bare = name.strip_prefix(r"\\.\").expect("links come first").to_owned();
    assert_eq!(opened(&["--open", &bare.to_uppercase()]), name.to_uppercase());
    assert_eq!(opened(&["--open", &name]), name);
    let class = opened(&["--interface", INTERFACE]);
    assert!(class.contains(INTERFACE), "{class}");
    assert_eq!(opened(&["--interface", &format!("{{{}}}", INTERFACE.to_uppercase())]), class);
    // And a stream goes through the same name.
    let streamed = run(&["virtual-device", "--interface", INTERFACE, "--file", "README.md"]);
    assert_eq!(streamed.code, 0, "{}", streamed.err);

    let wrong = run(&["virtual-device", "--write", "x", "--open", "Nobody"]);
    wrong.refused(7, r"is not called `\\.\Nobody` (its names are: \\.\");
    let wrong =
        run(&["virtual-device", "--write", "x", "--interface", "00000000-0000-0000-0000-000000000000"]);
    wrong.refused(7, "has no interface of that class");
}

#[test]
fn what_cannot_be_sent_is_refused_before_anything_is_built() {
    let directory = Directory::new();
    let file = directory.file("file", "content");
    let at = format!("@{file}");
    run(&["--write", "@no/such/file"]).refused(8, "cannot write what `no/such/file` has");
    run(&["--write", "hex:0"]).refused(2, "two digits for each byte");
    run(&["--read", "lots"]).refused(2, "`lots` is no number of bytes");
    run(&["--ioctl", "code"]).refused(2, "no number of 32 bits");
    run(&["--write", "x", "--file", &file]).refused(2, "cannot be used with");
    run(&["--write", &at, "--trace", &file]).refused(2, "the trace would replace the file that is written");
    assert_eq!(fs::read_to_string(&file).unwrap(), "content");
    run(&["--interface", "x"]).refused(2, "a GUID looks like");
    run(&["--timeout", "1"]).refused(2, "are for driver images");
    run(&["--no-sandbox"]).refused(2, "are for driver images");
}
