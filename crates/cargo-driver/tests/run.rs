//! `cargo driver run`, as its users start it: the main job, drivers with one defect, and bad input.

mod common;

use common::{Directory, json, run, start, text};
use std::fs;
use std::path::Path;

/// The raw driver whose features are defects.
const DEFECTS: &str = "tests/drivers/defects";

#[test]
fn every_byte_comes_back() {
    let (ended, report) = json(&[]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert!(!ended.err.contains("error"), "{}", ended.err);
    assert_eq!(report["driver"], "virtual-device");
    assert_eq!(report["verdict"], "clean");
    assert_eq!(report["verdict_text"], "");
    assert_eq!(report["seed"], 1);
    assert_eq!(report["sha256_written"], report["sha256_read"]);
    assert_eq!(report["bytes"], report["bytes_read"]);
    assert!(report["bytes"].as_u64() > Some(100_000));
    for kind in ["lost", "doubled", "torn", "changed", "unsent", "exit_code"] {
        assert_eq!(report[kind], 0, "{kind}");
    }
    let requests = &report["requests"];
    assert_eq!(requests["written"], report["frames"]);
    assert_eq!(requests["failed"], 0);
    assert!(requests["cancelled"].as_u64() > Some(0), "no cancel came in time: {requests}");
    assert!(requests["read"].as_u64() > Some(0));
    assert!(report["queue_high_water"].is_u64() && report["seconds"].is_f64());
}

#[test]
fn the_report_for_people_has_it_all() {
    let directory = Directory::new();
    let file = directory.file("abc", "abc");
    // Cargo passes the name of a subcommand first.
    let ended = start(&["driver", "run", "virtual-device", "--file", &file, "--seed", "7"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    let hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(ended.out.matches(hash).count(), 2, "{}", ended.out);
    for words in ["virtual-device", "(3 bytes)", "0 lost, 0 doubled, 0 torn, 0 changed", "clean, seed 7"] {
        assert!(ended.out.contains(words), "`{words}` is not in: {}", ended.out);
    }
    assert!(!ended.out.contains('\x1b') && !ended.err.contains('\x1b'), "colours and bars are for terminals");
    let quiet = run(&["--file", &file, "--quiet"]);
    assert_eq!((quiet.code, quiet.out.as_str()), (0, ""));
}

#[test]
fn many_threads_at_any_level_and_any_chunk() {
    let directory = Directory::new();
    let content: Vec<u8> = (0..40_000_u32).map(|n| ((n * n) >> 7) as u8).collect();
    let file = directory.file("content", content);
    let empty = directory.file("empty", "");
    let cases: [&[&str]; 7] = [
        &["--file", &empty],
        &["--file", &file, "--chunk", "1000000"],
        &["--file", &file, "--chunk", "7", "--readers", "5", "--cancel-every", "3"],
        &["--file", &file, "--chunk", "500", "--threads", "8", "--readers", "8", "--cancel-every", "1"],
        &["--file", &file, "--chunk", "30000", "--readers", "3", "--dispatch", "--verifier", "all"],
        &[
            "--file",
            &file,
            "--chunk",
            "999",
            "--dispatch=alternate",
            "--processors",
            "8",
            "--verifier",
            "off",
        ],
        &["--file", &file, "--chunk", "4096", "--processors", "1", "--cancel-every", "0"],
    ];
    for case in cases {
        for driver in ["virtual-device", DEFECTS] {
            for seed in ["1", "99"] {
                let arguments = [&[driver, "--seed", seed], case].concat();
                let (ended, report) = json(&arguments);
                assert_eq!(ended.code, 0, "{arguments:?}: {report:#}");
                assert_eq!(report["requests"]["written"], report["frames"], "{arguments:?}");
            }
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_trace() {
    let directory = Directory::new();
    let file = directory.file("content", vec![42; 200_000]);
    let trace = |name: &str, seed: &str| {
        let path = text(&directory.0.join(name));
        let options = ["--file", &file, "--readers", "2", "--dispatch=alternate", "--quiet"];
        let ended = run(&[&options[..], &["--trace", &path, "--seed", seed]].concat());
        assert_eq!(ended.code, 0, "{}", ended.err);
        fs::read_to_string(path).unwrap()
    };
    let first = trace("first", "5");
    assert!(first.lines().count() > 1000 && first.contains("EvtIoWrite"));
    assert!(first == trace("second", "5"), "two runs with one seed differ");
    assert!(first != trace("third", "6"), "the seed decides nothing");
}

#[test]
fn each_defect_is_noticed_and_named() {
    // Feature, exit code, field of the report that tells, its value, words.
    let defects = [
        ("flips-a-byte", 1, "/changed", "1", "1 frame changed: its content is not what was written"),
        ("drops-a-frame", 1, "/lost", "1", "1 frame lost: the driver took it, and no read returned it"),
        ("doubles-a-frame", 1, "/doubled", "1", "1 frame doubled: reads returned it more than once"),
        ("tears-a-frame", 1, "/lost", "1", "torn: bytes came back that belong to no whole frame"),
        (
            "fails-a-write",
            1,
            "/requests/failed",
            "1",
            "(4120 bytes) with STATUS_DEVICE_DATA_ERROR (0xC000009C)",
        ),
        (
            "completes-twice",
            3,
            "/verdict",
            "\"completed-twice\"",
            "driver bug: a request was completed twice",
        ),
        (
            "keeps-a-request",
            3,
            "/verdict",
            "\"never-completed\"",
            "driver bug: the device cannot be stopped or removed",
        ),
        (
            "uses-what-is-not-modelled",
            4,
            "/verdict",
            "\"not-modelled\"",
            "not modelled: WdfRequestGetCompletionParams",
        ),
    ];
    for (feature, code, field, value, words) in defects {
        let driver = [DEFECTS, "--features", feature];
        let ended = run(&driver);
        assert_eq!(ended.code, code, "{feature}: {}", ended.err);
        assert!(ended.err.contains(words), "{feature}: `{words}` is not in: {}", ended.err);
        assert!(ended.out.contains("verdict "), "{feature}: {}", ended.out);
        let (ended, report) = json(&driver);
        assert_eq!((ended.code, report["exit_code"].as_i64()), (code, Some(code.into())), "{feature}");
        assert_eq!(report.pointer(field).unwrap().to_string(), value, "{feature}: {report:#}");
        let said = format!("{}{}", report["verdict_text"], report["remarks"]);
        assert!(said.contains(words), "{feature}: `{words}` is not in: {said}");
        assert!(!ended.err.contains("error"), "{feature}: with --json stderr is for failures to run at all");
    }
    let (_, report) = json(&[DEFECTS, "--features", "flips-a-byte"]);
    assert_ne!(report["sha256_written"], report["sha256_read"]);
    let ended = run(&[DEFECTS, "--features", "completes-twice", "--quiet", "--seed", "3"]);
    assert!(ended.err.contains("defects/src/lib.rs:"), "no source place in: {}", ended.err);
    assert!(ended.err.contains("seed: 3"), "{}", ended.err);
}

#[test]
fn a_driver_that_does_not_start_says_where_and_how() {
    let start = |feature: &str| run(&[DEFECTS, "--features", feature]);
    start("fails-entry").refused(7, "DriverEntry failed with STATUS_INSUFFICIENT_RESOURCES (0xC000009A)");
    start("fails-device-add").refused(7, "EvtDriverDeviceAdd failed with STATUS_DEVICE_CONFIGURATION_ERROR");
    start("has-no-name").refused(7, "has no name by which it could be opened");
}

#[test]
fn what_is_no_driver_is_refused() {
    let directory = Directory::new();
    let empty = directory.package("no-symbol", "");
    run(&[&empty]).refused(
        7,
        "`no-symbol` is no driver: its library exports neither `wdk_driver_module` nor `DriverEntry`",
    );
    let other = "#[unsafe(no_mangle)] pub extern \"C\" fn wdk_driver_module() -> *const u64 {
        static MODULE: [u64; 32] = [1; 32];
        MODULE.as_ptr()
    }";
    let other = directory.package("other-api", other);
    run(&[&other]).refused(7, "was built against another version of the API statement");
    let null =
        "#[unsafe(no_mangle)] pub extern \"C\" fn wdk_driver_module() -> *const u64 { std::ptr::null() }";
    let null = directory.package("null", null);
    run(&[&null]).refused(7, "returned no driver");

    let broken = directory.package("does-not-compile", "pub fn f() -> u32 { \"text\" }");
    let ended = run(&[&broken]);
    assert_eq!((ended.code, ended.out.as_str()), (6, ""));
    assert!(ended.err.contains("mismatched types"), "{}", ended.err);
    assert!(
        ended.err.ends_with("the driver `does-not-compile` does not build (cargo says above why)\n"),
        "{}",
        ended.err
    );
    let ended = run(&[DEFECTS, "--features", "nonsense"]);
    assert_eq!(ended.code, 6);
    assert!(ended.err.contains("nonsense"), "{}", ended.err);

    run(&["nonsense"]).refused(2, "there is no package and no directory `nonsense`");
    run(&["nonsense"]).refused(2, "virtual-device");
    run(&["docs"]).refused(2, "has no Cargo.toml");
    run(&["."]).refused(2, "is the manifest of a workspace");
    run(&["cargo-driver"]).refused(2, "`cargo-driver` is no driver: the package has no library target");
    let malformed = directory.file("malformed/Cargo.toml", "this is no manifest");
    let malformed = Path::new(&malformed).parent().unwrap();
    assert_eq!(run(&[&text(malformed)]).code, 2);
}

#[test]
fn bad_files_are_refused_before_anything_is_built() {
    let directory = Directory::new();
    let file = directory.file("file", "content");
    run(&["--file", "no/such/file"]).refused(8, "cannot stream `no/such/file`: there is no such file");
    run(&["--file", &text(&directory.0)]).refused(8, "it is a directory");
    run(&["--file", &file, "--trace", "no/such/trace"]).refused(8, "cannot write the trace `no/such/trace`");
    run(&["--file", &file, "--trace", &file]).refused(2, "the trace would replace the file that is streamed");
    assert_eq!(fs::read_to_string(&file).unwrap(), "content");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        run(&["--file", "/dev/null"]).refused(8, "it is not a regular file");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o000)).unwrap();
        // The administrator may read it all the same.
        if fs::File::open(&file).is_err() {
            run(&["--file", &file]).refused(8, "ermission denied");
        }
    }
}

#[test]
fn a_device_that_is_no_stream_comes_to_an_end() {
    let ended = run(&["echo"]);
    assert_eq!(ended.code, 1, "{}", ended.err);
    assert!(ended.err.contains("lost") && ended.err.contains("doubled"), "{}", ended.err);
}

#[test]
fn a_chunk_that_the_device_cannot_take_says_so() {
    let ended = run(&["--chunk", "65536"]);
    assert_eq!(ended.code, 1, "{}", ended.err);
    assert_eq!(ended.err.matches("error:").count(), 1, "{}", ended.err);
    for words in ["(65560 bytes) with STATUS_INVALID_BUFFER_SIZE (0xC0000206)", "give a smaller --chunk"] {
        assert!(ended.err.contains(words), "`{words}` is not in: {}", ended.err);
    }
}

#[test]
fn wrong_options_are_refused() {
    run(&["--chunk", "0"]).refused(2, "--chunk");
    run(&["--chunk", "much"]).refused(2, "--chunk");
    run(&["--threads", "0"]).refused(2, "--threads");
    run(&["--processors", "9"]).refused(2, "--processors");
    run(&["--verifier", "some"]).refused(2, "off, standard, all");
    run(&["--frobnicate"]).refused(2, "--frobnicate");
    start(&["frobnicate"]).refused(2, "frobnicate");
}

#[test]
fn help_documents_the_exit_codes() {
    for arguments in [&["--help"][..], &["run", "--help"], &["driver", "--help"]] {
        let ended = start(arguments);
        assert_eq!((ended.code, ended.err.as_str()), (0, ""));
        for line in ["Exit codes:", "  0  every byte came back", "  3  driver bug", "  8  a file could not"] {
            assert!(ended.out.contains(line), "`{line}` is not in: {}", ended.out);
        }
    }
}
