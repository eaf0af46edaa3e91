//! What the program does.

mod args;
mod windows;

use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use args::{Command, Options};
use wdk_conformance::{Outcome, Results, experiments, framework, perform};
use wdk_exerciser::Exit;
use wdk_exerciser::win32::{console, file, process, version};
use windows::Windows;

/// Why the program ends before it has performed everything.
pub struct Failure(pub Exit, pub String);

/// Runs the program, and returns its exit code.
pub fn main() -> u8 {
    let command = args::parse(&process::command_line()).map_err(|why| Failure(Exit::Usage, why));
    let exit = match command {
        Ok(Command::Help(text)) => {
            console::print(&text);
            Ok(Exit::Ok)
        }
        Ok(Command::Run(options)) => run(&options),
        Err(failure) => Err(failure),
    };
    let exit = exit.unwrap_or_else(|Failure(exit, why)| {
        console::complain(&why);
        exit
    });
    exit.code()
}

/// Performs the experiments. The file of results is written after each, so that a system that stops leaves a trace.
fn run(options: &Options) -> Result<Exit, Failure> {
    let mut host = Windows::set_up(&options.inf, options.verifier)?;
    let stopped = |why: String| Failure(Exit::Stuck, why);
    let all = experiments(&mut host).map_err(stopped)?;
    let kmdf = framework(&mut host).map_err(stopped)?;
    let build = version::build().map(|(major, minor, build)| format!("{major}.{minor}.{build}"));
    let mut results = Results {
        kit: Results::kit_of(&all),
        host: "windows".to_string(),
        windows_build: build,
        kmdf,
        experiments: Vec::new(),
    };
    for experiment in &all {
        if options.only.as_ref().is_some_and(|name| *name != experiment.name) {
            results.experiments.push(Outcome::not_run(experiment, "it was not asked for"));
            continue;
        }
        // Before it begins: the last line of a system that stopped.
        console::print(&format!("{} ", experiment.name));
        let outcome = perform(&mut host, experiment);
        console::print(match (&outcome.not_run, outcome.agrees) {
            (Some(_), _) => "not run\n",
            (None, true) => "ok\n",
            (None, false) => "DIFFERS\n",
        });
        results.experiments.push(outcome);
        write(&results, &options.out)?;
        host.tidy_up()?;
    }
    host.remove_all()?;
    let surprises = results.surprises();
    let facts: Vec<&str> = surprises.iter().flat_map(|found| &found.facts).map(String::as_str).collect();
    console::print(&match &facts[..] {
        [] => format!("this Windows agrees; `{}` has the results\n", options.out),
        facts => format!("facts in question: {}; `{}` has the results\n", facts.join(" "), options.out),
    });
    Ok(if surprises.is_empty() { Exit::Ok } else { Exit::Data })
}

fn write(results: &Results, path: &str) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(results).expect("plain data");
    let written = file::replace(path, text.as_bytes());
    written.map_err(|error| Failure(Exit::File, format!("cannot write `{path}`: {error}")))
}
