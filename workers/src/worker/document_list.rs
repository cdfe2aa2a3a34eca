//! The documents of an application. Messages about them arrive in any order.

use pipeline::application::{Application, Document};
use pipeline::contract::commands::Command;

use super::CommandTime;
use super::command::CommandContext;
use crate::registry::{ApplicationRecord, LockedApplication, RegistryError};

/// Records a document, and the replacement when the command is one. Returns false
/// for a document that a later command stated, which stays.
///
/// # Errors
/// When the database fails.
pub(super) async fn record_document(
    locked: &mut LockedApplication,
    context: &CommandContext<'_>,
    stage: &str,
    document: &Document,
) -> Result<bool, RegistryError> {
    let time = context.time();
    if let Command::DocumentReplaced(replacement) = &context.received.command {
        let (replaced, by) = (&replacement.replaces, &document.document_id);
        if replaced != by {
            locked.put_replacement(replaced, by, time.stored(None)).await?;
        }
    }
    let is_newest = put_if_newer(locked, document, stage, time).await?;
    if let Some(application) = &locked.record().application {
        let current = with_replacements(locked.record(), application);
        if current != *application {
            let ApplicationRecord { received_at, occurred_at, .. } = *locked.record();
            let occurred_at = occurred_at.unwrap_or(received_at);
            locked.put_application(&current, received_at, occurred_at).await?;
        }
    }
    Ok(is_newest)
}

/// Records a document, and returns true, unless a later command stated it.
///
/// # Errors
/// When the database fails.
pub(super) async fn put_if_newer(
    locked: &mut LockedApplication,
    document: &Document,
    stage: &str,
    time: CommandTime,
) -> Result<bool, RegistryError> {
    let known = locked.record().document(&document.document_id);
    let occurred_at = known.and_then(|known| known.occurred_at);
    if time.is_before(occurred_at) {
        return Ok(false);
    }
    locked.put_document(document, stage, time.stored(occurred_at)).await?;
    Ok(true)
}

/// Returns the application with each document replaced by its current one.
/// Replacements may arrive in any order, and before the application.
pub(super) fn with_replacements(
    record: &ApplicationRecord,
    application: &Application,
) -> Application {
    let mut current = application.clone();
    current.documents.clear();
    for document in &application.documents {
        let id = record.replacements.current(&document.document_id);
        let known = record.document(id);
        let newest = known.map_or_else(|| document.clone(), |known| known.document.clone());
        if current.documents.iter().all(|d| d.document_id != newest.document_id) {
            current.documents.push(newest);
        }
    }
    current
}
