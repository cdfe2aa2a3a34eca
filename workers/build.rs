//! Options of the linker that make `tekseru` smaller: functions with the same code are
//! kept once, relocations are packed (glibc 2.36 or later reads them).

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let target = std::env::var("CARGO_CFG_TARGET_ARCH").unwrap_or_default();
    // the linker of Rust on this target; GNU ld has no such option
    if target == "x86_64" {
        println!("cargo::rustc-link-arg-bins=-Wl,--icf=all");
    }
    println!("cargo::rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
}
