//! A token is taken out of a locked list first, and its request completed afterwards.
use wdk::prelude::*;

fn serve(waiting: &SpinLock<PoolDeque<Parked<Write>>>, irql: &mut Irql<'_, Dispatch>) {
    waiting.with(irql, |waiting, irql| { // mended: let first = waiting.with(irql, |waiting, _| waiting.pop_front());
        if let Some(parked) = waiting.pop_front() { // mended: if let Some(parked) = first {
            parked.take(irql, |request, irql| request.complete(Ok(0), irql)); //~ E0277: it must not be called under a private lock // mended: parked.take(irql, |request, irql| request.complete(Ok(0), irql));
        }
    }); // mended:
}

fn main() {
    let _: fn(&SpinLock<PoolDeque<Parked<Write>>>, &mut Irql<'_, Dispatch>) = serve;
}
