//! `cargo driver compare`, as its users start it.

mod common;

use common::{Directory, Ended, run, start, text};
use serde_json::{Value, json};

fn compare(a: &str, b: &str) -> (Ended, Value) {
    let ended = start(&["compare", a, b, "--json"]);
    let value = ended.json();
    assert_eq!(value["exit_code"], ended.code);
    (ended, value)
}

/// The fields of one kind that differ.
fn fields(value: &Value, kind: &str) -> Vec<String> {
    let differences = value["differences"].as_array().unwrap().iter();
    differences
        .filter(|difference| difference["kind"] == kind)
        .map(|difference| difference["field"].as_str().unwrap().to_owned())
        .collect()
}

/// A report, changed.
fn changed(directory: &Directory, name: &str, report: &str, change: impl FnOnce(&mut Value)) -> String {
    let mut value: Value = serde_json::from_str(report).unwrap();
    change(&mut value);
    directory.file(name, value.to_string())
}

#[test]
fn streams_with_other_seeds_agree_and_losses_do_not() {
    let directory = Directory::new();
    let stream = |seed: &str, more: &[&str]| {
        let ended =
            run(&[&["virtual-device", "--file", "README.md", "--seed", seed, "--json"], more].concat());
        assert_eq!(ended.code, 0, "{}", ended.err);
        ended.out
    };
    let one = stream("1", &[]);
    let a = directory.file("a.json", &one);
    let (ended, same) = compare(&a, &a);
    assert_eq!((ended.code, &same["differences"]), (0, &json!([])));
    let (ended, value) = compare(&a, &directory.file("b.json", stream("2", &[])));
    assert_eq!(ended.code, 0, "{value:#}");
    assert!(fields(&value, "may-differ").contains(&"seed".to_owned()), "{value:#}");
    assert_eq!(value["agree"], true);

    let lost = changed(&directory, "lost.json", &one, |report| report["lost"] = json!(3));
    let (ended, value) = compare(&a, &lost);
    assert_eq!((ended.code, fields(&value, "result")), (1, vec!["lost".to_owned()]), "{value:#}");
    let people = start(&["compare", &a, &lost]);
    assert_eq!(people.code, 1);
    assert!(people.out.contains("DIFFERS            lost\n"), "{}", people.out);
    assert!(people.out.contains("A  0") && people.out.contains("B  3"), "{}", people.out);
    // What is not known has to be the same.
    let more = changed(&directory, "more.json", &one, |report| report["new"] = json!({"field": 1}));
    assert_eq!(fields(&compare(&a, &more).1, "result"), ["new.field"]);

    let (ended, value) = compare(&a, &directory.file("c.json", stream("1", &["--chunk", "512"])));
    assert_eq!((ended.code, &value["same_scenario"]), (2, &json!(false)), "{value:#}");
    assert!(fields(&value, "scenario").contains(&"chunk".to_owned()), "{value:#}");
}

#[test]
fn requests_are_compared_one_by_one() {
    let directory = Directory::new();
    let requests = |more: &[&str]| {
        let ended = run(&[&["virtual-device", "--write", "hello", "--json"], more].concat());
        assert_eq!(ended.code, 0, "{}", ended.err);
        ended.out
    };
    let one = requests(&["--read", "5"]);
    let a = directory.file("a.json", &one);
    assert_eq!(compare(&a, &directory.file("b.json", requests(&["--read", "5"]))).0.code, 0);
    let (ended, value) = compare(&a, &directory.file("c.json", requests(&["--read", "4"])));
    assert_eq!(
        (ended.code, fields(&value, "scenario")),
        (2, vec!["actions[1].asked".to_owned()]),
        "{value:#}"
    );
    let other = changed(&directory, "d.json", &one, |report| report["actions"][1]["data"] = json!("00"));
    let (ended, value) = compare(&a, &other);
    assert_eq!((ended.code, fields(&value, "result")), (1, vec!["actions[1].data".to_owned()]));
    // Fewer requests with the same verdict are another scenario; a run that ended early is one that differs.
    let short = |name: &str, verdict: &str| {
        changed(&directory, name, &one, |report| {
            report["actions"].as_array_mut().unwrap().pop();
            report["verdict"] = json!(verdict);
        })
    };
    assert_eq!(compare(&a, &short("e.json", "clean")).0.code, 2);
    let (ended, value) = compare(&a, &short("f.json", "bug-check"));
    assert_eq!(ended.code, 1, "{value:#}");
    assert!(fields(&value, "result").contains(&"verdict".to_owned()));
}

/// A report as Windows has it: nobody judged the run, and there is no seed.
fn on_windows(directory: &Directory, name: &str, report: &str, change: impl FnOnce(&mut Value)) -> String {
    changed(directory, name, report, |report| {
        report["host"] = json!("windows");
        report["verdict"] = json!("not-judged");
        report["seed"] = json!(null);
        report["debug"] = json!(null);
        change(report);
    })
}

