//! Where results lie in their bucket.
//!
//! A verdict's key holds revision and digest, so that whoever writes it, and
//! however late, writes the same bytes. Evidence belongs to an examination, and
//! so to the bytes of a file: it is written once, whatever is judged of it.

use pipeline::application::Object;
use pipeline::digest::{is_hex, sha256};
use pipeline::examination::Evidence;
use pipeline::kind::Kind;

use crate::registry::{ExaminationKey, Revision};

/// Folder of everything that belongs to one application alone.
pub(crate) fn application(application_id: &str) -> String {
    format!("applications/{application_id}/")
}

fn folder(revision: &Revision) -> String {
    let digest = revision.digest.trim_start_matches("sha256:");
    let short = &digest[..digest.len().min(16)];
    format!("{}{}-{short}", scope(&revision.application_id, &revision.scope), revision.revision)
}

fn scope(application_id: &str, scope: &str) -> String {
    let application = application(application_id);
    // no id holds a slash, so a document's folder is no revision's
    if scope.is_empty() { application } else { format!("{application}documents/{scope}/") }
}

/// One revision of a verdict.
pub(crate) fn verdict(revision: &Revision) -> String {
    format!("{}/verdict.json", folder(revision))
}

/// The reviewer's page of that revision.
pub(crate) fn report(revision: &Revision) -> String {
    format!("{}/report.html", folder(revision))
}

/// The newest verdict.
pub(crate) fn latest_verdict(revision: &Revision) -> String {
    format!("{}latest/verdict.json", scope(&revision.application_id, &revision.scope))
}

/// The newest page.
pub(crate) fn latest_report(revision: &Revision) -> String {
    format!("{}latest/report.html", scope(&revision.application_id, &revision.scope))
}

/// Folder of all pictures.
pub(crate) const EXAMINATIONS: &str = "examinations/";

/// Folder of the pictures of one examination.
pub(crate) fn examination(key: &ExaminationKey) -> String {
    let examiner = sha256(key.examiner.as_bytes());
    format!("{EXAMINATIONS}{}/{}/{}/", key.sha256, key.kind, &examiner[..16])
}

/// Hash and kind of the file whose pictures lie in a folder; none where it is
/// not exactly a folder that [`examination`] names, for a kind that is known.
pub(crate) fn examined(folder: &str) -> Option<(&str, Kind)> {
    let mut parts = folder.strip_prefix(EXAMINATIONS)?.split('/');
    let (sha256, kind) = (parts.next()?, Kind::from_name(parts.next()?)?);
    let (examiner, end) = (parts.next()?, parts.next()?);
    let whole =
        is_hex(sha256, 64) && is_hex(examiner, 16) && end.is_empty() && parts.next().is_none();
    whole.then_some((sha256, kind))
}

/// A picture of one examination.
pub(crate) fn evidence(key: &ExaminationKey, evidence: &Evidence) -> String {
    let extension = if evidence.media_type == "image/jpeg" { "jpg" } else { "png" };
    format!("{}{}.{extension}", examination(key), evidence.id)
}

/// A key as a place in the store.
pub(crate) fn object(bucket: &str, key: String) -> Object {
    Object { bucket: bucket.to_owned(), key, version_id: None }
}

/// The newest verdict of an application.
pub(crate) fn latest_verdict_of(application_id: &str) -> String {
    format!("{}latest/verdict.json", application(application_id))
}

/// The newest page of an application.
pub(crate) fn latest_report_of(application_id: &str) -> String {
    format!("{}latest/report.html", application(application_id))
}
