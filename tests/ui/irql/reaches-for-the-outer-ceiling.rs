//! While a lock's closure runs, the permission outside is borrowed.
use wdk::prelude::*;

fn count(counter: &SpinLock<u32>, gate: &WaitLock<u32>, irql: &mut Irql<'_, Passive>) {
    counter.with(irql, |counter, _| { //~ E0501: previous closure requires unique access & E0500: closure requires unique access // mended: counter.with(irql, |counter, _| {
        gate.with(irql, |gate, _| *gate += 1); // mended:
        *counter += 1;
    });
    let _ = gate;
}

fn main() {
    let _: fn(&SpinLock<u32>, &WaitLock<u32>, &mut Irql<'_, Passive>) = count;
}
