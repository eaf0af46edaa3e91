//! The joints that everything else hangs on, each on its own: the two stacks, the slots and tables, variadic
//! functions, panics, bug checks, faults, and machines side by side.

use wdk_tests::raw_driver;

use wdk_emulator::{Kind, Machine};
use wdk_sys::ntddk::{DbgPrint, KeBugCheckEx};
use wdk_sys::*;

raw_driver!(echo, "Joints", WdfIoQueueDispatchSequential, |config, attributes| {
    config.EvtIoWrite = Some(write);
});

unsafe extern "C" fn write(_queue: WDFQUEUE, request: WDFREQUEST, length: usize) {
    let mut buffer = std::ptr::null_mut();
    let mut size = 0;
    // SAFETY: the framework gave this driver the request.
    let status = unsafe { WdfRequestRetrieveInputBuffer(request, 1, &mut buffer, &mut size) };
    assert!(NT_SUCCESS(status) && size == length);
    // SAFETY: the buffer has that many bytes.
    let bytes = unsafe { std::slice::from_raw_parts(buffer.cast::<u8>(), size) };
    match bytes {
        b"print" => {
            let format = c"%s: %d, %I64x, '%5u', %c, %ws, %%\n";
            let wide: Vec<u16> = "wide\0".encode_utf16().collect();
            // SAFETY: the arguments are what the format asks for.
            unsafe {
                DbgPrint(
                    format.as_ptr(),
                    c"text".as_ptr(),
                    -5_i32,
                    0xDEAD_BEEF_CAFE_u64,
                    42_u32,
                    i32::from(b'x'),
                    wide.as_ptr(),
                )
            };
        }
        b"panic" => linked::guard(|| panic!("no {} today", "luck")),
        b"bug check" => {
            // SAFETY: ends the run.
            unsafe { KeBugCheckEx(0xE2, 1, 2, 3, 4) };
        }
        b"overflow" => {
            std::hint::black_box(overflow(1));
        }
        b"null" => {
            // SAFETY: not safe at all, which is the point.
            unsafe { std::ptr::null_mut::<u32>().write_volatile(1) };
        }
        b"unmodelled" => {
            // SAFETY: has no model, so nothing happens.
            unsafe { WdfRequestGetCompletionParams(request, std::ptr::dangling_mut()) };
        }
        _ => {}
    }
    // SAFETY: the driver owns the request.
    unsafe { WdfRequestCompleteWithInformation(request, STATUS_SUCCESS, length as ULONG_PTR) };
}

/// Never comes back, in frames of a kilobyte.
#[allow(unconditional_recursion)]
fn overflow(depth: u64) -> u64 {
    let frame = std::hint::black_box([depth; 128]);
    overflow(depth + 1) + frame[depth as usize % 128]
}

fn run(what: &[u8]) -> (Result<usize, wdk_emulator::Error>, Machine) {
    let machine = Machine::new();
    let driver = machine.load(&echo::DRIVER).expect("it loads");
    driver.plug(r"ROOT\JOINTS").expect("it starts");
    let file = machine.open(r"\\.\Joints").expect("it opens");
    (file.write(what), machine)
}

#[test]
fn a_write_goes_through_the_table_and_back() {
    let (result, machine) = run(b"hello");
    assert_eq!(result.unwrap(), 5);
    machine.finish().unwrap();
}

#[test]
fn variadic_functions_get_their_arguments() {
    let (result, machine) = run(b"print");
    assert_eq!(result.unwrap(), 5);
    assert_eq!(machine.take_debug_output(), ["text: -5, deadbeefcafe, '   42', x, wide, %"]);
    machine.finish().unwrap();
}

fn verdict_of(what: &[u8]) -> Box<wdk_emulator::Verdict> {
    let (result, machine) = run(what);
    let error = result.expect_err("the run stops");
    assert!(error.verdict().is_some(), "{error}");
    let verdict = machine.verdict().unwrap();
    // A stopped machine says the same to whoever asks.
    assert_eq!(machine.finish().unwrap_err().verdict().unwrap().id(), verdict.id());
    verdict
}

#[test]
fn a_panic_is_a_verdict_with_its_message_and_place() {
    let verdict = verdict_of(b"panic");
    assert_eq!(verdict.id(), "panic");
    assert!(
        verdict.effect.contains("no luck today, at ") && verdict.effect.contains("joints.rs:"),
        "{verdict}"
    );
    assert!(verdict.effect.contains("in EvtIoWrite"), "{verdict}");
}

#[test]
fn a_bug_check_is_a_verdict_with_its_parameters() {
    let verdict = verdict_of(b"bug check");
    assert_eq!(verdict.id(), "bug-check");
    assert!(verdict.effect.contains("bug check 0xE2 (0x1, 0x2, 0x3, 0x4)"), "{verdict}");
    let place = verdict.place.as_deref().expect("debug information gives the place");
    assert!(place.contains("scenarios/joints.rs:"), "{place}");
}

#[test]
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
fn a_stack_overflow_is_a_verdict() {
    assert_eq!(verdict_of(b"overflow").id(), "stack-overflow");
    // And the next machine on this thread works.
    let (result, machine) = run(b"hello");
    assert_eq!(result.unwrap(), 5);
    machine.finish().unwrap();
}

#[test]
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
fn a_bad_pointer_is_a_verdict() {
    let verdict = verdict_of(b"null");
    assert_eq!(verdict.id(), "access-violation");
    assert!(verdict.effect.contains("null pointer"), "{verdict}");
}

#[test]
fn what_has_no_model_says_so_and_blames_nobody() {
    let verdict = verdict_of(b"unmodelled");
    assert_eq!(verdict.kind, Kind::NotModelled);
    assert!(verdict.title.contains("not modelled: WdfRequestGetCompletionParams"), "{verdict}");
    assert!(verdict.title.contains("not a bug in the driver"), "{verdict}");
}

#[test]
fn machines_run_side_by_side_with_the_same_driver() {
    // On one thread, interleaved.
    let machines: Vec<_> = (0..3)
        .map(|_| {
            let machine = Machine::new();
            machine.load(&echo::DRIVER).unwrap().plug(r"ROOT\JOINTS").unwrap();
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
                    let (result, machine) = run(if index == 0 { b"bug check" } else { b"hello" });
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
mod image {
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
        machine.load(&echo::DRIVER).unwrap().plug(r"ROOT\JOINTS").unwrap();
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
