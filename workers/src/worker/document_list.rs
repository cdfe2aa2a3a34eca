//! A document among those of its application; messages about it come in any order.

use pipeline::application::{Application, Document};
use pipeline::contract::commands::Command;

use super::process::Asked;
use super::{Said, WorkError};
use crate::registry::{ApplicationRecord, LockedApplication};

/// Puts the document among those of its application, in place of another where
/// it was sent so. What is known already and was said later stays.
///
/// # Errors
/// When the database fails.
pub(super) async fn put(
    locked: &mut LockedApplication,
    asked: &Asked<'_>,
    stage: &str,
    document: &Document,
) -> Result<(), WorkError> {
    let said = asked.said();
    if let Command::DocumentReplaced(replacement) = &asked.received.command {
        let (replaced, by) = (&replacement.replaces, &document.document_id);
        if replaced != by {
            locked.put_replacement(replaced, by, said.at(None)).await?;
        }
    }
    put_news(locked, document, stage, said).await?;
    if let Some(application) = &locked.record().application {
        let now = as_replaced(locked.record(), application);
        if now != *application {
            let ApplicationRecord { received_at, occurred_at, .. } = *locked.record();
            locked.put_application(&now, received_at, occurred_at.unwrap_or(received_at)).await?;
        }
    }
    Ok(())
}

/// Puts a document unless what is known of it was said later.
///
/// # Errors
/// When the database fails.
pub(super) async fn put_news(
    locked: &mut LockedApplication,
    document: &Document,
    stage: &str,
    said: Said,
) -> Result<(), WorkError> {
    let known = locked.record().document(&document.document_id).and_then(|known| known.occurred_at);
    if said.is_before(known) {
        return Ok(());
    }
    Ok(locked.put_document(document, stage, said.at(known)).await?)
}

/// The application with each document as it is now: what stands in its place.
/// Replacements may be heard of in any order, and before the application.
pub(super) fn as_replaced(record: &ApplicationRecord, application: &Application) -> Application {
    let mut now = application.clone();
    now.documents.clear();
    for document in &application.documents {
        let id = record.replacements.current(&document.document_id);
        let known = record.document(id);
        let current = known.map_or_else(|| document.clone(), |known| known.document.clone());
        if now.documents.iter().all(|d| d.document_id != current.document_id) {
            now.documents.push(current);
        }
    }
    now
}
