//! Waits for the verdict of an application.

use std::time::{Duration, Instant};

use pipeline::application::Application;
use pipeline::status::Status;
use pipeline::verdict::Verdict;

use super::send::Client;
use crate::cli::Failure;
use crate::object_keys;

/// Most bytes of a verdict.
const MAX_VERDICT_BYTES: u64 = 16 << 20;
/// Time between two reads of the newest verdict.
const POLL_INTERVAL: Duration = Duration::from_millis(100);

/// Reads the newest verdict until it is about all that was uploaded.
///
/// # Errors
/// When the store fails, or there is no such verdict in time.
pub(super) async fn await_verdict(
    client: &Client,
    application: &Application,
    sent_at: Instant,
    patience: Duration,
) -> Result<Verdict, Failure> {
    let id = &application.application_id;
    let key = object_keys::latest_verdict(&client.key(application), "");
    while sent_at.elapsed() < patience {
        let found =
            client.objects().get(&key, MAX_VERDICT_BYTES).await.map_err(Failure::internal)?;
        let verdict = found.and_then(|bytes| serde_json::from_slice::<Verdict>(&bytes).ok());
        match verdict {
            Some(verdict) if is_final(&verdict, application) => return Ok(verdict),
            _ => tokio::time::sleep(POLL_INTERVAL).await,
        }
    }
    Err(Failure::Input(format!(
        "{id}: not all documents were examined within {} s; an operator can run `tekseru status` \
         and `tekseru dead list` to find the cause",
        patience.as_secs()
    )))
}

/// Returns whether a verdict is about this form and these uploads, and no document is
/// pending: each is examined, or cannot be until somebody corrects what the verdict names.
fn is_final(verdict: &Verdict, application: &Application) -> bool {
    let body = &verdict.body;
    let judged = |id: &str| body.documents.iter().find(|d| d.document_id == id);
    let is_examined = |id: &str| {
        body.checks.iter().any(|check| {
            check.id == "file.opens"
                && check.document_id.as_deref() == Some(id)
                && check.status != Status::NotRun
        })
    };
    body.subject.form_sha256 == Some(application.form_sha256())
        && body.documents.len() == application.documents.len()
        && application.documents.iter().all(|document| {
            let id = &document.document_id;
            is_examined(id) && judged(id).is_some_and(|judged| judged.object == document.object)
        })
}
