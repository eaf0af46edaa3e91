//! The PowerShell scripts of a test VM's folder: nobody runs them here, but they are parsed with a real grammar, and what
//! they call has to exist.

mod calls;
mod powershell;
mod variables;

use powershell::{COMMON, above, below, commands, functions, mistakes, of_kind, parse, scripts};
use std::collections::BTreeSet;

/// The commands of Windows PowerShell 5.1 and its modules that the scripts use.
const CMDLETS: &[&str] = &[
    "Add-Content",
    "Add-Member",
    "Compress-Archive",
    "ConvertFrom-Json",
    "ConvertTo-Json",
    "Copy-Item",
    "ForEach-Object",
    "Get-CimInstance",
    "Get-Command",
    "Get-Content",
    "Get-Item",
    "Get-ScheduledTask",
    "Get-WinEvent",
    "Import-Certificate",
    "Join-Path",
    "New-Item",
    "New-ItemProperty",
    "New-Object",
    "New-ScheduledTaskAction",
    "New-ScheduledTaskPrincipal",
    "New-ScheduledTaskSettingsSet",
    "New-ScheduledTaskTrigger",
    "Out-Host",
    "Register-ScheduledTask",
    "Remove-Item",
    "Remove-ItemProperty",
    "Select-Object",
    "Set-ItemProperty",
    "Set-StrictMode",
    "Split-Path",
    "Start-Process",
    "Start-Sleep",
    "Test-Path",
    "Unregister-ScheduledTask",
    "Where-Object",
    "Write-Host",
    "Write-Output",
];

/// Programs of Windows that are started.
const PROGRAMS: &[&str] = &["bcdedit.exe", "pnputil.exe", "powershell.exe", "shutdown.exe", "verifier.exe"];

#[test]
fn the_grammar_finds_mistakes() {
    for (broken, why) in [
        ("function A { if ($x { 1 } }", "a parenthesis is missing"),
        ("if ($true) { 'x'\n", "a brace is missing"),
        ("$x = 'text\n", "a quotation mark is missing"),
        ("param([Parameter(Mandatory = ] [string] $X)", "half an attribute"),
    ] {
        assert!(!mistakes(broken).is_empty(), "{why}");
    }
    // A script of ours, with one character less.
    let whole = &scripts()["collect.ps1"];
    let brace = whole.rfind('}').unwrap();
    let broken = format!("{}{}", &whole[..brace], &whole[brace + 1..]);
    assert!(!mistakes(&broken).is_empty(), "collect.ps1 without its last brace");
}

#[test]
fn every_script_parses() {
    let scripts = scripts();
    assert!(scripts.len() >= 9, "{:?}", scripts.keys());
    for (name, text) in &scripts {
        let mistakes = mistakes(text);
        assert!(mistakes.is_empty(), "{name}: {mistakes:#?}");
        // Windows PowerShell takes a file without a byte order mark for the system's code page.
        assert!(text.is_ascii(), "{name} is ASCII");
        assert!(!text.contains('\t') && !text.contains('\r'), "{name} has neither tabs nor CR");
    }
}

#[test]
fn every_script_begins_as_it_has_to() {
    for (name, text) in &scripts() {
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines[0], "#Requires -Version 5.1", "{name}");
        // `status.ps1` is asked over a connection, where a refusal in words is more than PowerShell's.
        let needs_administrator = name != COMMON && name != "status.ps1";
        assert_eq!(lines[1] == "#Requires -RunAsAdministrator", needs_administrator, "{name}");
        for (needed, what) in [
            ("Set-StrictMode -Version Latest\n$ErrorActionPreference = 'Stop'\n", "strictness"),
            ("<#\n.SYNOPSIS\n", "help"),
        ] {
            assert_eq!(text.matches(needed).count(), 1, "{name}: {what}");
        }
        if name != COMMON {
            assert!(text.contains("\n.DESCRIPTION\n") && text.contains("\n.EXAMPLE\n"), "{name}");
            assert!(text.contains("\n. (Join-Path $PSScriptRoot 'common.ps1')\n"), "{name}");
            assert!(text.trim_end().lines().last().unwrap().starts_with("exit $"), "{name} ends with a code");
        }
    }
}

#[test]
fn every_parameter_of_a_script_is_documented() {
    let mut seen = 0;
    for (name, text) in &scripts() {
        let tree = parse(text);
        let parameters = of_kind(&tree, "script_parameter");
        // Those of functions are the functions' own business.
        let own = parameters.into_iter().filter(|node| above(*node, "function_statement").is_none());
        let own: Vec<_> = own.collect();
        for parameter in &own {
            let variable = below(*parameter, "variable").pop().expect("a parameter has a name");
            let variable = text[variable.byte_range()].trim_start_matches('$');
            assert!(text.contains(&format!("\n.PARAMETER {variable}\n")), "{name}: -{variable}");
            seen += 1;
        }
        let documented = text.matches("\n.PARAMETER ").count();
        assert_eq!(documented, own.len(), "{name} documents what it has");
    }
    assert!(seen >= 6, "the grammar still calls parameters so: {seen}");
}

#[test]
fn what_is_called_exists() {
    let scripts = scripts();
    let common = functions(&scripts[COMMON]);
    assert!(common.contains("Invoke-Step") && common.len() > 15, "{common:?}");
    let (mut used, mut cmdlets) = (BTreeSet::new(), BTreeSet::<&str>::new());
    for (name, text) in &scripts {
        let own = functions(text);
        for command in commands(text) {
            let known = own.contains(&command) || common.contains(&command) || CMDLETS.contains(&&*command);
            assert!(known, "{name} calls `{command}`, which nobody has");
            cmdlets.extend(CMDLETS.iter().find(|cmdlet| **cmdlet == command));
            used.insert(command);
        }
        for function in own {
            assert!(name == COMMON || text.matches(&function).count() > 1, "{name}: {function} is used");
        }
    }
    let unused: Vec<_> = common.iter().filter(|function| !used.contains(*function)).collect();
    assert!(unused.is_empty(), "{COMMON} has what nobody calls: {unused:?}");
    assert_eq!(cmdlets.len(), CMDLETS.len(), "the list has what nobody calls");
    // A call of what does not exist would be seen.
    assert!(commands("Get-Nothing -Path 1 | Out-Host").contains("Get-Nothing"));
}

#[test]
fn programs_are_those_of_windows() {
    for (name, text) in &scripts() {
        for word in text.split(|c: char| !(c.is_ascii_alphanumeric() || ".-_".contains(c))) {
            let is_program = word.ends_with(".exe") && word != "wdk-exerciser.exe";
            assert!(!is_program || PROGRAMS.contains(&word), "{name}: {word}");
        }
    }
}

/// `docs/test-vm.md` has a section for each script and its parameters.
#[test]
fn the_manual_has_every_script() {
    let manual = include_str!("../../../../docs/test-vm.md");
    for (name, text) in scripts().iter().filter(|(name, _)| *name != COMMON) {
        assert!(manual.contains(&format!("`{name}`")), "{name}");
        for line in text.lines() {
            if let Some(parameter) = line.strip_prefix(".PARAMETER ") {
                assert!(
                    manual.contains(&format!("`-{parameter}`")) || parameter == "Resume",
                    "{name} -{parameter}"
                );
            }
        }
    }
}
