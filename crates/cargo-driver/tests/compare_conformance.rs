//! `cargo driver compare` of results of the conformance kit.

mod common;

use common::{Directory, start};
use serde_json::{Value, json};

/// Results of two experiments, the first of which has shown `line` at its second step.
fn results(host: &str, kit: &str, line: &str) -> Value {
    let experiment = |name: &str, facts: Value, observed: Value, agrees: bool| {
        json!({
            "name": name, "facts": facts, "means": "what it means", "agrees": agrees, "observed": observed,
            "expected": ["plug", "open a", "|? one", "|? two", "end"],
        })
    };
    let observed = json!(["plug", "open a", format!("| {line}"), "end"]);
    json!({
        "kit": kit, "host": host, "windows_build": if host == "windows" { json!("10.0.26100") } else { Value::Null },
        "kmdf": "1.33",
        "experiments": [
            experiment("gate", json!(["QCR4", "OWN1"]), observed, true),
            experiment("order", json!(["PNP1"]), json!(["plug", "open a", "| one", "end"]), true),
        ],
    })
}

#[test]
fn facts_in_question_are_listed() {
    let directory = Directory::new();
    let file = |name: &str, value: &Value| directory.file(name, value.to_string());
    let good = file("good.json", &results("emulator", "1", "one"));
    let other = file("other.json", &results("windows", "1", "two"));
    // Doctored: it says that it agrees.
    let doctored = file("doctored.json", &results("windows", "1", "three"));

    for options in [&[&good, &good][..], &[&good, &other], &[&good], &[&other]] {
        let options: Vec<&str> = options.iter().map(|path| path.as_str()).collect();
        let ended = start(&[&["compare"], &options[..]].concat());
        assert_eq!(ended.code, 0, "{options:?}: {}", ended.out);
        assert!(ended.out.contains("2 experiments agree"), "{}", ended.out);
    }
    for (options, first, second) in [
        (&[&good, &doctored][..], "A         one", "B         three"),
        (&[&doctored], "expected  ? one", "observed  three"),
    ] {
        let options: Vec<&str> = options.iter().map(|path| path.as_str()).collect();
        let ended = start(&[&["compare"], &options[..]].concat());
        assert_eq!(ended.code, 1, "{}", ended.out);
        for words in
            ["facts in question: OWN1 QCR4\n", "DIFFERS  QCR4 OWN1  gate: what it means", first, second]
        {
            assert!(ended.out.contains(words), "{words} is missing in {}", ended.out);
        }
        assert!(!ended.out.contains("order"), "{}", ended.out);
        let ended = start(&[&["compare", "--json"], &options[..]].concat());
        let value = ended.json();
        assert_eq!(ended.code, 1);
        assert_eq!(value["facts"], json!(["OWN1", "QCR4"]));
        assert_eq!(value["differences"][0]["steps"][0]["b"], json!(["three"]));
        assert_eq!(value["exit_code"], 1);
    }

    let mut not_run = results("windows", "1", "one");
    not_run["experiments"][0]["not_run"] = json!("the system does not sleep");
    let ended = start(&["compare", &good, &file("not_run.json", &not_run)]);
    assert_eq!(ended.code, 0, "{}", ended.out);
    assert!(ended.out.contains("not compared: gate: the system does not sleep"), "{}", ended.out);
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let directory = Directory::new();
    let good = directory.file("good.json", results("emulator", "1", "one").to_string());
    let other_kit = directory.file("kit.json", results("windows", "2", "one").to_string());
    let ended = start(&["compare", &good, &other_kit, "--json"]);
    assert_eq!((ended.code, &ended.json()["same_kit"]), (2, &json!(false)));
    let report = directory.file("report.json", r#"{"verdict": "clean", "seed": 1, "exit_code": 0}"#);
    start(&["compare", &good, &report]).refused(8, "is no file of the conformance kit");
    start(&["compare", &report]).refused(2, "the second file is missing");
    let mut broken = results("windows", "1", "one");
    broken["experiments"][0]["expected"] = json!(["plugg"]);
    let broken = directory.file("broken.json", broken.to_string());
    start(&["compare", &good, &broken]).refused(8, "`plugg` is no step");
    start(&["compare", &directory.file("empty.json", r#"{"kit": "1"}"#)]).refused(8, "missing field `host`");
}
