//! `docs/design/coverage.md` says what is there. `WDK_BLESS=1` writes it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use wdk_emulator::coverage::{self, Coverage};

fn page() -> String {
    let (kmdf, nt) = (coverage::kmdf(), coverage::nt());
    let count = |list: &[Coverage]| list.iter().filter(|function| function.modelled).count();
    let declared = wdk_sys::NTDDK_DECLARED;
    let mut out = String::from(
        "# Coverage\n\n\
         What a driver can call, and what of it the emulator has a model of. Anything else stops the run with \"not modelled\"\n\
         and its name. The page is made from the code: `WDK_BLESS=1 cargo test -p wdk-tests --test coverage` writes it, and\n\
         without the variable that test fails when the page is out of date.\n\n",
    );
    writeln!(out, "| | stated | modelled |\n|---|---|---|").unwrap();
    writeln!(out, "| KMDF 1.33 | {} | {} |", kmdf.len(), count(&kmdf)).unwrap();
    writeln!(out, "| kernel functions (`wdk_sys::ntddk`) | {} | {} |", nt.len() + declared, count(&nt))
        .unwrap();
    for (name, declared) in [
        ("functions of `wdk_sys::windows`, for UMDF", wdk_sys::WINDOWS_DECLARED),
        ("functions of `wdk_sys::hid`", wdk_sys::HID_DECLARED),
        ("functions of `wdk_sys::usb`", wdk_sys::USB_DECLARED),
    ] {
        writeln!(out, "| {name} | {declared} | 0 |").unwrap();
    }
    out.push_str(
        "\nThe kernel functions are those of `ntifs.h` and `ntddk.h` that Microsoft's metadata describes and a module of the kernel\n\
         exports. Not stated: what is inline in C, and two variadic functions (`DbgPrintReturnControlC`, `RtlInitializeSidEx`).\n",
    );
    section(&mut out, "KMDF", &kmdf);
    section(&mut out, "Kernel", &nt);
    forms(&mut out);
    out
}

/// Why some tests have only linked drivers.
const LINKED_ONLY: [(&str, &str); 1] = [("tests/scenarios/activity.rs", "its drivers are the benchmark's")];

/// In which form the tests of the emulator and of `wdk` load their drivers.
fn forms(out: &mut String) {
    let mut both = BTreeMap::new();
    let mut closures = BTreeMap::new();
    let mut others = Vec::new();
    for directory in ["tests/scenarios", "tests/scenarios/safe"] {
        let absolute = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(directory);
        for entry in std::fs::read_dir(absolute).unwrap() {
            let path = entry.unwrap().path();
            let Ok(source) = std::fs::read_to_string(&path) else { continue };
            let name = format!("{directory}/{}", path.file_name().unwrap().to_str().unwrap());
            let tests = source.lines().filter(|line| line.trim() == "#[test]").count();
            let lists = source.split("\nboth_ways![").skip(1).filter_map(|rest| rest.split("];").next());
            let lines = lists.flat_map(|list| list.lines().map(str::trim));
            let names = lines.filter(|line| !line.starts_with('#')).flat_map(|line| line.split(','));
            let twice = names.filter(|name| !name.trim().is_empty()).count();
            if twice > 0 {
                both.insert(name, twice);
            } else if source.contains("\nuse wdk_tests::raw::lab") {
                closures.insert(name, tests);
            } else if let Some((_, why)) = LINKED_ONLY.iter().find(|(file, _)| *file == name) {
                others.push(format!("`{name}` {tests} ({why})"));
            } else {
                // Tests of images, and of what is the same in both forms, load no linked driver.
                assert!(
                    !source.contains("machine.load(&") || name.ends_with("/coverage.rs"),
                    "{name} has linked drivers only: say why"
                );
            }
        }
    }
    out.push_str(
        "\n## Tests\n\nA test runs both ways, with the driver linked and as an image, where the driver is a crate. The others are linked only.\n\n",
    );
    both.insert("tests/drivers/conformance".to_owned(), conformance::experiments::ALL.len());
    for (what, files) in
        [("both ways", both), ("linked only, because the callbacks are closures of the test", closures)]
    {
        let each: Vec<_> = files.iter().map(|(file, count)| format!("`{file}` {count}")).collect();
        writeln!(out, "* {what}: {} tests: {}", files.values().sum::<usize>(), each.join(", ")).unwrap();
    }
    writeln!(out, "* linked only, for a reason of their own: {}", others.join(", ")).unwrap();
    out.push_str("* linked only, because they are examples: the documentation of `wdk`\n");
}

/// The modelled functions of each header or module.
fn section(out: &mut String, title: &str, list: &[Coverage]) {
    let mut places: BTreeMap<&str, (usize, Vec<&str>)> = BTreeMap::new();
    for function in list {
        let (stated, modelled) = places.entry(function.place).or_default();
        *stated += 1;
        if function.modelled {
            modelled.push(function.name);
        }
    }
    writeln!(out, "\n## {title}\n").unwrap();
    for (place, (stated, modelled)) in places {
        match &modelled[..] {
            [] => writeln!(out, "* `{place}`: none of {stated}").unwrap(),
            names => writeln!(out, "* `{place}`: {} of {stated}: {}", names.len(), names.join(", ")).unwrap(),
        }
    }
}

#[test]
fn the_page_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/design/coverage.md");
    let page = page();
    if std::env::var_os("WDK_BLESS").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let there = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(there == page, "{} is out of date: run this test with WDK_BLESS=1", path.display());
}
