use super::*;

#[test]
fn a_script_is_read_as_it_is_written() {
    let text = "plug\nopen a \"\\x\"\n1 = write a \"a b\"\n| one\n|? two\n|? three\nthread 2 = call wait\n\
                control a neither \"in\" 4\n# why\n\nread a 4\nawait 1 2\nsleep 20";
    let script = Script::parse(text).unwrap();
    let written: Vec<_> = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).collect();
    assert_eq!(script.lines(), [&written[..], &["end"]].concat());
    assert_eq!(script.steps[1].action, Action::Open("a".into(), "\\x".into()));
    let Action::Start { pending: Some(1), thread: false, file: Some(file), request } =
        &script.steps[2].action
    else {
        panic!("{:?}", script.steps[2])
    };
    assert_eq!((&**file, request), ("a", &Request::Write(b"a b".to_vec())));
    assert!(matches!(script.steps[3].action, Action::Start { thread: true, file: None, .. }));
    let code = 0x22_2007;
    let control = Request::Control { code, input: b"in".to_vec(), output: 4 };
    assert!(matches!(&script.steps[4].action, Action::Start { request, .. } if *request == control));
}

#[test]
fn mistakes_are_named() {
    for (line, why) in [
        ("| x", "there is no step above"),
        ("plugg", "`plugg` is no step"),
        ("open", "a word is missing"),
        ("write a x", "quotation marks"),
        ("write a \"x", "at the end of the text"),
        ("read a four", "`four` is no number"),
        ("1 write a", "`=` follows"),
        ("1 = plug", "`plug` is no request"),
        ("thread call x", "has a number"),
        ("control a both \"\" 1", "`both` is no method"),
        ("plug now", "more than the step takes"),
    ] {
        let mistake = Script::parse(line).unwrap_err();
        assert!(mistake.0.starts_with("line 1") && mistake.0.contains(why), "{line}: {mistake}");
    }
    assert!(Script::parse("end\nplug").unwrap_err().0.contains("nothing follows the end"));
    assert!(Experiment::parse("a\nb\nnever\nd\ne").unwrap_err().0.contains("`never`"));
    assert!(Experiment::parse("a\nb").unwrap_err().0.contains("it has no verifier"));
}
