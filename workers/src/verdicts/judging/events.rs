//! What is told of a judgement: thin, with a reference to the whole.

use std::collections::BTreeSet;

use pipeline::contract::events::{
    APPLICATION_VERDICT, ApplicationVerdictEvent, DOCUMENT_VERDICT, DocumentVerdictEvent,
};
use pipeline::contract::message::{CloudEvent, stable_id};
use pipeline::reason::Code;
use pipeline::status::Status;
use pipeline::verdict::{Check, DocumentVerdict, Verdict};

use super::{Cause, Judge, Subject};
use crate::object_keys;
use crate::registry::{OutgoingEvent, Revision};
use crate::runtime::traces::TraceContext;

/// What is told of a judgement.
pub(super) fn events(
    subject: &Subject,
    judge: &Judge<'_>,
    cause: &Cause<'_>,
    revision: &Revision,
    verdict: &Verdict,
    new: bool,
) -> Vec<OutgoingEvent> {
    let mut events = Vec::new();
    let document =
        cause.document.and_then(|id| verdict.body.documents.iter().find(|d| d.document_id == id));
    events.extend(document.map(|d| document_event(subject, judge, cause, revision, verdict, d)));
    if subject.scope.is_empty() && (new || cause.asked) {
        events.push(application_event(judge, cause, revision, verdict, new));
    }
    events
}

fn document_event(
    subject: &Subject,
    judge: &Judge<'_>,
    cause: &Cause<'_>,
    revision: &Revision,
    verdict: &Verdict,
    document: &DocumentVerdict,
) -> OutgoingEvent {
    let own = |check: &&Check| check.document_id.as_deref() == Some(&document.document_id);
    let said = DocumentVerdictEvent {
        application_id: revision.application_id.clone(),
        document_id: document.document_id.clone(),
        kind: document.kind,
        outcome: document.outcome,
        reason_codes: codes(verdict.body.checks.iter().filter(own)),
        sha256: document.sha256.clone(),
        digest: revision.digest.clone(),
        revision: revision.revision,
        application_known: subject.scope.is_empty(),
    };
    // one command may be answered twice: people check instead, then a replay reads it
    let says = serde_json::json!([said.outcome, said.reason_codes]).to_string();
    let parts = [
        DOCUMENT_VERDICT,
        &said.application_id,
        &said.document_id,
        said.sha256.as_deref().unwrap_or_default(),
        cause.command.unwrap_or_default(),
        &says,
    ];
    let about = format!("{}/{}", said.application_id, said.document_id);
    let event = CloudEvent::new(DOCUMENT_VERDICT, stable_id(&parts), Some(about), judge.now, said);
    outgoing("document.verdict", event, judge, cause, revision)
}

fn application_event(
    judge: &Judge<'_>,
    cause: &Cause<'_>,
    revision: &Revision,
    verdict: &Verdict,
    new: bool,
) -> OutgoingEvent {
    let body = &verdict.body;
    let said = ApplicationVerdictEvent {
        application_id: revision.application_id.clone(),
        stage: body.subject.stage.clone(),
        revision: revision.revision,
        complete: body.complete,
        outcome: body.outcome,
        advice: body.advice,
        reason_codes: codes(body.checks.iter()),
        digest: revision.digest.clone(),
        programme: body.programme.id.clone(),
        on: body.on,
        due: body.dates.due,
        verdict: object_keys::object(judge.results, object_keys::verdict(&revision.key())),
        report: object_keys::object(judge.results, object_keys::report(&revision.key())),
    };
    let number = revision.revision.to_string();
    // an answer to who asked is another event than the news of a revision
    let asked = if new { "" } else { cause.command.unwrap_or_default() };
    let parts = [APPLICATION_VERDICT, &said.application_id, &number, &said.digest, asked];
    let about = said.application_id.clone();
    let event =
        CloudEvent::new(APPLICATION_VERDICT, stable_id(&parts), Some(about), judge.now, said);
    outgoing("application.verdict", event, judge, cause, revision)
}

fn outgoing<D: serde::Serialize>(
    routing_key: &str,
    mut event: CloudEvent<D>,
    judge: &Judge<'_>,
    cause: &Cause<'_>,
    revision: &Revision,
) -> OutgoingEvent {
    event.dataref =
        Some(format!("s3://{}/{}", judge.results, object_keys::verdict(&revision.key())));
    event.causationid = cause.command.map(str::to_owned);
    TraceContext::inject(cause.trace.as_ref(), &mut event);
    OutgoingEvent {
        id: event.id.clone(),
        application_id: revision.application_id.clone(),
        routing_key: routing_key.to_owned(),
        body: event.to_json(),
        trace: cause.trace.clone(),
        revision: Some((revision.scope.clone(), revision.revision)),
    }
}

fn codes<'a>(checks: impl Iterator<Item = &'a Check>) -> Vec<Code> {
    let open = checks.filter(|check| check.status != Status::Pass);
    let codes: BTreeSet<Code> =
        open.flat_map(|check| check.reasons.iter().map(|reason| reason.code)).collect();
    codes.into_iter().collect()
}
