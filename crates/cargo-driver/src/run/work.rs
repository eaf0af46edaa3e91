//! What is to be done with the device, with every file that it needs already open.

use crate::args::Run;
use crate::args::actions::{Action, Input, MAX_BUFFER};
use crate::exit::{Exit, Failure, Result};
use crate::stream::{self, Returned, Source};
use crate::workspace::same_file;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use wdk_exerciser::action::Request;

/// What is done between opening and closing the device.
pub enum Work {
    /// A file goes through it.
    Stream {
        /// The file.
        source: Box<Source>,
        /// Where it is put together again.
        returned: Returned,
    },
    /// One request after the other.
    Actions(Vec<Request>),
}

/// What the command line names, opened.
pub enum Opened {
    /// The file to stream.
    Stream(Box<Source>),
    /// The requests.
    Actions(Vec<Request>),
}

impl Opened {
    /// The length of the stream.
    pub fn bytes(&self) -> u64 {
        match self {
            Self::Stream(source) => source.layout.bytes(),
            Self::Actions(_) => 0,
        }
    }
}

/// Opens the file to stream, or reads the files that are written.
///
/// # Errors
///
/// When one of them cannot be read.
pub fn open(options: &Run, stream: Option<&Path>) -> Result<Opened> {
    match stream {
        Some(path) => Ok(Opened::Stream(Box::new(stream::source(path, options.chunk)?))),
        None => Ok(Opened::Actions(options.actions.0.iter().map(request).collect::<Result<_>>()?)),
    }
}

fn request(action: &Action) -> Result<Request> {
    Ok(match action {
        Action::Write(Input::Bytes(bytes)) => Request::Write(bytes.clone()),
        Action::Write(Input::File(path)) => Request::Write(content(Path::new(path))?),
        Action::Read(length) => Request::Read(*length),
        Action::Ioctl { code, input, output } => Request::Ioctl(*code, input.clone(), *output),
    })
}

fn content(path: &Path) -> Result<Vec<u8>> {
    let failed =
        |why: String| Failure::new(Exit::File, format!("cannot write what `{}` has: {why}", path.display()));
    let file = File::open(path).map_err(|error| failed(error.to_string()))?;
    let mut bytes = Vec::new();
    file.take(MAX_BUFFER as u64 + 1).read_to_end(&mut bytes).map_err(|error| failed(error.to_string()))?;
    match bytes.len() <= MAX_BUFFER {
        true => Ok(bytes),
        false => Err(failed(format!("it is longer than one write may be ({MAX_BUFFER} bytes)"))),
    }
}

/// Makes sure that the trace replaces nothing that the run reads.
///
/// # Errors
///
/// When it would.
pub fn check_trace(options: &Run, stream: Option<&Path>, image: Option<&Path>) -> Result {
    let Some(trace) = &options.trace else { return Ok(()) };
    let written = options.actions.0.iter().filter_map(|action| match action {
        Action::Write(Input::File(path)) => Some((Path::new(path), "the file that is written")),
        _ => None,
    });
    let stream = stream.map(|path| (path, "the file that is streamed"));
    let image = image.map(|path| (path, "the driver image"));
    for (path, what) in stream.into_iter().chain(image).chain(written) {
        if same_file(trace, path) {
            let what = format!("the trace would replace {what}, `{}`", path.display());
            return Err(Failure::new(Exit::Usage, what));
        }
    }
    Ok(())
}
