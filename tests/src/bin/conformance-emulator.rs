//! Performs the experiments of the conformance kit in the emulator and prints the file of results, for
//! `cargo driver compare`. With `--image` the driver is its image, otherwise it is linked.

use std::process::ExitCode;
use wdk_tests::both::Form;
use wdk_tests::conformance::results;

fn main() -> ExitCode {
    let options: Vec<String> = std::env::args().skip(1).collect();
    let form = match options.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => Form::Linked,
        ["--image"] => Form::Image,
        _ => {
            eprintln!("error: the only option is --image, which takes the driver's image");
            return ExitCode::from(2);
        }
    };
    let results = results(form);
    println!("{}", serde_json::to_string_pretty(&results).expect("results are JSON"));
    ExitCode::from(u8::from(!results.surprises().is_empty()))
}