#[test]
fn a_run_on_windows_is_compared_strictly_but_for_its_verdict() {
    let directory = Directory::new();
    let ended = run(&["virtual-device", "--file", "README.md", "--json"]);
    let a = directory.file("a.json", &ended.out);
    let (ended_same, value) = compare(&a, &on_windows(&directory, "b.json", &ended.out, |_| {}));
    assert_eq!((ended_same.code, &value["agree"]), (0, &json!(true)), "{value:#}");
    let verdict = value["differences"].as_array().unwrap().iter().find(|d| d["field"] == "verdict").unwrap();
    assert!(verdict["why"].as_str().unwrap().contains("Driver Verifier"), "{verdict:#}");
    // The emulator found a bug that Windows said nothing about. That alone is no difference …
    let stopped = changed(&directory, "bug.json", &ended.out, |report| {
        report["verdict"] = json!("leak");
        report["exit_code"] = json!(3);
    });
    let quiet = on_windows(&directory, "c.json", &ended.out, |_| {});
    assert_eq!(compare(&stopped, &quiet).0.code, 0);
    // … but in the emulator alone it would be.
    let (ended_other, value) = compare(&a, &stopped);
    let differs = ["exit_code", "verdict"].map(str::to_owned).to_vec();
    assert_eq!((ended_other.code, fields(&value, "result")), (1, differs));
    // What Windows counted differently is a difference.
    let lost = on_windows(&directory, "d.json", &ended.out, |report| {
        report["lost"] = json!(1);
        report["exit_code"] = json!(1);
        report["remarks"] = json!(["1 frame lost"]);
    });
    let (ended_lost, value) = compare(&a, &lost);
    let differs = ["exit_code", "lost", "remarks[0]"].map(str::to_owned).to_vec();
    assert_eq!((ended_lost.code, fields(&value, "result")), (1, differs), "{value:#}");
}

#[test]
fn a_request_that_failed_on_windows_has_no_information() {
    let directory = Directory::new();
    let ended = run(&["virtual-device", "--ioctl", "0x222000", "--write", "x", "--json"]);
    let emulated = |name: &str, success: bool| {
        changed(&directory, name, &ended.out, |report| {
            report["actions"][0]["success"] = json!(success);
            report["actions"][0]["information"] = json!(7);
        })
    };
    let windows = |name: &str, success: bool| {
        on_windows(&directory, name, &ended.out, |report| {
            report["actions"][0]["success"] = json!(success);
            report["actions"][0]["information"] = json!(0);
        })
    };
    let (_, value) = compare(&emulated("a.json", false), &windows("b.json", false));
    assert_eq!(fields(&value, "result"), Vec::<String>::new(), "{value:#}");
    let (_, value) = compare(&emulated("c.json", true), &windows("d.json", true));
    assert_eq!(fields(&value, "result"), ["actions[0].information"]);
    // Two runs of the emulator have to agree in it.
    let (_, value) = compare(&emulated("e.json", false), &changed(&directory, "f.json", &ended.out, |_| {}));
    assert!(fields(&value, "result").contains(&"actions[0].information".to_owned()), "{value:#}");
    // Fewer requests without a verdict that ended the run are another scenario, on Windows, too.
    let short = on_windows(&directory, "g.json", &ended.out, |report| {
        report["actions"].as_array_mut().unwrap().pop();
    });
    assert_eq!(compare(&directory.file("h.json", &ended.out), &short).0.code, 2);
}

#[test]
fn what_is_no_report_is_refused() {
    let directory = Directory::new();
    let good = directory.file("good.json", r#"{"verdict": "clean", "seed": 1, "exit_code": 0}"#);
    let refused = |content: &[u8], words: &str| {
        let bad = directory.file("bad.json", content);
        start(&["compare", &good, &bad]).refused(8, words);
        start(&["compare", &bad, &good, "--json"]).refused(8, words);
    };
    refused(b"", "it is no JSON");
    refused(b"{", "it is no JSON");
    refused(b"[]", "it is no object");
    refused(b"{}", "it has no `verdict`");
    refused(br#"{"verdict": "clean", "seed": "1", "exit_code": 0}"#, "it has no `seed`");
    refused(br#"{"verdict": "clean", "seed": 1, "exit_code": "0"}"#, "it has no `exit_code`");
    refused(b"\xFF", "not text in UTF-8");
    refused(&[b'['; 100_000], "it is no JSON");
    start(&["compare", &good, "none.json"]).refused(8, "cannot read `none.json`");
    start(&["compare", &good, &text(&directory.0)]).refused(8, "it is a directory");
    assert_eq!(start(&["compare", &good]).code, 2);
    assert_eq!(start(&["compare", &good, &good]).code, 0);
    // A report does not talk to the terminal.
    let loud = directory.file("loud.json", r#"{"verdict": "\u001b[31m", "seed": 1, "exit_code": 0}"#);
    let ended = start(&["compare", &good, &loud]);
    assert_eq!(ended.code, 1);
    assert!(!ended.out.contains('\u{1b}') && ended.out.contains("\\u{1b}"), "{}", ended.out);
}
