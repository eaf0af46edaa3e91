//! Packages, of an image that is there.

use crate::support::{Files, certificate, echo, options, osslsigncode, text};
use std::fs;
use std::path::Path;
use wdk_build::catalog::{Catalog, HashKind};
use wdk_build::inf::Architecture;
use wdk_build::package::{Error, Package, Plan, may_replace};
use wdk_build::sign::Image;

/// Two files besides the image, one of them in a directory. It lists itself, as some do.
const INF: &str = "[Version]\r\nSignature=\"$WINDOWS NT$\"\r\nCatalogFile=Echo.cat\r\n\
    [Manufacturer]\r\n%m%=Dev,NTamd64\r\n[Dev.NTamd64]\r\n%m%=I,ROOT\\Echo,*ECHO\r\n\
    [SourceDisksNames]\r\n1=%m%\r\n\
    [SourceDisksFiles]\r\nECHO.sys=1\r\nreadme.txt=1,docs\r\ndata.bin=1\r\necho.inf=1\r\necho.cat=1\r\n\
    [Strings]\r\nm=\"M\"\r\n";

fn plan(inf: &str, beside: &Path) -> Result<Plan, Error> {
    Plan::new(("echo.inf", inf.as_bytes().to_vec()), Architecture::Amd64, "echo.sys", beside)
}

fn others(files: &Files) {
    fs::create_dir(files.path("docs")).unwrap();
    files.write("docs/readme.txt", "read me");
    files.write("data.bin", [0, 1, 2]);
}

fn package(files: &Files) -> Package {
    others(files);
    let plan = plan(INF, &files.path("")).unwrap();
    plan.package(&echo(), certificate().identity(), &options()).unwrap()
}

/// All files below a directory, with what they hold.
fn tree(path: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(path).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        match path.is_dir() {
            true => found
                .extend(tree(&path).into_iter().map(|(below, content)| (format!("{name}/{below}"), content))),
            false => found.push((name, fs::read(&path).unwrap())),
        }
    }
    found.sort();
    found
}

#[test]
fn a_package_has_what_the_inf_file_lists_and_a_catalog_of_it() {
    let files = Files::new();
    let package = package(&files);
    package.write(&files.path("out")).unwrap();
    let tree = tree(&files.path("out"));
    let names: Vec<_> = tree.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["ECHO.sys", "Echo.cat", "data.bin", "docs/readme.txt", "echo.inf"]);
    let catalog = Catalog::parse(&package.catalog().content).unwrap();
    let of_image = catalog.members.iter().filter_map(|member| member.hash.as_ref());
    let of_image: Vec<_> = of_image.filter(|hash| hash.kind == HashKind::Image).collect();
    assert_eq!(of_image.len(), 1);
    assert_eq!(of_image[0].digest, Image::parse(&package.image().content).unwrap().digest(), "signed");
    assert_eq!(of_image[0].digest, Image::parse(&echo()).unwrap().digest(), "unsigned");
    let ids: Vec<_> = catalog.attributes.iter().filter(|(name, _)| name.starts_with("HWID")).collect();
    assert_eq!(ids.iter().map(|(_, id)| id.as_str()).collect::<Vec<_>>(), ["root\\echo", "*echo"]);
    for name in ["echo.sys", "data.bin", "readme.txt", "echo.inf"] {
        assert!(catalog.members.iter().any(|member| member.file() == Some(name)), "{name}");
    }
}

#[test]
fn the_same_parts_make_the_same_package() {
    let (one, two) = (package(&Files::new()), package(&Files::new()));
    let bytes = |package: &Package| {
        package.files().map(|file| (file.place.clone(), file.content.clone())).collect::<Vec<_>>()
    };
    assert!(bytes(&one) == bytes(&two));
}

