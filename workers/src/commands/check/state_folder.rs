//! The folder of `check --state`: the registry and the object store of a cluster, in
//! one folder. A document that was examined once is judged again without opening
//! its file, and verdicts count their revisions.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

use jiff::Timestamp;
use pipeline::examination::EvidencePicture;
use pipeline::examine::ExaminedFile;
use pipeline::verdict::{Envelope, Verdict};
use tokio::runtime::Runtime;

use super::document_outcome::DocumentOutcome;
use crate::application_key::ApplicationKey;
use crate::cli::Failure;
use crate::commands::application_folder::Submission;
use crate::object_keys::{self, ExaminationKey};
use crate::objects::{Buckets, Folder, FolderConfig, Objects};
use crate::portal::Portal;
use crate::registry::{
    ApplicationState, ExaminationState, JudgedInputs, LockedApplication, Registry, StoredPictures,
};
use crate::runtime::process;
use crate::services::ServiceError;
use crate::verdicts::evidence;
use crate::verdicts::judging::{new_revision, next_revision, stored_verdict};
use crate::worker::{CommandTime, accept_application};

/// The examinations and verdicts of earlier runs.
pub(super) struct StateFolder {
    runtime: Runtime,
    registry: Registry,
    objects: Objects,
}

impl StateFolder {
    /// Opens the folder; creates it where it does not exist.
    ///
    /// # Errors
    /// When the folder cannot be used.
    pub(super) fn open(folder: &Path) -> Result<Self, Failure> {
        let name = folder.display();
        let unusable =
            |why: String| Failure::Input(format!("{name}: cannot be used with --state: {why}"));
        // its content is personal: only its owner may read it
        let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
        made.map_err(|error| Failure::io(folder, "create this folder", &error))?;
        let store = Folder::open(FolderConfig {
            root: folder.to_owned(),
            buckets: Buckets { evidence: "results".to_owned(), ..Buckets::default() },
            temporary_folder: std::env::temp_dir(),
        });
        let store = store.map_err(|problems| unusable(problems.to_string()))?;
        let runtime = process::tokio_runtime()?;
        let registry = runtime.block_on(async {
            let file = folder.join("registry.db");
            let registry = Registry::connect(&format!("sqlite:{}", file.display())).await?;
            registry.migrate().await.map(|()| registry)
        });
        let registry = registry.map_err(|error| unusable(error.to_string()))?;
        Ok(Self { runtime, registry, objects: Objects::Folder(store) })
    }

    /// Returns the examination of an earlier run; none unless all its pictures are there.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub(super) fn examination(
        &self,
        key: &ExaminationKey,
    ) -> Result<Option<ExaminedFile>, ServiceError> {
        self.runtime.block_on(async {
            let Some(examination) = self.registry.find_examination(key).await? else {
                return Ok(None);
            };
            let mut found = Vec::new();
            for evidence in &examination.evidence {
                let object_key = object_keys::evidence(key, evidence);
                let Some(bytes) = evidence::read_evidence(&self.objects, &object_key).await? else {
                    return Ok(None);
                };
                found.push(EvidencePicture { evidence: evidence.clone(), bytes });
            }
            Ok(Some(ExaminedFile { examination, pictures: found }))
        })
    }

    /// Stores the examinations and the verdict, and sets the revision in its envelope.
    ///
    /// # Errors
    /// When the folder cannot be written, or the application was withdrawn in it.
    pub(super) fn store(
        &self,
        submission: &Submission,
        received_at: Timestamp,
        outcomes: &[DocumentOutcome],
        verdict: Verdict,
    ) -> Result<Verdict, Failure> {
        let name = submission.folder.display();
        let id = &submission.application.application_id;
        self.runtime.block_on(async {
            let failed = |error: ServiceError| Failure::Internal(format!("{name}: {error}"));
            let now = Timestamp::now();
            let key = ApplicationKey::new(&Portal::default(), id);
            let locked =
                self.registry.lock(&key, now).await.map_err(|error| failed(error.into()))?;
            if locked.record().state == ApplicationState::Withdrawn {
                return Err(Failure::Input(format!(
                    "{name}: application {id} was withdrawn; use another folder with --state"
                )));
            }
            self.write(locked, submission, received_at, outcomes, verdict).await.map_err(failed)
        })
    }

    async fn write(
        &self,
        mut locked: LockedApplication,
        submission: &Submission,
        received_at: Timestamp,
        outcomes: &[DocumentOutcome],
        verdict: Verdict,
    ) -> Result<Verdict, ServiceError> {
        let application = &submission.application;
        accept_application::record_application(
            &mut locked,
            application,
            received_at,
            CommandTime::Received(Timestamp::now()),
        )
        .await?;
        for (document, outcome) in application.documents.iter().zip(outcomes) {
            self.write_outcome(&mut locked, &document.document_id, outcome).await?;
        }
        let inputs = inputs(submission, received_at, outcomes);
        let before = locked.latest_revision("").await?;
        let is_unchanged = before.as_ref().is_some_and(|before| before.digest == verdict.digest);
        let (revision, previous_digest) = match &before {
            Some(before) if is_unchanged => {
                let envelope = stored_verdict(before)?.envelope;
                (envelope.revision, envelope.previous_digest)
            }
            before => next_revision(before.as_ref()),
        };
        let envelope = Envelope { revision, previous_digest, ..verdict.envelope };
        let verdict = Verdict { envelope, ..verdict };
        let now = Timestamp::now();
        if is_unchanged {
            locked.commit().await?;
            return Ok(verdict);
        }
        let added = locked.add_revision(&new_revision("", &verdict, inputs, now)).await?;
        locked.commit().await?;
        // the caller has the verdict: no worker has to attach it
        let (id, scope) = (&added.application, &added.scope);
        self.registry.mark_attached(id, scope, added.revision, now).await?;
        Ok(verdict)
    }

    async fn write_outcome(
        &self,
        locked: &mut LockedApplication,
        document_id: &str,
        outcome: &DocumentOutcome,
    ) -> Result<(), ServiceError> {
        if let DocumentOutcome::Unavailable { reason, .. } = outcome {
            locked
                .put_examination_state(document_id, &ExaminationState::Unavailable(reason.clone()))
                .await?;
            return Ok(());
        }
        let Some(examined) = outcome.examined() else { return Ok(()) };
        if matches!(outcome, DocumentOutcome::Examined(_)) {
            self.write_pictures(examined).await?;
        }
        let record = ExaminationState::Examined(examined.examination.clone());
        if locked.put_examination_state(document_id, &record).await? == StoredPictures::Deleted {
            self.write_pictures(examined).await?;
        }
        Ok(())
    }

    async fn write_pictures(&self, examined: &ExaminedFile) -> Result<(), ServiceError> {
        let key = ExaminationKey::from_examination(&examined.examination);
        Ok(evidence::store_evidence(&self.objects, &key, &examined.pictures).await?)
    }
}

/// Returns what the application was judged from.
fn inputs(
    submission: &Submission,
    received_at: Timestamp,
    outcomes: &[DocumentOutcome],
) -> JudgedInputs {
    let ids = submission.application.documents.iter().map(|d| d.document_id.clone());
    JudgedInputs {
        application: submission.application.clone(),
        received_at,
        guessed_kinds: submission.notes.clone(),
        outcomes: ids.zip(outcomes).filter_map(|(id, o)| Some((id, o.as_judged()?))).collect(),
    }
}
