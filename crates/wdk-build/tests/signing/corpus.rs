//! Files that others signed, from a directory that the environment names.

use crate::support::skipped;
use std::path::Path;
use std::time::SystemTime;
use wdk_build::catalog;
use wdk_build::sign::{self, Error, FileKind, Image, verify};

#[test]
fn what_others_signed_holds() {
    let Some(directory) = std::env::var_os("WDK_SIGNED_CORPUS") else {
        skipped("WDK_SIGNED_CORPUS names no directory with files that others signed");
        return;
    };
    let mut counts = [0; 2];
    visit(Path::new(&directory), &mut counts);
    println!("{} images and {} catalogs hold", counts[0], counts[1]);
    assert!(counts[0] + counts[1] > 0, "there is nothing signed in it");
}

fn visit(path: &Path, counts: &mut [usize; 2]) {
    if path.is_dir() {
        for entry in std::fs::read_dir(path).unwrap() {
            visit(&entry.unwrap().path(), counts);
        }
        return;
    }
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    if !["sys", "dll", "exe", "pyd", "cat"].contains(&extension) {
        return;
    }
    let file = std::fs::read(path).unwrap();
    let now = SystemTime::now();
    match sign::kind_of(&file) {
        FileKind::Message => {
            catalog::verify(&file, &[], now).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            counts[1] += 1;
        }
        FileKind::Image if matches!(Image::parse(&file).unwrap().signature(), Err(Error::NotSigned)) => {}
        FileKind::Image => {
            verify::image(&file, &[], now).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            counts[0] += 1;
        }
        FileKind::Other => {}
    }
}
