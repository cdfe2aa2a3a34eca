//! Places at which a test may kill this process.
//!
//! `TEKSERU_KILL_AT=STEP` ends it there by SIGKILL, as a machine would that
//! loses its power; `STEP:FILE` only where FILE is not there yet, which is
//! made first, so that it happens once. Release builds have none of it.

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
