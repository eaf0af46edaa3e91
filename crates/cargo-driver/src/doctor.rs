//! `cargo driver doctor`: what this machine has for building driver images.

use crate::exit::{Exit, Result};
use clap::Args;
use std::io::Write as _;
use wdk_build::Arch;
use wdk_build::toolchain::{Diagnosis, ThisMachine, diagnose};

/// The options of `cargo driver doctor`.
#[derive(Debug, Args)]
pub struct Doctor {
    /// The processor that drivers are to be built for: x86_64 or aarch64.
    #[arg(long, default_value = "x86_64")]
    pub arch: Arch,

    /// Prints the findings as JSON.
    #[arg(long)]
    pub json: bool,
}

/// Runs the command.
///
/// # Errors
///
/// None; what is missing is a finding.
pub fn doctor(options: &Doctor) -> Result<Exit> {
    let diagnosis = diagnose(&ThisMachine, options.arch);
    let text = match options.json {
        true => serde_json::to_string_pretty(&diagnosis).expect("plain data") + "\n",
        false => describe(&diagnosis),
    };
    // A closed pipe is no reason to fail.
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
    Ok(if diagnosis.toolchain.is_some() { Exit::Ok } else { Exit::Toolchain })
}

fn describe(diagnosis: &Diagnosis) -> String {
    let mut text = String::new();
    for finding in &diagnosis.findings {
        let (mark, found) = match (&finding.found, finding.needed) {
            (Some(found), _) => ("found  ", found.as_str()),
            (None, true) => ("MISSING", "-"),
            (None, false) => ("no     ", "-"),
        };
        text += &format!("{mark}  {}: {found}\n", finding.what);
        if let Some(mend) = &finding.mend {
            text += &format!("         install: {mend}\n");
        }
    }
    text += &match &diagnosis.toolchain {
        Some(toolchain) => {
            format!("{} driver images are built by {}\n", diagnosis.arch, toolchain.describe())
        }
        None => format!("{} driver images cannot be built on this machine\n", diagnosis.arch),
    };
    text
}
