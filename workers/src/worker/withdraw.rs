//! An application is forgotten; a tombstone keeps late deliveries from bringing it back.

use pipeline::contract::commands::Rejection;
use pipeline::contract::message::SOURCE;

use super::WorkError;
use super::accept_document::{accept, take};
use super::process::Asked;
use crate::registry::{CommandReceipt, LockedApplication};
use crate::runtime::failpoint::reached;
use crate::services::Services;
use crate::verdicts::attach;
use crate::verdicts::delete;

/// Forgets an application because its portal says so.
///
/// # Errors
/// When the same id came with another content, or a service fails.
pub(super) async fn application(services: &Services, asked: &Asked<'_>) -> Result<(), WorkError> {
    let id = asked.application_id();
    let mut locked = services.registry.lock(id, asked.now).await?;
    take(&mut locked, asked).await?;
    let folders = locked.withdraw(asked.now, "portal").await?;
    accept(&mut locked, asked, 0).await?;
    locked.commit().await?;
    reached("withdrawn");
    delete::folders(&services.registry, &services.objects, &folders).await?;
    attach::send(services, id).await
}

/// Something is said of an application that was withdrawn: late, where it was
/// taken before the end; else its portal is told of the end. Nothing is kept.
///
/// # Errors
/// When it was not taken before, or a service fails.
pub(super) async fn meets_tombstone(
    services: &Services,
    asked: &Asked<'_>,
    mut locked: LockedApplication,
) -> Result<(), WorkError> {
    let is_late = asked.received.source == SOURCE
        || take(&mut locked, asked).await? == CommandReceipt::Repeated;
    drop(locked);
    came_late(services, asked).await?;
    if is_late {
        return Ok(());
    }
    Err(WorkError::Rejected(Box::new(Rejection::withdrawn(&asked.received))))
}

/// Whoever was interrupted before the end may have left something.
///
/// # Errors
/// When a service fails.
pub(super) async fn came_late(services: &Services, asked: &Asked<'_>) -> Result<(), WorkError> {
    delete::late(&services.registry, &services.objects, asked.application_id()).await
}
