//! End-to-end tests: the built command on drawn applications and hostile files.
//! [`services`] also starts real servers for the tests of other packages.

pub mod cluster;
pub mod services;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use serde_json::Value;

/// Returns a call of the built `tekseru`, without the variables that change its output.
///
/// Cargo provides the path of a binary only to tests of the same package. The
/// first call therefore builds the binary, in the profile of the tests, unless
/// `TEKSERU_BINARY` names one.
///
/// # Panics
/// When it cannot be built.
#[must_use]
pub fn tekseru() -> Command {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    let binary = BUILT.get_or_init(|| {
        if let Some(given) = std::env::var_os("TEKSERU_BINARY") {
            return given.into();
        }
        let test = std::env::current_exe().expect("a test has a path");
        let profile = test.ancestors().nth(2).expect("tests are in PROFILE/deps");
        let mut build = Command::new(env!("CARGO"));
        // Cargo tells a test of its package; a build script that reads this (ring) and all that
        // depends on it would be built again
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
                build.env_remove(name);
            }
        }
        // as the tests themselves are built, or every dependency would be built twice
        build.args(["build", "--quiet", "--locked", "--workspace", "--tests", "--bin", "tekseru"]);
        // the harness reports times where it is set; compilers that see it build everything again
        build.env_remove("RUSTC_BOOTSTRAP").arg("--target-dir");
        build.arg(profile.parent().expect("profiles are in the target folder"));
        if profile.ends_with("release") {
            build.arg("--release");
        }
        assert!(build.status().expect("cargo starts").success(), "tekseru does not build");
        profile.join("tekseru")
    });
    tekseru_at(binary)
}

/// Returns a call of a `tekseru`, without the variables that change its output.
#[must_use]
pub fn tekseru_at(program: &Path) -> Command {
    let mut command = Command::new(program);
    command.env_remove("NO_COLOR").env("COLUMNS", "100").env("TERM", "dumb");
    command
}

/// Returns the folder of the repository. With a build folder that several checkouts share,
/// `env!` alone would name the one that compiled this.
#[must_use]
pub fn repository() -> PathBuf {
    let package = std::env::var_os("CARGO_MANIFEST_DIR");
    let package = package.map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    package.join("..")
}

/// Returns output as text.
///
/// # Panics
/// When it is not UTF-8.
#[must_use]
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("the command prints UTF-8")
}

/// Parses one JSON value from each line of standard output.
///
/// # Panics
/// When a line is not JSON.
#[must_use]
pub fn json_lines(output: &Output) -> Vec<Value> {
    text(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e} in {line}")))
        .collect()
}

/// Runs `tekseru examine --kind KIND FILES…` and returns the lines that it prints.
///
/// # Panics
/// When it fails.
#[must_use]
pub fn examine(kind: &str, files: &[&Path]) -> Vec<Value> {
    let output = tekseru()
        .args(["examine", "--on", "2026-01-05", "--kind", kind])
        .args(files)
        .output()
        .expect("tekseru starts");
    assert!(output.status.success(), "{}", text(&output.stderr));
    json_lines(&output)
}

/// Runs `tekseru check` with a fixed day of judging and a fixed time of receipt.
///
/// # Panics
/// When it does not start.
#[must_use]
pub fn check(folder: &Path, arguments: &[&str]) -> Output {
    tekseru()
        .args(["check", "--on", "2026-01-05", "--received", "2026-01-02T06:00:00Z"])
        .args(arguments)
        .arg(folder)
        .output()
        .expect("tekseru starts")
}

/// Returns the codes in a list of reasons.
#[must_use]
pub fn reason_codes(reasons: &Value) -> Vec<String> {
    let all = reasons.as_array().map(Vec::as_slice).unwrap_or_default();
    all.iter().filter_map(|reason| reason["code"].as_str()).map(str::to_owned).collect()
}

/// Replaces name and version of the examiner by `EXAMINER`, so that a stored text
/// does not change with everything that examines.
#[must_use]
pub fn without_examiner(text: &str) -> String {
    let mut parts = text.split(pipeline::examiner::name());
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        plain.push_str("EXAMINER");
        // the hash of the sources that run the examining process
        plain.push_str(part.strip_prefix(" child@").map_or(part, |rest| &rest[12..]));
    }
    plain
}
