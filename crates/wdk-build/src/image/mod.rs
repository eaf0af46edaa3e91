//! Driver images: reading them, and finishing what the linker left.

mod checksum;
mod finish;
mod headers;

pub use checksum::checksum;
pub use finish::{Finished, finish};
pub use headers::{Headers, Section};
