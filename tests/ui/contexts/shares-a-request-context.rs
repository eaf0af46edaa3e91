//! A request's value is changed by who has the request to himself.
use wdk::prelude::*;

fn two(request: &mut ReadRequest<'_>) {
    let first = request.context_mut::<u32>();
    let second = request.context_mut::<u32>(); //~ E0499: cannot borrow `*request` as mutable // mended: let second = first.map(|value| *value);
    let _ = (first, second); // mended: let _ = second;
}

fn main() {
    let _: fn(&mut ReadRequest<'_>) = two;
}
