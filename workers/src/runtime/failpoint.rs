//! What a test may do to this process: kill it at a step, shorten its waits.
//!
//! `TEKSERU_KILL_AT=STEP` ends it there by SIGKILL, as a machine would that
//! loses its power; `STEP:FILE` only where FILE is not there yet, which is
//! made first, so that it happens once. `TEKSERU_WAIT_AT=STEP:FOLDER` makes a
//! file there, and goes on once FOLDER/go is there. `TEKSERU_RETRY_SCALE` multiplies the
//! waits of the retry levels, `TEKSERU_TODAY` is the day to judge for. Release
//! builds have none of it.

use jiff::civil::Date;

/// A step was reached.
#[cfg(debug_assertions)]
pub(crate) fn reached(step: &str) {
    wait(step);
    let Ok(wanted) = std::env::var("TEKSERU_KILL_AT") else { return };
    let (wanted, once) =
        wanted.split_once(':').map_or((wanted.as_str(), None), |(w, f)| (w, Some(f)));
    let first = || once.is_none_or(|file| std::fs::File::create_new(file).is_ok());
    if wanted == step && first() {
        let _ =
            rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
    }
}

#[cfg(debug_assertions)]
fn wait(step: &str) {
    let Ok(wanted) = std::env::var("TEKSERU_WAIT_AT") else { return };
    let Some((_, folder)) = wanted.split_once(':').filter(|(wanted, _)| *wanted == step) else {
        return;
    };
    let folder = std::path::Path::new(folder);
    let _ = std::fs::write(folder.join(std::process::id().to_string()), step);
    while !folder.join("go").exists() {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}

/// A step was reached.
#[cfg(not(debug_assertions))]
#[inline]
pub(crate) fn reached(_step: &str) {}

/// What the waits of the retry levels are multiplied by.
#[cfg(debug_assertions)]
pub(crate) fn retry_scale() -> f64 {
    std::env::var("TEKSERU_RETRY_SCALE").ok().and_then(|scale| scale.parse().ok()).unwrap_or(1.0)
}

/// What the waits of the retry levels are multiplied by.
#[cfg(not(debug_assertions))]
pub(crate) fn retry_scale() -> f64 {
    1.0
}

/// Another day than the clock's.
#[cfg(debug_assertions)]
pub(crate) fn today() -> Option<Date> {
    std::env::var("TEKSERU_TODAY").ok()?.parse().ok()
}

/// Another day than the clock's.
#[cfg(not(debug_assertions))]
pub(crate) fn today() -> Option<Date> {
    None
}
