//! The order of one delivery: read this first.
//!
//! ```text
//! parse ─▶ accept (lock: same id? withdrawn? outdated?) ─▶ fetch ─▶ examine in a child ─▶ store evidence
//!       ─▶ record and judge (lock: store, judge, revision, events) ─▶ attach ─▶ publish ─▶ acknowledge
//!                              (a portal's full queue is left to the outbox: see outbox.rs)
//! ```
//! After a crash the broker delivers the message again, and the next worker
//! continues with the first step that was not completed.

use jiff::Timestamp;
use pipeline::application::Document;
use pipeline::contract::commands::{self, Command};
use tracing::{Instrument, info_span};

use super::accept_application::accept_application;
use super::accept_document::{Acceptance, accept_document};
use super::command::CommandContext;
use super::error::ProcessError;
use super::examine::examine_document;
use super::outbox;
use super::record_and_judge::{
    Recorded, judge_application, judge_document, recheck, record_and_judge,
};
use super::resources::Worker;
use super::withdraw::{answer_after_withdrawal, withdraw};
use crate::broker::Delivery;
use crate::runtime::failpoint::reached;

/// Executes the command of one delivery.
pub(super) async fn process(delivery: &Delivery, worker: &Worker) -> Result<(), ProcessError> {
    if delivery.message.headers.portal.is_none() {
        return Err(ProcessError::Unverified);
    }
    let received = commands::parse(&delivery.message.body).map_err(ProcessError::Rejected)?;
    let context = CommandContext::new(worker, received, delivery, Timestamp::now())?;
    reached("parsed");
    match &context.received.command {
        Command::ApplicationSubmitted(application) => {
            accept_application(worker, &context, application).await
        }
        Command::DocumentSubmitted(submitted) => {
            process_document(worker, &context, &submitted.stage, &submitted.document).await
        }
        Command::DocumentReplaced(replaced) => {
            process_document(worker, &context, &replaced.stage, &replaced.document).await
        }
        Command::ApplicationWithdrawn(_) => withdraw(&worker.services, &context).await,
        Command::RecheckRequested(_) => recheck(&worker.services, &context).await,
    }
}

async fn process_document(
    worker: &Worker,
    context: &CommandContext<'_>,
    stage: &str,
    document: &Document,
) -> Result<(), ProcessError> {
    let services = &worker.services;
    match accept_document(worker, context, stage, document).await? {
        Acceptance::Withdrawn(locked) => {
            return answer_after_withdrawal(services, context, *locked).await;
        }
        // the document that it replaced may count differently now
        Acceptance::Outdated => judge_application(services, context).await?,
        Acceptance::AlreadyExamined => judge_document(services, context, document).await?,
        Acceptance::ToExamine { round } => {
            outbox::tell(services, &context.application).await?;
            reached("accepted");
            examine_and_judge(worker, context, document, round).await?;
        }
    }
    reached("judged");
    outbox::attach_and_tell(services, &context.application).await?;
    reached("attached_all");
    Ok(())
}

async fn examine_and_judge(
    worker: &Worker,
    context: &CommandContext<'_>,
    document: &Document,
    round: i64,
) -> Result<(), ProcessError> {
    loop {
        let outcome = examine_document(worker, context, document).await?;
        reached("document_examined");
        let recorded = record_and_judge(&worker.services, context, document, round, outcome);
        match recorded.instrument(info_span!("judge")).await? {
            Recorded::Done => return Ok(()),
            Recorded::ExaminationDeleted => {}
        }
    }
}
