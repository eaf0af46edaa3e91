//! A spin lock raises to DISPATCH_LEVEL, where nothing may wait.
use wdk::prelude::*;

fn count(counter: &SpinLock<u32>, gate: &WaitLock<u32>, irql: &mut Irql<'_, Passive>) {
    counter.with(irql, |counter, irql| {
        gate.with(irql, |gate, _| *gate += 1); //~ E0277: this needs IRQL <=
        let _ = irql;
        *counter += 1;
    });
    let _ = gate;
}

fn main() {
    let _: fn(&SpinLock<u32>, &WaitLock<u32>, &mut Irql<'_, Passive>) = count;
}