#[test]
fn osslsigncode_judges_a_package() {
    if !osslsigncode() {
        return;
    }
    let files = Files::new();
    package(&files).write(&files.path("out")).unwrap();
    let judged = [
        ["verify", "-CAfile", "ca.pem", "-in", "out/ECHO.sys"].as_slice(),
        &["verify", "-CAfile", "ca.pem", "-in", "out/Echo.cat"],
        &["verify", "-CAfile", "ca.pem", "-catalog", "out/Echo.cat", "-in", "out/ECHO.sys"],
    ];
    for arguments in judged {
        let said = files.must("osslsigncode", arguments);
        assert!(said.contains("Signature verification: ok"), "{said}");
    }
    // A byte of the image's code: neither its signature nor the catalog's hash is for it any more.
    let good = files.read("out/ECHO.sys");
    let mut changed = good.clone();
    changed[0x400] ^= 1;
    files.write("out/ECHO.sys", changed);
    for arguments in [judged[0], judged[2]] {
        let output = files.run("osslsigncode", arguments);
        assert!(!output.status.success(), "{}", text(&output));
    }
    files.write("out/ECHO.sys", &good);
    // A byte of the catalog, in the hash of the image.
    let mut changed = files.read("out/Echo.cat");
    let digest = Image::parse(&good).unwrap().digest();
    let place = changed.windows(32).position(|window| window == digest).unwrap();
    changed[place] ^= 1;
    files.write("out/Echo.cat", changed);
    let output = files.run("osslsigncode", judged[1]);
    assert!(!output.status.success(), "{}", text(&output));
}

#[test]
fn only_a_package_is_replaced() {
    let files = Files::new();
    let package = package(&files);
    let out = files.path("out");
    package.write(&out).unwrap();
    let before = tree(&out);
    package.write(&out).unwrap();
    assert!(tree(&out) == before);
    // What somebody put there stays, and so does the package.
    for name in ["notes.txt", "docs/notes.txt", "other.cat"] {
        fs::write(out.join(name), "mine").unwrap();
        let error = package.write(&out).unwrap_err().to_string();
        assert!(error.contains(&format!("`{name}` is in it")), "{error}");
        fs::remove_file(out.join(name)).unwrap();
        assert!(tree(&out) == before);
    }
    // A catalog in a directory of somebody's does not make a package of it.
    let home = files.path("home");
    fs::create_dir(&home).unwrap();
    may_replace(&home).unwrap();
    fs::write(home.join("thesis.txt"), "years").unwrap();
    fs::copy(out.join("Echo.cat"), home.join("Echo.cat")).unwrap();
    assert!(matches!(may_replace(&home), Err(Error::Occupied { .. })));
    fs::write(files.path("file"), "").unwrap();
    assert!(matches!(may_replace(&files.path("file")), Err(Error::File(_))));
}

#[test]
fn what_cannot_be_a_package_is_said() {
    let files = Files::new();
    let said = |inf: &str| plan(inf, &files.path("")).unwrap_err().to_string();
    assert!(said(INF).contains("lists `readme.txt`, and there is no"), "{}", said(INF));
    others(&files);
    plan(INF, &files.path("")).unwrap();
    let other = INF.replace("ECHO.sys=1", "other.sys=1");
    assert!(said(&other).contains("the image is `echo.sys`, and the INF file lists `other.sys`, "));
    assert!(said(&INF.replace("[SourceDisksFiles]", "[x]")).contains("no [SourceDisksFiles]"));
    assert!(said(&INF.replace("NTamd64", "NTarm64")).contains("installs nothing on amd64"));
    assert!(said(&INF.replace("CatalogFile=Echo.cat", "x=y")).contains("has no CatalogFile"));
    assert!(said(&INF.replace("=1,docs", "=1,..\\docs")).contains("cannot be in a package"));
    assert!(said(&INF.replace("Echo.cat", "..\\Echo.cat")).contains("cannot be in a package"));
    // A directory in place of a file.
    fs::remove_file(files.path("data.bin")).unwrap();
    fs::create_dir(files.path("data.bin")).unwrap();
    assert!(said(INF).contains("it is a directory"), "{}", said(INF));
}

#[test]
fn an_image_that_cannot_be_signed_makes_no_package() {
    let files = Files::new();
    others(&files);
    let plan = plan(INF, &files.path("")).unwrap();
    let cut = &echo()[..0x300];
    let error = plan.package(cut, certificate().identity(), &options()).unwrap_err();
    assert!(matches!(&error, Error::Sign(name, _) if name == "ECHO.sys"), "{error}");
}
