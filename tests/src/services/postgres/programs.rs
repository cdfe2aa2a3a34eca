//! The programs of the Debian package, and the user that may run them.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Returns the folder of the newest version; Debian installs each in its own.
pub(super) fn programs() -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").expect("postgresql is installed");
    let versions = versions.filter_map(|entry| Some(entry.ok()?.path().join("bin")));
    let mut versions: Vec<_> = versions.filter(|bin| bin.join("initdb").exists()).collect();
    versions.sort();
    versions.pop().expect("postgresql is installed")
}

/// Returns the ids of the package's user if this process is root, as which the
/// server refuses to run.
pub(super) fn other_owner() -> Option<(u32, u32)> {
    let own = fs::metadata("/proc/self").expect("Linux").uid();
    if own != 0 {
        return None;
    }
    let users = fs::read_to_string("/etc/passwd").expect("there are users");
    let line = users.lines().find(|line| line.starts_with("postgres:")).expect("its user");
    let mut ids = line.split(':').skip(2).map(|id| id.parse().expect("ids are numbers"));
    ids.next().zip(ids.next())
}

pub(super) fn as_owner() -> Vec<&'static str> {
    match other_owner() {
        Some(_) => vec!["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--"],
        None => vec!["env"],
    }
}

pub(super) fn output(command: &mut Command) -> String {
    let output = command.stdin(Stdio::null()).output().expect("postgresql is installed");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {errors}", command.get_program().display());
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Returns the processes whose working directory is a folder.
pub(super) fn processes_in(folder: &Path) -> Vec<PathBuf> {
    let processes =
        fs::read_dir("/proc").expect("Linux").filter_map(|entry| Some(entry.ok()?.path()));
    processes
        .filter(|process| fs::read_link(process.join("cwd")).is_ok_and(|cwd| cwd == folder))
        .collect()
}

/// Returns a password that other users of this machine cannot guess.
pub(super) fn random() -> String {
    use std::hash::{BuildHasher as _, RandomState};
    format!("{:016x}", RandomState::new().hash_one("password"))
}
