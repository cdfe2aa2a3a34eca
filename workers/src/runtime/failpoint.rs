//! Fail points: tests kill or pause this process at a step, shorten retry delays, set the date.
//!
//! `TEKSERU_KILL_AT=STEP` kills the process at a step with SIGKILL, like a power
//! failure. `TEKSERU_KILL_AT=STEP:FILE` does so only if FILE does not exist, and
//! creates FILE first, so that it happens once. `TEKSERU_WAIT_AT=STEP:FOLDER`
//! creates a file in FOLDER and waits until FOLDER/go exists. `TEKSERU_RETRY_SCALE`
//! is a factor on retry delays, `TEKSERU_WALL_CLOCK_SCALE` one on the wall-clock time of
//! examining processes, `TEKSERU_TODAY` is the date to judge for, `TEKSERU_CLOCK_ERROR` is
//! how far the clock of a process is wrong, in seconds.
//! Release builds contain none of this.

use jiff::SignedDuration;
use jiff::civil::Date;

/// Kills or pauses the process if a test chose this step.
#[cfg(debug_assertions)]
pub(crate) fn reached(step: &str) {
    wait(step);
    let Ok(chosen) = std::env::var("TEKSERU_KILL_AT") else { return };
    let (chosen, once) =
        chosen.split_once(':').map_or((chosen.as_str(), None), |(step, file)| (step, Some(file)));
    let is_first = || once.is_none_or(|file| std::fs::File::create_new(file).is_ok());
    if chosen == step && is_first() {
        let _ =
            rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
    }
}

#[cfg(debug_assertions)]
fn wait(step: &str) {
    let Ok(chosen) = std::env::var("TEKSERU_WAIT_AT") else { return };
    let Some((_, folder)) = chosen.split_once(':').filter(|(chosen, _)| *chosen == step) else {
        return;
    };
    let folder = std::path::Path::new(folder);
    let _ = std::fs::write(folder.join(std::process::id().to_string()), step);
    while !folder.join("go").exists() {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}

/// Does nothing in release builds.
#[cfg(not(debug_assertions))]
#[inline]
pub(crate) fn reached(_step: &str) {}

/// Returns the factor on retry delays.
pub(crate) fn retry_scale() -> f64 {
    scale("TEKSERU_RETRY_SCALE")
}

/// Returns the factor on the wall-clock time of examining processes.
pub(crate) fn wall_clock_scale() -> f64 {
    scale("TEKSERU_WALL_CLOCK_SCALE")
}

#[cfg(debug_assertions)]
fn scale(variable: &str) -> f64 {
    std::env::var(variable).ok().and_then(|scale| scale.parse().ok()).unwrap_or(1.0)
}

#[cfg(not(debug_assertions))]
fn scale(_variable: &str) -> f64 {
    1.0
}

/// Returns the date that replaces the clock's, if set.
#[cfg(debug_assertions)]
pub(crate) fn today() -> Option<Date> {
    std::env::var("TEKSERU_TODAY").ok()?.parse().ok()
}

/// Returns the date that replaces the clock's, if set.
#[cfg(not(debug_assertions))]
pub(crate) fn today() -> Option<Date> {
    None
}

/// Returns how far the clock of this process is wrong.
#[cfg(debug_assertions)]
pub(crate) fn clock_error() -> SignedDuration {
    let seconds = std::env::var("TEKSERU_CLOCK_ERROR").ok().and_then(|text| text.parse().ok());
    SignedDuration::from_secs(seconds.unwrap_or(0))
}

/// Returns how far the clock of this process is wrong.
#[cfg(not(debug_assertions))]
pub(crate) fn clock_error() -> SignedDuration {
    SignedDuration::ZERO
}
