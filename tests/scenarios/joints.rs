//! The joints that everything else hangs on, each on its own: the two stacks, the slots and tables, variadic
//! functions, panics, bug checks, faults, and machines side by side.

use wdk_emulator::{Kind, Machine};
use wdk_tests::both::{Driver, Form};
use wdk_tests::both_ways;

static JOINTS: Driver =
    Driver { package: "tests/drivers/raw", service: "joints", linked: &raw_drivers::joints::DRIVER };

both_ways![
    a_write_goes_through_the_table_and_back,
    variadic_functions_get_their_arguments,
    a_panic_is_a_verdict_with_its_message_and_place,
    a_bug_check_is_a_verdict_with_its_parameters,
    #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
    a_stack_overflow_is_a_verdict,
    #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
    a_bad_pointer_is_a_verdict,
    what_has_no_model_says_so_and_blames_nobody,
    machines_run_side_by_side_with_the_same_driver,
];

fn run(form: Form, what: &[u8]) -> (Result<usize, wdk_emulator::Error>, Machine) {
    let machine = Machine::new();
    let driver = form.load(&machine, &JOINTS).expect("it loads");
    driver.plug(r"ROOT\JOINTS").expect("it starts");
    let file = machine.open(r"\\.\Joints").expect("it opens");
    (file.write(what), machine)
}

fn a_write_goes_through_the_table_and_back(form: Form) {
    let (result, machine) = run(form, b"hello");
    assert_eq!(result.unwrap(), 5);
    machine.finish().unwrap();
}

fn variadic_functions_get_their_arguments(form: Form) {
    let (result, machine) = run(form, b"print");
    assert_eq!(result.unwrap(), 5);
    assert_eq!(machine.take_debug_output(), ["text: -5, deadbeefcafe, '   42', x, wide, %"]);
    machine.finish().unwrap();
}

fn verdict_of(form: Form, what: &[u8]) -> Box<wdk_emulator::Verdict> {
    let (result, machine) = run(form, what);
    let error = result.expect_err("the run stops");
    assert!(error.verdict().is_some(), "{error}");
    let verdict = machine.verdict().unwrap();
    // A stopped machine says the same to whoever asks.
    assert_eq!(machine.finish().unwrap_err().verdict().unwrap().id(), verdict.id());
    verdict
}

fn a_panic_is_a_verdict_with_its_message_and_place(form: Form) {
    let verdict = verdict_of(form, b"panic");
    assert_eq!(verdict.id(), "panic");
    assert!(verdict.effect.contains(", at ") && verdict.effect.contains("src/joints.rs:"), "{verdict}");
    // The panic handler of images formats no messages.
    let message = "the driver panicked: no luck today";
    assert_eq!(verdict.effect.contains(message), form == Form::Linked, "{verdict}");
    assert!(verdict.effect.contains("in EvtIoWrite"), "{verdict}");
}

fn a_bug_check_is_a_verdict_with_its_parameters(form: Form) {
    let verdict = verdict_of(form, b"bug check");
    assert_eq!(verdict.id(), "bug-check");
    assert!(verdict.effect.contains("bug check 0xE2 (0x1, 0x2, 0x3, 0x4)"), "{verdict}");
    let place = verdict.place.as_deref().expect("debug information gives the place");
    assert!(place.contains("joints.rs:"), "{place}");
}

#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
fn a_stack_overflow_is_a_verdict(form: Form) {
    assert_eq!(verdict_of(form, b"overflow").id(), "stack-overflow");
    // And the next machine on this thread works.
    let (result, machine) = run(form, b"hello");
    assert_eq!(result.unwrap(), 5);
    machine.finish().unwrap();
}

#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
fn a_bad_pointer_is_a_verdict(form: Form) {
    let verdict = verdict_of(form, b"null");
    assert_eq!(verdict.id(), "access-violation");
    assert!(verdict.effect.contains("null pointer"), "{verdict}");
}

fn what_has_no_model_says_so_and_blames_nobody(form: Form) {
    let verdict = verdict_of(form, b"unmodelled");
    assert_eq!(verdict.kind, Kind::NotModelled);
    assert!(verdict.title.contains("not modelled: WdfRequestGetCompletionParams"), "{verdict}");
    assert!(verdict.title.contains("not a bug in the driver"), "{verdict}");
}

