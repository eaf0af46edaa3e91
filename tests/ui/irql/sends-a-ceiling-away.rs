//! A permission belongs to the processor and the callback that got it.
use wdk::prelude::*;

fn need_send<T: Send>(_: T) {}

fn away(irql: Irql<'static, Passive>) {
    need_send(irql); //~ E0277: cannot be sent between threads safely // mended: let _ = irql;
}

fn main() {
    let _: fn(Irql<'static, Passive>) = away;
    need_send(());
}
