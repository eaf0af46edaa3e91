//! Calls of the scripts' own functions: strict PowerShell stops at a parameter that is not there.

use crate::powershell::{COMMON, below, commands, of_kind, parse, scripts};
use std::collections::BTreeMap;

/// What a function takes.
#[derive(Debug, Default)]
struct Signature {
    parameters: Vec<String>,
    mandatory: Vec<String>,
    switches: Vec<String>,
}

/// The functions of a script with their parameters, in lower case, as PowerShell compares them.
fn signatures(text: &str) -> BTreeMap<String, Signature> {
    let tree = parse(text);
    let mut found = BTreeMap::new();
    for function in of_kind(&tree, "function_statement") {
        let name = text[below(function, "function_name")[0].byte_range()].to_lowercase();
        let mut signature = Signature::default();
        for parameter in below(function, "script_parameter") {
            let whole = &text[parameter.byte_range()];
            let own = below(parameter, "variable").pop().expect("a parameter has a name");
            let own = text[own.byte_range()].trim_start_matches('$').to_lowercase();
            if whole.contains("Mandatory = $true") {
                signature.mandatory.push(own.clone());
            }
            if whole.contains("[switch]") {
                signature.switches.push(own.clone());
            }
            signature.parameters.push(own);
        }
        found.insert(name, signature);
    }
    found
}

/// Calls of functions with parameters that they do not have, or without those that they need.
fn bad_calls(text: &str, known: &BTreeMap<String, Signature>) -> Vec<String> {
    let tree = parse(text);
    let mut bad = Vec::new();
    for command in of_kind(&tree, "command") {
        let Some(name) = command.child_by_field_name("command_name") else { continue };
        let name = text[name.byte_range()].to_lowercase();
        let Some(signature) = known.get(&name) else { continue };
        let (mut named, mut positional, mut splat, mut takes) = (Vec::new(), 0, false, false);
        let elements = command.child_by_field_name("command_elements");
        let mut cursor = command.walk();
        let elements =
            elements.iter().flat_map(|elements| elements.children(&mut cursor).collect::<Vec<_>>());
        for element in elements.filter(|element| element.kind() != "command_argument_sep") {
            let word = text[element.byte_range()].to_lowercase();
            if element.kind() == "command_parameter" {
                let parameter = word.trim_start_matches('-').trim_end_matches(':').to_owned();
                takes = !signature.switches.contains(&parameter) || word.ends_with(':');
                named.push(parameter);
            } else if !std::mem::take(&mut takes) {
                splat |= word.starts_with('@') && !word.starts_with("@(") && !word.starts_with("@{");
                positional += 1;
            }
        }
        let line = command.start_position().row + 1;
        for parameter in named.iter().filter(|parameter| !signature.parameters.contains(parameter)) {
            bad.push(format!("line {line}: {name} has no parameter -{parameter}"));
        }
        let missing = signature.mandatory.iter().filter(|parameter| !named.contains(parameter)).count();
        if missing > positional && !splat {
            bad.push(format!(
                "line {line}: {name} lacks {} of {:?}",
                missing - positional,
                signature.mandatory
            ));
        }
    }
    bad
}

#[test]
fn functions_are_called_as_they_are_declared() {
    let scripts = scripts();
    let mut calls = 0;
    for (name, text) in &scripts {
        let mut known = signatures(&scripts[COMMON]);
        known.extend(signatures(text));
        let bad = bad_calls(text, &known);
        assert!(bad.is_empty(), "{name}: {bad:#?}");
        calls += commands(text).iter().filter(|command| known.contains_key(&command.to_lowercase())).count();
    }
    assert!(calls > 50, "{calls}");
    let text = "function A { param([Parameter(Mandatory = $true)] [string] $X, [switch] $Y) $X }\n";
    for (call, is_good) in [
        ("A -X 1", true),
        ("A 1 -Y", true),
        ("A -Y -X 1", true),
        ("A @all", true),
        ("A", false),
        ("A -Y", false),
        ("A -X 1 -Z 2", false),
        ("$a = @(A -Y)", false),
    ] {
        let text = format!("{text}{call}\n");
        assert_eq!(bad_calls(&text, &signatures(&text)).is_empty(), is_good, "{call}");
    }
}
