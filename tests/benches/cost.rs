//! What a write costs: `cargo bench -p wdk-tests`.
//!
//! Four ways to get bytes into a ring, interleaved in one program on one thread:
//!
//! * a: the least that a driver framework does, written out in the C convention: a request and a system buffer are
//!   allocated, the bytes copied in; a locked queue; a handler called through a pointer, which copies to the ring
//!   under a lock; a completion callback that frees both.
//! * b: the emulator with a safe driver, verifier standard.
//! * c: the emulator with the same driver against the raw API.
//! * d: an application's side of it elsewhere: `pwrite` to a file in memory (Linux).
//!
//! Times are medians of interleaved rounds; what counts is their ratios. Instructions are counted by Valgrind, where it
//! is installed, as the difference between two runs of different length. Locked instructions (atomic changes, and what
//! takes a lock) are counted by stepping through writes one instruction at a time; API calls and the locks that the
//! model takes are what the machine says that it has done.

use std::hint::black_box;
use std::time::Instant;
use wdk_emulator::{Activity, File, Machine};

#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
#[path = "cost/atomics.rs"]
mod atomics;
#[path = "cost/baseline.rs"]
mod baseline;
#[path = "cost/raw.rs"]
mod raw;
#[path = "cost/safe.rs"]
mod safe;

const SIZES: [usize; 3] = [64, 4096, 65536];
const ROUNDS: usize = 31;

/// Something that writes.
trait Writer {
    fn write(&mut self, data: &[u8]);

    /// What the machine has done so far, if there is one.
    fn activity(&self) -> Option<Activity> {
        None
    }
}

struct Emulated {
    file: File,
    machine: Machine,
}

impl Emulated {
    fn new(driver: &'static wdk_emulator::DriverModule, name: &str) -> Self {
        let machine = Machine::new();
        machine.load(driver).expect("it loads").plug(r"ROOT\COST").expect("it starts");
        let file = machine.open(name).expect("it opens");
        Self { file, machine }
    }
}

impl Writer for Emulated {
    fn write(&mut self, data: &[u8]) {
        assert_eq!(self.file.write(data).expect("it takes the write"), data.len());
    }

    fn activity(&self) -> Option<Activity> {
        Some(self.machine.activity())
    }
}

#[cfg(unix)]
struct Tmpfs(std::fs::File);

#[cfg(unix)]
impl Tmpfs {
    fn new() -> Option<Self> {
        let path = format!("/dev/shm/wdk-cost-{}", std::process::id());
        let file = std::fs::File::create(&path).ok()?;
        std::fs::remove_file(path).ok()?;
        Some(Self(file))
    }
}

#[cfg(unix)]
impl Writer for Tmpfs {
    fn write(&mut self, data: &[u8]) {
        use std::os::unix::fs::FileExt as _;
        self.0.write_all_at(data, 0).expect("there is room");
    }
}

fn writers() -> Vec<(&'static str, &'static str, Box<dyn Writer>)> {
    let mut writers: Vec<(_, _, Box<dyn Writer>)> = vec![
        ("a", "baseline", Box::new(baseline::Baseline::new())),
        ("b", "emulator, safe driver", Box::new(Emulated::new(&safe::DRIVER, r"\\.\CostSafe"))),
        ("c", "emulator, raw driver", Box::new(Emulated::new(&raw::DRIVER, r"\\.\CostRaw"))),
    ];
    #[cfg(unix)]
    if let Some(tmpfs) = Tmpfs::new() {
        writers.push(("d", "pwrite to tmpfs", Box::new(tmpfs)));
    }
    writers
}

