//! Driver images: reading them, and finishing what the linker left.

mod checksum;
mod finish;
mod headers;
mod identity;

/// Largest file that is read as an image or its debug information.
pub const LIMIT: u64 = 1 << 30;

pub use checksum::checksum;
pub use finish::{Finished, finish};
pub(crate) use headers::parse;
pub use headers::{Headers, Section};
pub use identity::{CodeView, code_view, pdb_guid};
