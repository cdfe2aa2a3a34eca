//! A portal's command with the delivery that brought it: how it is recorded,
//! accepted and rejected.

use jiff::Timestamp;
use pipeline::application::Document;
use pipeline::contract::commands::{ReceivedCommand, Rejection};
use pipeline::contract::events::Accepted;
use pipeline::contract::message::SOURCE;

use super::command_time::CommandTime;
use super::error::ProcessError;
use super::foreign::foreign;
use super::resources::Worker;
use crate::application_key::ApplicationKey;
use crate::broker::{Delivery, Headers};
use crate::registry::{ApplicationRecord, CommandReceipt, CommandRef, LockedApplication};
use crate::runtime::traces::TraceContext;
use crate::verdicts::event::EventOrigin;

/// A command, the delivery that brought it, and the time of that delivery.
pub(super) struct CommandContext<'a> {
    pub(super) received: ReceivedCommand,
    /// The application that it is about, of the portal that sent it.
    pub(super) application: ApplicationKey,
    pub(super) delivery: &'a Delivery,
    pub(super) now: Timestamp,
}

impl<'a> CommandContext<'a> {
    /// Takes a command as one of the portal that the broker has verified.
    ///
    /// # Errors
    /// When no portal is verified, or the message names what is not of its portal.
    pub(super) fn new(
        worker: &Worker,
        received: ReceivedCommand,
        delivery: &'a Delivery,
        now: Timestamp,
    ) -> Result<Self, ProcessError> {
        let headers = &delivery.message.headers;
        let Some(portal) = &headers.portal else { return Err(ProcessError::Unverified) };
        let uploads = worker.services.objects.buckets().uploads.of(portal);
        if let Some(rejection) = foreign(&received, headers, &uploads) {
            return Err(ProcessError::Rejected(rejection));
        }
        let application = ApplicationKey::new(portal, received.command.application_id());
        Ok(Self { received, application, delivery, now })
    }

    /// Returns the time that orders this command among others.
    pub(super) fn time(&self) -> CommandTime {
        CommandTime::from_command(&self.received, &self.delivery.message.headers, self.now)
    }

    /// Whether a worker made the command, not a portal.
    pub(super) fn is_own(&self) -> bool {
        self.received.source == SOURCE
    }

    pub(super) fn trace(&self) -> Option<TraceContext> {
        trace_of(&self.delivery.message.headers, &self.received)
    }

    /// Returns the origin of events that this command causes, under a command id.
    pub(super) fn origin<'b>(&self, command_id: &'b str) -> EventOrigin<'b> {
        EventOrigin { command_id: Some(command_id), trace: self.trace(), time: self.now }
    }

    /// Records that the command was received.
    ///
    /// # Errors
    /// When its id came before with other content, or the database fails.
    pub(super) async fn record(
        &self,
        locked: &mut LockedApplication,
    ) -> Result<CommandReceipt, ProcessError> {
        let command = CommandRef::from_command(&self.received, &self.application, self.now);
        match locked.record_command(&command).await? {
            CommandReceipt::Conflict => {
                Err(ProcessError::Rejected(Box::new(Rejection::conflict(&self.received))))
            }
            receipt => Ok(receipt),
        }
    }

    /// Adds the event that reports the command as accepted: it cannot be lost from now on.
    ///
    /// # Errors
    /// When the database fails.
    pub(super) async fn accept(
        &self,
        locked: &mut LockedApplication,
        documents: u32,
    ) -> Result<(), ProcessError> {
        let received = &self.received;
        let application_id = self.application.id().to_owned();
        let data = Accepted { command: received.kind.clone(), application_id, documents };
        let origin = self.origin(&received.id);
        let portal = self.application.portal();
        let event = origin.create_event(data, &[portal.as_str(), &received.source, &received.id]);
        Ok(locked.add_event(&origin.to_outgoing(&self.application, &event)).await?)
    }

    /// Checks that an application has room for documents that are not known yet, in however
    /// many commands they come: each of them is read whenever it is judged. `pointer` is the
    /// place of the documents in the message; the programme of `at` has the limit.
    ///
    /// # Errors
    /// When it has not.
    pub(super) fn check_count(
        &self,
        worker: &Worker,
        at: Timestamp,
        record: &ApplicationRecord,
        documents: &[Document],
        pointer: &str,
    ) -> Result<(), ProcessError> {
        let is_new = |document: &&Document| record.document(&document.document_id).is_none();
        let new = documents.iter().filter(is_new).count();
        let most = worker.services.programmes.documents_at_most(at);
        if new == 0 || record.documents.len() + new <= most {
            return Ok(());
        }
        let rule = format!("at most {most} documents of one application in all");
        Err(self.unusable(pointer, &rule))
    }

    /// Checks that the programme of an instant has the stage.
    ///
    /// # Errors
    /// When it does not.
    pub(super) fn check_stage(
        &self,
        worker: &Worker,
        stage: &str,
        at: Timestamp,
    ) -> Result<(), ProcessError> {
        let stages = worker.services.programmes.stages(at);
        if stages.contains(&stage) {
            return Ok(());
        }
        let rule = format!("a stage of the programme of that day: {}", stages.join(", "));
        Err(self.unusable("/data/stage", &rule))
    }

    /// Returns the rejection of a command about an application that no portal submitted.
    pub(super) fn unknown_application(&self) -> ProcessError {
        self.unusable("/data/application_id", "an application that was submitted")
    }

    fn unusable(&self, pointer: &str, rule: &str) -> ProcessError {
        ProcessError::Rejected(Box::new(Rejection::unusable(&self.received, pointer, rule)))
    }
}

/// Returns the trace in the message's headers, or else the one in the event.
pub(crate) fn trace_of(headers: &Headers, received: &ReceivedCommand) -> Option<TraceContext> {
    let ReceivedCommand { traceparent, tracestate, .. } = received;
    let in_event = || TraceContext::parse(traceparent.as_deref(), tracestate.as_deref());
    headers.trace.clone().or_else(in_event)
}
