//! `cargo driver`: builds a driver, runs it in the emulator and says what happened.
//!
//! Started as `cargo driver run …` through the alias in `.cargo/config.toml`, or as a subcommand of cargo, which
//! passes the name of the subcommand first. `docs/cli.md` is its manual.

mod args;
mod build;
mod catalog;
mod cert;
mod check;
mod compare;
mod doctor;
mod exerciser;
mod exit;
mod host_library;
mod inf;
mod new;
mod package;
mod progress;
mod report;
mod run;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod sandbox;
mod sign;
mod signing;
mod stream;
mod test;
mod workspace;

use args::{Cli, Command};
use clap::Parser;
use exit::Exit;
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments: Vec<_> = std::env::args_os().collect();
    if arguments.get(1).is_some_and(|first| first == "driver") {
        arguments.remove(1);
    }
    let cli = match Cli::try_parse_from(&arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and versions are "errors" that go to stdout. A closed pipe is no reason to panic.
            let _ = error.print();
            return if error.use_stderr() { Exit::Usage } else { Exit::Ok }.into();
        }
    };
    let result = match &cli.command {
        Command::Inf(options) => inf::inf(options),
        Command::New(options) => new::new(options),
        Command::Run(run) => run::run(run, &arguments[2..]),
        Command::RunImage(image) => run::image_process(image),
        Command::Test(options) => test::test(options),
        Command::Build(options) => build::build(options),
        Command::Package(options) => package::package(options),
        Command::Check(options) => check::check(options),
        Command::Compare(options) => compare::compare(options),
        Command::Doctor(options) => doctor::doctor(options),
        Command::Exerciser(options) => exerciser::exerciser(options),
        Command::Sign(options) => sign::sign(options),
        Command::Cert(options) => cert::cert(options),
        Command::Catalog(options) => catalog::catalog(options),
    };
    match result {
        Ok(exit) => exit.into(),
        Err(failure) => {
            failure.print();
            failure.exit.into()
        }
    }
}
