//! What the process of an image tells the command: a line of JSON each, on its standard output.

use crate::report::{Done, Report};
use serde::{Deserialize, Serialize};
use std::io::Write as _;

/// A message.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Message {
    /// The process has given up what it may do, and runs the image's code from now on.
    Started,
    /// Lines of the trace.
    Trace(String),
    /// What the driver printed.
    Printed(String),
    /// So many bytes of the stream have come back.
    Progress(u64),
    /// The device was opened by this name.
    Opened(String),
    /// A request is done.
    Done(Done),
    /// The run is over. What [`Done`] told is left out.
    Report(Box<Report>),
    /// There is nothing to report.
    Failure {
        /// The exit code.
        exit: u8,
        /// What went wrong.
        what: String,
    },
}

/// The longest line that is taken.
pub const MAX_LINE: u64 = 64 << 20;

/// Tells something.
pub fn tell(message: &Message) {
    let mut line = serde_json::to_vec(message).expect("messages have no maps with odd keys");
    line.push(b'\n');
    let mut out = std::io::stdout().lock();
    if out.write_all(&line).and_then(|()| out.flush()).is_err() {
        // Nobody listens any more.
        std::process::exit(0);
    }
}
