//! From a place in the store to what is seen in the file there.

use std::sync::Arc;

use pipeline::application::Document;
use pipeline::examination::{EvidencePicture, Examination};
use pipeline::kind::Kind;
use pipeline::reason::{Code, Reason};
use tracing::{Instrument, info_span};

use super::process::Asked;
use super::{WorkError, Worker};
use crate::examiner::{ExaminationResult, Timings};
use crate::object_keys::{self, ExaminationKey};
use crate::objects::{Download, DownloadedFile, FetchError};
use crate::runtime::failpoint::reached;
use crate::services::Services;
use crate::verdicts::evidence;

/// What became of one file.
pub(super) enum Seen {
    /// It was examined, now or before.
    Examined { examination: Box<Examination>, first: Option<First> },
    /// There is nothing to examine.
    Missing(Reason),
}

/// What only whoever examines has.
pub(super) struct First {
    pub(super) timings: Timings,
    pub(super) pictures: Vec<EvidencePicture>,
}

/// Attempts after which an object that is not there is an answer: uploads lag,
/// and the fifth comes after each of the four waits.
const PATIENCE: u32 = 5;

/// Fetches and examines one document.
///
/// # Errors
/// When a service fails, or the object may still come.
pub(super) async fn document(
    worker: &Worker,
    asked: &Asked<'_>,
    document: &Document,
) -> Result<Seen, WorkError> {
    let kind = document.kind;
    let limit = worker.examiner.file_limits(kind).bytes;
    let Some(object) = &document.object else {
        return Ok(Seen::Missing(Reason::new(Code::FileNotFound)));
    };
    let fetched = worker.services.objects.fetch(object, limit).instrument(info_span!("fetch"));
    let fetched = match fetched.await {
        Ok(Download::Complete(fetched)) => fetched,
        Ok(Download::TooLarge { bytes }) => {
            return Ok(Seen::Missing(worker.examiner.too_large(kind, bytes)));
        }
        Err(FetchError::Missing(_)) if asked.incoming.message.headers.attempt >= PATIENCE => {
            return Ok(Seen::Missing(Reason::new(Code::FileNotFound)));
        }
        Err(error) => return Err(error.into()),
    };
    reached("fetched");
    let key = ExaminationKey {
        sha256: fetched.sha256.clone(),
        kind,
        examiner: worker.examiner.name().to_owned(),
    };
    if let Some(examination) = worker.services.registry.find_examination(&key).await? {
        return Ok(Seen::Examined { examination: Box::new(examination), first: None });
    }
    let look = examine(worker, fetched, kind).instrument(info_span!("examine", %kind)).await?;
    reached("examined");
    let first = First { timings: look.timings, pictures: look.examined.pictures };
    let examination = Box::new(look.examined.examination);
    let key = ExaminationKey::from_examination(&examination);
    keep(&worker.services, &key, &first.pictures).await?;
    reached("kept");
    Ok(Seen::Examined { examination, first: Some(first) })
}

/// In a child process, from a thread that may wait.
async fn examine(
    worker: &Worker,
    fetched: DownloadedFile,
    kind: Kind,
) -> Result<ExaminationResult, WorkError> {
    let examiner = Arc::clone(&worker.examiner);
    let look = tokio::task::spawn_blocking(move || {
        let bytes = fetched.read().map_err(FetchError::Disk)?;
        Ok(examiner.examine(&bytes, kind)?)
    });
    look.await.map_err(|error| WorkError::Ours(format!("the examining thread ended: {error}")))?
}

/// Puts the pictures where every verdict that speaks of them finds them, before
/// anything speaks of them.
///
/// # Errors
/// When the store fails.
pub(super) async fn keep(
    services: &Services,
    key: &ExaminationKey,
    pictures: &[EvidencePicture],
) -> Result<(), WorkError> {
    evidence::store(&services.objects, key, pictures).await?;
    for picture in pictures {
        services.pictures.put(&object_keys::evidence(key, &picture.evidence), &picture.bytes);
    }
    Ok(())
}
