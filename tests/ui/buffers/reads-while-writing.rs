//! Input and output of a buffered control are the same memory: reading ends before writing begins.
use wdk::prelude::*;

struct Controls;

impl IoQueue for Controls {
    type Scope = PerQueue;
    type Exec = Dispatch;
    const HANDLES: Handlers = Handlers::DEVICE_CONTROL;

    fn device_control<'r>(
        _: &mut Self,
        mut request: DeviceControlRequest<'r>,
        irql: &mut Irql<'_, Dispatch>,
    ) -> Disposed<'r> {
        let input = request.input();
        let mut output = request.output(); //~ E0502: cannot borrow `request` as mutable // mended: let length = input.len() as u8; let mut output = request.output();
        let length = input.len() as u8; // mended:
        let _ = output.write(&[length]);
        request.complete(Ok(()), irql)
    }
}

fn main() {}
