//! `cargo driver cert`, `sign` and `catalog`, as their users start them.

use serde_json::Value;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

/// The exit code of everything that is refused.
const REFUSED: i32 = 13;

/// A directory with a certificate (its PFX has the password `secret`) and a driver package.
struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        fs::create_dir(place.path("package")).unwrap();
        let image = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/images/echo/echo.sys");
        fs::copy(image, place.path("package/echo.sys")).unwrap();
        fs::write(place.path("package/echo.inf"), "[Version]\r\n").unwrap();
        place.ok(&["cert", "new", "--name", "Test", "--out", "certs", "--pfx-password", "secret"]);
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-driver"));
        command.args(arguments).current_dir(self.0.path()).env_remove("SOURCE_DATE_EPOCH");
        command.output().unwrap()
    }

    /// Has to succeed; returns stdout.
    fn ok(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let err = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {err}");
        assert_eq!(err, "", "{arguments:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Has to fail with a code and one message with these words.
    fn refused(&self, code: i32, words: &str, arguments: &[&str]) {
        let output = self.run(arguments);
        let err = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {err}");
        assert!(err.contains(words), "{arguments:?}: {words:?} in {err}");
        assert!(err.starts_with("error: "), "{err}");
        assert_eq!(String::from_utf8_lossy(&output.stdout), "", "{arguments:?}");
    }

    /// What is in the package's directory.
    fn listing(&self) -> Vec<String> {
        let entries = fs::read_dir(self.path("package")).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

const PFX: [&str; 4] = ["--pfx", "certs/test-signing.pfx", "--password", "secret"];
const CA: [&str; 2] = ["--ca", "certs/test-signing.cer"];

fn join<'a>(parts: &[&[&'a str]]) -> Vec<&'a str> {
    parts.concat()
}

#[test]
fn a_package_is_signed_and_checked() {
    let place = Place::new();
    place.ok(&join(&[&["sign", "package/echo.sys"], &PFX]));
    let new = ["catalog", "new", "package", "--out", "package/echo.cat", "--hwid", "ROOT\\Echo"];
    let said = place.ok(&join(&[&new, &PFX]));
    assert!(said.contains("2 files, signed as CN=Test"), "{said}");
    let verify = ["sign", "verify", "package/echo.sys", "package/echo.cat", "--json"];
    let report: Value = serde_json::from_str(&place.ok(&join(&[&verify, &CA]))).unwrap();
    assert_eq!(report[0]["kind"], "image");
    assert_eq!(report[1]["kind"], "catalog");
    for file in [&report[0], &report[1]] {
        assert_eq!(file["ok"], true);
        assert_eq!(file["signature"]["signer"], "CN=Test");
        assert_eq!(file["signature"]["trusted_root"], "CN=Test");
    }
    let list: Value =
        serde_json::from_str(&place.ok(&["catalog", "list", "package/echo.cat", "--json"])).unwrap();
    // By SHA-256, and by SHA-1 as a tag.
    assert_eq!(list["members"].as_array().unwrap().len(), 4);
    let image = list["members"]
        .as_array()
        .unwrap()
        .iter()
        .find(|member| member["file"] == "echo.sys" && member["hash"].is_string())
        .unwrap();
    assert_eq!(image["hash"], report[0]["sha256"], "the hash in the catalog is the image's");
    assert_eq!(image["kind"], "image");
    let said = place.ok(&["catalog", "list", "package/echo.cat"]);
    assert!(said.contains("root\\echo") && said.contains("SHA-256 (image)"), "{said}");
    place.ok(&join(&[&["catalog", "check", "package/echo.cat", "package"], &CA]));
    let inf = ["sign", "verify", "package/echo.inf", "--catalog", "package/echo.cat"];
    place.ok(&join(&[&inf, &CA]));
    assert_eq!(place.listing(), ["echo.cat", "echo.inf", "echo.sys"]);

    // A changed byte, and both notice.
    let mut image = fs::read(place.path("package/echo.sys")).unwrap();
    image[0x400] ^= 1;
    fs::write(place.path("package/echo.sys"), image).unwrap();
    place.refused(REFUSED, "changed after it was signed", &["sign", "verify", "package/echo.sys"]);
    let check = ["catalog", "check", "package/echo.cat", "package"];
    place.refused(REFUSED, "`echo.sys` is not what the catalog lists", &check);
    fs::write(place.path("package/echo.inf"), "[Version]").unwrap();
    place.refused(REFUSED, "`echo.inf` is not what the catalog lists", &inf);
}

#[test]
fn the_same_is_signed_the_same() {
    let place = Place::new();
    let now = wdk_build::time::text(std::time::SystemTime::now());
    let time = ["--time", &now];
    let once = || {
        place.ok(&join(&[&["sign", "package/echo.sys"], &PFX, &time]));
        place.ok(&join(&[&["catalog", "new", "package", "--out", "package/echo.cat"], &PFX, &time]));
        [fs::read(place.path("package/echo.sys")).unwrap(), fs::read(place.path("package/echo.cat")).unwrap()]
    };
    assert!(once() == once());
    // Elsewhere, and the file stays as it is.
    let before = fs::read(place.path("package/echo.sys")).unwrap();
    place.ok(&join(&[&["sign", "package/echo.sys", "--page-hashes", "--out", "signed.sys"], &PFX]));
    assert!(fs::read(place.path("package/echo.sys")).unwrap() == before);
    assert!(fs::read(place.path("signed.sys")).unwrap() != before);
}

