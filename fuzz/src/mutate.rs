//! The image loader's parsing and layout under mutated driver images, on any toolchain: no coverage, but knowledge of
//! the format.
//!
//! `cargo run --release --bin mutate -- [EXECUTIONS [SEED [IMAGE…]]]`. A failure writes the input to
//! `crash-SEED-NUMBER.sys` in the current directory and ends with exit code 1.

#![forbid(unsafe_code)]

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::time::Instant;

/// SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }
}

fn word(data: &[u8], at: usize) -> usize {
    data.get(at..at + 4).map_or(0, |bytes| u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]) as usize)
}

/// The places of a good image that say something: headers, directories, tables. Ranges of the file.
fn interesting(image: &[u8]) -> Vec<(usize, usize)> {
    let header = word(image, 0x3C);
    let optional = header + 24;
    let sections = usize::from(image[header + 6]);
    let table = optional + 240;
    let mut places = vec![(0x3C, 4), (header, 24), (optional, 112), (optional + 112, 128), (table, sections * 40)];
    for directory in [1, 3, 5, 6, 10] {
        let address = word(image, optional + 112 + directory * 8);
        let size = word(image, optional + 116 + directory * 8);
        for section in 0..sections {
            let at = table + section * 40;
            let start = word(image, at + 12);
            if address != 0 && (start..start + word(image, at + 8)).contains(&address) {
                let offset = address - start + word(image, at + 20);
                places.push((offset, size.min(4096)));
                // What the tables point to is mostly behind them, in the same section.
                places.push((offset, word(image, at + 16).saturating_sub(address - start)));
            }
        }
    }
    places.retain(|&(offset, size)| size > 0 && offset + size <= image.len());
    places
}

fn mutate(random: &mut Random, data: &mut Vec<u8>, places: &[(usize, usize)]) {
    const VALUES: [u64; 16] = [
        0, 1, 2, 7, 8, 0x28, 0xFFF, 0x1000, 0x1001, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 0xFFFF_F000,
        0x8000_0000_0000_0000, u64::MAX, 0x1_4000_0000,
    ];
    for _ in 0..=random.below(6) {
        if data.is_empty() {
            return;
        }
        let at = match random.below(4) {
            0 => random.below(data.len()),
            _ => {
                let (offset, size) = places[random.below(places.len())];
                (offset + random.below(size)).min(data.len() - 1)
            }
        };
        match random.below(10) {
            0..=2 => data[at] ^= 1 << random.below(8),
            3 => data[at] = random.next() as u8,
            4..=6 => {
                // A number of 2, 4 or 8 bytes at its natural place.
                let size = 2 << random.below(3);
                let at = at / size * size;
                let value = match random.below(3) {
                    0 => VALUES[random.below(VALUES.len())],
                    1 => random.next(),
                    _ => (word(data, at) as u64).wrapping_add(random.next() % 65).wrapping_sub(32),
                };
                if let Some(place) = data.get_mut(at..at + size) {
                    place.copy_from_slice(&value.to_le_bytes()[..size]);
                }
            }
            7 => {
                let from = random.below(data.len());
                let length = random.below(64).min(data.len() - from.max(at));
                data.copy_within(from..from + length, at);
            }
            8 => {
                let length = random.below(16).min(data.len() - at);
                data[at..at + length].fill(if random.below(2) == 0 { 0 } else { 0xFF });
            }
            _ if random.below(8) == 0 => data.truncate(at),
            _ => data.extend((0..random.below(32)).map(|byte| byte as u8)),
        }
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |index: usize, default: u64| {
        arguments.get(index).map_or(Ok(default), |text| text.replace('_', "").parse())
    };
    let (Ok(executions), Ok(seed)) = (number(0, 1_000_000), number(1, 1)) else {
        eprintln!("usage: mutate [EXECUTIONS [SEED [IMAGE…]]]");
        return ExitCode::from(2);
    };
    let images = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/images");
    let paths: Vec<String> = match arguments.get(2..) {
        Some(paths) if !paths.is_empty() => paths.to_vec(),
        _ => ["echo", "traps", "faults", "seh", "imports"].map(|name| format!("{images}/{name}/{name}.sys")).to_vec(),
    };
    let mut seeds = Vec::new();
    for path in &paths {
        match std::fs::read(path) {
            Ok(bytes) if wdk_emulator::fuzz_image(&bytes).is_ok() => {
                let places = interesting(&bytes);
                seeds.push((bytes, places));
            }
            Ok(_) => {
                eprintln!("{path}: not an image that loads");
                return ExitCode::from(2);
            }
            Err(why) => {
                eprintln!("{path}: {why}");
                return ExitCode::from(2);
            }
        }
    }
    let start = Instant::now();
    let mut outcomes: BTreeMap<&str, u64> = BTreeMap::new();
    let mut data = Vec::new();
    for execution in 0..executions {
        let mut random = Random(seed.wrapping_mul(0x5851_F42D_4C95_7F2D) ^ execution);
        let (image, places) = &seeds[random.below(seeds.len())];
        data.clear();
        data.extend_from_slice(image);
        mutate(&mut random, &mut data, places);
        let outcome = std::panic::catch_unwind(|| match wdk_emulator::fuzz_image(&data) {
            Ok(()) => "loaded",
            Err(wdk_emulator::ImageError::Malformed(_)) => "malformed",
            Err(_) => "refused otherwise",
        });
        let Ok(outcome) = outcome else {
            let file = format!("crash-{seed}-{execution}.sys");
            let written = std::fs::write(&file, &data);
            eprintln!("execution {execution} of seed {seed} panicked; input in {file} ({written:?})");
            return ExitCode::FAILURE;
        };
        *outcomes.entry(outcome).or_default() += 1;
        if (execution + 1) % 1_000_000 == 0 || execution + 1 == executions {
            let rate = (execution + 1) as f64 / start.elapsed().as_secs_f64();
            println!("{} executions, {rate:.0} per second, no crash: {outcomes:?}", execution + 1);
        }
    }
    ExitCode::SUCCESS
}
