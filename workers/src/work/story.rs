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

use super::begin::{self, Begun};
use super::finish::Finished;
use super::{WorkError, Worker, finish, intake, see, withdraw};
use crate::attach;
use crate::broker::Incoming;
use crate::failpoint::reached;
use crate::traces::TraceContext;

/// Does what one message asks for.
pub(super) async fn work(incoming: &Incoming, worker: &Worker) -> Result<(), WorkError> {
    let received = commands::parse(&incoming.message.body).map_err(WorkError::Rejected)?;
    let asked = Asked { received, incoming, now: Timestamp::now() };
    reached("read");
    match &asked.received.command {
        Command::ApplicationSubmitted(application) => {
            intake::application(worker, &asked, application).await
        }
        Command::DocumentSubmitted(said) => {
            document(worker, &asked, &said.stage, &said.document).await
        }
        Command::DocumentReplaced(said) => {
            document(worker, &asked, &said.stage, &said.document).await
        }
        Command::ApplicationWithdrawn(_) => withdraw::application(&worker.services, &asked).await,
        Command::RecheckRequested(_) => finish::recheck(&worker.services, &asked).await,
    }
}

/// A command, the delivery that brought it, and when.
pub(super) struct Asked<'a> {
    pub(super) received: Received,
    pub(super) incoming: &'a Incoming,
    pub(super) now: Timestamp,
}

impl Asked<'_> {
    /// When its portal says that it was said; of what is not told, or is said
    /// to be to come, when it was received.
    pub(super) fn said_at(&self) -> Timestamp {
        said_at(&self.received, self.now)
    }

    pub(super) fn application_id(&self) -> &str {
        self.received.command.application_id()
    }

    /// As a header has it, or else as the event itself has it.
    pub(super) fn trace(&self) -> Option<TraceContext> {
        let Received { traceparent, tracestate, .. } = &self.received;
        let own = || TraceContext::read(traceparent.as_deref(), tracestate.as_deref());
        self.incoming.message.headers.trace.clone().or_else(own)
    }
}

/// When a command was said, which is not after `now`.
pub(crate) fn said_at(received: &Received, now: Timestamp) -> Timestamp {
    received.time.map_or(now, |time| time.min(now))
}

async fn document(
    worker: &Worker,
    asked: &Asked<'_>,
    stage: &str,
    document: &Document,
) -> Result<(), WorkError> {
    match begin::document(worker, asked, stage, document).await? {
        Begun::Withdrawn(locked) => {
            return withdraw::meets_tombstone(&worker.services, asked, *locked).await;
        }
        // what it took the place of may count otherwise now
        Begun::Stale => finish::application(&worker.services, asked).await?,
        Begun::Examined => {
            finish::again(&worker.services, asked, document).await?;
        }
        Begun::New => {
            attach::send(&worker.services, asked.application_id()).await?;
            reached("begun");
            loop {
                let seen = see::document(worker, asked, document).await?;
                reached("seen");
                let finished = finish::document(&worker.services, asked, document, seen);
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
