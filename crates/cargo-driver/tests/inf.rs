//! `cargo driver inf`, as its users start it.

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
const MODES: [&str; 4] = ["--mode=default", "-u", "-w", "-h"];

struct Ended {
    code: i32,
    out: String,
    err: String,
}

impl Ended {
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}{}", self.out, self.err))
    }

    /// One message, and nothing else.
    #[track_caller]
    fn refused(&self, code: i32, words: &str) {
        assert_eq!(self.code, code, "{}{}", self.out, self.err);
        assert!(self.err.contains(words), "`{words}` is not in: {}", self.err);
        assert_eq!(self.err.matches("error:").count(), 1, "{}", self.err);
        assert_eq!(self.out, "");
    }
}

fn inf(arguments: &[&str]) -> Ended {
    let Output { status, stdout, stderr } = Command::new(env!("CARGO_BIN_EXE_cargo-driver"))
        .arg("inf")
        .args(arguments)
        .env_remove("SOURCE_DATE_EPOCH")
        .current_dir(ROOT)
        .output()
        .expect("the binary of this package starts");
    Ended {
        code: status.code().expect("it ends by itself"),
        out: String::from_utf8(stdout).expect("it prints text"),
        err: String::from_utf8(stderr).expect("it prints text"),
    }
}

/// A directory of a test, which goes away with it.
struct Directory(PathBuf);

impl Directory {
    fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("cargo-driver-inf-{}-{number}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        fs::write(self.0.join(name), content).unwrap();
        self.path(name)
    }

