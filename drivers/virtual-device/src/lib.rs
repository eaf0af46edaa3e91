//! A virtual device: what is written to it can be read from it.
//!
//! The device is a pipe of [`CAPACITY`] bytes that any number of handles share.
//!
//! * A **write** goes in whole or not at all, after all writes before it. When there is no room for it, or others
//!   wait already, it waits too. One that could never fit fails with `STATUS_INVALID_BUFFER_SIZE`.
//! * A **read** returns what there is, up to its length, and waits when there is nothing. Reads that wait are served
//!   in order.
//! * A request that waits can be **cancelled**. A cancelled write has left no byte behind, a cancelled read has taken
//!   none.
//! * **Device controls**, all of them buffered: [`GET_STATISTICS`], [`GET_CAPACITY`] and [`FLUSH`]. Others fail with
//!   `STATUS_INVALID_DEVICE_REQUEST`.
//!
//! When the device is removed the framework cancels what waits.

#![no_std]
#![forbid(unsafe_code)]

use wdk::prelude::*;
use wdk::zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

wdk::driver!(VirtualDevice);

/// How programs find the device.
pub const INTERFACE: Guid = Guid::parse("f1a0b1c6-58d4-4e0a-9a86-3f8c1d6d2b17");
/// The name by which programs can open it: `\\.\VirtualDevice`.
pub const SYMBOLIC_LINK: UnicodeStr<'static> = wstr!(r"\DosDevices\VirtualDevice");

/// The number of bytes that the device holds.
pub const CAPACITY: usize = 64 * 1024;

const fn control(function: u32) -> IoControlCode {
    IoControlCode::new(0x8000, function, Method::Buffered, RequiredAccess::Any)
}

/// Returns [`Statistics`].
///
/// `STATUS_BUFFER_TOO_SMALL` when they do not fit the output, `STATUS_INVALID_PARAMETER` when there is input.
pub const GET_STATISTICS: IoControlCode = control(0x800);
/// Returns [`CAPACITY`] as a `u32`.
///
/// `STATUS_BUFFER_TOO_SMALL` when it does not fit the output, `STATUS_INVALID_PARAMETER` when there is input.
pub const GET_CAPACITY: IoControlCode = control(0x801);
/// Drops the bytes that nobody has read, and then lets in the writes that wait.
///
/// `STATUS_INVALID_PARAMETER` when there is input.
pub const FLUSH: IoControlCode = control(0x802);

/// What happened to the device since it was added.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[zerocopy(crate = "wdk::zerocopy")]
#[repr(C)]
pub struct Statistics {
    /// Writes whose bytes went in.
    pub writes: u64,
    /// Reads that returned bytes.
    pub reads: u64,
    /// Bytes that went in.
    pub bytes_in: u64,
    /// Bytes that came out.
    pub bytes_out: u64,
    /// Requests that were cancelled while they waited.
    pub cancelled: u64,
    /// The most bytes that were in the device at a time.
    pub high_water: u64,
    /// Requests that wait now.
    pub waiting: u64,
}

struct VirtualDevice;

impl Driver for VirtualDevice {
    fn device_add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> Result<()> {
        let device = init.io_type(IoType::Buffered).create(|_, _| Ok(()), irql)?;
        device.create_interface(INTERFACE, irql)?;
        device.create_symbolic_link(SYMBOLIC_LINK, irql)?;
        device.default_queue(Dispatching::PARALLEL, |_, irql| Pipe::new(irql), irql)?;
        Ok(())
    }
}

/// The context of the device's queue.
///
/// Requests arrive in parallel, so that one that waits holds up no other. The scope serializes the callbacks:
/// everything below has the pipe to itself.
struct Pipe {
    bytes: PoolDeque<u8>,
    /// Not empty only while `bytes` is.
    readers: PoolDeque<Parked<Read>>,
    /// Each with its length. Not empty only while the first does not fit.
    writers: PoolDeque<(Parked<Write>, usize)>,
    statistics: Statistics,
}

impl IoQueue for Pipe {
    type Scope = PerQueue;
    type Exec = Dispatch;
    const HANDLES: Handlers = Handlers::READ.and(Handlers::WRITE).and(Handlers::DEVICE_CONTROL);

