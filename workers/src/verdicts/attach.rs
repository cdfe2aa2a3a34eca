//! Attaches a verdict: stores it where its reviewer finds it, reports it to its portal.
//!
//! Verdict and report are stored under keys that hold revision and digest, then
//! the `latest` copies, then the revision is marked, then the events that waited
//! for it are published. Any process may repeat any step at any time: the same
//! bytes go to the same key, and events keep their ids.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use pipeline::application::Applicant;
use pipeline::verdict::{DocumentEvidence, DocumentVerdict, Verdict};
use tokio::sync::{Mutex, MutexGuard};

use super::evidence::{EvidenceCache, read_evidence};
use super::judging::stored_verdict;
use super::{VerdictError, delete, event, report};
use crate::application_key::ApplicationKey;
use crate::broker::{Exchange, Message, Publisher};
use crate::object_keys::{self, ExaminationKey};
use crate::objects::{Objects, StoreError};
use crate::registry::{Claim, OutgoingEvent, Page, Registry, Revision};
use crate::runtime::failpoint::reached;

/// Most events that one call publishes for one application.
const MAX_EVENTS: u32 = 1000;
/// Between two looks whether another process has attached a revision.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// Stores verdicts and publishes events.
#[derive(Clone, Copy)]
pub(crate) struct Attacher<'a> {
    pub(crate) registry: &'a Registry,
    pub(crate) objects: &'a Objects,
    pub(crate) publisher: &'a Publisher,
    pub(crate) evidence: &'a EvidenceCache,
    pub(crate) publish_locks: &'a PublishLocks,
}

