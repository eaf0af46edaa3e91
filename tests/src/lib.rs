//! What the tests share.

pub mod images;
pub mod raw;
