//! Instructions that only a kernel may execute.

use super::{call, open, verdict};
use std::cell::RefCell;
use std::rc::Rc;
use wdk_emulator::{File, Kind, Machine, Ports, Verdict, Width};

fn traps() -> (Machine, File) {
    open(Machine::new(), "traps", r"\\.\Traps")
}

fn stopped(function: u32) -> Verdict {
    let (_machine, file) = traps();
    verdict(&file, function, 0)
}

#[test]
fn the_irql_is_read_from_cr8() {
    let (machine, file) = traps();
    assert_eq!(call(&file, 1, 0).unwrap(), 0);
    assert_eq!(call(&file.at_dispatch(), 1, 0).unwrap(), 2);
    drop(file);
    machine.finish().unwrap();
}

#[test]
fn a_dpc_runs_when_cr8_drops_and_not_before() {
    for seed in 1..20 {
        let (machine, file) =
            open(Machine::builder().seed(seed).processors(1).build(), "traps", r"\\.\Traps");
        // IRQL 2 in between; the DPC had not run before it dropped, and had after.
        assert_eq!(call(&file, 2, 0).unwrap(), 0x201, "seed {seed}");
        drop(file);
        machine.finish().unwrap();
    }
}

#[test]
fn what_is_no_irql_is_refused() {
    let verdict = stopped(18);
    assert_eq!(verdict.id(), "irql");
    assert!(verdict.effect.contains("0x63 was moved to cr8"), "{verdict}");
}

#[test]
fn a_breakpoint_without_a_debugger_stops_the_system() {
    let verdict = stopped(3);
    assert_eq!(verdict.id(), "breakpoint");
    assert!(verdict.place.as_deref().is_some_and(|place| place.starts_with("traps.sys+0x")), "{verdict}");
}

#[test]
fn an_assertion_is_a_verdict() {
    assert_eq!(stopped(4).id(), "assertion");
}

#[test]
fn a_fast_fail_names_its_code() {
    let verdict = stopped(5);
    assert_eq!(verdict.id(), "fast-fail");
    assert!(verdict.effect.contains("fast fail 3 (FAST_FAIL_CORRUPT_LIST_ENTRY)"), "{verdict}");
}

#[test]
fn the_processor_block_has_what_headers_read() {
    let (machine, file) = traps();
    assert_eq!(call(&file, 6, 0).unwrap(), 3);
    drop(file);
    machine.finish().unwrap();
    let verdict = stopped(7);
    assert_eq!(verdict.kind, Kind::NotModelled);
    assert!(verdict.title.contains("not modelled: the processor block (gs:) at 0x28"), "{verdict}");
}

#[test]
fn the_shared_page_has_the_time() {
    let (machine, file) = traps();
    let before = machine.now().as_nanos() as u64 / 100;
    let interrupt_time = call(&file, 8, 0).unwrap();
    let after = machine.now().as_nanos() as u64 / 100;
    assert!((before..=after).contains(&interrupt_time), "{before} {interrupt_time} {after}");
    // 2026-01-01 in 100 ns since 1601, and a machine that has not run for a day.
    let system_time = call(&file, 9, 0).unwrap();
    let new_year = (1_767_225_600 + 11_644_473_600) * 10_000_000;
    assert!((new_year..new_year + 864_000_000_000).contains(&system_time), "{system_time}");
    // A loop that waits for the clock ends, and the version is that of Windows 10 and 11.
    assert_eq!(call(&file, 10, 0).unwrap(), 10);
    assert_eq!(call(&file, 20, 0).unwrap(), 1);
    drop(file);
    machine.finish().unwrap();
    assert!(stopped(11).title.contains("not modelled: KUSER_SHARED_DATA at 0x700"));
}

#[test]
fn what_is_no_instruction_is_a_verdict() {
    assert_eq!(stopped(12).id(), "illegal-instruction");
}

#[test]
fn a_division_by_zero_is_a_verdict() {
    let (machine, file) = traps();
    assert_eq!(call(&file, 13, 8).unwrap(), 125);
    assert_eq!(verdict(&file, 13, 0).id(), "divide-error");
    assert!(machine.finish().is_err());
}

#[test]
fn the_time_stamp_counter_is_virtual_and_the_host_s_clock_still_works() {
    let run = || {
        let start = std::time::Instant::now();
        let (machine, file) = traps();
        let ticks = call(&file, 14, 0).unwrap();
        // Reads the host's clock through the vDSO, on the thread that made `rdtsc` trap.
        assert!(start.elapsed() < std::time::Duration::from_secs(60));
        drop(file);
        machine.finish().unwrap();
        ticks
    };
    let ticks = run();
    assert!(ticks > 0);
    assert_eq!(ticks, run(), "the same seed gives the same time");
}

struct Uart {
    written: Rc<RefCell<Vec<(u16, u32)>>>,
}

impl Ports for Uart {
    fn read(&mut self, port: u16, width: Width) -> u32 {
        match width {
            Width::Byte => u32::from(port & 0xFF),
            _ => 0xABCD_0000 | u32::from(port),
        }
    }

    fn write(&mut self, port: u16, width: Width, value: u32) {
        assert_eq!(width, Width::Byte);
        self.written.borrow_mut().push((port, value));
    }
}

#[test]
fn ports_lead_to_a_device_s_model() {
    let (machine, file) = traps();
    let written = Rc::new(RefCell::new(Vec::new()));
    machine.add_ports(0x3F8..=0x3FF, Uart { written: written.clone() });
    assert_eq!(call(&file, 15, 0x1C2).unwrap(), 0xAB_CD03_FCF9);
    assert_eq!(*written.borrow(), [(0x3F8, 0xC2)]);
    drop(file);
    machine.finish().unwrap();
    let verdict = stopped(15);
    assert!(verdict.title.contains("not modelled: port 0x3f8"), "{verdict}");
    assert!(verdict.effect.contains("no device model"), "{verdict}");
}

#[test]
fn what_only_an_operating_system_does_is_not_modelled() {
    for (function, name) in [(16, "cli"), (17, "rdmsr")] {
        let verdict = stopped(function);
        assert_eq!(verdict.kind, Kind::NotModelled);
        assert!(verdict.title.contains(&format!("not modelled: {name} ")), "{verdict}");
    }
}

#[test]
fn registers_and_flags_survive_a_trap() {
    let (machine, file) = traps();
    // r13 + r11 + the carry of the comparison before the trap + xmm9 unharmed.
    assert_eq!(call(&file, 19, 0).unwrap(), 0x1122_3344_5566_7788 + 7 + 1 + 1);
    drop(file);
    machine.finish().unwrap();
}
