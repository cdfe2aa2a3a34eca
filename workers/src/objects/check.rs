//! Tries what a worker needs of its store, and what it should not be allowed.

use bytes::Bytes;
use pipeline::application::Object;

use super::{FetchError, Objects, Place, StoreError};

/// One thing that was tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Checked {
    /// What was tried: "results can be written".
    pub(crate) what: String,
    /// How it ended.
    pub(crate) finding: Finding,
}

/// How a try ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Finding {
    /// As it should.
    Good,
    /// Work goes on, but somebody should mend it.
    Warn {
        /// What was met.
        met: String,
        /// What mends it.
        mend: &'static str,
    },
    /// Work cannot be done.
    Bad {
        /// What was met.
        met: String,
        /// What mends it.
        mend: &'static str,
    },
}

/// A key at which nothing is ever put.
pub(super) const ABSENT: &str = "tekseru-check/absent";

const REACH: &str = "check endpoint, network, certificates and that the store runs";
const CREDENTIALS: &str = "check access key, secret key, region and the clock of this machine";
const READ: &str = "let this access key GetObject and ListBucket there; without the latter AWS tells of no missing object";
const WRITABLE: &str =
    "take PutObject on this bucket from this access key: workers only read uploads";
const WRITE: &str = "let this access key PutObject there";
const DELETE: &str =
    "let this access key DeleteObject there; withdrawn applications must be erased";
const LIST: &str = "let this access key ListBucket there; withdrawn applications must be erased";
const PLAIN: &str = "use https: uploads and results are personal data";

pub(super) async fn store(objects: &Objects) -> Vec<Checked> {
    let mut checked = Vec::new();
    if let Objects::S3(s3) = objects
        && s3.is_plain()
    {
        checked.push(warn("store is reached over TLS", "it is not", PLAIN));
    }
    let reach = objects.ready().await;
    match &reach {
        Err(error) if error.may_pass() => {
            checked.push(bad("store answers", error, REACH));
            return checked;
        }
        Err(StoreError::Refused { code, .. }) if is_of_credentials(code) => {
            checked.push(good("store answers"));
            checked.push(bad("credentials are accepted", code, CREDENTIALS));
            return checked;
        }
        _ => checked.extend([good("store answers"), good("credentials are accepted")]),
    }
    for bucket in &objects.buckets().uploads {
        checked.push(uploads_read(objects, bucket).await);
        checked.push(uploads_closed(objects, bucket).await);
    }
    results(objects, &mut checked).await;
    checked
}

async fn uploads_read(objects: &Objects, bucket: &str) -> Checked {
    let what = format!("uploads in {bucket} can be read");
    match objects.fetch(&object(bucket, ABSENT), 1).await {
        Ok(_) | Err(FetchError::Missing(_)) => good(what),
        Err(error) => bad(what, error, READ),
    }
}

async fn uploads_closed(objects: &Objects, bucket: &str) -> Checked {
    let what = format!("uploads in {bucket} cannot be changed");
    let key = probe();
    match objects.upload(&object(bucket, &key), Bytes::from_static(PROBE), "text/plain").await {
        Ok(()) => {
            let left = objects.remove(&Place::new(bucket, &key)).await;
            let met = left.map_or_else(
                |_| format!("they can; `{key}` is left there"),
                |()| "they can".to_owned(),
            );
            warn(what, met, WRITABLE)
        }
        Err(StoreError::Refused { .. }) => good(what),
        Err(error) => warn(what, error, REACH),
    }
}

const PROBE: &[u8] = b"written by tekseru doctor, may be deleted";

async fn results(objects: &Objects, checked: &mut Vec<Checked>) {
    let key = probe();
    let written = objects.put(&key, Bytes::from_static(PROBE), "text/plain").await;
    let is_written = written.is_ok();
    checked.push(end("results can be written", written, WRITE));
    if !is_written {
        return;
    }
    checked.push(match objects.get(&key, PROBE.len() as u64).await {
        Ok(Some(bytes)) if bytes == PROBE => good("results can be read"),
        Ok(_) => bad("results can be read", "other bytes than were written", REACH),
        Err(error) => bad("results can be read", error, READ),
    });
    checked.push(match objects.list(&key).await {
        Ok(keys) if keys == [key.clone()] => good("results can be listed"),
        Ok(_) => bad("results can be listed", "what was written is not listed", LIST),
        Err(error) => bad("results can be listed", error, LIST),
    });
    checked.push(match objects.delete(std::slice::from_ref(&key)).await {
        Ok(()) => match objects.get(&key, PROBE.len() as u64).await {
            Ok(None) => good("results can be deleted"),
            _ => bad("results can be deleted", "what was deleted is still there", DELETE),
        },
        Err(error) => {
            bad("results can be deleted", format!("{error}; `{key}` is left there"), DELETE)
        }
    });
}

fn probe() -> String {
    format!("tekseru-check/{}", uuid::Uuid::new_v4())
}

fn object(bucket: &str, key: &str) -> Object {
    Object { bucket: bucket.to_owned(), key: key.to_owned(), version_id: None }
}

fn is_of_credentials(code: &str) -> bool {
    const CODES: [&str; 7] = [
        "InvalidAccessKeyId",
        "SignatureDoesNotMatch",
        "NotSignedUp",
        "AuthorizationHeaderMalformed",
        "ExpiredToken",
        "InvalidToken",
        "PermanentRedirect",
    ];
    CODES.contains(&code)
}

fn good(what: impl Into<String>) -> Checked {
    Checked { what: what.into(), finding: Finding::Good }
}

fn warn(what: impl Into<String>, met: impl ToString, mend: &'static str) -> Checked {
    Checked { what: what.into(), finding: Finding::Warn { met: met.to_string(), mend } }
}

fn bad(what: impl Into<String>, met: impl ToString, mend: &'static str) -> Checked {
    Checked { what: what.into(), finding: Finding::Bad { met: met.to_string(), mend } }
}

fn end(what: &str, ended: Result<(), StoreError>, mend: &'static str) -> Checked {
    match ended {
        Ok(()) => good(what),
        Err(error) if error.may_pass() => bad(what, error, REACH),
        Err(error) => bad(what, error, mend),
    }
}
