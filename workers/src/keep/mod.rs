//! `tekseru keep`: what nobody else comes back for.
//!
//! Every keeper drains `dead` and `unrouted` into the registry; what is done by
//! the clock is done by the one that holds the lease: revisions not attached,
//! events not sent, objects not erased, days that change a check, reminders,
//! retention. Each may be interrupted and repeated anywhere.

mod arguments;
mod bury;
mod day;
mod serve;
mod strays;
mod sweep;

pub(crate) use arguments::Arguments;
pub(crate) use serve::run;

use crate::work::WorkError;

/// One application that fails for good is told and holds up no other.
fn go_on(done: Result<(), WorkError>, application_id: &str) -> Result<(), WorkError> {
    match done {
        Err(error) if error.needs().is_none() => {
            tracing::error!(application.id = %application_id, code = error.code(), "Left for later");
            metrics::counter!("tekseru_keeper_failures_total", "code" => error.code()).increment(1);
            Ok(())
        }
        done => done,
    }
}
