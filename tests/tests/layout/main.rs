//! The layout of the source: imports run one way, files stay short.
//!
//! A dependency of a module is every item that it imports or names by a path,
//! followed through re-exports to the module that defines the item. Test code
//! does not count. At each level of the tree a file and a folder of modules
//! each count as one node; the nodes of a level must form no cycle. What a
//! child takes from its parent, and a parent from its child, is not counted.

#![allow(clippy::unwrap_used, reason = "a test that cannot continue fails")]

mod source;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use source::{Modules, Name, parse, read_modules, rust_files};

const ROOT: &str = "..";
const CRATES: [&str; 5] = ["pipeline", "workers", "fixtures", "tests", "benches"];

/// Files that may be longer because they are tables.
const TABLES: &[&str] = &[];
const LONGEST_FILE: usize = 320;
const LONGEST_ARCHITECTURE: usize = 1300;

#[test]
fn sibling_modules_form_no_cycle() {
    for krate in ["pipeline", "workers"] {
        let source = Path::new(ROOT).join(krate).join("src");
        let modules = read_modules(&source);
        // a scanner that reads nothing finds nothing
        assert!(modules.len() > 150, "{krate}: only {} modules were read", modules.len());
        let cycles = cycles(&modules);
        assert!(cycles.is_empty(), "{krate}:\n  {}", cycles.join("\n  "));
    }
}

#[test]
fn files_are_short() {
    let length = |file: &PathBuf| fs::read_to_string(file).unwrap().lines().count();
    let files = CRATES.iter().flat_map(|krate| rust_files(&Path::new(ROOT).join(krate)));
    let is_table = |file: &PathBuf| TABLES.iter().any(|table| file.ends_with(table));
    let long: Vec<PathBuf> =
        files.filter(|file| !is_table(file) && length(file) > LONGEST_FILE).collect();
    assert!(long.is_empty(), "more than {LONGEST_FILE} lines: {long:#?}");
}

#[test]
fn the_architecture_is_described_in_two_pages() {
    let text = fs::read_to_string(Path::new(ROOT).join("ARCHITECTURE.md")).unwrap();
    assert!(text.split_whitespace().count() < LONGEST_ARCHITECTURE);
}

#[test]
fn a_cycle_is_found_through_folders_and_re_exports_and_not_in_tests() {
    let tree = |judge: &str| -> Modules {
        let files = [
            ("", "mod open; mod judge;"),
            ("open", "pub use picture::Picture; mod picture;"),
            ("open::picture", "use crate::judge::{self as rules, Case}; pub struct Picture;"),
            ("judge", judge),
        ];
        let named = |(name, text): (&str, &str)| (split(name), parse(text));
        files.map(named).into_iter().collect()
    };
    let one_way = "#[cfg(test)] mod tests { use crate::open::Picture; }
        // crate::open::Picture
        pub fn text() -> &'static str { \"crate::open::Picture\" }";
    assert!(cycles(&tree(one_way)).is_empty());
    for back in ["use crate::open::Picture;", "fn f() { let _ = super::open::Picture; }"] {
        let found = cycles(&tree(back));
        assert_eq!(found, ["judge -> open::picture", "open::picture -> judge"], "{back}");
    }
}

fn split(name: &str) -> Name {
    name.split("::").filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// A path as seen from the root of the crate; nothing for other crates.
fn absolute(modules: &Modules, from: &Name, path: &[String]) -> Option<Name> {
    let mut base = from.clone();
    let mut rest = path;
    while let [first, after @ ..] = rest {
        match first.as_str() {
            "crate" => base.clear(),
            "super" => drop(base.pop()),
            "self" => {}
            _ => break,
        }
        rest = after;
    }
    let item = [base, rest.to_vec()].concat();
    let child = item.get(..=from.len()).is_some_and(|child| modules.contains_key(child));
    (rest.len() < path.len() || child).then_some(item)
}

/// The module that defines an item, behind re-exports.
fn resolve(modules: &Modules, item: &[String], depth: usize) -> Option<Name> {
    let at = (0..=item.len()).rev().find(|at| modules.contains_key(&item[..*at]))?;
    let (module, rest) = (item[..at].to_vec(), &item[at..]);
    let imports = &modules[&module].imports;
    let import = rest.first().and_then(|first| imports.iter().find(|(_, name)| name == first));
    match import.and_then(|(path, _)| absolute(modules, &module, path)) {
        Some(path) if depth < 8 && path != item => {
            resolve(modules, &[path, rest[1..].to_vec()].concat(), depth + 1)
        }
        _ => Some(module),
    }
}

/// Pairs of modules of which the first depends on the second.
fn dependencies(modules: &Modules) -> BTreeSet<(Name, Name)> {
    let mut pairs = BTreeSet::new();
    for (name, module) in modules {
        let imported = module.imports.iter().map(|(path, _)| path);
        for path in imported.chain(&module.paths) {
            let local = module.imports.iter().find(|(_, alias)| *alias == path[0]);
            let through = local.and_then(|(import, _)| absolute(modules, name, import));
            let through = through.map(|import| [import, path[1..].to_vec()].concat());
            let item = absolute(modules, name, path).or(through);
            let target = item.and_then(|item| resolve(modules, &item, 0));
            pairs.extend(target.filter(|target| target != name).map(|to| (name.clone(), to)));
        }
    }
    pairs
}

/// The dependencies between siblings that are part of a cycle.
fn cycles(modules: &Modules) -> Vec<String> {
    let mut ties = Vec::new();
    for (from, to) in dependencies(modules) {
        let depth = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
        if depth < from.len() && depth < to.len() {
            let siblings = (from[..=depth].to_vec(), to[..=depth].to_vec());
            ties.push((siblings, format!("{} -> {}", from.join("::"), to.join("::"))));
        }
    }
    let edges: BTreeSet<(Name, Name)> = ties.iter().map(|(tie, _)| tie.clone()).collect();
    ties.retain(|((from, to), _)| reaches(&edges, to, from));
    ties.into_iter().map(|(_, tie)| tie).collect()
}

fn reaches(edges: &BTreeSet<(Name, Name)>, from: &Name, to: &Name) -> bool {
    let (mut reached, mut open) = (BTreeSet::new(), vec![from]);
    while let Some(node) = open.pop() {
        let next = edges.iter().filter(|(start, _)| start == node).map(|(_, end)| end);
        open.extend(next.filter(|end| reached.insert(*end)));
    }
    reached.contains(to)
}
