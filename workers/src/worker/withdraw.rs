//! Withdraws an application: its data is deleted, and a tombstone keeps late
//! deliveries from storing it again.

use pipeline::contract::commands::Rejection;
use tracing::warn;

use super::command::CommandContext;
use super::error::ProcessError;
use super::outbox;
use crate::registry::{CommandReceipt, LockedApplication};
use crate::runtime::failpoint::reached;
use crate::services::Services;
use crate::verdicts::{VerdictError, delete};

/// Withdraws an application at its portal's request.
///
/// # Errors
/// When the command is rejected, or a service fails.
pub(super) async fn withdraw(
    services: &Services,
    context: &CommandContext<'_>,
) -> Result<(), ProcessError> {
    let id = &context.application;
    let mut locked = services.registry.lock_to_delete(id, context.now).await?;
    context.record(&mut locked).await?;
    let folders = locked.withdraw(context.now, &format!("portal:{}", id.portal())).await?;
    context.accept(&mut locked, 0).await?;
    locked.commit().await?;
    reached("withdrawn");
    left_to_maintenance(
        delete::delete_folders(&services.registry, &services.objects, &folders).await,
    )?;
    outbox::tell(services, id).await
}

/// Answers a command about a withdrawn application. A command that was received
/// before the withdrawal is late and gets no answer; any other is rejected.
/// Nothing is stored.
///
/// # Errors
/// The rejection, or when a service fails.
pub(super) async fn answer_after_withdrawal(
    services: &Services,
    context: &CommandContext<'_>,
    mut locked: LockedApplication,
) -> Result<(), ProcessError> {
    let is_late =
        context.is_own() || context.record(&mut locked).await? == CommandReceipt::Repeated;
    drop(locked);
    delete_late_results(services, context).await?;
    if is_late {
        return Ok(());
    }
    Err(ProcessError::Rejected(Box::new(Rejection::withdrawn(&context.received))))
}

/// Deletes results that an interrupted worker stored after the withdrawal.
///
/// # Errors
/// When a service fails.
pub(super) async fn delete_late_results(
    services: &Services,
    context: &CommandContext<'_>,
) -> Result<(), ProcessError> {
    let (registry, objects) = (&services.registry, &services.objects);
    left_to_maintenance(delete::delete_results(registry, objects, &context.application).await)
}

/// Leaves what the store did not delete to `tekseru maintain`: the registry knows each folder.
fn left_to_maintenance(deleted: Result<(), VerdictError>) -> Result<(), ProcessError> {
    match deleted {
        Err(VerdictError::Store(error)) => {
            warn!(%error, "Results are deleted later");
            Ok(())
        }
        deleted => Ok(deleted?),
    }
}
