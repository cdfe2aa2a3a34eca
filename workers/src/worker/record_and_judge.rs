//! One transaction: what was seen is stored, the application is judged, a
//! revision and its events are added.

use std::collections::BTreeMap;

use pipeline::application::Document;
use pipeline::contract::commands::Command;

use super::WorkError;
use super::accept_document::{accept, take};
use super::examine::{self, First, Seen};
use super::process::Asked;
use super::withdraw;
use crate::object_keys::ExaminationKey;
use crate::registry::{ApplicationState, ExaminationState, LockedApplication, StoredPictures};
use crate::services::Services;
use crate::verdicts::attach;
use crate::verdicts::delete;
use crate::verdicts::judging::{Cause, revise};

/// How far a document came.
pub(super) enum Finished {
    /// It is judged, or another message's to judge.
    Yes,
    /// What was seen before was erased meanwhile: it is to be looked at anew.
    LookAgain,
}

/// Stores what was seen in a document, and judges.
///
/// # Errors
/// When a service fails.
pub(super) async fn document(
    services: &Services,
    asked: &Asked<'_>,
    document: &Document,
    seen: Seen,
) -> Result<Finished, WorkError> {
    let mut locked = services.registry.lock(asked.application_id(), asked.now).await?;
    let is_withdrawn = locked.record().state == ApplicationState::Withdrawn;
    let id = &document.document_id;
    let current = locked.record().document(id);
    if current.is_none_or(|current| current.is_replaced || current.document != *document) {
        // withdrawn or replaced while it was looked at
        drop(locked);
        if let Seen::Examined { examination, .. } = seen {
            let key = ExaminationKey::from_examination(&examination);
            delete::unused(&services.registry, &services.objects, &key).await?;
        }
        if is_withdrawn {
            withdraw::came_late(services, asked).await?;
        }
        return Ok(Finished::Yes);
    }
    let Some(timings_ms) = store(services, &mut locked, id, seen).await? else {
        return Ok(Finished::LookAgain);
    };
    judge(services, asked, locked, Some(id), timings_ms).await?;
    Ok(Finished::Yes)
}

/// Stores what was seen, and gives the milliseconds by step; none where an
/// examination that was made before is there no more.
async fn store(
    services: &Services,
    locked: &mut LockedApplication,
    id: &str,
    seen: Seen,
) -> Result<Option<BTreeMap<String, f64>>, WorkError> {
    let (examination, first) = match seen {
        Seen::Examined { examination, first } => (*examination, first),
        Seen::Missing(reason) => {
            let known = locked.record().document(id);
            // another found the same file meanwhile
            if !known
                .is_some_and(|known| matches!(known.examination, ExaminationState::Examined(_)))
            {
                locked.put_examination_state(id, &ExaminationState::Unavailable(reason)).await?;
            }
            return Ok(Some(BTreeMap::new()));
        }
    };
    let key = ExaminationKey::from_examination(&examination);
    if first.is_none() && !locked.lock_examination(&key).await? {
        return Ok(None);
    }
    let pictures =
        locked.put_examination_state(id, &ExaminationState::Examined(examination)).await?;
    let Some(First { timings, pictures: own }) = first else { return Ok(Some(BTreeMap::new())) };
    if pictures == StoredPictures::Deleted {
        examine::keep(services, &key, &own).await?;
    }
    let start = (format!("{id}.start"), timings.start);
    Ok(Some(BTreeMap::from([start, (format!("{id}.total"), timings.total)])))
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
    if locked.record().state == ApplicationState::Withdrawn {
        return Ok(());
    }
    judge(services, asked, locked, Some(&document.document_id), BTreeMap::new()).await
}

/// Judges the application, where it is known: its documents may be others now.
///
/// # Errors
/// When the database fails.
pub(super) async fn application(services: &Services, asked: &Asked<'_>) -> Result<(), WorkError> {
    let locked = services.registry.lock(asked.application_id(), asked.now).await?;
    if locked.record().state == ApplicationState::Withdrawn {
        return Ok(());
    }
    judge(services, asked, locked, None, BTreeMap::new()).await
}

/// Judges an application again because somebody asked.
///
/// # Errors
/// When the same id came with another content, or a service fails.
pub(super) async fn recheck(services: &Services, asked: &Asked<'_>) -> Result<(), WorkError> {
    let mut locked = services.registry.lock(asked.application_id(), asked.now).await?;
    match locked.record().state {
        ApplicationState::Withdrawn => {
            return withdraw::meets_tombstone(services, asked, locked).await;
        }
        // never heard of: nothing is kept of it
        ApplicationState::Expected if locked.record().documents.is_empty() => {
            return Err(WorkError::unknown_application(asked));
        }
        ApplicationState::Expected | ApplicationState::Submitted => {}
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
    mut locked: LockedApplication,
    document: Option<&str>,
    timings_ms: BTreeMap<String, f64>,
) -> Result<(), WorkError> {
    let cause = Cause {
        command: Some(asked.received.answers()),
        document,
        asked: matches!(asked.received.command, Command::RecheckRequested(_)),
        trace: asked.trace(),
        timings_ms,
    };
    revise(&mut locked, &services.judge(), &cause).await?;
    Ok(locked.commit().await?)
}
