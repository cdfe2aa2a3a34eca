//! The events that report a judgement. They are thin: outcome, codes, and a
//! reference to the whole verdict.

use std::collections::BTreeSet;

use pipeline::contract::events::{ApplicationVerdictEvent, DocumentVerdictEvent};
use pipeline::contract::message::{CloudEvent, EventData};
use pipeline::kind::Kind;
use pipeline::reason::Code;
use pipeline::status::Status;
use pipeline::verdict::{Check, Clock, DocumentVerdict, Verdict};

use super::context::{JudgeContext, RevisionCause};
use super::subject::Subject;
use crate::object_keys;
use crate::registry::{OutgoingEvent, Revision};

/// A judgement to be reported.
pub(super) struct Report<'a> {
    pub(super) context: &'a JudgeContext<'a>,
    pub(super) cause: &'a RevisionCause<'a>,
    pub(super) revision: &'a Revision,
    pub(super) verdict: &'a Verdict,
}

impl Report<'_> {
    /// Returns the events that report the judgement.
    pub(super) fn events(&self, subject: &Subject, is_new: bool) -> Vec<OutgoingEvent> {
        let mut documents = self.verdict.body.documents.iter();
        let document = self
            .cause
            .document_id
            .and_then(|id| documents.find(|document| document.document_id == id));
        let mut events = Vec::new();
        events.extend(document.map(|document| self.document_event(document, subject)));
        if subject.is_application() && (is_new || self.cause.is_recheck) {
            events.push(self.application_event(is_new));
        }
        events
    }

    /// Returns the answers to the commands that events of an earlier revision would have
    /// answered, whose place this one took. What it says of the same file counts; of a file
    /// that it does not know any more, what the earlier one said.
    pub(super) fn answers_again(
        &self,
        taken: &[OutgoingEvent],
        subject: &Subject,
    ) -> Vec<OutgoingEvent> {
        let told = |event: &OutgoingEvent| {
            let told: CloudEvent<DocumentVerdictEvent> = serde_json::from_str(&event.body).ok()?;
            let cause = RevisionCause {
                command_id: told.causationid.as_deref(),
                document_id: Some(&told.data.document_id),
                trace: event.trace.clone(),
                ..RevisionCause::default()
            };
            let report = Report { cause: &cause, ..*self };
            let mut documents = self.verdict.body.documents.iter();
            let same = documents.find(|document| document.document_id == told.data.document_id);
            let same = same.filter(|document| {
                document.sha256.is_some() && document.sha256 == told.data.sha256
            });
            Some(match same {
                Some(document) => report.document_event(document, subject),
                None => report.rebound(told.data.clone()),
            })
        };
        taken.iter().filter_map(told).collect()
    }

    /// Returns an answer with another revision than it was made for.
    fn rebound(&self, data: DocumentVerdictEvent) -> OutgoingEvent {
        let revision = self.revision;
        let digest = revision.digest.clone();
        self.answer(DocumentVerdictEvent { digest, revision: revision.revision, ..data })
    }

    fn document_event(&self, document: &DocumentVerdict, subject: &Subject) -> OutgoingEvent {
        let own = |check: &&Check| check.document_id.as_deref() == Some(&document.document_id);
        let data = DocumentVerdictEvent {
            application_id: self.revision.application.id().to_owned(),
            document_id: document.document_id.clone(),
            kind: document.kind,
            outcome: document.outcome,
            not_read: self.not_read(document),
            reason_codes: codes(self.verdict.body.checks.iter().filter(own)),
            sha256: document.sha256.clone(),
            digest: self.revision.digest.clone(),
            revision: self.revision.revision,
            application_known: subject.is_application(),
        };
        self.answer(data)
    }

    fn answer(&self, data: DocumentVerdictEvent) -> OutgoingEvent {
        // one command can have two answers: people check the document, then a replay reads it
        let answer = serde_json::json!([data.outcome, data.reason_codes]).to_string();
        let (application, document_id) = (&self.revision.application, data.document_id.clone());
        let sha256 = data.sha256.clone().unwrap_or_default();
        let command_id = self.cause.command_id.unwrap_or_default();
        self.outgoing_event(data, &[application, &document_id, &sha256, command_id, &answer])
    }

    fn not_read(&self, document: &DocumentVerdict) -> Vec<Kind> {
        let mut unread = self.verdict.body.not_read.iter();
        let own = unread.find(|unread| unread.document_id == document.document_id);
        own.map(|unread| unread.kind).into_iter().collect()
    }

    fn application_event(&self, is_new: bool) -> OutgoingEvent {
        let (body, revision) = (&self.verdict.body, self.revision);
        let buckets = self.context.buckets;
        let data = ApplicationVerdictEvent {
            application_id: revision.application.id().to_owned(),
            stage: body.subject.stage.clone(),
            revision: revision.revision,
            complete: body.complete,
            outcome: body.outcome,
            advice: body.advice,
            not_read: body.kinds_not_read().into_iter().collect(),
            reason_codes: codes(body.checks.iter()),
            digest: revision.digest.clone(),
            programme: body.programme.id.clone(),
            on: body.on,
            due: body.dates.due,
            due_to_confirm: body.dates.clock.as_ref().is_some_and(Clock::is_to_confirm),
            verdict: buckets.result_object(&object_keys::verdict(&revision.key())),
            report: buckets.result_object(&object_keys::report(&revision.key())),
        };
        let number = revision.revision.to_string();
        // the answer to a recheck differs from the report of a new revision
        let recheck = if is_new { "" } else { self.cause.command_id.unwrap_or_default() };
        self.outgoing_event(data, &[&revision.application, &number, &revision.digest, recheck])
    }

    /// Returns an event that is published once its revision is attached.
    fn outgoing_event<D: EventData>(&self, data: D, id_parts: &[&str]) -> OutgoingEvent {
        let origin = self.cause.origin(self.context.now);
        let key = object_keys::verdict(&self.revision.key());
        let dataref = Some(self.context.buckets.result_uri(&key));
        let event = CloudEvent { dataref, ..origin.create_event(data, id_parts) };
        let revision = Some((self.revision.scope.clone(), self.revision.revision));
        OutgoingEvent { revision, ..origin.to_outgoing(&self.revision.application, &event) }
    }
}

fn codes<'a>(checks: impl Iterator<Item = &'a Check>) -> Vec<Code> {
    let open = checks.filter(|check| check.status != Status::Pass);
    let codes: BTreeSet<Code> =
        open.flat_map(|check| check.reasons.iter().map(|reason| reason.code)).collect();
    codes.into_iter().collect()
}
