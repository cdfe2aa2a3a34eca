//! Fetches one document and has it examined in a child process.

use std::sync::Arc;
use std::time::Duration;

use pipeline::application::Document;
use pipeline::examination::{EvidencePicture, Examination};
use pipeline::kind::Kind;
use pipeline::reason::{Code, Reason};
use tokio::sync::SemaphorePermit;
use tokio::time::timeout;
use tracing::{Instrument, info_span};

use super::command::CommandContext;
use super::error::ProcessError;
use super::resources::Worker;
use crate::broker::Lane;
use crate::examiner::{ExaminationResult, Timings};
use crate::object_keys::ExaminationKey;
use crate::objects::{Download, DownloadedFile, FetchError};
use crate::runtime::failpoint::reached;
use crate::services::ServiceError;

/// The outcome for one file.
pub(super) enum FileOutcome {
    /// It was examined: just now if `fresh` is there, else earlier.
    Examined { examination: Box<Examination>, fresh: Option<FreshExamination> },
    /// There is no file that can be examined.
    Unavailable(Reason),
}

/// The data that only the worker has that examined the file.
pub(super) struct FreshExamination {
    pub(super) timings: Timings,
    pub(super) pictures: Vec<EvidencePicture>,
}

/// From this attempt on, a missing object is an answer. Uploads can lag, and
/// the fifth attempt comes after each of the four retry delays.
const LAST_FETCH_ATTEMPT: u32 = 5;

/// Fetches and examines one document.
///
/// # Errors
/// When a service fails, the object may still be uploaded, or the child ended without an
/// answer for the first time.
pub(super) async fn examine_document(
    worker: &Worker,
    context: &CommandContext<'_>,
    document: &Document,
) -> Result<FileOutcome, ProcessError> {
    let kind = document.kind;
    let limit = worker.examiner.file_limits(kind).bytes;
    let Some(object) = &document.object else {
        return Ok(FileOutcome::Unavailable(Reason::new(Code::FileNotFound)));
    };
    let headers = &context.delivery.message.headers;
    let is_second = headers.unanswered > 0;
    let portal = context.application.portal();
    let fetched =
        worker.services.objects.fetch(portal, object, limit).instrument(info_span!("fetch"));
    let fetched = match fetched.await {
        Ok(Download::Complete(fetched)) => fetched,
        Ok(Download::TooLarge { bytes }) => {
            return Ok(FileOutcome::Unavailable(worker.examiner.too_large(kind, bytes)));
        }
        Err(FetchError::Missing(_)) if headers.attempt >= LAST_FETCH_ATTEMPT => {
            return Ok(FileOutcome::Unavailable(Reason::new(Code::FileNotFound)));
        }
        Err(error) => return Err(error.into()),
    };
    reached("fetched");
    let key = ExaminationKey {
        sha256: fetched.sha256.clone(),
        kind,
        examiner: examiner_name(worker).await?,
    };
    if let Some(examination) = worker.services.registry.find_examination(&key).await? {
        return Ok(FileOutcome::Examined { examination: Box::new(examination), fresh: None });
    }
    let _turn =
        if is_second { Some(second_turn(worker, headers.dependency_waits).await?) } else { None };
    let examined = examine_in_child(worker, fetched, kind);
    let result = examined.instrument(info_span!("examine", %kind)).await?;
    if !result.is_answered && !is_second {
        return Err(ProcessError::Unanswered);
    }
    reached("examined");
    let fresh = FreshExamination { timings: result.timings, pictures: result.examined.pictures };
    let examination = Box::new(result.examined.examination);
    let key = ExaminationKey::from_examination(&examination);
    worker.services.store_evidence(&key, &fresh.pictures).await?;
    reached("evidence_stored");
    Ok(FileOutcome::Examined { examination, fresh: Some(fresh) })
}

/// Returns the name of the present examiner, from a thread that may block.
///
/// # Errors
/// When no child can be started.
pub(super) async fn examiner_name(worker: &Worker) -> Result<String, ServiceError> {
    let examiner = Arc::clone(&worker.examiner);
    let result = tokio::task::spawn_blocking(move || Ok(examiner.name()?));
    result.await.unwrap_or_else(|error| Err(thread_ended(&error)))
}

/// Examines in a child process, from a thread that may block.
/// Waits for the turn of a second attempt: in the retry queues at first, later for a while in
/// the slot too, where the first who waits is the next.
async fn second_turn(worker: &Worker, waits: u32) -> Result<SemaphorePermit<'_>, ProcessError> {
    /// Waits in the retry queues alone: later ones are a quarter of an hour each, and a portal
    /// that keeps sending slow files would be before this one for ever.
    const IN_QUEUES: u32 = 2;
    /// Wait in the slot, which a neighbour may need.
    const IN_SLOT: Duration = Duration::from_secs(20);
    let turns = &worker.second_attempts;
    if waits < IN_QUEUES {
        return turns.try_acquire().map_err(|_| ProcessError::Occupied);
    }
    let turn = timeout(IN_SLOT, turns.acquire()).await;
    turn.ok().and_then(Result::ok).ok_or(ProcessError::Occupied)
}

async fn examine_in_child(
    worker: &Worker,
    fetched: DownloadedFile,
    kind: Kind,
) -> Result<ExaminationResult, ServiceError> {
    let examiner = Arc::clone(&worker.examiner);
    let result = tokio::task::spawn_blocking(move || {
        let bytes = fetched.read().map_err(FetchError::Disk)?;
        Ok(examiner.examine_once(&bytes, kind, Lane::for_kind(kind).name())?)
    });
    result.await.unwrap_or_else(|error| Err(thread_ended(&error)))
}

fn thread_ended(error: &tokio::task::JoinError) -> ServiceError {
    ServiceError::Internal(format!("the thread of an examination ended: {error}"))
}
