//! A value that comes with requests. It says when it is made and dropped, and has an alignment and a size that nothing else in
//! a request's context has.

use core::cell::Cell;
use wdk::prelude::*;

#[repr(align(16))]
pub struct Tale {
    told: Cell<u8>,
    mark: u64,
    pub text: [u8; 3],
}

const MARK: u64 = 0x7A1E_7A1E_7A1E_7A1E;

impl Default for Tale {
    fn default() -> Self {
        wdk::println!("make tale");
        Self { told: Cell::new(0), mark: MARK, text: *b"it " }
    }
}

impl Tale {
    /// How often it was told.
    pub fn tell(&self) -> u8 {
        assert_eq!((self.mark, &self.text), (MARK, b"it "));
        self.told.set(self.told.get() + 1);
        self.told.get()
    }
}

impl Drop for Tale {
    fn drop(&mut self) {
        assert_eq!((self.mark, &self.text), (MARK, b"it "));
        self.mark = 0;
        wdk::println!("drop tale");
    }
}

/// Tells the request's.
pub fn tell<K: wdk::kind::Kind>(request: &Request<'_, K>) -> u8 {
    request.context::<Tale>().expect("declared").tell()
}
