//! Options of the linker that make `tekseru` smaller: functions with the same code are
//! kept once, relocations are packed (glibc 2.36 or later reads them), and a build
//! without debug information has no symbols.
//!
//! Sets `TEKSERU_CHILD_HASH` too, the hash of the sources that run and limit an examining
//! process: the name of the examiner contains it.

#[path = "../pipeline/build/examiner_hash.rs"]
#[allow(dead_code, reason = "the rest is for the package of the examiner")]
mod examiner_hash;

use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=../pipeline/build/examiner_hash.rs");
    println!("cargo::rerun-if-changed=src/examiner");
    match examiner_hash::hash_folder(Path::new("src/examiner")) {
        Ok(hash) => println!("cargo::rustc-env=TEKSERU_CHILD_HASH={hash}"),
        Err(problem) => println!("cargo::error={problem}"),
    }
    let is = |name: &str, value: &str| std::env::var(name).is_ok_and(|found| found == value);
    let mut options = vec!["-z,pack-relative-relocs"];
    // the linker of Rust on this target; GNU ld has no such option
    if is("CARGO_CFG_TARGET_ARCH", "x86_64") {
        options.push("--icf=all");
    }
    // Cargo's own `strip` keeps symbols where a package has settings of its own
    if is("DEBUG", "false") {
        options.push("--strip-all");
    }
    for option in options {
        println!("cargo::rustc-link-arg-bins=-Wl,{option}");
    }
}
