//! Time and reason codes of each hostile file, examined by the built command.
//!
//! `cargo build --release -p workers && cargo run --release -p benches --bin hostile`

use std::process::{Command, ExitCode};
use std::time::Instant;

use serde_json::Value;

#[expect(clippy::print_stderr, reason = "a command reports its errors")]
fn main() -> ExitCode {
    let Some(binary) = std::env::current_exe().ok().map(|path| path.with_file_name("tekseru"))
    else {
        return ExitCode::FAILURE;
    };
    match run(&binary) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!(
                "hostile: {}: {error}; build it with: cargo build --release -p workers",
                binary.display()
            );
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stdout, reason = "the program prints a table")]
fn run(binary: &std::path::Path) -> std::io::Result<()> {
    let folder = tempfile::tempdir()?;
    println!("{:36} {:>9} {:>8}  reason", "file", "bytes", "ms");
    let mut slowest = 0.0_f64;
    for hostile in fixtures::hostile::all() {
        let file = folder.path().join(hostile.name);
        std::fs::write(&file, &hostile.bytes)?;
        let started = Instant::now();
        let output =
            Command::new(binary).args(["examine", "--kind", "other"]).arg(&file).output()?;
        let ms = started.elapsed().as_secs_f64() * 1000.0;
        slowest = slowest.max(ms);
        let line: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
        let reasons = line["reasons"].as_array().cloned().unwrap_or_default();
        let codes: Vec<&str> =
            reasons.iter().filter_map(|reason| reason["code"].as_str()).collect();
        println!("{:36} {:>9} {ms:>8.0}  {}", hostile.name, hostile.bytes.len(), codes.join(" "));
        std::fs::remove_file(&file)?;
    }
    println!("slowest: {slowest:.0} ms");
    Ok(())
}