impl Attacher<'_> {
    /// Attaches every pending revision of an application and publishes every
    /// event that is due.
    ///
    /// # Errors
    /// When store, database or broker fail; completed steps stay completed.
    pub(crate) async fn attach_pending(
        &self,
        application: &ApplicationKey,
    ) -> Result<(), VerdictError> {
        self.attach_until(application, Timestamp::now()).await
    }

    async fn attach_until(
        &self,
        application: &ApplicationKey,
        until: Timestamp,
    ) -> Result<(), VerdictError> {
        for revision in self.registry.unattached_revisions_of(application, until).await? {
            self.attach(&revision).await?;
        }
        self.publish_pending(application).await
    }

    /// Attaches every revision of an application, also those that wait, and publishes every
    /// event that is due.
    ///
    /// # Errors
    /// As [`Self::attach_pending`].
    pub(crate) async fn attach_waiting(
        &self,
        application: &ApplicationKey,
    ) -> Result<(), VerdictError> {
        self.attach_until(application, Timestamp::MAX).await
    }

    /// Attaches one revision, unless another process does so: then this waits until it has.
    ///
    /// # Errors
    /// When store or database fail.
    pub(crate) async fn attach(&self, revision: &Revision) -> Result<(), VerdictError> {
        let mut pause = FIRST_PAUSE;
        loop {
            match self.registry.claim_revision(revision, Timestamp::now()).await? {
                Claim::Ours => break,
                Claim::Over => return Ok(()),
                // a process that was killed has its claim for some seconds
                Claim::Others => tokio::time::sleep(pause).await,
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
        let attached = self.attach_claimed(revision).await;
        if attached.is_err() {
            // or its time ends
            let _ = self.registry.release_revision(revision).await;
        }
        attached
    }

    async fn attach_claimed(&self, revision: &Revision) -> Result<(), VerdictError> {
        let key = revision.key();
        let files = self.files(revision).await?;
        self.store(&files, object_keys::verdict(&key), object_keys::report(&key)).await?;
        reached("put");
        self.refresh_latest(revision, files).await?;
        reached("refreshed");
        let (application, scope) = (&revision.application, &revision.scope);
        let number = revision.revision;
        self.registry.mark_attached(application, scope, number, Timestamp::now()).await?;
        reached("attached");
        self.delete_if_withdrawn(revision).await
    }

    /// Deletes files that were just stored, when the application was withdrawn meanwhile.
    async fn delete_if_withdrawn(&self, revision: &Revision) -> Result<(), VerdictError> {
        let (application, scope) = (&revision.application, &revision.scope);
        if self.registry.revision(application, scope, revision.revision).await?.is_none() {
            delete::delete_results(self.registry, self.objects, application).await?;
        }
        Ok(())
    }

    /// Compares the `latest` copies with the newest revision, and stores them again where
    /// they differ. Returns whether they did.
    ///
    /// # Errors
    /// When store or database fail.
    pub(crate) async fn check_latest(
        &self,
        application: &ApplicationKey,
        scope: &str,
    ) -> Result<bool, VerdictError> {
        let newest = self.registry.latest_settled_revision(application, scope).await?;
        // the copies of a revision that is not attached are still to be written
        let Some(newest) = newest.filter(|newest| newest.attached_at.is_some()) else {
            return Ok(false);
        };
        // as large as it was when it was written
        let report = self.objects.get(&object_keys::report(&newest.key()), u64::MAX).await?;
        let files = match report.map(Bytes::from) {
            Some(report) => Files { report, verdict: newest.verdict.clone().into_bytes().into() },
            None => self.files(&newest).await?,
        };
        let report = object_keys::latest_report(application, scope);
        let verdict = object_keys::latest_verdict(application, scope);
        if self.is_stored(&report, &files.report).await?
            && self.is_stored(&verdict, &files.verdict).await?
        {
            return Ok(false);
        }
        self.refresh_latest(&newest, files).await?;
        self.delete_if_withdrawn(&newest).await?;
        Ok(true)
    }

    /// Whether a file is stored with these bytes; a longer one is not read.
    async fn is_stored(&self, key: &str, bytes: &Bytes) -> Result<bool, VerdictError> {
        match self.objects.get(key, bytes.len() as u64).await {
            Ok(stored) => Ok(stored.is_some_and(|stored| stored == *bytes)),
            Err(StoreError::TooLarge { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Stores the `latest` copies. The registry is asked again after each write,
    /// so the last writer leaves the newest revision. Where an earlier revision has been
    /// written, a check is requested first: a write that was given up may still arrive.
    async fn refresh_latest(&self, revision: &Revision, files: Files) -> Result<(), VerdictError> {
        let (application, scope) = (&revision.application, &revision.scope);
        let mut stored = 0;
        while let Some(newest) = self.registry.latest_settled_revision(application, scope).await? {
            if newest.revision == stored {
                break;
            }
            if newest.revision > 1 {
                self.registry.request_latest_check(application, scope, Timestamp::now()).await?;
            }
            let is_newer = newest.revision != revision.revision;
            let files = if is_newer { self.files(&newest).await? } else { files.clone() };
            let verdict = object_keys::latest_verdict(application, scope);
            let report = object_keys::latest_report(application, scope);
            self.store(&files, verdict, report).await?;
            stored = newest.revision;
        }
        Ok(())
    }

    async fn files(&self, revision: &Revision) -> Result<Files, VerdictError> {
        let report = self.report(revision).await?;
        Ok(Files { report, verdict: Bytes::from(revision.verdict.clone().into_bytes()) })
    }

    /// The report goes first: a reader that finds a verdict finds its report.
    async fn store(
        &self,
        files: &Files,
        verdict_key: String,
        report_key: String,
    ) -> Result<(), VerdictError> {
        let Files { report, verdict } = files.clone();
        self.objects.put(&report_key, report, "text/html; charset=utf-8").await?;
        self.objects.put(&verdict_key, verdict, "application/json").await?;
        Ok(())
    }

    /// Renders the report with the pictures of its evidence.
    async fn report(&self, revision: &Revision) -> Result<Bytes, VerdictError> {
        let verdict = stored_verdict(revision)?;
        let mut pictures = BTreeMap::new();
        for evidence in &verdict.body.evidence {
            let Some(key) = evidence_key(&verdict, evidence) else { continue };
            let bytes = match self.evidence.get(&key) {
                Some(bytes) => Some(bytes),
                None => read_evidence(self.objects, &key).await?,
            };
            if let Some(bytes) = bytes {
                // the next revision shows it too
                self.evidence.put(&key, &bytes);
                pictures.insert(evidence.id.clone(), bytes);
            }
        }
        let applicant = self.applicant(&revision.application, &verdict).await?;
        let html = report::html(&verdict, applicant.as_ref(), &pictures, false)?;
        Ok(Bytes::from(html.into_bytes()))
    }

    /// Returns the form that the verdict is about, unless a later form replaced it.
    async fn applicant(
        &self,
        application: &ApplicationKey,
        verdict: &Verdict,
    ) -> Result<Option<Applicant>, VerdictError> {
        let subject = &verdict.body.subject;
        let record = self.registry.find_application(application).await?;
        let application = record.and_then(|record| record.application);
        let judged = application.filter(|form| Some(form.form_sha256()) == subject.form_sha256);
        Ok(judged.map(|application| application.applicant))
    }

    /// Publishes every event of an application that is due, in the order of their creation.
    ///
    /// # Errors
    /// When database or broker fail; events that were not published stay pending.
    pub(crate) async fn publish_pending(
        &self,
        application: &ApplicationKey,
    ) -> Result<(), VerdictError> {
        let _lock = self.publish_locks.lock(application).await;
        let now = Timestamp::now();
        let page = Page::first(MAX_EVENTS);
        let events = self.registry.unsent_events_of(application, page, now).await?;
        for event in &events.rows {
            self.publish(event).await?;
        }
        events.unreadable.into_iter().next().map_or(Ok(()), |row| Err(row.error.into()))
    }

    /// Publishes one event and marks it as sent.
    ///
    /// # Errors
    /// When database or broker fail.
    pub(crate) async fn publish(&self, event: &OutgoingEvent) -> Result<(), VerdictError> {
        let kind = event::event_type(&event.routing_key);
        let routing_key = event::routing_key(event.application.portal(), &event.routing_key);
        let mut message = Message::new(event.id.clone(), kind, event.body.clone());
        message.headers.trace = event.trace.clone();
        self.publisher.publish(Exchange::Verdicts, &routing_key, &message).await?;
        reached("published");
        self.registry.mark_sent(&event.id, Timestamp::now()).await?;
        Ok(())
    }
}

/// The two files of a revision.
#[derive(Clone)]
struct Files {
    report: Bytes,
    verdict: Bytes,
}

/// Returns the key of a picture that a verdict names.
pub(crate) fn evidence_key(verdict: &Verdict, evidence: &DocumentEvidence) -> Option<String> {
    let is_its_document =
        |document: &&DocumentVerdict| document.document_id == evidence.document_id;
    let document = verdict.body.documents.iter().find(is_its_document)?;
    let key = ExaminationKey {
        sha256: document.sha256.clone()?,
        kind: document.kind,
        examiner: document.examiner.clone()?,
    };
    Some(object_keys::evidence(&key, &evidence.evidence))
}

/// One lock for every few applications, so that two jobs of one process do not
/// publish the same event.
#[derive(Default)]
pub(crate) struct PublishLocks([Mutex<()>; 32]);

impl PublishLocks {
    async fn lock(&self, application_id: &str) -> MutexGuard<'_, ()> {
        let mut hasher = DefaultHasher::new();
        application_id.hash(&mut hasher);
        self.0[(hasher.finish() % self.0.len() as u64) as usize].lock().await
    }
}
