//! Accepts a document before its file is fetched.

use jiff::Timestamp;
use pipeline::application::Document;
use pipeline::contract::commands::DOCUMENT_SUBMITTED;

use super::command::CommandContext;
use super::document_list::record_document;
use super::error::ProcessError;
use super::examine::examiner_name;
use super::examine_again::request_round_unless_certain;
use super::resources::Worker;
use crate::registry::{
    ApplicationRecord, ApplicationState, CommandReceipt, ExaminationState, LockedApplication,
};

/// Where the work on a document continues.
pub(super) enum Acceptance {
    /// With fetching the file.
    ToExamine {
        /// The round of examination; see `registry/request_round.rs`.
        round: i64,
    },
    /// After the examination: later steps may not be completed.
    AlreadyExamined,
    /// Another upload replaced it since the command was sent.
    Outdated,
    /// Its application was withdrawn.
    Withdrawn(Box<LockedApplication>),
}

/// Records the command and its document, under the application's lock.
///
/// # Errors
/// When the command is rejected, or the database fails.
pub(super) async fn accept_document(
    worker: &Worker,
    context: &CommandContext<'_>,
    stage: &str,
    document: &Document,
) -> Result<Acceptance, ProcessError> {
    // asked before the lock: it may start a process
    let examiner = examiner_name(worker).await?;
    let registry = &worker.services.registry;
    let mut locked = registry.lock(&context.application, context.now).await?;
    if locked.record().state == ApplicationState::Withdrawn {
        return Ok(Acceptance::Withdrawn(Box::new(locked)));
    }
    if !is_queued_by_us(context, &locked, document) {
        let at = accepted_at(context, locked.record());
        context.check_stage(worker, stage, at)?;
        let (one, pointer) = (std::slice::from_ref(document), "/data/document/document_id");
        context.check_count(worker, at, locked.record(), one, pointer)?;
        if context.record(&mut locked).await? == CommandReceipt::New {
            if record_document(&mut locked, context, stage, document).await? {
                request_round_unless_certain(&mut locked, document, &examiner).await?;
            }
            context.accept(&mut locked, 1).await?;
        }
    }
    let acceptance = match locked.record().document(&document.document_id) {
        Some(known) if known.is_replaced || known.document != *document => Acceptance::Outdated,
        None => Acceptance::Outdated,
        Some(known) => match known.examination {
            ExaminationState::Examined(_)
                if !known.rounds.is_due() && !context.received.is_reexamination() =>
            {
                Acceptance::AlreadyExamined
            }
            _ => Acceptance::ToExamine { round: known.rounds.requested },
        },
    };
    locked.commit().await?;
    Ok(acceptance)
}

/// Whether a worker queued the document when its application was accepted. A
/// portal that sends an unknown document under our name is treated like any portal.
fn is_queued_by_us(
    context: &CommandContext<'_>,
    locked: &LockedApplication,
    document: &Document,
) -> bool {
    let is_known = locked.record().document(&document.document_id).is_some();
    is_known && context.is_own() && context.received.kind == DOCUMENT_SUBMITTED
}

/// The day of the application chooses the programme, once the application is known.
fn accepted_at(context: &CommandContext<'_>, record: &ApplicationRecord) -> Timestamp {
    let application = record.application.as_ref();
    application.map_or(context.now, |known| known.accepted_at.unwrap_or(record.received_at))
}
