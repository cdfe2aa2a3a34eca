//! Compresses the debug information of `tekseru`, which more than halves it; backtraces
//! read it all the same.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-link-arg-bins=-Wl,--compress-debug-sections=zlib");
}
