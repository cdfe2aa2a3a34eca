//! The name and version of an examiner, as examinations record it.

use pipeline::digest::sha256;
use pipeline::kind::Kind;
use pipeline::open::{Limits, LimitsFile};
use pipeline::reason::{Code, Reason};
use pipeline::verdict::Sandbox;

use super::limits::ChildLimits;

const UNSANDBOXED: &str = " sandbox@off";
/// Marks an examination without the reader, so that an examiner that has it examines again.
const WITHOUT_READER: &str = " reader@none";

/// Digits of the hash in the name.
const DIGITS: usize = 12;

/// Returns what the process and its settings add to the name of the pipeline's examiner:
/// the hash of the sources that run and limit it, a suffix where limits differ from the
/// defaults in them, and one where the sandbox is off. An examination is not reused by an
/// examiner of another name.
pub(super) fn settings(limits: ChildLimits, files: &LimitsFile, sandbox: Sandbox) -> String {
    let mut suffix = format!(" child@{}", &env!("TEKSERU_CHILD_HASH")[..DIGITS]);
    let all = (limits, Kind::ALL.map(|kind| files.for_kind(kind)));
    if all != (ChildLimits::default(), Kind::ALL.map(Limits::for_kind)) {
        let digest = sha256(format!("{all:?}").as_bytes());
        suffix.push_str(&format!(" limits@{}", &digest[..8]));
    }
    if sandbox == Sandbox::Off {
        suffix.push_str(UNSANDBOXED);
    }
    suffix
}

/// Returns the mark of an examination without the reader, if it is one.
pub(super) fn reader_mark(reasons: &[Reason]) -> &'static str {
    let is_missing = reasons.iter().any(|reason| reason.code == Code::SysReaderMissing);
    if is_missing { WITHOUT_READER } else { "" }
}

/// Whether an examiner of this name examines outside the sandbox.
pub(crate) fn is_unsandboxed(name: &str) -> bool {
    name.ends_with(UNSANDBOXED)
}
