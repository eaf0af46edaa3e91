//! The scripts, and PowerShell's grammar.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use tree_sitter::{Node, Parser, Tree};

/// The file that the others read.
pub const COMMON: &str = "common.ps1";

pub fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("test-vm")
}

pub fn scripts() -> BTreeMap<String, String> {
    let entries = fs::read_dir(directory()).unwrap().map(|entry| entry.unwrap().path());
    let scripts = entries.filter(|path| path.extension().is_some_and(|extension| extension == "ps1"));
    scripts
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, fs::read_to_string(&path).unwrap())
        })
        .collect()
}

pub fn parse(text: &str) -> Tree {
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_powershell::LANGUAGE.into()).expect("the versions fit");
    parser.parse(text, None).expect("there is a language and no limit")
}

pub fn walk<'a>(node: Node<'a>, visit: &mut impl FnMut(Node<'a>)) {
    visit(node);
    let mut cursor = node.walk();
    for child in node.children(&mut cursor) {
        walk(child, visit);
    }
}

/// What the grammar does not accept, with the lines.
pub fn mistakes(text: &str) -> Vec<String> {
    let tree = parse(text);
    let mut found = Vec::new();
    walk(tree.root_node(), &mut |node| {
        if node.is_error() || node.is_missing() {
            let line = node.start_position().row + 1;
            let lines: String = text[node.byte_range()].chars().take(60).collect();
            found.push(format!("line {line}: {} `{lines}`", node.kind()));
        }
    });
    found
}

pub fn of_kind<'a>(tree: &'a Tree, kind: &str) -> Vec<Node<'a>> {
    let mut found = Vec::new();
    walk(tree.root_node(), &mut |node| {
        if node.kind() == kind {
            found.push(node);
        }
    });
    found
}

/// The functions that a script defines.
pub fn functions(text: &str) -> BTreeSet<String> {
    let tree = parse(text);
    let names = of_kind(&tree, "function_name");
    names.into_iter().map(|node| text[node.byte_range()].to_owned()).collect()
}

/// The commands that a script calls by name.
pub fn commands(text: &str) -> BTreeSet<String> {
    let tree = parse(text);
    let names = of_kind(&tree, "command_name");
    names
        .into_iter()
        .map(|node| text[node.byte_range()].to_owned())
        // `& $Path` and `. (…)` call what a variable holds.
        .filter(|name| !name.starts_with(['$', '(']))
        .collect()
}

pub fn above<'a>(node: Node<'a>, kind: &str) -> Option<Node<'a>> {
    std::iter::successors(node.parent(), Node::parent).find(|above| above.kind() == kind)
}

pub fn below<'a>(node: Node<'a>, kind: &str) -> Vec<Node<'a>> {
    let mut found = Vec::new();
    walk(node, &mut |node| {
        if node.kind() == kind {
            found.push(node);
        }
    });
    found
}
