//! A verdict as the registry stores it, and how two verdicts are compared.

use std::collections::BTreeSet;

use jiff::Timestamp;
use pipeline::reason::Code;
use pipeline::status::Status;
use pipeline::verdict::{Body, Check, Envelope, Sandbox, Verdict};
use serde::de::IgnoredAny;

use super::context::{JudgeContext, RevisionCause};
use crate::examiner;
use crate::registry::{JudgedInputs, NewRevision, RegistryError, Revision};
use crate::verdicts::VerdictError;

/// Returns the envelope of the revision that follows `latest`.
pub(super) fn envelope(
    body: &Body,
    context: &JudgeContext<'_>,
    cause: &RevisionCause<'_>,
    latest: Option<&Revision>,
) -> Envelope {
    let mut examiners = body.documents.iter().filter_map(|document| document.examiner.as_deref());
    let is_unsandboxed = examiners.any(examiner::is_unsandboxed);
    let (revision, previous_digest) = next_revision(latest);
    Envelope {
        revision,
        previous_digest,
        produced_at: Some(context.now),
        worker: context.worker.to_owned(),
        sandbox: if is_unsandboxed { Sandbox::Off } else { Sandbox::On },
        timings_ms: cause.timings_ms.clone(),
    }
}

/// Returns the number of the revision after `latest` and the digest that it follows.
pub(crate) fn next_revision(latest: Option<&Revision>) -> (u32, Option<String>) {
    match latest {
        Some(latest) => (latest.revision + 1, Some(latest.digest.clone())),
        None => (1, None),
    }
}

/// Returns the row that the registry stores for a verdict.
pub(crate) fn new_revision(
    scope: &str,
    verdict: &Verdict,
    inputs: JudgedInputs,
    produced_at: Timestamp,
) -> NewRevision {
    NewRevision {
        scope: scope.to_owned(),
        digest: verdict.digest.clone(),
        judged_on: verdict.body.on,
        programme: verdict.body.programme.id.clone(),
        outcome: verdict.body.outcome.name().to_owned(),
        complete: verdict.body.complete,
        verdict: serde_json::to_string(verdict).expect("a verdict is JSON"),
        inputs,
        produced_at,
        attach_at: None,
    }
}

/// Parses the verdict of a revision.
///
/// # Errors
/// `Stored` when it is damaged; that of the registry when only a later version knows it.
pub(crate) fn stored_verdict(revision: &Revision) -> Result<Verdict, VerdictError> {
    serde_json::from_str(&revision.verdict).map_err(|_| {
        let application = revision.application.clone();
        match serde_json::from_str::<IgnoredAny>(&revision.verdict).is_ok() {
            true => {
                let id = application.to_string();
                RegistryError::Unknown { table: "revisions", id, column: "verdict" }.into()
            }
            false => VerdictError::Stored { application, revision: revision.revision },
        }
    })
}

/// Whether a reviewer would act alike on both: status and codes of every check,
/// without the numbers that count days.
pub(super) fn has_same_findings(one: &Body, other: &Body) -> bool {
    findings(one) == findings(other)
}

type Finding<'a> = (&'a str, Option<&'a str>, Status, BTreeSet<Code>);

fn findings(body: &Body) -> Vec<Finding<'_>> {
    body.checks.iter().map(finding).collect()
}

fn finding(check: &Check) -> Finding<'_> {
    let codes = check.reasons.iter().map(|reason| reason.code).collect();
    (&check.id, check.document_id.as_deref(), check.status, codes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verdict_of_a_later_version_is_told_from_a_damaged_one() {
        let is_of_later_version = |verdict: &str| {
            let revision = Revision {
                application: "A-1".parse().unwrap(),
                scope: String::new(),
                revision: 1,
                digest: "d".to_owned(),
                previous_digest: None,
                judged_on: "2026-01-05".parse().unwrap(),
                programme: "kz-dnr-2026".to_owned(),
                outcome: "pass".to_owned(),
                complete: true,
                verdict: verdict.to_owned(),
                produced_at: Timestamp::UNIX_EPOCH,
                attach_at: None,
                attached_at: None,
            };
            let error = stored_verdict(&revision).unwrap_err();
            matches!(error, VerdictError::Registry(error) if error.is_of_later_version())
        };
        assert!(is_of_later_version(r#"{"body": {"outcome": "of-tomorrow"}}"#));
        assert!(!is_of_later_version(r#"{"body": {"outcome""#));
        assert!(!is_of_later_version(""));
    }
}