    fn names(&self) -> Vec<String> {
        let names =
            fs::read_dir(&self.0).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.collect()
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn inx(name: &str) -> String {
    fs::read_to_string(Path::new(ROOT).join("inf").join(name)).unwrap()
}

#[test]
fn our_drivers_stamp_and_check_clean_in_all_modes() {
    let directory = Directory::new();
    for (driver, arch) in
        [("virtual-device", "amd64"), ("virtual-device", "aarch64"), ("echo", "x64"), ("echo", "arm64")]
    {
        let out = directory.path(&format!("{driver}-{arch}.inf"));
        let ended = inf(&["stamp", driver, "--arch", arch, "--out", &out, "--date", "11/21/2026"]);
        assert_eq!(ended.code, 0, "{}", ended.err);
        let text = fs::read_to_string(&out).unwrap();
        let arch = if arch.starts_with('x') || arch == "amd64" { "amd64" } else { "arm64" };
        assert!(text.contains(&format!("[Models.NT{arch}.10.0...16299]")), "{text}");
        let version = format!("DriverVer   = 11/21/2026,{}.0\n", env!("CARGO_PKG_VERSION"));
        assert!(text.contains(&version), "{text}");
        assert!(text.contains("KmdfLibraryVersion = 1.15\n") && !text.contains("$KMDF"), "{text}");
        for mode in MODES {
            let ended = inf(&["check", mode, &out, &format!("inf/{driver}.inx")]);
            assert_eq!(
                (ended.code, ended.out.lines().filter(|line| line.contains(": clean (")).count()),
                (0, 2),
                "{}",
                ended.out
            );
            assert_eq!(ended.out.lines().count(), 2, "{}", ended.out);
        }
    }
}

#[test]
fn the_same_day_gives_the_same_bytes() {
    let directory = Directory::new();
    let files = ["one.inf", "two.inf"].map(|name| {
        let out = directory.path(name);
        let status = Command::new(env!("CARGO_BIN_EXE_cargo-driver"))
            .args(["inf", "stamp", "echo", "--out", &out])
            .env("SOURCE_DATE_EPOCH", "1700000000")
            .current_dir(ROOT)
            .output()
            .unwrap()
            .status;
        assert!(status.success());
        fs::read_to_string(out).unwrap()
    });
    assert_eq!(files[0], files[1]);
    assert!(files[0].contains("= 11/14/2023,"), "{}", files[0]);
}

#[test]
fn a_finding_has_its_place_a_caret_and_help() {
    let directory = Directory::new();
    let file =
        directory.file("bad.inx", inx("echo.inx").replace("CopyFiles = Echo.Files", "CopyFiles = Lost"));
    let ended = inf(&["check", &file]);
    assert_eq!(ended.code, 15, "{}", ended.out);
    let line = inx("echo.inx").lines().position(|line| line.starts_with("CopyFiles")).unwrap() + 1;
    for part in [
        "error[INF1203]: section [Lost] not found",
        &format!("{file}:{line}:13"),
        "^^^^",
        "help: Add the section",
    ] {
        assert!(ended.out.contains(part), "`{part}` is not in: {}", ended.out);
    }
    let json = inf(&["check", "--json", &file]).json();
    assert_eq!(json["exit_code"], 15);
    let finding = &json["files"][0]["findings"][0];
    assert_eq!(
        (&finding["rule"], &finding["line"], &finding["column"]),
        (&"INF1203".into(), &line.into(), &13.into())
    );
}

#[test]
fn modes_and_denied_warnings_decide_over_the_exit_code() {
    let directory = Directory::new();
    let text = inx("echo.inx").replace("PnpLockdown = 1", "PnpLockdown = 0");
    let file = directory.file("open.inx", text);
    assert_eq!(inf(&["check", &file]).code, 0);
    assert_eq!(inf(&["check", "--deny-warnings", &file]).code, 15);
    assert_eq!(inf(&["check", "-w", &file]).code, 15);
    assert_eq!(inf(&["check", "--mode", "hardware", &file]).code, 15);
    inf(&["check", "-w", "-h", &file]).refused(2, "cannot be used with");
    inf(&["check", "--mode", "odd", &file]).refused(2, "possible values");
}

#[test]
fn an_inf_file_must_be_stamped_unless_it_says_so() {
    let directory = Directory::new();
    let file = directory.file("raw.inf", inx("echo.inx"));
    let ended = inf(&["check", &file]);
    assert_eq!(ended.code, 15);
    assert!(ended.out.contains("INF9113") && ended.out.contains("$ARCH$ is not stamped"), "{}", ended.out);
    assert_eq!(inf(&["check", "--unstamped", &file]).code, 0);
}

#[test]
fn bad_input_gives_one_message_and_no_file() {
    let directory = Directory::new();
    let good = directory.file("good.inx", inx("echo.inx"));
    let out = directory.path("out.inf");
    let stamp = |arguments: &[&str]| inf(&[&["stamp"], arguments].concat());
    let version = ["--driver-version", "1.0"];
    inf(&["check", &directory.path("none.inf")]).refused(8, "cannot read");
    inf(&["check", &directory.path("")]).refused(8, "it is a directory");
    inf(&["check"]).refused(2, "<FILE>...");
    stamp(&["no-such-driver"]).refused(2, "there is no package and no directory");
    stamp(&["wdk-build"]).refused(2, "there is no INX file");
    stamp(&[&good]).refused(2, "--out FILE");
    stamp(&[&good, "--out", &out]).refused(2, "--driver-version");
    stamp(&[&[&good, "--out", &out][..], &version].concat())
        .refused(15, "$KMDFVERSION$ needs the version of KMDF");
    stamp(&[&good, "--out", &out, "--arch", "mips"]).refused(2, "no architecture `mips`");
    stamp(&[&good, "--out", &out, "--date", "2026-11-21"]).refused(2, "mm/dd/yyyy");
    stamp(&["echo", "--out", &out, "--catalog", "x.inf"]).refused(15, "cannot be the name of a catalog");
    let broken = directory.file("broken.inx", "[Version]\n[Echo\n");
    stamp(&[&[&broken, "--out", &out][..], &version].concat())
        .refused(15, "broken.inx:2:1: a section header without `]`");
    stamp(&[&[&good, "--kmdf=1.15", "--out", &good][..], &version].concat())
        .refused(2, "would replace the INX file");
    let below_a_file = format!("{good}/out.inf");
    stamp(&["echo", "--out", &below_a_file]).refused(8, "cannot create");
    let mut names = directory.names();
    names.sort();
    assert_eq!(names, ["broken.inx", "good.inx"]);
    assert_eq!(fs::read_to_string(&good).unwrap(), inx("echo.inx"));
}

#[test]
fn a_file_that_is_there_is_replaced() {
    let directory = Directory::new();
    let out = directory.file("out.inf", "old");
    assert_eq!(inf(&["stamp", "echo", "--out", &out, "--catalog", "other.cat"]).code, 0);
    assert!(fs::read_to_string(&out).unwrap().contains("CatalogFile = other.cat\n"));
    assert_eq!(directory.names(), ["out.inf"]);
}

#[test]
fn an_inx_file_beside_the_manifest_is_found() {
    let directory = Directory::new();
    let package = "[package]\nname = \"my-driver\"\nversion = \"2.3.4\"\nedition = \"2024\"\n[workspace]\n\
                   [package.metadata.wdk.driver-model]\ndriver-type = \"UMDF\"\numdf-version-major = 2\ntarget-umdf-version-minor = 33\n";
    directory.file("Cargo.toml", package);
    fs::create_dir(directory.path("src")).unwrap();
    directory.file("src/lib.rs", "");
    directory.file("my_driver.inx", "[Version]\nDriverVer=\n[W]\nv = $UMDFVERSION$\n");
    let root = directory.path("");
    let ended = inf(&["stamp", &root, "--json", "--date=01/02/2026"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    let json = ended.json();
    assert_eq!((&json["version"], &json["date"]), (&"2.3.4.0".into(), &"01/02/2026".into()));
    let text = fs::read_to_string(json["inf"].as_str().unwrap()).unwrap();
    assert_eq!(text, "[Version]\nDriverVer= 01/02/2026,2.3.4.0\n[W]\nv = 2.33.0\n");
    directory.file("my-driver.inx", "[Version]\n");
    inf(&["stamp", &root]).refused(2, "there is more than one INX file");
}

#[test]
fn findings_are_explained() {
    let one = inf(&["explain", "INF1203"]);
    assert_eq!((one.code, one.out.lines().next()), (0, Some("INF1203: section not found")));
    assert_eq!(inf(&["explain", "1203"]).out, one.out);
    let all = inf(&["explain"]);
    assert!(all.out.lines().count() > 50 && all.out.contains("INF9901"), "{}", all.out);
    inf(&["explain", "INF1"]).refused(2, "there is no finding `INF1`");
}
