//! A request's value moves between processors with the request.
use core::marker::PhantomData;
use wdk::prelude::*;

#[derive(Default)]
struct Here(PhantomData<*mut ()>); // mended: struct Here(PhantomData<u32>);

fn add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> Result<()> {
    init.request_context::<Here>().create(|_, _| Ok(()), irql)?; //~ E0277: cannot be sent between threads safely // mended: init.request_context::<Here>().create(|_, _| Ok(()), irql)?;
    Ok(())
}

fn main() {
    let _ = add;
}