#[test]
fn bad_keys_and_passwords_are_refused() {
    let place = Place::new();
    place.ok(&["cert", "new", "--name", "Other", "--out", "other"]);
    let before = fs::read(place.path("package/echo.sys")).unwrap();
    let sign = ["sign", "package/echo.sys"];
    let pfx = ["--pfx", "certs/test-signing.pfx"];
    place.refused(REFUSED, "password does not open", &join(&[&sign, &pfx]));
    place.refused(REFUSED, "password does not open", &join(&[&sign, &pfx, &["--password", "x"]]));
    place.refused(8, "cannot read `none.pfx`", &join(&[&sign, &["--pfx", "none.pfx"]]));
    place.refused(8, "it is a directory", &join(&[&sign, &["--pfx", "certs"]]));
    place.refused(REFUSED, "no PFX", &join(&[&sign, &["--pfx", "package/echo.inf"]]));
    place.refused(2, "no key is given", &sign);
    place.refused(2, "--cert", &join(&[&sign, &["--key", "certs/test-signing.pem"]]));
    let other = ["--key", "certs/test-signing.pem", "--cert", "other/test-signing.cer"];
    place.refused(REFUSED, "does not belong to the certificate of `CN=Other`", &join(&[&sign, &other]));
    let swapped = ["--key", "certs/test-signing.cer", "--cert", "certs/test-signing.cer"];
    place.refused(REFUSED, "no private key in PEM", &join(&[&sign, &swapped]));
    let late = ["--time", "2100-01-01T00:00:00Z"];
    place.refused(REFUSED, "expired on", &join(&[&sign, &PFX, &late]));
    let early = ["--time", "2000-01-01T00:00:00Z"];
    place.refused(REFUSED, "is not valid before", &join(&[&sign, &PFX, &early]));
    place.refused(2, "is no time", &join(&[&sign, &PFX, &["--time", "noon"]]));
    let url = ["--timestamp", "https://example.com"];
    place.refused(REFUSED, "http://", &join(&[&sign, &PFX, &url]));
    assert!(fs::read(place.path("package/echo.sys")).unwrap() == before, "nothing was written");
    assert_eq!(place.listing(), ["echo.inf", "echo.sys"]);

    fs::write(place.path("password"), "secret\r\nrest").unwrap();
    place.ok(&join(&[&sign, &pfx, &["--password-file", "password"]]));
    place.ok(&join(&[&sign, &["--pfx", "other/test-signing.pfx"]]));
    let trusted = join(&[&["sign", "verify", "package/echo.sys"], &CA]);
    place.refused(REFUSED, "nothing that is trusted vouches for `CN=Other`", &trusted);
}

#[test]
fn what_cannot_be_signed_is_left_alone() {
    let place = Place::new();
    let both = ["sign", "package/echo.sys", "package/echo.inf"];
    let before = fs::read(place.path("package/echo.sys")).unwrap();
    place.refused(REFUSED, "neither a PE image nor a catalog", &join(&[&both, &PFX]));
    assert!(fs::read(place.path("package/echo.sys")).unwrap() == before, "all or none");
    place.refused(8, "cannot read `none.sys`", &join(&[&["sign", "none.sys"], &PFX]));
    place.refused(8, "it is a directory", &join(&[&["sign", "package"], &PFX]));
    fs::write(place.path("cut.sys"), &before[..0x300]).unwrap();
    place.refused(REFUSED, "no PE image that can be signed", &join(&[&["sign", "cut.sys"], &PFX]));
    fs::write(place.path("bad.cat"), [0x30, 0x82, 0, 0]).unwrap();
    place.refused(REFUSED, "this is no catalog", &join(&[&["sign", "bad.cat"], &PFX]));
    place.refused(REFUSED, "this is no catalog", &["catalog", "list", "bad.cat"]);
    place.refused(REFUSED, "it has no signature", &["sign", "verify", "package/echo.sys"]);
    place.refused(2, "--out is for one file", &join(&[&both, &PFX, &["--out", "x"]]));
    place.refused(
        2,
        "no system that Inf2Cat knows",
        &["catalog", "new", "package", "--out", "x", "--os", "11"],
    );
    fs::copy(place.path("cut.sys"), place.path("package/cut.sys")).unwrap();
    let new = ["catalog", "new", "package", "--out", "package/echo.cat"];
    place.refused(REFUSED, "`cut.sys`", &new);
    assert_eq!(place.listing(), ["cut.sys", "echo.inf", "echo.sys"]);
    fs::remove_file(place.path("package/cut.sys")).unwrap();
    place.refused(8, "cannot write", &["catalog", "new", "package", "--out", "none/echo.cat"]);
}

#[test]
fn certificates_are_made_and_shown() {
    let place = Place::new();
    let again = ["cert", "new", "--name", "Test", "--out", "certs"];
    place.refused(8, "exists already", &again);
    place.ok(&join(&[&again, &["--force"]]));
    place.refused(2, "cannot be the name", &["cert", "new", "--name", "", "--out", "new"]);
    assert!(!place.path("new").exists());
    place.refused(2, "0 is not in 1..=36500", &["cert", "new", "--name", "x", "--out", "new", "--days", "0"]);
    fs::write(place.path("file"), "").unwrap();
    place.refused(8, "cannot create `file/certs`", &["cert", "new", "--name", "x", "--out", "file/certs"]);
    let shown = place.ok(&["cert", "show", "certs/test-signing.cer", "--json"]);
    let shown: Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(shown[0]["subject"], "CN=Test");
    assert_eq!(shown[0]["signs_drivers"], true);
    place.refused(REFUSED, "there is no certificate", &["cert", "show", "package/echo.inf"]);
    let new = ["cert", "new", "--name", "Große Firma, Inc. = 1", "--out", "new", "--file-name", "x"];
    let made = place.ok(&join(&[&new, &["--json", "--days", "2"]]));
    let made: Value = serde_json::from_str(&made).unwrap();
    assert_eq!(made["files"].as_array().unwrap().len(), 3);
    assert!(place.path("new/x.pfx").is_file());
}
