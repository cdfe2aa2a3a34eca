//! Keys of results. Those of an application name its portal: `objects/buckets.rs` says in
//! which bucket each is.
//!
//! The key of a verdict holds its revision number and digest, so two writers of
//! one revision write the same bytes to the same key. Evidence belongs to an
//! examination, and so to the bytes of a file: every verdict on those bytes
//! shares it.

use pipeline::digest::{self, is_hex};
use pipeline::examination::{Evidence, Examination};
use pipeline::kind::Kind;
use serde::{Deserialize, Serialize};

use crate::application_key::ApplicationKey;
use crate::portal::Portal;

/// Everything that the result of an examination depends on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct ExaminationKey {
    /// SHA-256 of the file, lower-case hexadecimal.
    pub(crate) sha256: String,
    /// Kind that the portal declared.
    pub(crate) kind: Kind,
    /// Name and version of the examiner.
    pub(crate) examiner: String,
}

impl ExaminationKey {
    /// Returns the key of an examination.
    #[must_use]
    pub(crate) fn from_examination(examination: &Examination) -> Self {
        Self {
            sha256: examination.sha256.clone(),
            kind: examination.kind,
            examiner: examination.examiner.clone(),
        }
    }
}

/// The identity of one revision of a verdict.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RevisionKey<'a> {
    /// Application that the verdict is about.
    pub(crate) application: &'a ApplicationKey,
    /// Empty for the application, else the id of one document.
    pub(crate) scope: &'a str,
    /// Number of the revision, from 1.
    pub(crate) revision: u32,
    /// Digest of the verdict's body.
    pub(crate) digest: &'a str,
}

/// Folder of everything about applications.
pub(crate) const APPLICATIONS: &str = "applications/";

/// Returns the folder of everything that belongs to one application alone.
pub(crate) fn application_folder(application: &ApplicationKey) -> String {
    format!("{APPLICATIONS}{application}/")
}

/// Returns the key of an application from its folder; none for any other folder.
pub(crate) fn parse_application_folder(folder: &str) -> Option<ApplicationKey> {
    let text = folder.strip_prefix(APPLICATIONS)?.strip_suffix('/')?;
    text.contains('/').then(|| text.parse().ok())?
}

/// Splits the key of an application's result into its portal and the rest, which is a key in
/// the portal's bucket; none for any other result.
pub(crate) fn split_portal(key: &str) -> Option<(Portal, String)> {
    let (portal, rest) = key.strip_prefix(APPLICATIONS)?.split_once('/')?;
    Some((portal.parse().ok()?, format!("{APPLICATIONS}{rest}")))
}

/// Returns a key in a portal's bucket that belongs to no application.
pub(crate) fn probe_of(portal: &Portal, name: &str) -> String {
    format!("{APPLICATIONS}{portal}/{name}")
}

fn scope_folder(application: &ApplicationKey, scope: &str) -> String {
    let application = application_folder(application);
    // ids hold no slash, so the folder of a document is not that of a revision
    if scope.is_empty() { application } else { format!("{application}documents/{scope}/") }
}

fn revision_folder(revision: &RevisionKey<'_>) -> String {
    let digest = revision.digest.trim_start_matches("sha256:");
    let short = &digest[..digest.len().min(16)];
    let scope = scope_folder(revision.application, revision.scope);
    format!("{scope}{}-{short}", revision.revision)
}

/// Returns the key of the verdict of one revision.
pub(crate) fn verdict(revision: &RevisionKey<'_>) -> String {
    format!("{}/verdict.json", revision_folder(revision))
}

/// Returns the key of the reviewer's report of one revision.
pub(crate) fn report(revision: &RevisionKey<'_>) -> String {
    format!("{}/report.html", revision_folder(revision))
}

/// Returns the key of the latest verdict on an application, or on one of its documents.
pub(crate) fn latest_verdict(application: &ApplicationKey, scope: &str) -> String {
    format!("{}latest/verdict.json", scope_folder(application, scope))
}

/// Returns the key of the latest report on an application, or on one of its documents.
pub(crate) fn latest_report(application: &ApplicationKey, scope: &str) -> String {
    format!("{}latest/report.html", scope_folder(application, scope))
}

/// Folder of the evidence of all examinations.
pub(crate) const EXAMINATIONS: &str = "examinations/";

/// Returns the folder of the evidence of one examination.
pub(crate) fn examination_folder(key: &ExaminationKey) -> String {
    folder_of_examination(&key.sha256, key.kind.name(), &key.examiner)
}

/// Returns the folder of the evidence of an examination of a kind that may be unknown.
pub(crate) fn folder_of_examination(sha256: &str, kind: &str, examiner: &str) -> String {
    let examiner = digest::sha256(examiner.as_bytes());
    format!("{EXAMINATIONS}{sha256}/{kind}/{}/", &examiner[..16])
}

/// Returns hash and kind of the examined file; none where the folder is not
/// exactly one that [`examination_folder`] returns for a known kind.
pub(crate) fn parse_examination_folder(folder: &str) -> Option<(&str, Kind)> {
    let mut parts = folder.strip_prefix(EXAMINATIONS)?.split('/');
    let (sha256, kind) = (parts.next()?, Kind::from_name(parts.next()?)?);
    let (examiner, end) = (parts.next()?, parts.next()?);
    let is_whole =
        is_hex(sha256, 64) && is_hex(examiner, 16) && end.is_empty() && parts.next().is_none();
    is_whole.then_some((sha256, kind))
}

/// Returns the key of one picture of an examination's evidence.
pub(crate) fn evidence(key: &ExaminationKey, evidence: &Evidence) -> String {
    let extension = if evidence.media_type == "image/jpeg" { "jpg" } else { "png" };
    format!("{}{}.{extension}", examination_folder(key), evidence.id)
}
