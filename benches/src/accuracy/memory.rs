//! Peak memory of reading one file, in a separate process.

use std::path::Path;
use std::process::Command;

use super::{BenchError, timing};

/// Peak resident set of a process that reads one file and does nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peak {
    /// Before the file was read from disk, in KiB.
    pub before: u64,
    /// After it was read, in KiB.
    pub after: u64,
}

/// Runs this program with `--memory-child FILE` and returns its figures.
///
/// # Errors
/// When the child cannot be run or reports nothing.
pub fn measure(file: &Path) -> Result<Peak, BenchError> {
    let this = std::env::current_exe().map_err(|error| BenchError::file(file, error))?;
    let output = Command::new(this).arg("--memory-child").arg(file).output();
    let output = output.map_err(|error| BenchError::file(file, error))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let mut numbers = text.split_ascii_whitespace().map(str::parse);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(before)), Some(Ok(after))) => Ok(Peak { before, after }),
        _ => Err(BenchError::Child),
    }
}

/// Measures in the child process.
///
/// # Errors
/// When the file cannot be read.
pub fn measure_in_child(file: &Path) -> Result<Peak, BenchError> {
    let before = peak_kib();
    let bytes = std::fs::read(file).map_err(|error| BenchError::file(file, error))?;
    let (reading, _) = timing::read_timed(&bytes, true);
    std::hint::black_box(reading.zones.len());
    Ok(Peak { before, after: peak_kib() })
}

/// Returns `VmHWM` of this process, or 0 if the system does not report it.
#[must_use]
pub fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|rest| rest.split_ascii_whitespace().next()?.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_peak_of_this_process_is_measured() {
        assert!(super::peak_kib() > 1000);
    }
}
