//! Options of the linker that make `tekseru` smaller: functions with the same code are
//! kept once, relocations are packed (glibc 2.36 or later reads them), and a build
//! without debug information has no symbols.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
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
