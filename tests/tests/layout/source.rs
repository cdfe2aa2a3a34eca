//! The imports and paths of Rust files, parsed from their text.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// `["judge", "passport"]` for the file `judge/passport.rs`; also a path of an item.
pub(crate) type Name = Vec<String>;
pub(crate) type Modules = BTreeMap<Name, Module>;

/// The imports and paths of one file.
#[derive(Default)]
pub(crate) struct Module {
    /// Imported paths with the names that they get here.
    pub(crate) imports: Vec<(Name, String)>,
    /// Paths in the rest of the text.
    pub(crate) paths: Vec<Name>,
}

pub(crate) fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let below = |path: PathBuf| if path.is_dir() { rust_files(&path) } else { vec![path] };
    let is_source = |path: &PathBuf| !path.ends_with("target");
    let mut files: Vec<PathBuf> = entries.filter(is_source).flat_map(below).collect();
    files.retain(|file| file.extension().is_some_and(|ending| ending == "rs"));
    files
}

pub(crate) fn read_modules(source: &Path) -> Modules {
    let mut modules = Modules::new();
    for file in rust_files(source) {
        let path = file.strip_prefix(source).unwrap().with_extension("");
        let mut name: Name = path.iter().map(|part| part.to_string_lossy().into_owned()).collect();
        if name.iter().any(|part| part == "tests" || part == "bin") {
            continue;
        }
        if matches!(name.last().map(String::as_str), Some("mod" | "lib" | "main")) {
            name.pop();
        }
        modules.insert(name, parse(&fs::read_to_string(&file).unwrap()));
    }
    modules
}

pub(crate) fn parse(text: &str) -> Module {
    let tokens = without_tests(&tokens(text));
    let mut module = Module::default();
    let mut at = 0;
    while at < tokens.len() {
        let is = |step: usize, word: &str| tokens.get(at + step).is_some_and(|t| t == word);
        if is(0, "use") && !is(1, "<") {
            at += 1;
            parse_use(&tokens, &mut at, Vec::new(), &mut module.imports);
            continue;
        }
        let mut path = vec![tokens[at].clone()];
        while let [separator, part, ..] = &tokens[at + 1..]
            && separator == "::"
        {
            path.push(part.clone());
            at += 2;
        }
        module.paths.extend((path.len() > 1).then_some(path));
        at += 1;
    }
    module
}

/// Adds the leaves of one tree of imports and stops behind it.
fn parse_use(tokens: &[String], at: &mut usize, mut path: Name, found: &mut Vec<(Name, String)>) {
    loop {
        match tokens[*at].as_str() {
            "::" => {}
            "{" => loop {
                *at += 1;
                if tokens[*at] != "}" {
                    parse_use(tokens, at, path.clone(), found);
                }
                if tokens[*at] == "}" {
                    *at += 1;
                    return;
                }
            },
            "as" => {
                path.pop_if(|last| last == "self");
                found.push((path, tokens[*at + 1].clone()));
                *at += 2;
                return;
            }
            "," | "}" | ";" => {
                path.pop_if(|last| last == "self");
                let name = path.last().cloned();
                found.extend(name.map(|name| (path, name)));
                return;
            }
            part => path.push(part.to_owned()),
        }
        *at += 1;
    }
}

/// Words, `::` and other characters, without comments, strings and quotes.
fn tokens(text: &str) -> Vec<String> {
    let text: Vec<char> = text.chars().collect();
    let is_word = |c: &char| c.is_alphanumeric() || *c == '_';
    let (mut tokens, mut at) = (Vec::new(), 0);
    while let Some(first) = text.get(at).copied() {
        let next = text.get(at + 1).copied().unwrap_or(' ');
        let hashes = text[at + 1..].iter().take_while(|c| **c == '#').count();
        at = match first {
            '/' if next == '/' => position_after(&text, at, "\n"),
            '/' if next == '*' => position_after(&text, at, "*/"),
            'r' if text.get(at + 1 + hashes) == Some(&'"') => {
                position_after(&text, at + 2 + hashes, &format!("\"{}", "#".repeat(hashes)))
            }
            'b' if matches!(next, '"' | '\'')
                || (next == 'r' && matches!(text.get(at + 2), Some('"' | '#'))) =>
            {
                at + 1
            }
            '"' => {
                let mut end = at + 1;
                while text.get(end).is_some_and(|c| *c != '"') {
                    end += if text[end] == '\\' { 2 } else { 1 };
                }
                end + 1
            }
            '\'' if next == '\\' => position_after(&text, at + 3, "'"),
            '\'' if text.get(at + 2) == Some(&'\'') => at + 3,
            '\'' => at + 1,
            ':' if next == ':' => {
                tokens.push("::".to_owned());
                at + 2
            }
            _ => {
                let word = text[at..].iter().take_while(|c| is_word(c)).count().max(1);
                tokens
                    .extend((!first.is_whitespace()).then(|| text[at..at + word].iter().collect()));
                at + word
            }
        };
    }
    tokens
}

/// Returns the position after the next occurrence of a text.
fn position_after(text: &[char], from: usize, end: &str) -> usize {
    let end: Vec<char> = end.chars().collect();
    let from = from.min(text.len());
    let found = text[from..].windows(end.len()).position(|window| window == end);
    found.map_or(text.len(), |at| from + at + end.len())
}

/// Leaves out each item after `#[cfg(test)]`.
fn without_tests(tokens: &[String]) -> Vec<String> {
    const MARK: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];
    let (mut kept, mut at) = (Vec::new(), 0);
    while at < tokens.len() {
        if !tokens[at..].iter().take(MARK.len()).eq(&MARK) {
            kept.push(tokens[at].clone());
            at += 1;
            continue;
        }
        let mut depth = 0;
        for token in &tokens[at..] {
            at += 1;
            match token.as_str() {
                "{" => depth += 1,
                "}" => depth -= 1,
                ";" if depth == 0 => break,
                _ => continue,
            }
            if depth == 0 {
                break;
            }
        }
    }
    kept
}
