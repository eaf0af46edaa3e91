//! There is one token for a parked request.
use wdk::prelude::*;

fn two(parked: Parked<Write>) -> (Parked<Write>, Parked<Write>) { // mended: fn two(parked: Parked<Write>) -> Parked<Write> {
    (parked.clone(), parked) //~ E0599: no method named `clone` found // mended: parked
}

fn main() {
    let _ = two;
}
