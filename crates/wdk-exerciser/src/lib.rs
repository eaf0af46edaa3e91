//! Exercises a driver through its device, and reports what came of it.
//!
//! `cargo driver run` does so in the emulator, the program `wdk-exerciser` on a Windows test machine. What they share is
//! here, so that both do the same and write the same report: the requests of the command line ([`action`]), the stream
//! ([`stream`]), the report ([`report`]). It has no standard library, because the program has none.
//!
//! With the feature `program`, `win32` is the part of Win32 that such a program needs, in safe wrappers, and `program` is
//! the program. They compile on every host, so that they can be checked and linted there, and run on Windows only.

#![no_std]
#![cfg_attr(not(feature = "program"), forbid(unsafe_code))]
#![deny(unsafe_code)]

extern crate alloc;

pub mod action;
pub mod args;
mod class;
mod exit;
#[cfg(feature = "program")]
pub mod program;
pub mod report;
pub mod stream;
pub mod text;
#[cfg(feature = "program")]
#[allow(unsafe_code)]
pub mod win32;

pub use class::Class;
pub use exit::Exit;
