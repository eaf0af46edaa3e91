//! Variables: in strict mode PowerShell stops where one is read that has no value.

use crate::powershell::{COMMON, above, below, of_kind, parse, scripts};
use std::collections::BTreeSet;
use tree_sitter::Node;

/// Variables that PowerShell sets itself.
const AUTOMATIC: &[&str] = &[
    "_",
    "null",
    "true",
    "false",
    "psscriptroot",
    "matches",
    "lastexitcode",
    "erroractionpreference",
    "env:systemroot",
];

/// The function that a node is in, as far as scopes go.
fn scope<'a>(node: Node<'a>, text: &'a str) -> Option<&'a str> {
    let function = above(node, "function_statement")?;
    Some(&text[below(function, "function_name")[0].byte_range()])
}

/// A variable as PowerShell compares it, without what says that it is the script's.
fn variable(node: Node<'_>, text: &str) -> (String, bool) {
    let name =
        text[node.byte_range()].trim_start_matches(['$', '@', '{']).trim_end_matches('}').to_lowercase();
    match name.strip_prefix("script:") {
        Some(of_script) => (of_script.to_owned(), true),
        None => (name, false),
    }
}

/// The variables that are given a value, each with the function where that happens.
fn assigned(text: &str) -> BTreeSet<(Option<String>, String)> {
    let tree = parse(text);
    let mut found = BTreeSet::new();
    let mut add = |node: Node<'_>| {
        let (name, of_script) = variable(node, text);
        let scope = if of_script { None } else { scope(node, text).map(str::to_owned) };
        found.insert((scope, name));
    };
    for target in of_kind(&tree, "left_assignment_expression") {
        // `$a.b = 1` and `$a[0] = 1` need an `$a`.
        if below(target, "member_access").is_empty() && below(target, "element_access").is_empty() {
            below(target, "variable").into_iter().for_each(&mut add);
        }
    }
    for node in of_kind(&tree, "foreach_statement") {
        let mut cursor = node.walk();
        if let Some(own) = node.children(&mut cursor).find(|child| child.kind() == "variable") {
            add(own);
        }
    }
    for parameter in of_kind(&tree, "script_parameter") {
        add(below(parameter, "variable").pop().expect("a parameter has a name"));
    }
    found
}

/// Variables that are read and never given a value: strict mode stops there.
fn unassigned(text: &str, common: &str) -> Vec<String> {
    let (own, shared) = (assigned(text), assigned(common));
    let tree = parse(text);
    let mut bad = Vec::new();
    for node in of_kind(&tree, "variable") {
        let (name, of_script) = variable(node, text);
        let inner = scope(node, text).map(str::to_owned);
        let has = |scope: Option<String>| own.contains(&(scope.clone(), name.clone()));
        let of_all = has(None) || shared.contains(&(None, name.clone()));
        if !(AUTOMATIC.contains(&&*name) || of_all || (!of_script && has(inner))) {
            bad.push(format!("line {}: ${name}", node.start_position().row + 1));
        }
    }
    bad
}

#[test]
fn variables_that_are_read_have_a_value() {
    let scripts = scripts();
    for (name, text) in &scripts {
        let bad = unassigned(text, &scripts[COMMON]);
        assert!(bad.is_empty(), "{name}: {bad:#?}");
    }
    for (text, is_good) in [
        ("$a = 1; Write-Host \"$a\"", true),
        ("Write-Host \"x $($b.c)\"", false),
        ("function A { $a = 1 }\n$a", false),
        ("$a = 1\nfunction A { $a }", true),
        ("function A { $script:a = 1 }\n$a", true),
        ("foreach ($x in @(1)) { $x }", true),
        ("$a.b = 1", false),
        ("param([switch] $X)\nif ($x) { $null }", true),
    ] {
        assert_eq!(unassigned(text, "").is_empty(), is_good, "{text}");
    }
}
