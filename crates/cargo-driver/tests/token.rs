//! Signing with a key on a PKCS#11 token: SoftHSM plays the token. Needs the feature `pkcs11`, SoftHSM and openssl.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output};

/// Where distributions put SoftHSM's library.
const MODULES: [&str; 4] = [
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
    "/opt/homebrew/lib/softhsm/libsofthsm2.so",
];

fn must(output: Output) -> String {
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text).into_owned();
    assert!(output.status.success(), "{text}");
    text
}

#[test]
fn a_key_on_a_token_signs() {
    let Some(module) = MODULES.into_iter().find(|path| Path::new(path).is_file()) else {
        assert!(std::env::var_os("WDK_REQUIRE_SOFTHSM").is_none(), "SoftHSM is demanded, and not installed");
        // Not through `eprintln!`, which the harness keeps to itself when a test passes.
        let _ =
            writeln!(std::io::stderr(), "SKIPPED: SoftHSM is not installed, so no key on a token is tried");
        return;
    };
    let place = tempfile::tempdir().unwrap();
    let path = |name: &str| place.path().join(name);
    fs::create_dir(path("tokens")).unwrap();
    fs::write(path("softhsm.conf"), format!("directories.tokendir = {}\n", path("tokens").display()))
        .unwrap();
    let run = |program: &str, arguments: &[&str]| {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(place.path()).env("SOFTHSM2_CONF", path("softhsm.conf"));
        command.output().unwrap()
    };
    let driver = |arguments: &[&str]| run(env!("CARGO_BIN_EXE_cargo-driver"), arguments);
    must(driver(&["cert", "new", "--name", "On a Token", "--out", "."]));
    let init = ["--init-token", "--free", "--label", "drivers", "--so-pin", "1234", "--pin", "5678"];
    must(run("softhsm2-util", &init));
    let import = ["--import", "test-signing.pem", "--token", "drivers", "--label", "signing", "--id", "01"];
    must(run("softhsm2-util", &[&import[..], &["--pin", "5678"]].concat()));
    fs::remove_file(path("test-signing.pem")).unwrap();
    fs::remove_file(path("test-signing.pfx")).unwrap();
    let image = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/images/echo/echo.sys");
    fs::copy(image, path("echo.sys")).unwrap();

    let key = |label: &'static str, pin: &'static str| {
        let certificate = ["--cert", "test-signing.cer", "--pkcs11-module", module];
        [&certificate[..], &["--pkcs11-key", label, "--pkcs11-token", "drivers", "--password", pin]].concat()
    };
    let sign = |key: Vec<&str>| driver(&[&["sign", "echo.sys"], &key[..]].concat());
    let refused = |output: Output, words: &str| {
        let err = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(13), "{err}");
        assert!(err.contains(words), "{words:?} in {err}");
    };
    refused(sign(key("signing", "0000")), "the password does not open the PKCS#11 token");
    refused(sign(key("other", "5678")), "no RSA key with the label `other`");
    let none = ["--cert", "test-signing.cer", "--pkcs11-module", "none.so", "--pkcs11-key", "signing"];
    refused(sign(none.to_vec()), "cannot load `none.so`");
    must(sign(key("signing", "5678")));
    let said = must(driver(&["sign", "verify", "echo.sys", "--ca", "test-signing.cer"]));
    assert!(said.contains("CN=On a Token"), "{said}");
}
