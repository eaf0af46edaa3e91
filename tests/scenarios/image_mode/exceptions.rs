//! Structured exceptions in C.

use super::{call, open, verdict};
use wdk_emulator::{File, Machine};
use wdk_sys::{METHOD_NEITHER, STATUS_ACCESS_VIOLATION, STATUS_SUCCESS};

fn seh() -> (Machine, File) {
    open(Machine::new(), "seh", r"\\.\Seh")
}

fn finish(machine: Machine, file: File) {
    drop(file);
    machine.finish().unwrap();
}

#[test]
fn filter_then_termination_handler_then_handler() {
    let (machine, file) = seh();
    // 1 before the raise, 3 the filter, 2 the __finally of the callee, 4 the __except.
    assert_eq!(call(&file, 1, 0xC000_0022).unwrap(), 0x1324);
    assert_eq!(call(&file, 1, 0xC000_009A).unwrap(), 0x1324);
    finish(machine, file);
}

#[test]
fn a_filter_that_declines_leaves_it_to_the_next() {
    let (machine, file) = seh();
    assert_eq!(call(&file, 2, 0).unwrap(), 0x1325);
    finish(machine, file);
}

#[test]
fn what_nobody_takes_stops_the_system() {
    let (_machine, file) = seh();
    let verdict = verdict(&file, 3, 0xC000_0022);
    assert_eq!(verdict.id(), "exception-not-handled");
    assert!(verdict.effect.contains("0xC0000022"), "{verdict}");
    // Raised in the callee; the two functions above it are there, too.
    assert!(verdict.backtrace.len() >= 3, "{verdict}");
}

#[test]
fn a_fault_of_the_processor_is_an_exception() {
    let (machine, file) = seh();
    assert_eq!(call(&file, 4, 0).unwrap(), 42);
    assert_eq!(call(&file, 6, 0x10).unwrap(), 0xC000_0005);
    assert_eq!(call(&file, 9, 0).unwrap(), 3);
    finish(machine, file);
}

#[test]
fn termination_handlers_run_without_an_exception_too() {
    let (machine, file) = seh();
    assert_eq!(call(&file, 5, 0).unwrap(), 0x678);
    assert_eq!(call(&file, 5, 1).unwrap(), 0x68);
    finish(machine, file);
}

#[test]
fn a_thousand_exceptions_leave_no_stack_behind() {
    let (machine, file) = seh();
    assert_eq!(call(&file, 7, 1000).unwrap(), 1000);
    finish(machine, file);
}

#[test]
fn a_filter_can_mend_the_context_and_go_on() {
    let (machine, file) = seh();
    assert_eq!(call(&file, 8, 0).unwrap(), 77);
    finish(machine, file);
}

const COPY: u32 = 0x22_0000 | METHOD_NEITHER;

#[test]
fn a_program_s_buffers_are_copied_and_its_bad_ones_survived() {
    let (machine, file) = seh();
    let input = *b"from the program";
    let mut output = [0_u8; 16];
    let (from, to) = (input.as_ptr().expose_provenance(), output.as_mut_ptr().expose_provenance());
    let run = |input, output| {
        // SAFETY: both buffers are this function's and live until the request is done, or there is no memory; the
        // driver is an image.
        let request = unsafe { file.start_ioctl_at(COPY, input, output) };
        request.unwrap().wait().unwrap()
    };
    let done = run((from, 16), (to, 16));
    assert_eq!((done.status, done.information), (STATUS_SUCCESS, 16));
    assert_eq!(output, input);
    let bad: [((usize, usize), (usize, usize)); 6] = [
        // Null, memory that is not there, an address of the system, a range that wraps.
        ((0, 16), (to, 16)),
        ((from, 16), (0x1000, 16)),
        ((0x1234_5000, 16), (to, 16)),
        ((0xFFFF_8000_0000_0000, 16), (to, 16)),
        ((usize::MAX - 4, 16), (to, 16)),
        // Memory that cannot be written.
        ((from, 16), (STATIC.as_ptr().expose_provenance(), 16)),
    ];
    for (input, output) in bad {
        let done = run(input, output);
        assert_eq!(done.status, STATUS_ACCESS_VIOLATION, "{input:x?} {output:x?}");
    }
    let done = run((from, 16), (to, 8));
    assert_eq!((done.status, done.information), (STATUS_SUCCESS, 8));
    finish(machine, file);
}

static STATIC: [u8; 16] = *b"cannot be wrote!";

#[test]
fn other_methods_have_no_addresses() {
    let (machine, file) = seh();
    // SAFETY: refused before the driver sees it.
    let refused = unsafe { file.start_ioctl_at(0x22_0000, (0, 0), (0, 0)) };
    assert!(refused.is_err());
    finish(machine, file);
}
