//! Checks of a worker's rights in its store: those it needs, and those it should not have.

use bytes::Bytes;

use super::error::{FetchError, StoreError};
use super::location::ObjectLocation;
use super::store::{ABSENT_KEY, Objects};
use crate::object_keys::object;

/// One check and its result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AccessCheck {
    /// The statement that was checked, such as "results can be written".
    pub(crate) name: String,
    /// Whether it is true.
    pub(crate) result: CheckResult,
}

/// The result of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CheckResult {
    /// It passed.
    Passed,
    /// Work is possible, but an operator should fix this.
    Warning {
        /// The problem.
        problem: String,
        /// The fix.
        fix: &'static str,
    },
    /// Work is impossible.
    Failed {
        /// The problem.
        problem: String,
        /// The fix.
        fix: &'static str,
    },
}

const FIX_CONNECTION: &str = "check endpoint, network, certificates and that the store runs";
const FIX_CREDENTIALS: &str = "check access key, secret key, region and the clock of this machine";
const FIX_READ: &str = "allow GetObject and ListBucket there for this access key; without ListBucket AWS does not report a missing object";
const FIX_UPLOADS_WRITABLE: &str =
    "deny PutObject on this bucket for this access key: workers only read uploads";
const FIX_WRITE: &str = "allow PutObject there for this access key";
const FIX_DELETE: &str = "allow DeleteObject, ListBucketVersions and DeleteObjectVersion there for this access key; results of withdrawn applications must be deleted, with every version";
const FIX_LIST: &str =
    "allow ListBucket there for this access key; results of withdrawn applications must be deleted";

const PROBE: &[u8] = b"written by tekseru doctor, may be deleted";

impl Objects {
    /// Checks every right that a worker needs or should not have; for `tekseru doctor`.
    pub(crate) async fn check_access(&self) -> Vec<AccessCheck> {
        let mut checks = Vec::new();
        if let Self::S3(s3) = self {
            checks.push(passed(s3.transport().to_string()));
        }
        match &self.check_ready().await {
            Err(error) if error.may_pass() => {
                checks.push(failed("store answers", error, FIX_CONNECTION));
                return checks;
            }
            Err(StoreError::Refused { code, .. }) if is_about_credentials(code) => {
                checks.push(passed("store answers"));
                checks.push(failed("credentials are accepted", code, FIX_CREDENTIALS));
                return checks;
            }
            _ => checks.extend([passed("store answers"), passed("credentials are accepted")]),
        }
        for bucket in &self.buckets().uploads {
            checks.push(check_uploads_readable(self, bucket).await);
            checks.push(check_uploads_not_writable(self, bucket).await);
        }
        check_results(self, &mut checks).await;
        checks
    }
}

async fn check_uploads_readable(objects: &Objects, bucket: &str) -> AccessCheck {
    let name = format!("uploads in {bucket} can be read");
    match objects.fetch(&object(bucket, ABSENT_KEY.to_owned()), 1).await {
        Ok(_) | Err(FetchError::Missing(_)) => passed(name),
        Err(error) => failed(name, error, FIX_READ),
    }
}

async fn check_uploads_not_writable(objects: &Objects, bucket: &str) -> AccessCheck {
    let name = format!("uploads in {bucket} cannot be changed");
    let key = probe_key();
    match objects
        .upload(&object(bucket, key.clone()), Bytes::from_static(PROBE), "text/plain")
        .await
    {
        Ok(()) => {
            let removed = objects.remove(&ObjectLocation::new(bucket, &key)).await;
            let problem = removed.map_or_else(
                |_| format!("they can; `{key}` is left there"),
                |()| "they can".to_owned(),
            );
            warning(name, problem, FIX_UPLOADS_WRITABLE)
        }
        Err(StoreError::Refused { .. }) => passed(name),
        Err(error) => warning(name, error, FIX_CONNECTION),
    }
}

async fn check_results(objects: &Objects, checks: &mut Vec<AccessCheck>) {
    let key = probe_key();
    match objects.put(&key, Bytes::from_static(PROBE), "text/plain").await {
        Ok(()) => checks.push(passed("results can be written")),
        Err(error) => {
            let fix = if error.may_pass() { FIX_CONNECTION } else { FIX_WRITE };
            return checks.push(failed("results can be written", error, fix));
        }
    }
    checks.push(match objects.get(&key, PROBE.len() as u64).await {
        Ok(Some(bytes)) if bytes == PROBE => passed("results can be read"),
        Ok(_) => failed("results can be read", "other bytes than were written", FIX_CONNECTION),
        Err(error) => failed("results can be read", error, FIX_READ),
    });
    checks.push(match objects.list(&key).await {
        Ok(keys) if keys == [key.clone()] => passed("results can be listed"),
        Ok(_) => failed("results can be listed", "a written object is not listed", FIX_LIST),
        Err(error) => failed("results can be listed", error, FIX_LIST),
    });
    checks.push(match objects.erase(&key).await {
        Ok(()) => match objects.get(&key, PROBE.len() as u64).await {
            Ok(None) => passed("results can be deleted"),
            _ => failed("results can be deleted", "a deleted object still exists", FIX_DELETE),
        },
        Err(error) => {
            failed("results can be deleted", format!("{error}; `{key}` is left there"), FIX_DELETE)
        }
    });
}

fn probe_key() -> String {
    format!("tekseru-check/{}", uuid::Uuid::new_v4())
}

/// Whether a store's code says that this key may not do something, or is unknown: then it may
/// not for any object.
pub(crate) fn is_about_rights(code: &str) -> bool {
    is_about_credentials(code)
        || ["AccessDenied", "AllAccessDisabled", "NoSuchBucket", "status 401", "status 403"]
            .contains(&code)
}

fn is_about_credentials(code: &str) -> bool {
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

fn passed(name: impl Into<String>) -> AccessCheck {
    AccessCheck { name: name.into(), result: CheckResult::Passed }
}

fn warning(name: impl Into<String>, problem: impl ToString, fix: &'static str) -> AccessCheck {
    let result = CheckResult::Warning { problem: problem.to_string(), fix };
    AccessCheck { name: name.into(), result }
}

fn failed(name: impl Into<String>, problem: impl ToString, fix: &'static str) -> AccessCheck {
    let result = CheckResult::Failed { problem: problem.to_string(), fix };
    AccessCheck { name: name.into(), result }
}
