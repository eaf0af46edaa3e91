//! What a driver finds at fixed places: the processor block behind `gs`, and the page that the kernel shares with
//! programs.

use crate::kernel::Kernel;

/// `KUSER_SHARED_DATA` as kernel-mode code sees it.
pub(super) const SHARED_DATA: u64 = 0xFFFF_F780_0000_0000;
/// Stands for the thread objects of the kernel, which are not modelled as memory.
const THREADS: u64 = 0xFFFF_9A00_0000_0000;
/// 100 ns from 1601 to the start of 2026: when virtual machines boot.
const BOOT: u64 = 134_116_992_000_000_000;
/// 100 ns per clock tick.
const TICK: u64 = 156_250;
/// Ticks of the time stamp counter per 100 ns: 2.5 GHz.
const TSC_RATE: u64 = 250;

/// The time stamp counter.
pub(super) fn tsc(k: &Kernel) -> u64 {
    k.now() * TSC_RATE
}

/// A value that lies at an offset, with its size; a smaller or unaligned access may take a part of it.
type Value = (u64, usize, u64);

/// Reads from the shared page: the members that kernel-mode headers and drivers read.
pub(super) fn shared_data(k: &Kernel, offset: u64, size: usize) -> Option<u64> {
    let now = k.now();
    let system = BOOT + now;
    let ticks = now / TICK;
    // A KSYSTEM_TIME is the low half and twice the high one.
    let values: [Value; 16] = [
        (0x000, 4, ticks & 0xFFFF_FFFF),
        // 15.625 ms in units of 2^-24 ms
        (0x004, 4, 0x0FA0_0000),
        (0x008, 8, now),
        (0x010, 4, now >> 32),
        (0x014, 8, system),
        (0x01C, 4, system >> 32),
        (0x020, 8, 0),
        (0x028, 4, 0),
        // Windows 11 22H2, x64
        (0x260, 4, 22621),
        (0x264, 4, 1),
        (0x26C, 4, 10),
        (0x270, 4, 0),
        (0x2D4, 1, 0),
        (0x320, 8, ticks),
        (0x328, 4, ticks >> 32),
        (0x3C0, 4, k.config.processors as u64),
    ];
    part(&values, offset, size)
}

/// Reads from the processor block: what the headers' inline functions read.
pub(super) fn processor_block(k: &Kernel, offset: u64, size: usize) -> Option<u64> {
    let thread = k.thread();
    let processor = thread.processor.get() as u64;
    let values: [Value; 4] = [
        // ObsoleteNumber, LegacyNumber, Number: three names of the processor's number
        (0x052, 1, processor),
        (0x184, 1, processor),
        (0x1A4, 4, processor),
        // CurrentThread: a value to compare and to pass on
        (0x188, 8, THREADS + u64::from(thread.number) * 0x1000),
    ];
    part(&values, offset, size)
}

/// Whether an address is in what stands for thread objects.
pub(super) fn is_thread(address: u64) -> bool {
    (THREADS..THREADS + (1 << 40)).contains(&address)
}

fn part(values: &[Value], offset: u64, size: usize) -> Option<u64> {
    let &(start, _, value) = values
        .iter()
        .find(|&&(start, length, _)| offset >= start && offset + size as u64 <= start + length as u64)?;
    let value = value >> ((offset - start) * 8);
    Some(if size >= 8 { value } else { value & ((1 << (size * 8)) - 1) })
}
