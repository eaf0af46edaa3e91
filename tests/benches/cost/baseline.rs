//! The least that a framework does for a write, in the C convention.

use std::alloc::{Layout, alloc, dealloc};
use std::cell::UnsafeCell;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicBool, Ordering};

pub const RING: usize = 128 * 1024;

struct Request {
    length: usize,
    buffer: *mut u8,
    status: i32,
    information: usize,
    next: *mut Request,
    done: extern "C" fn(*mut Request),
}

struct Spin(AtomicBool);

impl Spin {
    fn with<R>(&self, body: impl FnOnce() -> R) -> R {
        while self.0.swap(true, Ordering::Acquire) {
            std::hint::spin_loop();
        }
        let result = body();
        self.0.store(false, Ordering::Release);
        result
    }
}

type Handler = extern "C" fn(&Device, *mut Request, usize);

struct Device {
    queue_lock: Spin,
    head: UnsafeCell<*mut Request>,
    handler: Handler,
    ring_lock: Spin,
    ring: UnsafeCell<(Vec<u8>, usize)>,
}

/// A locked queue, a handler behind a pointer, a ring.
pub struct Baseline {
    device: Device,
}

impl Baseline {
    pub fn new() -> Self {
        Self {
            device: Device {
                queue_lock: Spin(AtomicBool::new(false)),
                head: UnsafeCell::new(std::ptr::null_mut()),
                handler: std::hint::black_box(handle as Handler),
                ring_lock: Spin(AtomicBool::new(false)),
                ring: UnsafeCell::new((vec![0; RING], 0)),
            },
        }
    }
}

fn buffer_layout(length: usize) -> Layout {
    Layout::from_size_align(length, 16).expect("a small buffer")
}

extern "C" fn handle(device: &Device, request: *mut Request, length: usize) {
    device.ring_lock.with(|| {
        // SAFETY: under the lock.
        let (ring, at) = unsafe { &mut *device.ring.get() };
        if *at + length > RING {
            *at = 0;
        }
        // SAFETY: the request is the handler's until it completes it.
        let buffer = unsafe { (*request).buffer };
        // SAFETY: the buffer has that many bytes.
        let bytes = unsafe { std::slice::from_raw_parts(buffer, length) };
        ring[*at..*at + length].copy_from_slice(bytes);
        *at += length;
    });
    // SAFETY: as above.
    let request = unsafe { &mut *request };
    request.status = 0;
    request.information = length;
    (request.done)(request);
}

extern "C" fn done(request: *mut Request) {
    // SAFETY: completed once, and allocated by `write`.
    let request = unsafe { Box::from_raw(request) };
    assert!(request.status == 0 && request.information == request.length);
    // SAFETY: allocated with this layout.
    unsafe { dealloc(request.buffer, buffer_layout(request.length)) };
}

impl super::Writer for Baseline {
    fn write(&mut self, data: &[u8]) {
        // SAFETY: no write here is empty.
        let buffer = unsafe { alloc(buffer_layout(data.len())) };
        let buffer = NonNull::new(buffer).expect("memory").as_ptr();
        // SAFETY: allocated with that length.
        unsafe { buffer.copy_from_nonoverlapping(data.as_ptr(), data.len()) };
        let request = Box::into_raw(Box::new(Request {
            length: data.len(),
            buffer,
            status: 0x103,
            information: 0,
            next: std::ptr::null_mut(),
            done: std::hint::black_box(done as extern "C" fn(*mut Request)),
        }));
        let device = &self.device;
        device.queue_lock.with(|| {
            // SAFETY: under the lock.
            let head = unsafe { &mut *device.head.get() };
            // SAFETY: just allocated.
            unsafe { (*request).next = *head };
            *head = request;
        });
        let next = device.queue_lock.with(|| {
            // SAFETY: under the lock.
            let head = unsafe { &mut *device.head.get() };
            let request = *head;
            // SAFETY: pushed above.
            *head = unsafe { (*request).next };
            request
        });
        (device.handler)(device, next, data.len());
    }
}
