//! Checks of a worker's rights in its store: those it needs, and those it should not have.

use bytes::Bytes;

use super::error::{FetchError, StoreError};
use super::location::ObjectLocation;
use super::store::{ABSENT_KEY, Objects};
use crate::object_keys;
use crate::portal::Portal;

/// One check and its result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AccessCheck {
    /// The statement that was checked, such as name("written").
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

const FIX_MOVE: &str =
    "move everything below `applications/` to the bucket of verdicts of the portal `portal`";

const PROBE: &[u8] = b"written by tekseru doctor, may be deleted";

impl Objects {
    /// Checks every right that a worker needs or should not have, in the buckets of these
    /// portals and in that of evidence; for `tekseru doctor`.
    pub(crate) async fn check_access(&self, portals: &[Portal]) -> Vec<AccessCheck> {
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
        for portal in portals {
            checks.push(check_uploads_readable(self, portal).await);
            checks.push(check_uploads_not_writable(self, portal).await);
            let key = object_keys::probe_of(portal, &probe_key());
            check_results(self, &self.buckets().verdicts.of(portal), key, &mut checks).await;
        }
        check_results(self, &self.buckets().evidence, probe_key(), &mut checks).await;
        checks.extend(check_moved(self).await);
        checks
    }
}

async fn check_uploads_readable(objects: &Objects, portal: &Portal) -> AccessCheck {
    let absent = objects.upload_object(portal, ABSENT_KEY);
    let name = format!("uploads in {} can be read", absent.bucket);
    match objects.fetch(portal, &absent, 1).await {
        Ok(_) | Err(FetchError::Missing(_)) => passed(name),
        Err(error) => failed(name, error, FIX_READ),
    }
}

async fn check_uploads_not_writable(objects: &Objects, portal: &Portal) -> AccessCheck {
    let probe = objects.upload_object(portal, &probe_key());
    let name = format!("uploads in {} cannot be changed", probe.bucket);
    match objects.upload(portal, &probe, Bytes::from_static(PROBE), "text/plain").await {
        Ok(()) => {
            let removed = objects.remove(&ObjectLocation::new(&probe.bucket, &probe.key)).await;
            let problem = removed.map_or_else(
                |_| format!("they can; `{}` is left there", probe.key),
                |()| "they can".to_owned(),
            );
            warning(name, problem, FIX_UPLOADS_WRITABLE)
        }
        Err(StoreError::Refused { .. }) => passed(name),
        Err(error) => warning(name, error, FIX_CONNECTION),
    }
}

/// Looks for verdicts where a version before portals stored them: the present one neither
/// finds nor deletes them there.
async fn check_moved(objects: &Objects) -> Option<AccessCheck> {
    let found = objects.list_page(object_keys::APPLICATIONS, "").await.ok()?;
    let evidence = &objects.buckets().evidence;
    let name = format!("no verdicts of a version before portals are in {evidence}");
    (!found.is_empty()).then(|| warning(name, "there are some", FIX_MOVE))
}

async fn check_results(
    objects: &Objects,
    bucket: &str,
    key: String,
    checks: &mut Vec<AccessCheck>,
) {
    let name = |what: &str| format!("results in {bucket} can be {what}");
    match objects.put(&key, Bytes::from_static(PROBE), "text/plain").await {
        Ok(()) => checks.push(passed(name("written"))),
        Err(error) => {
            let fix = if error.may_pass() { FIX_CONNECTION } else { FIX_WRITE };
            return checks.push(failed(name("written"), error, fix));
        }
    }
    checks.push(match objects.get(&key, PROBE.len() as u64).await {
        Ok(Some(bytes)) if bytes == PROBE => passed(name("read")),
        Ok(_) => failed(name("read"), "other bytes than were written", FIX_CONNECTION),
        Err(error) => failed(name("read"), error, FIX_READ),
    });
    checks.push(match objects.list(&key).await {
        Ok(keys) if keys == [key.clone()] => passed(name("listed")),
        Ok(_) => failed(name("listed"), "a written object is not listed", FIX_LIST),
        Err(error) => failed(name("listed"), error, FIX_LIST),
    });
    checks.push(match objects.erase(&key).await {
        Ok(()) => match objects.get(&key, PROBE.len() as u64).await {
            Ok(None) => passed(name("deleted")),
            _ => failed(name("deleted"), "a deleted object still exists", FIX_DELETE),
        },
        Err(error) => {
            failed(name("deleted"), format!("{error}; `{key}` is left there"), FIX_DELETE)
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

/// Whether a store's code says that it does not know this key: then it refuses everything.
pub(crate) fn is_about_credentials(code: &str) -> bool {
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
