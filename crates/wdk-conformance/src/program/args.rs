//! The command line.

use alloc::borrow::ToOwned as _;
use alloc::format;
use alloc::string::String;
use wdk_conformance::Verifier;
use wdk_exerciser::Exit;

/// What to do.
pub enum Command {
    /// Print this.
    Help(String),
    /// Perform experiments.
    Run(Options),
}

/// The options.
pub struct Options {
    /// The INF file of the driver.
    pub inf: String,
    /// Where the results go.
    pub out: String,
    /// What KMDF's verifier is set to on this machine.
    pub verifier: Verifier,
    /// The one experiment to perform.
    pub only: Option<String>,
}

const USAGE: &str = "\
Performs the experiments of the driver `conformance.sys` and writes what they have shown.

Usage: wdk-conformance --inf FILE [--out FILE] [--verifier on|off|reports] [--only NAME]

  --inf FILE       the driver's INF file, in its signed package
  --out FILE       where the results go [default: conformance-windows.json]
  --verifier WORD  what KMDF's verifier is set to here: `on` (it breaks into the debugger at a mistake), `off`, or
                   `reports` (VerifierOn 1, DbgBreakOnError 0); experiments that take another one are not run
                   [default: off]
  --only NAME      performs one experiment

The driver's devices are made and removed again; those that are there before go, too.

";

/// Reads the command line.
pub fn parse(words: &[String]) -> Result<Command, String> {
    let (mut inf, mut out, mut only, mut verifier) = (None, None, None, Verifier::Off);
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let mut value =
            || words.next().cloned().ok_or_else(|| format!("`{word}` takes a value (see --help)"));
        match word.as_str() {
            "--help" | "-h" => return Ok(Command::Help(format!("{USAGE}{}", Exit::table()))),
            "--inf" => inf = Some(value()?),
            "--out" => out = Some(value()?),
            "--only" => only = Some(value()?),
            "--verifier" => {
                verifier = match value()?.as_str() {
                    // None of those that an experiment may ask for.
                    "on" => Verifier::Any,
                    "off" => Verifier::Off,
                    "reports" => Verifier::Reports,
                    other => return Err(format!("`{other}` is no state of the verifier (on, off, reports)")),
                }
            }
            other => return Err(format!("`{other}` is no option (see --help)")),
        }
    }
    let inf = inf.ok_or_else(|| "which driver? (give its INF file with --inf)".to_owned())?;
    let out = out.unwrap_or_else(|| "conformance-windows.json".to_owned());
    Ok(Command::Run(Options { inf, out, verifier, only }))
}
