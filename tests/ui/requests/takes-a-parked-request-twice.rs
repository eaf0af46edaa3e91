//! A token gives its request back once.
use wdk::prelude::*;

fn twice(parked: Parked<Write>, irql: &mut Irql<'_, Dispatch>) {
    parked.take(irql, |request, irql| request.complete(Ok(0), irql));
    parked.take(irql, |request, irql| request.complete(Ok(0), irql)); //~ E0382: use of moved value: `parked`
}

fn main() {
    let _: fn(Parked<Write>, &mut Irql<'_, Dispatch>) = twice;
}
