//! Memory is not changed while it is written to a request.
use wdk::prelude::*;

fn read(mut request: ReadRequest<'_>, memory: &mut Memory) -> Result<()> {
    let bytes = memory.as_slice();
    memory.copy_from(0, b"new")?; //~ E0502: cannot borrow `*memory` as mutable
    request.output().write(bytes)
}

fn main() {
    let _: fn(ReadRequest<'_>, &mut Memory) -> Result<()> = read;
}
