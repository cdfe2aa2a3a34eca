//! What was judged reaches the reviewer and the portal.
//!
//! Verdict and report are written under keys that hold revision and digest,
//! then the `latest` copies, then the revision is marked, then events that
//! waited for it are sent. Each step may be repeated by anyone at any time:
//! the same bytes go to the same place, and events keep their ids.

use std::collections::BTreeMap;

use bytes::Bytes;
use jiff::Timestamp;
use pipeline::application::Applicant;
use pipeline::verdict::{DocumentEvidence, Verdict};

use crate::broker::{Exchange, Message};
use crate::object_keys::{self, ExaminationKey};
use crate::registry::{OutgoingEvent, Revision};
use crate::runtime::failpoint::reached;
use crate::services::Services;
use crate::verdicts::delete;
use crate::verdicts::evidence;
use crate::verdicts::report;
use crate::worker::WorkError;

/// Events that are sent in one go for one application.
const MAX_EVENTS: u32 = 1000;

/// Writes every revision of an application that is not attached yet, and sends
/// every event that is due.
///
/// # Errors
/// When store, database or broker fail; what was done stays done.
pub(crate) async fn pending(services: &Services, application_id: &str) -> Result<(), WorkError> {
    for revision in services.registry.unattached_revisions_of(application_id).await? {
        attach(services, &revision).await?;
    }
    send(services, application_id).await
}

/// Writes one revision where the reviewer finds it.
///
/// # Errors
/// When store or database fail.
pub(crate) async fn attach(services: &Services, revision: &Revision) -> Result<(), WorkError> {
    let files = Files::of(services, revision).await?;
    files
        .put(services, object_keys::verdict(&revision.key()), object_keys::report(&revision.key()))
        .await?;
    reached("put");
    refresh_latest(services, revision, files).await?;
    reached("refreshed");
    let (application, scope) = (&revision.application_id, &revision.scope);
    let number = revision.revision;
    services.registry.mark_attached(application, scope, number, Timestamp::now()).await?;
    reached("attached");
    if services.registry.revision(application, scope, number).await?.is_none() {
        // withdrawn meanwhile: what was just written must not stay
        delete::late(&services.registry, &services.objects, application).await?;
    }
    Ok(())
}

/// The last writer leaves the newest: after each write the registry is asked again.
async fn refresh_latest(
    services: &Services,
    revision: &Revision,
    files: Files,
) -> Result<(), WorkError> {
    let (application, scope) = (&revision.application_id, &revision.scope);
    let mut written = 0;
    while let Some(newest) = services.registry.latest_revision(application, scope).await? {
        if newest.revision == written {
            break;
        }
        let newer = newest.revision != revision.revision;
        let files = if newer { Files::of(services, &newest).await? } else { files.clone() };
        let (verdict, report) = (
            object_keys::latest_verdict(application, scope),
            object_keys::latest_report(application, scope),
        );
        files.put(services, verdict, report).await?;
        written = newest.revision;
    }
    Ok(())
}

/// What is written of a revision.
#[derive(Clone)]
struct Files {
    page: Bytes,
    json: Bytes,
}

impl Files {
    async fn of(services: &Services, revision: &Revision) -> Result<Self, WorkError> {
        let page = page(services, revision).await?;
        Ok(Self { page, json: Bytes::from(revision.verdict.clone().into_bytes()) })
    }

    /// The page first: whoever finds a verdict finds its page.
    async fn put(
        &self,
        services: &Services,
        verdict_key: String,
        report_key: String,
    ) -> Result<(), WorkError> {
        let (page, json) = (self.page.clone(), self.json.clone());
        services.objects.put(&report_key, page, "text/html; charset=utf-8").await?;
        services.objects.put(&verdict_key, json, "application/json").await?;
        Ok(())
    }
}

/// The reviewer's page, with the pictures of everything that it speaks of.
async fn page(services: &Services, revision: &Revision) -> Result<Bytes, WorkError> {
    let verdict: Verdict = serde_json::from_str(&revision.verdict)
        .map_err(|_| WorkError::Ours("a stored verdict cannot be read".to_owned()))?;
    let mut shown = BTreeMap::new();
    for evidence in &verdict.body.evidence {
        let Some(key) = evidence_key(&verdict, evidence) else { continue };
        let bytes = match services.pictures.get(&key) {
            Some(bytes) => Some(bytes),
            None => evidence::read(&services.objects, &key).await?,
        };
        if let Some(bytes) = bytes {
            shown.insert(evidence.id.clone(), bytes);
        }
    }
    let applicant = applicant(services, &verdict).await?;
    let page = report::html(&verdict, applicant.as_ref(), &shown, false)
        .map_err(|error| WorkError::Ours(error.to_string()))?;
    Ok(Bytes::from(page.into_bytes()))
}

/// The form that was judged; none where another came since, which says other things.
async fn applicant(services: &Services, verdict: &Verdict) -> Result<Option<Applicant>, WorkError> {
    let subject = &verdict.body.subject;
    let record = services.registry.find_application(&subject.application_id).await?;
    let known = record.and_then(|record| record.application);
    let judged = known.filter(|known| Some(known.form_sha256()) == subject.form_sha256);
    Ok(judged.map(|application| application.applicant))
}

/// Where a picture that a verdict names was put when its document was examined.
pub(crate) fn evidence_key(verdict: &Verdict, evidence: &DocumentEvidence) -> Option<String> {
    let of = |document: &&pipeline::verdict::DocumentVerdict| {
        document.document_id == evidence.document_id
    };
    let document = verdict.body.documents.iter().find(of)?;
    let key = ExaminationKey {
        sha256: document.sha256.clone()?,
        kind: document.kind,
        examiner: document.examiner.clone()?,
    };
    Some(object_keys::evidence(&key, &evidence.evidence))
}

/// Sends every event of an application that is due, in the order in which they were made.
///
/// # Errors
/// When database or broker fail; events not sent stay.
pub(crate) async fn send(services: &Services, application_id: &str) -> Result<(), WorkError> {
    let _turn = services.turns.wait(application_id).await;
    let now = Timestamp::now();
    for event in services.registry.unsent_events(Some(application_id), MAX_EVENTS, now).await? {
        send_one(services, &event).await?;
    }
    Ok(())
}

/// Sends one event and marks it.
///
/// # Errors
/// When database or broker fail.
pub(crate) async fn send_one(services: &Services, event: &OutgoingEvent) -> Result<(), WorkError> {
    let mut message = Message::new(event.id.clone(), kind(&event.routing_key), event.body.clone());
    message.headers.trace = event.trace.clone();
    services.publisher.publish(Exchange::Verdicts, &event.routing_key, &message).await?;
    reached("told");
    services.registry.mark_sent(&event.id, Timestamp::now()).await?;
    Ok(())
}

/// The type of an event, as its routing key has it.
fn kind(routing_key: &str) -> String {
    format!("kz.tekseru.{routing_key}.v1")
}
