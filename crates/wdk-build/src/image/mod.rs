//! Driver images: reading them, and finishing what the linker left.

mod checksum;
mod finish;
mod headers;
mod identity;

pub use checksum::checksum;
pub use finish::{Finished, finish};
pub use headers::{Headers, Section};
pub use identity::{CodeView, code_view, pdb_guid};