    fn write<'r>(this: &mut Self, request: WriteRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
        let len = request.len();
        if len > CAPACITY {
            return request.complete(Err(Error::INVALID_BUFFER_SIZE), irql);
        }
        if !this.writers.is_empty() || len > this.bytes.room() {
            return this.wait_to_write(request, len, irql);
        }
        let proof = request.complete_with(irql, |request, _| this.put(request));
        this.settle(irql);
        proof
    }

    fn read<'r>(this: &mut Self, request: ReadRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
        if this.bytes.is_empty() {
            return this.wait_to_read(request, irql);
        }
        let proof = request.complete_with(irql, |request, _| this.get(request));
        this.settle(irql);
        proof
    }

    fn device_control<'r>(
        this: &mut Self,
        request: DeviceControlRequest<'r>,
        irql: &mut Irql<'_, Dispatch>,
    ) -> Disposed<'r> {
        let code = request.code();
        let proof = request.complete_with(irql, |request, _| this.control(code, request));
        // After a flush there is room for writes that wait.
        this.settle(irql);
        proof
    }

    fn cancel<'r>(
        this: &mut Self,
        request: CanceledRequest<'r>,
        irql: &mut Irql<'_, Dispatch>,
    ) -> Disposed<'r> {
        this.readers.retain(|parked| !request.is(parked));
        this.writers.retain(|(parked, _)| !request.is(parked));
        this.statistics.cancelled += 1;
        let proof = request.complete(Err(Error::CANCELLED), irql);
        // The next write may be shorter.
        this.settle(irql);
        proof
    }
}

impl Pipe {
    fn new(irql: &Irql<'_, Passive>) -> Result<Self> {
        Ok(Self {
            bytes: PoolDeque::try_with_capacity(CAPACITY, irql)?,
            readers: PoolDeque::new(),
            writers: PoolDeque::new(),
            statistics: Statistics::default(),
        })
    }

    /// Takes all bytes of a write that fits.
    fn put(&mut self, request: &WriteRequest<'_>) -> Result<usize> {
        let input = request.input();
        let frame = input.as_slice().ok_or(Error::INVALID_USER_BUFFER)?;
        if !self.bytes.extend_within_capacity(frame) {
            return Err(Error::INTERNAL_ERROR);
        }
        let held = self.bytes.len() as u64;
        self.statistics.writes += 1;
        self.statistics.bytes_in += frame.len() as u64;
        self.statistics.high_water = self.statistics.high_water.max(held);
        Ok(frame.len())
    }

    /// Gives a read what there is, up to its length.
    fn get(&mut self, request: &mut ReadRequest<'_>) -> Result<()> {
        let mut output = request.output();
        let (front, back) = self.bytes.as_slices();
        let count = output.write_up_to(front)? + output.write_up_to(back)?;
        self.bytes.skip_front(count);
        self.statistics.reads += 1;
        self.statistics.bytes_out += count as u64;
        Ok(())
    }

    fn control(&mut self, code: IoControlCode, request: &mut DeviceControlRequest<'_>) -> Result<()> {
        if !matches!(code, GET_STATISTICS | GET_CAPACITY | FLUSH) {
            return Err(Error::INVALID_DEVICE_REQUEST);
        }
        if !request.input().is_empty() {
            return Err(Error::INVALID_PARAMETER);
        }
        match code {
            GET_STATISTICS => {
                let waiting = (self.readers.len() + self.writers.len()) as u64;
                request.output().write_value(&Statistics { waiting, ..self.statistics })
            }
            GET_CAPACITY => request.output().write_value(&(CAPACITY as u32)),
            _ => {
                self.bytes.clear();
                Ok(())
            }
        }
    }

    /// Parks a write at the end of the line. Its place is made first, so that it cannot be parked without one.
    fn wait_to_write<'r>(
        &mut self,
        request: WriteRequest<'r>,
        len: usize,
        irql: &mut Irql<'_, Dispatch>,
    ) -> Disposed<'r> {
        if let Err(error) = self.writers.try_reserve(1, irql) {
            return request.complete(Err(error.into()), irql);
        }
        match request.park(irql) {
            Ok((proof, parked)) => {
                let _ = self.writers.push_within_capacity((parked, len));
                proof
            }
            Err(rejected) => rejected.fail(irql),
        }
    }

    /// Parks a read at the end of the line.
    fn wait_to_read<'r>(&mut self, request: ReadRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
        if let Err(error) = self.readers.try_reserve(1, irql) {
            return request.complete(Err(error.into()), irql);
        }
        match request.park(irql) {
            Ok((proof, parked)) => {
                let _ = self.readers.push_within_capacity(parked);
                proof
            }
            Err(rejected) => rejected.fail(irql),
        }
    }

    /// Serves what waits, until nothing more moves: bytes to reads, then writes to the room that made.
    fn settle(&mut self, irql: &mut Irql<'_, Dispatch>) {
        loop {
            if !self.bytes.is_empty()
                && let Some(reader) = self.readers.pop_front()
            {
                // A read that was cancelled in the meantime takes nothing.
                reader
                    .take(irql, |request, irql| request.complete_with(irql, |request, _| self.get(request)));
            } else if self.writers.front().is_some_and(|(_, len)| *len <= self.bytes.room())
                && let Some((writer, _)) = self.writers.pop_front()
            {
                writer
                    .take(irql, |request, irql| request.complete_with(irql, |request, _| self.put(request)));
            } else {
                return;
            }
        }
    }
}
