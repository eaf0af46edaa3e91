//! Needs what Microsoft's C runtime would bring to an image: `__chkstk`, `_fltused`, 128-bit arithmetic, `memcpy`.
//!
//! A program writes a number of eight bytes; a read returns the results of [`compute`].

#![no_std]
#![forbid(unsafe_code)]
#![allow(missing_docs)]

use core::hint::black_box;
use wdk::prelude::*;

wdk::driver!(Arithmetic);

pub const SYMBOLIC_LINK: UnicodeStr<'static> = wstr!(r"\DosDevices\Arithmetic");

/// What a number becomes: by way of a large frame, of floating point, and of 128-bit division.
pub fn compute(number: u64) -> [u64; 3] {
    [frame(number), float(number), wide(number)]
}

/// A sum over a frame of more than two pages, which is touched from its far end.
#[inline(never)]
fn frame(number: u64) -> u64 {
    let mut frame = [0_u64; 1100];
    for (index, slot) in frame.iter_mut().enumerate().rev() {
        *slot = number.wrapping_mul(index as u64);
    }
    black_box(&frame).iter().fold(0, |sum, slot| sum.wrapping_add(*slot))
}

#[inline(never)]
fn float(number: u64) -> u64 {
    let third = black_box(number as f64) / 3.0;
    (third * 1000.0) as u64
}

#[inline(never)]
fn wide(number: u64) -> u64 {
    let product = black_box(u128::from(number)) * u128::from(u64::MAX);
    (product / black_box(1_000_000_007_u128)) as u64 ^ (product % black_box(97_u128)) as u64
}

struct Arithmetic;

impl Driver for Arithmetic {
    fn device_add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> Result<()> {
        let device = init.io_type(IoType::Buffered).create(|_, _| Ok(()), irql)?;
        device.create_symbolic_link(SYMBOLIC_LINK, irql)?;
        device.default_queue(Dispatching::Sequential, |_, _| Ok(Results { last: [0; 3] }), irql)?;
        Ok(())
    }
}

struct Results {
    last: [u64; 3],
}

impl IoQueue for Results {
    type Scope = PerQueue;
    type Exec = Dispatch;
    const HANDLES: Handlers = Handlers::READ.and(Handlers::WRITE);

    fn write<'r>(this: &mut Self, request: WriteRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
        match request.input().read::<u64>() {
            Ok(number) => {
                this.last = compute(number);
                request.complete(Ok(8), irql)
            }
            Err(error) => request.complete(Err(error), irql),
        }
    }

    fn read<'r>(this: &mut Self, request: ReadRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
        request.complete_with(irql, |request, _| {
            for result in this.last {
                request.output().write(&result.to_le_bytes())?;
            }
            Ok(())
        })
    }
}
