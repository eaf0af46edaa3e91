//! While a passive ceiling that was found out can be used, nothing raises the level beside it.
use wdk::prelude::*;

fn bad(counter: &SpinLock<u32>, gate: &WaitLock<u32>, irql: &mut Irql<'_, Dispatch>) {
    let Some(mut passive) = irql.if_passive() else { return };
    counter.with(irql, |counter, _| { //~ E0499: cannot borrow `*irql` as mutable // mended: gate.with(&mut passive, |counter, _| {
        gate.with(&mut passive, |gate, _| *gate += 1); // mended:
        *counter += 1;
    });
    let _ = counter;
}

fn main() {
    let _ = bad;
}
