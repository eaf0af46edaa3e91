//! The program `wdk-exerciser`; its manual is in `docs/cli.md`.

mod devices;
mod failure;
mod files;
mod requests;
mod run;
mod stream;

use crate::Exit;
use crate::args::{self, Command};
use crate::win32::{console, process};
use failure::{Failure, Result};

/// Runs the program, and returns its exit code.
pub fn main() -> u8 {
    let exit = match perform() {
        Ok(exit) => exit,
        Err(failure) => {
            console::complain(&failure.what);
            failure.exit
        }
    };
    exit.code()
}

fn perform() -> Result<Exit> {
    let command = args::parse(&process::command_line()).map_err(|what| Failure::new(Exit::Usage, what))?;
    match command {
        Command::Help(text) => {
            console::print(&text);
            Ok(Exit::Ok)
        }
        Command::Run(options) => run::run(&options),
        Command::Install(options) => devices::install(&options),
        Command::Devices(options) => devices::change(&options),
    }
}
