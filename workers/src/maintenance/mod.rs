//! `tekseru maintain`: what nobody else comes back for.
//!
//! Every keeper drains `dead` and `unrouted` into the registry; what is done by
//! the clock is done by the one that holds the lease: revisions not attached,
//! events not sent, objects not erased, days that change a check, reminders,
//! retention. Each may be interrupted and repeated anywhere.

mod arguments;
mod day_passed;
mod dead_letter;
mod orphans;
mod serve;
mod store_dead_letter;
mod unfinished;

pub(crate) use arguments::Arguments;
pub(crate) use serve::run;

use crate::services::Services;
use crate::worker::WorkError;

/// One application that fails alone is told and holds up no other; where a
/// service is down all would fail.
async fn go_on(
    services: &Services,
    done: Result<(), WorkError>,
    application_id: &str,
) -> Result<(), WorkError> {
    let Err(error) = done else { return Ok(()) };
    if is_down(services, &error).await {
        return Err(error);
    }
    tracing::error!(application.id = %application_id, code = error.code(), "Left for later");
    metrics::counter!("tekseru_keeper_failures_total", "code" => error.code()).increment(1);
    Ok(())
}

/// Whether it failed because a service is down as a whole.
async fn is_down(services: &Services, error: &WorkError) -> bool {
    match error.needs() {
        Some(dependency) => !services.works(dependency).await,
        None => false,
    }
}
