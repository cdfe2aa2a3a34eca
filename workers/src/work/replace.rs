//! One document stands in another's place; messages about it come in any order.

use std::collections::BTreeSet;

use jiff::Timestamp;
use pipeline::application::{Application, Document};
use pipeline::contract::commands::Command;

use super::WorkError;
use super::story::Asked;
use crate::registry::{Locked, Record};

/// Puts the document among those of its application, in place of another where
/// it was sent so. What is known already and was said later stays.
///
/// # Errors
/// When the database fails.
pub(super) async fn put(
    locked: &mut Locked,
    asked: &Asked<'_>,
    stage: &str,
    document: &Document,
) -> Result<(), WorkError> {
    let replaces = match &asked.received.command {
        Command::DocumentReplaced(said) => Some(said.replaces.as_str()),
        _ => None,
    };
    let id = document.document_id.as_str();
    let said_at = asked.said_at();
    if let Some(replaced) = replaces.filter(|replaced| *replaced != id) {
        replace(locked, replaced, id, said_at).await?;
    }
    put_news(locked, document, stage, said_at).await?;
    if let Some(application) = locked.record().application.clone() {
        let now = as_replaced(locked, &application).await?;
        if now != application {
            let Record { received_at, said_at: known, .. } = *locked.record();
            locked.put_application(&now, received_at, known.unwrap_or(said_at)).await?;
        }
    }
    Ok(())
}

/// Puts a document unless what is known of it was said later.
///
/// # Errors
/// When the database fails.
pub(super) async fn put_news(
    locked: &mut Locked,
    document: &Document,
    stage: &str,
    said_at: Timestamp,
) -> Result<(), WorkError> {
    let known = locked.record().document(&document.document_id);
    if known.is_some_and(|known| known.is_news_to(said_at)) {
        return Ok(());
    }
    Ok(locked.put_document(document, stage, said_at).await?)
}

/// One document takes another's place. Where they take each other's, what was
/// said last holds: a portal may go back to what it had.
async fn replace(
    locked: &mut Locked,
    replaced: &str,
    by: &str,
    said_at: Timestamp,
) -> Result<(), WorkError> {
    if leads_to(locked, by, replaced).await? {
        let known = locked.record().document(replaced);
        if known.is_some_and(|known| known.is_news_to(said_at)) {
            return Ok(());
        }
        locked.drop_replacement(by).await?;
    }
    Ok(locked.put_replacement(replaced, by).await?)
}

/// Whether a document took the place of one that took the place of … another.
async fn leads_to(locked: &mut Locked, from: &str, to: &str) -> Result<bool, WorkError> {
    let mut passed = BTreeSet::new();
    let mut id = from.to_owned();
    while passed.insert(id.clone()) {
        let Some(next) = locked.replaced_by(&id).await? else { return Ok(false) };
        if next == to {
            return Ok(true);
        }
        id = next;
    }
    Ok(false)
}

/// The application with each document as it is now: what took its place, and
/// what took that one's. Replacements may be heard of in any order, and before
/// the application.
///
/// # Errors
/// When the database fails.
pub(super) async fn as_replaced(
    locked: &mut Locked,
    application: &Application,
) -> Result<Application, WorkError> {
    let mut now = application.clone();
    now.documents.clear();
    for document in &application.documents {
        let mut passed = BTreeSet::new();
        let mut id = document.document_id.clone();
        // two that take each other's place end where they began
        while passed.insert(id.clone()) {
            let Some(next) = locked.replaced_by(&id).await? else { break };
            id = next;
        }
        let known = locked.record().document(&id);
        let current = known.map_or_else(|| document.clone(), |known| known.document.clone());
        if now.documents.iter().all(|d| d.document_id != current.document_id) {
            now.documents.push(current);
        }
    }
    Ok(now)
}
