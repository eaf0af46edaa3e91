//! The memory object of a request's buffer goes with the request.
use wdk::prelude::*;

fn write<'r>(request: WriteRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Result<Disposed<'r>> {
    let memory = request.input().memory()?;
    let proof = request.complete(Ok(0), irql); //~ E0505: cannot move out of `request`
    let mut byte = [0]; // mended: let mut byte = [0];
    memory.copy_to_slice(0, &mut byte)?; // mended: memory.copy_to_slice(0, &mut byte)?; let proof = request.complete(Ok(0), irql);
    Ok(proof)
}

fn main() {
    let _ = write;
}