fn machines_run_side_by_side_with_the_same_driver(form: Form) {
    // On one thread, interleaved.
    let machines: Vec<_> = (0..3)
        .map(|_| {
            let machine = Machine::new();
            form.load(&machine, &JOINTS).unwrap().plug(r"ROOT\JOINTS").unwrap();
            let file = machine.open(r"\\.\Joints").unwrap();
            (machine, file)
        })
        .collect();
    for round in 1..4 {
        for (_, file) in &machines {
            assert_eq!(file.write(&vec![0; round]).unwrap(), round);
        }
    }
    for (machine, file) in machines {
        file.close().unwrap();
        machine.finish().unwrap();
    }
    // And on several threads at once, one of which stops.
    let threads: Vec<_> = (0..4)
        .map(|index| {
            std::thread::spawn(move || {
                for _ in 0..50 {
                    let (result, machine) = run(form, if index == 0 { b"bug check" } else { b"hello" });
                    assert_eq!(result.is_ok(), index != 0);
                    assert_eq!(machine.finish().is_ok(), index != 0);
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
}

/// An image in C and a linked driver go through the same bodies, in their own calling conventions.
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod c_image {
    use super::*;

    fn load(
        machine: &Machine,
        path: impl AsRef<std::path::Path>,
    ) -> wdk_emulator::Result<wdk_emulator::Driver> {
        // SAFETY: the image of this directory, whose source is beside it, or one that is refused.
        unsafe { machine.load_image(path) }
    }

    const ECHO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/images/echo/echo.sys");

    #[test]
    fn a_c_image_runs_beside_a_linked_driver() {
        let machine = Machine::new();
        load(&machine, ECHO).unwrap().plug(r"ROOT\ECHO").unwrap();
        machine.load(&raw_drivers::joints::DRIVER).unwrap().plug(r"ROOT\JOINTS").unwrap();
        let image = machine.open(r"\\.\EchoImage").unwrap();
        let linked = machine.open(r"\\.\Joints").unwrap();
        for round in 0..3 {
            assert_eq!(image.write(&[0; 7]).unwrap(), 7, "round {round}");
            assert_eq!(linked.write(&[0; 9]).unwrap(), 9, "round {round}");
        }
        assert_eq!(image.write(b"print").unwrap(), 5);
        assert_eq!(machine.take_debug_output(), ["hello from C: 1 -2 3 -4 123456789abcdef"]);
        drop((image, linked));
        machine.finish().unwrap();
    }

    #[test]
    fn an_image_s_bug_check_is_a_verdict() {
        let machine = Machine::new();
        load(&machine, ECHO).unwrap().plug(r"ROOT\ECHO").unwrap();
        let error = machine.open(r"\\.\EchoImage").unwrap().write(b"trap").unwrap_err();
        assert!(error.to_string().contains("bug check 0xC0DE (0x1, 0x2, 0x3, 0x4)"), "{error}");
    }

    #[test]
    fn what_is_no_driver_image_is_refused_with_a_reason() {
        let directory = std::env::temp_dir().join(format!("wdk-images-{}", std::process::id()));
        std::fs::create_dir_all(&directory).unwrap();
        let good = std::fs::read(ECHO).unwrap();
        let header = u32::from_le_bytes(good[0x3C..0x40].try_into().unwrap()) as usize;
        let with = |offset: usize, bytes: &[u8]| {
            let mut image = good.clone();
            image[offset..offset + bytes.len()].copy_from_slice(bytes);
            image
        };
        let cases: [(&str, Vec<u8>, &str); 6] = [
            ("empty", Vec::new(), "malformed"),
            ("text", b"this is no image at all, but long enough to look at".to_vec(), "malformed"),
            ("truncated", good[..header + 64].to_vec(), "malformed"),
            ("arm", with(header + 4, &0xAA64_u16.to_le_bytes()), "not x86-64"),
            ("user", with(header + 24 + 68, &3_u16.to_le_bytes()), "subsystem 3"),
            ("entry", with(header + 24 + 16, &0x7FFF_FFFF_u32.to_le_bytes()), "entry point"),
        ];
        for (name, bytes, expected) in cases {
            let path = directory.join(name);
            std::fs::write(&path, bytes).unwrap();
            let error = load(&Machine::new(), &path).err().expect("it is refused");
            assert!(error.to_string().contains(expected), "{name}: {error}");
        }
        let missing = load(&Machine::new(), directory.join("missing")).err().unwrap();
        assert!(missing.to_string().contains("cannot be read"), "{missing}");
        std::fs::remove_dir_all(directory).unwrap();
    }
}
