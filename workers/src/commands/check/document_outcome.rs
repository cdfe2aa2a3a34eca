//! The outcome of one document.

use pipeline::ExaminationOutcome;
use pipeline::examination::{EvidencePicture, Examination};
use pipeline::examine::ExaminedFile;
use pipeline::reason::Reason;

use crate::examiner::ExaminationResult;
use crate::object_keys::ExaminationKey;
use crate::registry::JudgedOutcome;
use crate::services::ServiceError;

/// The outcome of one document.
pub(super) enum DocumentOutcome {
    /// The document was examined in this run.
    Examined(Box<ExaminationResult>),
    /// The document was examined in an earlier run.
    Remembered(Box<ExaminedFile>),
    /// The file does not exist or is too large to be read.
    Unavailable {
        /// The reason in the verdict.
        reason: Reason,
        /// The remark for the caller.
        remark: Option<String>,
        /// Whether the file exists and the system refuses to read it.
        is_unreadable: bool,
    },
    /// Tekseru itself failed.
    Failed(ServiceError),
}

impl DocumentOutcome {
    pub(super) fn error(&self) -> Option<&ServiceError> {
        if let Self::Failed(error) = self { Some(error) } else { None }
    }

    /// Returns the outcome as the judge takes it; none where tekseru itself failed.
    pub(super) fn for_judge(&self) -> Option<ExaminationOutcome<'_>> {
        match self {
            Self::Unavailable { reason, .. } => {
                Some(ExaminationOutcome::Unavailable(reason.clone()))
            }
            _ => self.examination().map(ExaminationOutcome::Examined),
        }
    }

    /// Returns the outcome as a revision names it; none where tekseru itself failed.
    pub(super) fn as_judged(&self) -> Option<JudgedOutcome> {
        match self {
            Self::Unavailable { reason, .. } => Some(JudgedOutcome::Unavailable(reason.clone())),
            _ => self.examination().map(|examination| {
                JudgedOutcome::Examined(ExaminationKey::from_examination(examination))
            }),
        }
    }

    fn examination(&self) -> Option<&Examination> {
        self.examined().map(|examined| &examined.examination)
    }

    /// Returns the facts and pictures of an examined document.
    pub(super) fn examined(&self) -> Option<&ExaminedFile> {
        match self {
            Self::Examined(result) => Some(&result.examined),
            Self::Remembered(examined) => Some(examined),
            Self::Unavailable { .. } | Self::Failed(_) => None,
        }
    }

    pub(super) fn pictures(&self) -> &[EvidencePicture] {
        self.examined().map_or(&[], |examined| &examined.pictures)
    }

    pub(super) fn is_unreadable(&self) -> bool {
        matches!(self, Self::Unavailable { is_unreadable: true, .. })
    }

    pub(super) fn into_remark(self) -> Option<String> {
        if let Self::Unavailable { remark, .. } = self { remark } else { None }
    }
}
