//! The name and version of an examiner, as examinations record it.

use pipeline::digest::sha256;
use pipeline::kind::Kind;
use pipeline::models;
use pipeline::open::{Limits, LimitsFile};
use pipeline::verdict::Sandbox;

use super::limits::ChildLimits;

const UNSANDBOXED: &str = " sandbox@off";
/// Marks an examination without the reader, so that an examiner that has it examines again.
const WITHOUT_READER: &str = " reader@none";

/// Returns the pipeline's name, with a suffix where limits differ from the defaults and one
/// where the sandbox is off: such an examination is not reused by other examiners.
pub(super) fn examiner_name(limits: ChildLimits, files: &LimitsFile, sandbox: Sandbox) -> String {
    let mut name = models::examiner_version().to_owned();
    let all = (limits, Kind::ALL.map(|kind| files.for_kind(kind)));
    if all != (ChildLimits::default(), Kind::ALL.map(Limits::for_kind)) {
        let digest = sha256(format!("{all:?}").as_bytes());
        name.push_str(&format!(" limits@{}", &digest[..8]));
    }
    if sandbox == Sandbox::Off {
        name.push_str(UNSANDBOXED);
    }
    name
}

/// Whether an examiner of this name examines outside the sandbox.
pub(crate) fn is_unsandboxed(name: &str) -> bool {
    name.ends_with(UNSANDBOXED)
}

/// Inserts the mark of an examination without the reader.
pub(super) fn mark_without_reader(name: &mut String) {
    name.insert_str(models::examiner_version().len(), WITHOUT_READER);
}
