//! What the tests share.

pub mod compat;
pub mod images;
pub mod raw;
