//! One transaction: what was seen is stored, the application is judged, a
//! revision and its events are added.

use std::collections::BTreeMap;

use pipeline::application::Document;
use pipeline::contract::commands::Command;

use super::WorkError;
use super::begin::{accept, take};
use super::see::Seen;
use super::story::Asked;
use super::withdraw;
use crate::attach;
use crate::judging::{Cause, revise};
use crate::registry::{Locked, SeenRecord, State};
use crate::services::Services;

/// Stores what was seen in a document, and judges.
///
/// # Errors
/// When the database fails.
pub(super) async fn document(
    services: &Services,
    asked: &Asked<'_>,
    document: &Document,
    seen: Seen,
) -> Result<(), WorkError> {
    let mut locked = services.registry.lock(asked.application_id(), asked.now).await?;
    if locked.record().state == State::Withdrawn {
        drop(locked);
        return withdraw::erase_seen(services, asked, seen).await;
    }
    let id = &document.document_id;
    let current = locked.record().documents.iter().find(|d| d.document.document_id == *id);
    if current.is_none_or(|current| current.replaced || current.document != *document) {
        // replaced while it was looked at: the other message judges
        return Ok(());
    }
    let mut timings_ms = BTreeMap::new();
    let seen = match seen {
        Seen::Examined { examination, timings } => {
            if let Some(timings) = timings {
                timings_ms.insert(format!("{id}.start"), timings.start);
                timings_ms.insert(format!("{id}.total"), timings.total);
            }
            SeenRecord::Examined(*examination)
        }
        Seen::Missing(reason) => SeenRecord::Missing(reason),
    };
    locked.put_seen(id, &seen).await?;
    judge(services, asked, locked, Some(id), timings_ms).await
}

/// Judges a document that was seen before: whatever of it was not told yet is told.
///
/// # Errors
/// When the database fails.
pub(super) async fn again(
    services: &Services,
    asked: &Asked<'_>,
    document: &Document,
) -> Result<(), WorkError> {
    let locked = services.registry.lock(asked.application_id(), asked.now).await?;
    if locked.record().state == State::Withdrawn {
        return Ok(());
    }
    judge(services, asked, locked, Some(&document.document_id), BTreeMap::new()).await
}

/// Judges an application again because somebody asked.
///
/// # Errors
/// When the same id came with another content, or a service fails.
pub(super) async fn recheck(services: &Services, asked: &Asked<'_>) -> Result<(), WorkError> {
    let mut locked = services.registry.lock(asked.application_id(), asked.now).await?;
    match locked.record().state {
        State::Withdrawn => return Ok(()),
        // never heard of: nothing is kept of it
        State::Expected if locked.record().documents.is_empty() => {
            return Err(WorkError::unknown_application(asked));
        }
        State::Expected | State::Submitted => {}
    }
    take(&mut locked, asked).await?;
    accept(&mut locked, asked, 0).await?;
    judge(services, asked, locked, None, BTreeMap::new()).await?;
    attach::pending(services, asked.application_id()).await
}

/// Judges under the lock, and commits.
pub(super) async fn judge(
    services: &Services,
    asked: &Asked<'_>,
    mut locked: Locked,
    document: Option<&str>,
    timings_ms: BTreeMap<String, f64>,
) -> Result<(), WorkError> {
    let cause = Cause {
        command: Some(&asked.received.id),
        document,
        asked: matches!(asked.received.command, Command::RecheckRequested(_)),
        trace: asked.trace(),
        timings_ms,
    };
    revise(&mut locked, &services.judge(), &cause).await?;
    Ok(locked.commit().await?)
}
