//! What `check` remembers from run to run: registry and store as in the
//! cluster, in one folder. What was looked at once is judged again without its
//! file being opened, and verdicts count their revisions.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

use jiff::Timestamp;
use pipeline::examination::EvidencePicture;
use pipeline::examine::Examined;
use pipeline::verdict::{Envelope, Verdict};
use tokio::runtime::Runtime;

use super::judged::Seen;
use super::submission::Submission;
use crate::cli::exit::Failure;
use crate::object_keys::{self, ExaminationKey};
use crate::objects::{Folder, FolderConfig, Objects};
use crate::registry::{
    ApplicationState, ExaminationState, LockedApplication, Registry, StoredPictures,
};
use crate::services;
use crate::verdicts::evidence;
use crate::verdicts::judging::{new_revision, stored};
use crate::worker::{Said, WorkError, accept_application};

/// Earlier runs, as far as they are remembered.
pub(super) struct Memory {
    runtime: Runtime,
    registry: Registry,
    objects: Objects,
}

impl Memory {
    /// Opens the folder, or makes it.
    ///
    /// # Errors
    /// When it cannot be used.
    pub(super) fn open(folder: &Path) -> Result<Self, Failure> {
        let place = folder.display();
        let unusable = |why: String| Failure::Input(format!("{place}: {why}"));
        // what is in it is personal: its owner alone may look
        let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
        made.map_err(|error| Failure::at(folder, "make this folder", &error))?;
        let store = Folder::open(FolderConfig {
            root: folder.to_owned(),
            uploads: vec!["uploads".to_owned()],
            results: "results".to_owned(),
            temporary: std::env::temp_dir(),
        });
        let store = store.map_err(|problems| unusable(problems.to_string()))?;
        let runtime = services::runtime()?;
        let registry = runtime.block_on(async {
            let file = folder.join("registry.db");
            let registry = Registry::connect(&format!("sqlite:{}", file.display())).await?;
            registry.migrate().await.map(|()| registry)
        });
        let registry = registry.map_err(|error| unusable(error.to_string()))?;
        Ok(Self { runtime, registry, objects: Objects::Folder(store) })
    }

    /// What was seen in these bytes in an earlier run, with every picture.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub(super) fn known(&self, key: &ExaminationKey) -> Result<Option<Examined>, WorkError> {
        self.runtime.block_on(async {
            let Some(examination) = self.registry.find_examination(key).await? else {
                return Ok(None);
            };
            let mut found = Vec::new();
            for evidence in &examination.evidence {
                let place = object_keys::evidence(key, evidence);
                let Some(bytes) = evidence::read(&self.objects, &place).await? else {
                    return Ok(None);
                };
                found.push(EvidencePicture { evidence: evidence.clone(), bytes });
            }
            Ok(Some(Examined { examination, pictures: found }))
        })
    }

    /// Stores what was seen and judged, and says in the envelope which revision it is.
    ///
    /// # Errors
    /// When the folder cannot be written, or the application was withdrawn in it.
    pub(super) fn remember(
        &self,
        submission: &Submission,
        received_at: Timestamp,
        seen: &[Seen],
        verdict: Verdict,
    ) -> Result<Verdict, Failure> {
        let name = submission.folder.display();
        let id = &submission.application.application_id;
        self.runtime.block_on(async {
            let failed = |error: WorkError| Failure::Ours(format!("{name}: {error}"));
            let now = Timestamp::now();
            let locked = self.registry.lock(id, now).await.map_err(|error| failed(error.into()))?;
            if locked.record().state == ApplicationState::Withdrawn {
                return Err(Failure::Input(format!("{name}: {id} was withdrawn")));
            }
            self.store(locked, submission, received_at, seen, verdict).await.map_err(failed)
        })
    }

    async fn store(
        &self,
        mut locked: LockedApplication,
        submission: &Submission,
        received_at: Timestamp,
        seen: &[Seen],
        verdict: Verdict,
    ) -> Result<Verdict, WorkError> {
        let application = &submission.application;
        accept_application::put(&mut locked, application, received_at, Said::Now(Timestamp::now()))
            .await?;
        for (document, seen) in application.documents.iter().zip(seen) {
            self.store_seen(&mut locked, &document.document_id, seen).await?;
        }
        let before = locked.latest_revision("").await?;
        let is_same = before.as_ref().is_some_and(|before| before.digest == verdict.digest);
        let (revision, previous_digest) = match &before {
            Some(before) if is_same => {
                let before = stored(before)?.envelope;
                (before.revision, before.previous_digest)
            }
            Some(before) => (before.revision + 1, Some(before.digest.clone())),
            None => (1, None),
        };
        let envelope = Envelope { revision, previous_digest, ..verdict.envelope };
        let verdict = Verdict { envelope, ..verdict };
        let now = Timestamp::now();
        if is_same {
            locked.commit().await?;
            return Ok(verdict);
        }
        let added = locked.add_revision(&new_revision("", &verdict, now)).await?;
        locked.commit().await?;
        // whoever asked holds it in hand: nobody else attaches it
        let (id, scope) = (&added.application_id, &added.scope);
        self.registry.mark_attached(id, scope, added.revision, now).await?;
        Ok(verdict)
    }

    async fn store_seen(
        &self,
        locked: &mut LockedApplication,
        document_id: &str,
        seen: &Seen,
    ) -> Result<(), WorkError> {
        let examined = match seen {
            Seen::Looked(look) => &look.examined,
            Seen::Known(examined) => examined,
            Seen::Missing { reason, .. } => {
                locked
                    .put_examination_state(
                        document_id,
                        &ExaminationState::Unavailable(reason.clone()),
                    )
                    .await?;
                return Ok(());
            }
            Seen::Failed(_) => return Ok(()),
        };
        if matches!(seen, Seen::Looked(_)) {
            self.keep(examined).await?;
        }
        let record = ExaminationState::Examined(examined.examination.clone());
        if locked.put_examination_state(document_id, &record).await? == StoredPictures::Deleted {
            self.keep(examined).await?;
        }
        Ok(())
    }

    async fn keep(&self, examined: &Examined) -> Result<(), WorkError> {
        let key = ExaminationKey::from_examination(&examined.examination);
        Ok(evidence::store(&self.objects, &key, &examined.pictures).await?)
    }
}
