//! Attaches and tells what a transaction has added, at once where that is possible.
//!
//! Revisions and events are in the registry: what cannot be attached or told now is left to
//! the next delivery of the application and to `tekseru maintain`. So a portal whose queue is
//! full holds up nobody's work. While a whole service is down the delivery waits for it: then
//! nothing else could be done either.

use tracing::{Instrument, info_span, warn};

use super::dependency_wait::failed_dependency;
use super::error::ProcessError;
use crate::application_key::ApplicationKey;
use crate::objects::{StoreError, is_about_rights};
use crate::services::{ServiceError, Services};
use crate::verdicts::VerdictError;

/// Attaches every pending revision of an application, and publishes its events.
///
/// # Errors
/// When a service is down, or a revision cannot be attached by a fault of this program.
pub(super) async fn attach_and_tell(
    services: &Services,
    application: &ApplicationKey,
) -> Result<(), ProcessError> {
    let attacher = services.attacher();
    let attached = attacher.attach_pending(application);
    unless_later(services, attached.instrument(info_span!("attach")).await).await?;
    if services.later.is_used()
        && let Some(at) = services.registry.next_attachment(application).await?
    {
        services.later.request(application, at);
    }
    Ok(())
}

/// Publishes the events of an application that are due.
///
/// # Errors
/// When a service is down.
pub(super) async fn tell(
    services: &Services,
    application: &ApplicationKey,
) -> Result<(), ProcessError> {
    unless_later(services, services.attacher().publish_pending(application).await).await
}

/// Returns an error unless trying again later is all that is to be done.
async fn unless_later(
    services: &Services,
    result: Result<(), VerdictError>,
) -> Result<(), ProcessError> {
    let Err(error) = result.map_err(ServiceError::from) else { return Ok(()) };
    let may_pass = match &error {
        ServiceError::Publish(_) => true,
        ServiceError::Store(StoreError::Refused { code, .. }) => is_about_rights(code),
        ServiceError::Store(error) => error.may_pass(),
        _ => false,
    };
    if !may_pass || failed_dependency(&error, services).await.is_some() {
        return Err(ProcessError::Failed(error));
    }
    warn!(code = error.code(), error = %error.for_log(), "Left to the outbox");
    metrics::counter!("tekseru_left_to_outbox_total", "code" => error.code()).increment(1);
    Ok(())
}
