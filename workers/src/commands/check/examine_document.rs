//! Examines one document of an application, unless an earlier run did.

use pipeline::digest::sha256;
use pipeline::kind::Kind;
use pipeline::reason::{Code, Reason};

use super::document_outcome::DocumentOutcome;
use super::state_folder::StateFolder;
use crate::cli::files::{FileContent, FileError, read_file};
use crate::commands::application_folder::Submission;
use crate::examiner::Examiner;
use crate::object_keys::ExaminationKey;
use crate::services::ServiceError;

/// Examines one document of an application; `index` counts in the application's order.
pub(super) fn examine_document(
    examiner: &Examiner,
    state: Option<&StateFolder>,
    submission: &Submission,
    index: usize,
) -> DocumentOutcome {
    let kind = submission.application.documents[index].kind;
    let Some(path) = &submission.files[index] else {
        return unavailable(Reason::new(Code::FileNotFound));
    };
    match read_file(path, Some(&submission.folder), examiner.file_limits(kind).bytes) {
        Ok(FileContent::Bytes(bytes)) => {
            examine_bytes(examiner, state, &bytes, kind).unwrap_or_else(DocumentOutcome::Failed)
        }
        Ok(FileContent::TooLarge { bytes }) => unavailable(examiner.too_large(kind, bytes)),
        Err(error) => DocumentOutcome::Unavailable {
            reason: Reason::new(Code::FileNotFound),
            remark: Some(format!("{}: {error}", path.display())),
            is_unreadable: matches!(error, FileError::Unreadable(_)),
        },
    }
}

fn unavailable(reason: Reason) -> DocumentOutcome {
    DocumentOutcome::Unavailable { reason, remark: None, is_unreadable: false }
}

fn examine_bytes(
    examiner: &Examiner,
    state: Option<&StateFolder>,
    untrusted: &[u8],
    kind: Kind,
) -> Result<DocumentOutcome, ServiceError> {
    if let Some(state) = state {
        let examiner = examiner.name()?;
        let key = ExaminationKey { sha256: sha256(untrusted), kind, examiner };
        if let Some(examined) = state.examination(&key)? {
            return Ok(DocumentOutcome::Remembered(Box::new(examined)));
        }
    }
    Ok(DocumentOutcome::Examined(Box::new(examiner.examine(untrusted, kind)?)))
}
