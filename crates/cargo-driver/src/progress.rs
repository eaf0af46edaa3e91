//! The progress bar and the spinner, on a terminal only.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{IsTerminal, Write as _};

/// How far the stream is.
pub struct Progress(ProgressBar);

impl Progress {
    /// A bar for so many bytes on stderr, if that is a terminal and `wanted`.
    pub fn new(bytes: u64, wanted: bool) -> Self {
        if !wanted || !std::io::stderr().is_terminal() {
            return Self(ProgressBar::hidden());
        }
        let bar = ProgressBar::with_draw_target(Some(bytes), ProgressDrawTarget::stderr_with_hz(10));
        let style = ProgressStyle::with_template("{bar:40} {bytes}/{total_bytes} {bytes_per_sec} {eta}");
        bar.set_style(style.expect("the template is a constant"));
        Self(bar)
    }

    /// So many bytes have come back.
    pub fn at(&self, bytes: u64) {
        self.0.set_position(bytes);
    }

    /// Prints a line above the bar.
    pub fn line(&self, text: &str) {
        // Nobody reads stderr: then nobody misses the line.
        let _ = self.0.suspend(|| writeln!(std::io::stderr(), "{text}"));
    }

    /// Removes the bar.
    pub fn finish(&self) {
        self.0.finish_and_clear();
    }
}

/// Says what is being waited for: with a spinner on a terminal, else as a line.
pub struct Spinner(ProgressBar);

impl Spinner {
    /// Begins to say it on stderr, if `wanted`.
    pub fn new(what: &str, wanted: bool) -> Self {
        if !wanted || !std::io::stderr().is_terminal() {
            if wanted {
                // Nobody reads stderr: then nobody misses it.
                let _ = writeln!(std::io::stderr(), "{what}");
            }
            return Self(ProgressBar::hidden());
        }
        let spinner = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(10));
        let style = ProgressStyle::with_template("{spinner} {wide_msg} {elapsed}");
        spinner.set_style(style.expect("the template is a constant"));
        spinner.set_message(what.to_owned());
        spinner.enable_steady_tick(std::time::Duration::from_millis(100));
        Self(spinner)
    }

    /// Removes it.
    pub fn finish(&self) {
        self.0.finish_and_clear();
    }
}