fn run(writer: &mut dyn Writer, data: &[u8], count: usize) {
    for _ in 0..count {
        writer.write(black_box(data));
    }
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    // Under Valgrind: `cost count KEY SIZE COUNT`.
    if let [_, command, key, size, count] = arguments.as_slice()
        && command == "count"
    {
        let data = vec![7; size.parse().expect("a size")];
        let mut writers = writers();
        let writer = writers.iter_mut().find(|(k, ..)| k == key).expect("a writer");
        return run(&mut *writer.2, &data, count.parse().expect("a count"));
    }
    let mut writers = writers();
    println!("{:<24}{:>14}{:>14}{:>14}", "ns for a write of", "64 B", "4 KiB", "64 KiB");
    let mut medians = vec![Vec::new(); writers.len()];
    for size in SIZES {
        let data = vec![7; size];
        let count = (4 << 20) / (size + 4096);
        let mut times = vec![Vec::new(); writers.len()];
        for (_, _, writer) in &mut writers {
            run(&mut **writer, &data, count);
        }
        for _ in 0..ROUNDS {
            for (index, (_, _, writer)) in writers.iter_mut().enumerate() {
                let start = Instant::now();
                run(&mut **writer, &data, count);
                times[index].push(start.elapsed().as_nanos() as f64 / count as f64);
            }
        }
        for (index, times) in times.iter_mut().enumerate() {
            medians[index].push(median(times));
        }
    }
    for ((key, name, _), times) in writers.iter().zip(&medians) {
        println!("{key} {name:<22}{:>14.0}{:>14.0}{:>14.0}", times[0], times[1], times[2]);
    }
    let ratio = |name: &str, over: usize, under: usize, of: &[Vec<f64>]| {
        if let (Some(over), Some(under)) = (of.get(over), of.get(under)) {
            let r: Vec<f64> = over.iter().zip(under).map(|(o, u)| o / u).collect();
            println!("{name:<24}{:>14.2}{:>14.2}{:>14.2}", r[0], r[1], r[2]);
        }
    };
    ratio("b/a", 1, 0, &medians);
    ratio("b/c", 1, 2, &medians);
    ratio("b/d", 1, 3, &medians);

    println!("\n{:<24}{:>14}{:>14}{:>14}", "in a write of 64 B", "a", "b", "c");
    let three = |name: &str, of: &mut dyn FnMut(&mut dyn Writer) -> Option<f64>| {
        print!("{name:<24}");
        for (_, _, writer) in writers.iter_mut().take(3) {
            let text = of(&mut **writer).map_or("-".to_owned(), |count| format!("{count:.2}"));
            print!("{text:>14}");
        }
        println!();
    };
    counts(three);

    match instructions() {
        Some(counts) => {
            println!("\n{:<24}{:>14}{:>14}{:>14}", "instructions", "64 B", "4 KiB", "64 KiB");
            for (key, counts) in ["a", "b", "c"].iter().zip(&counts) {
                println!("{key:<24}{:>14.0}{:>14.0}{:>14.0}", counts[0], counts[1], counts[2]);
            }
            ratio("b/a", 1, 0, &counts);
            ratio("b/c", 1, 2, &counts);
        }
        None => println!("\ninstructions: not counted (Valgrind is not installed)"),
    }
}

/// Counts of one small write.
fn counts(mut print: impl FnMut(&str, &mut dyn FnMut(&mut dyn Writer) -> Option<f64>)) {
    const COUNT: usize = 16;
    let data = [7; 64];
    print("locked instructions", &mut |writer| locked(writer, &data, COUNT));
    let mut activity = |name: &str, of: fn(&Activity) -> u64| {
        print(name, &mut |writer| {
            let before = of(&writer.activity()?);
            run(writer, &data, COUNT);
            Some((of(&writer.activity()?) - before) as f64 / COUNT as f64)
        });
    };
    activity("locks of the model", |activity| activity.locks);
    activity("API calls", |activity| activity.api_calls);
    activity("callbacks", |activity| activity.callbacks);
}

/// Locked instructions of one write: the difference between two runs of different length.
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
fn locked(writer: &mut dyn Writer, data: &[u8], count: usize) -> Option<f64> {
    let mut steps = |count| atomics::count(64, count, &mut || writer.write(data));
    Some((steps(2 * count)? - steps(count)?) as f64 / count as f64)
}

#[cfg(not(all(target_os = "linux", target_arch = "x86_64")))]
fn locked(_: &mut dyn Writer, _: &[u8], _: usize) -> Option<f64> {
    None
}

/// Instructions of one write, for a, b and c and each size.
fn instructions() -> Option<Vec<Vec<f64>>> {
    let program = std::env::current_exe().ok()?;
    let total = |key: &str, size: usize, count: usize| -> Option<f64> {
        let output = std::process::Command::new("valgrind")
            .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
            .arg(&program)
            .args(["count", key, &size.to_string(), &count.to_string()])
            .output()
            .ok()?;
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        let line = text.lines().find(|line| line.contains("Collected"))?.to_owned();
        line.rsplit(' ').next()?.parse().ok()
    };
    ["a", "b", "c"]
        .iter()
        .map(|key| {
            SIZES
                .iter()
                .map(|&size| Some((total(key, size, 300)? - total(key, size, 100)?) / 200.0))
                .collect()
        })
        .collect()
}
