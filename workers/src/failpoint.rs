//! What a test may do to this process: kill it at a step, shorten its waits.
//!
//! `TEKSERU_KILL_AT=STEP` ends it there by SIGKILL, as a machine would that
//! loses its power; `STEP:FILE` only where FILE is not there yet, which is
//! made first, so that it happens once. `TEKSERU_RETRY_SCALE` multiplies the
//! waits of the retry levels. Release builds have none of it.

/// A step was reached.
#[cfg(debug_assertions)]
pub(crate) fn reached(step: &str) {
    let Ok(wanted) = std::env::var("TEKSERU_KILL_AT") else { return };
    let (wanted, once) =
        wanted.split_once(':').map_or((wanted.as_str(), None), |(w, f)| (w, Some(f)));
    let first = || once.is_none_or(|file| std::fs::File::create_new(file).is_ok());
    if wanted == step && first() {
        let _ =
            rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
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
