//! The result of an examination.

use std::time::Duration;

use pipeline::examination::round;
use pipeline::examine::{ExaminedFile, unreadable_by};
use pipeline::kind::Kind;
use pipeline::reason::Reason;

use super::answer::Answer;

/// An examination and its cost.
pub(crate) struct ExaminationResult {
    /// Whether the child answered; otherwise the finding is how it ended.
    pub(crate) is_answered: bool,
    /// Facts and pictures.
    pub(crate) examined: ExaminedFile,
    /// Measured by this process.
    pub(crate) timings: Timings,
    /// Peak memory as the child reports it.
    pub(crate) peak_mib: Option<f64>,
}

/// Milliseconds, measured by the parent process.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timings {
    /// From the start until the child was ready for the document.
    pub(crate) start: f64,
    /// From the start until its answer arrived.
    pub(crate) total: f64,
}

impl Timings {
    pub(super) fn new(start: Duration, total: Duration) -> Self {
        let milliseconds = |time: Duration| round(time.as_secs_f64() * 1000.0, 1);
        Self { start: milliseconds(start), total: milliseconds(total) }
    }
}

/// The outcome of one child: its answer, or a finding about the file.
pub(super) struct Attempt {
    /// Name of the pipeline's examiner in the child.
    pub(super) examiner: String,
    pub(super) answer: Result<Answer, Reason>,
    pub(super) timings: Timings,
}

impl Attempt {
    /// Returns the examination; without an answer the finding becomes that of an unreadable file.
    pub(super) fn into_result(self, untrusted: &[u8], kind: Kind) -> ExaminationResult {
        let timings = self.timings;
        match self.answer {
            Ok(Answer { examined, peak_mib }) => {
                ExaminationResult { is_answered: true, examined, timings, peak_mib }
            }
            Err(reason) => {
                let examination = unreadable_by(&self.examiner, untrusted, kind, reason);
                let examined = ExaminedFile { examination, pictures: Vec::new() };
                ExaminationResult { is_answered: false, examined, timings, peak_mib: None }
            }
        }
    }
}
