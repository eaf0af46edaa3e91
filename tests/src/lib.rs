//! What the tests share.

pub mod both;
pub mod compat;
pub mod conformance;
pub mod images;
pub mod raw;
