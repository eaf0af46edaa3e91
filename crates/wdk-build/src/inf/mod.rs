//! INF files: reading them as Windows does, making them from INX files, and checking them.
//!
//! * [`Inf::read`] reads any bytes: it never fails on bad syntax, it lists it.
//! * [`stamp`](stamp()) makes an INF of an INX, as StampInf does, and changes nothing else in it.
//! * [`Contents`] is what a file says of its package.
//! * [`check`](check()) finds what InfVerif finds, and says it with InfVerif's numbers where those are documented.
//!
//! ```
//! use wdk_build::inf::{Inf, Mode, Options, check};
//!
//! let inf = Inf::read(b"[Version]\nSignature = \"$Windows NT$\"\nProvider = %Me%\n")?;
//! let findings = check(&inf, &Options { mode: Mode::Universal, ..Options::default() });
//! let undefined = findings.iter().find(|finding| finding.rule.number == 1235).unwrap();
//! assert_eq!(inf.position(undefined.span.start).to_string(), "3:12");
//! # Ok::<(), wdk_build::inf::TooLong>(())
//! ```

mod check;
mod classes;
mod contents;
mod date;
mod decoration;
mod find;
mod number;
mod parse;
mod rules;
mod stamp;
mod strings;
mod text;
mod tree;
mod version;

pub use check::{Finding, Mode, Options, Severity, check};
pub use contents::{Contents, Service, SourceFile};
pub use date::{BadDate, Date};
pub use decoration::{Architecture, Decoration};
pub use find::{NoInx, find_inx};
pub use rules::{ALL as RULES, Rule, rule};
pub use stamp::{Stamp, StampError, stamp};
pub use strings::{Missing, Strings};
pub use text::{CannotEncode, Encoding, MAX_BYTES, Text, TooLong};
pub use tree::{Field, Inf, Line, Merged, Position, Section, Span};
pub use version::{BadVersion, DriverVersion, LibraryVersion};
