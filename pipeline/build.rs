//! Sets `TEKSERU_EXAMINER_HASH`, the hash of everything built in that can change what is seen in
//! a file: the name of the examiner contains it. Compiles what calls libjpeg.

#[path = "build/examiner_hash.rs"]
#[allow(dead_code, reason = "a part is for the build script of the workers")]
mod examiner_hash;

use std::path::Path;
use std::process::ExitCode;

use examiner_hash::Inputs;

fn main() -> ExitCode {
    // not `env!`: a checkout elsewhere may run this program with the same build folder
    let Some(package) = std::env::var_os("CARGO_MANIFEST_DIR") else {
        println!("cargo::error=run this build script with cargo");
        return ExitCode::FAILURE;
    };
    let package = Path::new(&package);
    let mut libjpeg = cc::Build::new();
    libjpeg.file(package.join("src/open/jpeg/decode.c")).warnings_into_errors(true);
    if let Err(error) = libjpeg.try_compile("tekseru_jpeg") {
        println!(
            "cargo::error={error}; it needs the headers of libjpeg: apt-get install libjpeg-dev"
        );
        return ExitCode::FAILURE;
    }
    // the workspace, which has the only lock file
    let workspace = package.parent().unwrap_or(package);
    match Inputs::new(package, workspace).hash() {
        Ok(hash) => {
            for path in Inputs::new(package, workspace).watched() {
                println!("cargo::rerun-if-changed={}", path.display());
            }
            println!("cargo::rustc-env=TEKSERU_EXAMINER_HASH={hash}");
            ExitCode::SUCCESS
        }
        Err(problem) => {
            println!("cargo::error={problem}");
            ExitCode::FAILURE
        }
    }
}
