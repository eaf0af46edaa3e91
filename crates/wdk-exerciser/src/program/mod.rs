//! What the program does.

mod devices;
mod failure;
mod files;
mod requests;
mod run;
mod stream;

use failure::{Failure, Result};
use wdk_exerciser::Exit;
use wdk_exerciser::args::{self, Command};
use wdk_exerciser::win32::{console, process};

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
