//! Options of the linker that make `tekseru` smaller: functions with the same code are
//! kept once, relocations are packed (glibc 2.36 or later reads them).

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-link-arg-bins=-Wl,--icf=all");
    println!("cargo::rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
}
