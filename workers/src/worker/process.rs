//! One message's way through a worker: read this first.
//!
//! ```text
//! parse ─▶ begin (lock: same id? withdrawn? stale?) ─▶ fetch ─▶ examine in a child ─▶ evidence
//!       ─▶ finish (lock: store, judge, revision, events) ─▶ attach ─▶ send ─▶ ack
//! ```
//! A crash anywhere repeats the message, and the repetition goes on from the
//! first step that was not done.

use jiff::Timestamp;
use pipeline::application::Document;
use pipeline::contract::commands::{self, Command, Received};
use tracing::{Instrument, info_span};

use super::accept_document::{self, Begun};
use super::record_and_judge::Finished;
use super::{Said, WorkError, Worker, accept_application, examine, record_and_judge, withdraw};
use crate::broker::{Delivery, Headers};
use crate::runtime::failpoint::reached;
use crate::runtime::traces::TraceContext;
use crate::verdicts::attach;

/// Does what one message asks for.
pub(super) async fn work(incoming: &Delivery, worker: &Worker) -> Result<(), WorkError> {
    let received = commands::parse(&incoming.message.body).map_err(WorkError::Rejected)?;
    let asked = Asked { received, incoming, now: Timestamp::now() };
    reached("read");
    match &asked.received.command {
        Command::ApplicationSubmitted(application) => {
            accept_application::application(worker, &asked, application).await
        }
        Command::DocumentSubmitted(said) => {
            document(worker, &asked, &said.stage, &said.document).await
        }
        Command::DocumentReplaced(said) => {
            document(worker, &asked, &said.stage, &said.document).await
        }
        Command::ApplicationWithdrawn(_) => withdraw::application(&worker.services, &asked).await,
        Command::RecheckRequested(_) => record_and_judge::recheck(&worker.services, &asked).await,
    }
}

/// A command, the delivery that brought it, and when.
pub(super) struct Asked<'a> {
    pub(super) received: Received,
    pub(super) incoming: &'a Delivery,
    pub(super) now: Timestamp,
}

impl Asked<'_> {
    pub(super) fn said(&self) -> Said {
        Said::of(&self.received, &self.incoming.message.headers, self.now)
    }

    pub(super) fn application_id(&self) -> &str {
        self.received.command.application_id()
    }

    pub(super) fn trace(&self) -> Option<TraceContext> {
        trace_of(&self.incoming.message.headers, &self.received)
    }
}

/// The trace that a header names, or else the event itself.
pub(crate) fn trace_of(headers: &Headers, received: &Received) -> Option<TraceContext> {
    let Received { traceparent, tracestate, .. } = received;
    let own = || TraceContext::parse(traceparent.as_deref(), tracestate.as_deref());
    headers.trace.clone().or_else(own)
}

async fn document(
    worker: &Worker,
    asked: &Asked<'_>,
    stage: &str,
    document: &Document,
) -> Result<(), WorkError> {
    match accept_document::document(worker, asked, stage, document).await? {
        Begun::Withdrawn(locked) => {
            return withdraw::meets_tombstone(&worker.services, asked, *locked).await;
        }
        // what it took the place of may count otherwise now
        Begun::Stale => record_and_judge::application(&worker.services, asked).await?,
        Begun::Examined => {
            record_and_judge::again(&worker.services, asked, document).await?;
        }
        Begun::New => {
            attach::send(&worker.services, asked.application_id()).await?;
            reached("begun");
            loop {
                let seen = examine::document(worker, asked, document).await?;
                reached("seen");
                let finished = record_and_judge::document(&worker.services, asked, document, seen);
                match finished.instrument(info_span!("judge")).await? {
                    Finished::Yes => break,
                    Finished::LookAgain => {}
                }
            }
        }
    }
    reached("judged");
    let attached = attach::pending(&worker.services, asked.application_id());
    attached.instrument(info_span!("attach")).await?;
    reached("sent");
    Ok(())
}
