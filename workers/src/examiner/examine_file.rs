//! Examines files: each in a child process, a second time if its child fails.

use std::num::NonZero;
use std::time::Duration;

use pipeline::kind::Kind;
use pipeline::open::{Limits, LimitsFile};
use pipeline::reason::{Code, Reason};
use pipeline::verdict::Sandbox;

use super::answer;
use super::budget::ChildBudget;
use super::child_end::Outcome;
use super::child_process::{self, ChildRun};
use super::child_source::ChildSource;
use super::error::ExaminerError;
use super::examination_result::{Attempt, ExaminationResult, Timings};
use super::examiner_name::{reader_mark, settings};
use super::limits::ChildLimits;
use super::protocol::{Layers, Request, Task};
use super::zygote_handle::ZygoteHandle;
use crate::runtime::{failpoint, jobs};

/// The share of files that do not come by a lane.
const NO_SHARE: &str = "";

/// Examines each file in its own child process.
pub(crate) struct Examiner {
    /// See [`settings`].
    pub(super) settings: String,
    pub(super) source: ChildSource,
    pub(super) sandbox: Sandbox,
    /// Those of `sandbox`.
    pub(super) layers: Layers,
    pub(super) limits: ChildLimits,
    /// See [`ChildLimits::wall_clock`].
    pub(super) wall_clock: Duration,
    pub(super) files: LimitsFile,
    budget: ChildBudget,
}

impl Examiner {
    /// Returns an examiner whose children run in the sandbox.
    pub(crate) fn new(limits: ChildLimits, files: LimitsFile) -> Self {
        let settings = settings(limits, &files, Sandbox::On);
        let source = ChildSource::Zygote(ZygoteHandle::default());
        Self { settings, files, ..Self::with_source(source, limits) }
    }

    /// Returns the same examiner with the sandbox on, or off so that only limits apply.
    pub(crate) fn with_sandbox(self, sandbox: Sandbox) -> Self {
        let settings = settings(self.limits, &self.files, sandbox);
        Self { settings, sandbox, layers: sandbox.into(), ..self }
    }

    /// Returns the same examiner with room for as many children as there are processors and
    /// memory for. Each share, such as a lane, always has room for one where memory allows.
    pub(crate) fn with_room(
        self,
        processors: NonZero<usize>,
        memory_mib: Option<NonZero<u64>>,
        shares: &[&'static str],
    ) -> Self {
        let memory = memory_mib.map(|all| self.limits.children_in(all));
        Self { budget: ChildBudget::new(processors, memory, shares), ..self }
    }

    pub(super) fn with_source(source: ChildSource, limits: ChildLimits) -> Self {
        let files = LimitsFile::default();
        let budget = ChildBudget::new(jobs::default_parallelism(), None, &[]);
        let settings = settings(limits, &files, Sandbox::On);
        let wall_clock = limits.wall_clock().mul_f64(failpoint::wall_clock_scale());
        let sandbox = Sandbox::On;
        let layers = sandbox.into();
        Self { settings, source, sandbox, layers, limits, wall_clock, files, budget }
    }

    /// Returns the name of the pipeline's examiner in the children, with the hash of the
    /// sources that run them and suffixes for settings that differ from the defaults. May start the zygote, which blocks.
    ///
    /// # Errors
    /// When the zygote cannot be started.
    pub(crate) fn name(&self) -> Result<String, ExaminerError> {
        Ok(self.source.examiner()? + &self.settings)
    }

    /// Returns the limits on files of a kind.
    pub(crate) fn file_limits(&self, kind: Kind) -> Limits {
        self.files.for_kind(kind)
    }

    /// Returns the reason for a file that has more bytes than its kind may have.
    pub(crate) fn too_large(&self, kind: Kind, bytes: u64) -> Reason {
        let limit = self.file_limits(kind).bytes;
        Reason::new(Code::FileTooLarge).with("bytes", bytes).with("limit", limit)
    }

    /// Examines one file. If its child fails, tries a second time while no other
    /// child runs, since an overloaded machine may have been the cause.
    ///
    /// # Errors
    /// When no child could be started, or one ended for a reason that is not the file's:
    /// then neither attempt is an answer.
    pub(crate) fn examine(
        &self,
        untrusted: &[u8],
        kind: Kind,
    ) -> Result<ExaminationResult, ExaminerError> {
        let first = self.examine_once(untrusted, kind, NO_SHARE)?;
        if first.is_answered {
            return Ok(first);
        }
        let _room = self.budget.all();
        self.run_attempt(untrusted, kind)
    }

    /// Examines one file in one child, among those of other files. If the child fails, its
    /// end is the result; it counts only after a second attempt.
    ///
    /// # Errors
    /// When no child could be started, or it ended for a reason that is not the file's.
    pub(crate) fn examine_once(
        &self,
        untrusted: &[u8],
        kind: Kind,
        share: &'static str,
    ) -> Result<ExaminationResult, ExaminerError> {
        let _room = self.budget.one(share);
        self.run_attempt(untrusted, kind)
    }

    fn run_attempt(
        &self,
        untrusted: &[u8],
        kind: Kind,
    ) -> Result<ExaminationResult, ExaminerError> {
        let attempt = self.attempt(untrusted, kind, &self.file_limits(kind))?;
        let mut result = attempt.into_result(untrusted, kind);
        let examination = &mut result.examined.examination;
        examination.examiner.push_str(reader_mark(&examination.reasons));
        examination.examiner.push_str(&self.settings);
        Ok(result)
    }

    fn attempt(
        &self,
        untrusted: &[u8],
        kind: Kind,
        limits: &Limits,
    ) -> Result<Attempt, ExaminerError> {
        let examiner = self.source.examiner()?;
        let run = self.run_child(Task::Examine { kind, limits: limits.clone() }, untrusted)?;
        let timings = Timings::new(run.start, run.total);
        let answer = self.answer_body(run.outcome).and_then(|body| {
            answer::validate(&body, &examiner, untrusted, kind, limits)
                .map_err(|_invalid| Reason::new(Code::FileBreaksReader))
        });
        Ok(Attempt { examiner, answer, timings })
    }

    pub(super) fn run_child(&self, task: Task, document: &[u8]) -> Result<ChildRun, ExaminerError> {
        let ChildLimits { seconds, memory_mib } = self.limits;
        let bytes = document.len() as u64;
        let request = Request { task, seconds, memory_mib, layers: self.layers, bytes };
        let run = || child_process::run(&self.source, &request, document, self.wall_clock);
        run().or_else(|error| {
            count_lost(&error);
            // no document can end the zygote, so try again with a new one
            if matches!(error, ExaminerError::ZygoteEnded) { run() } else { Err(error) }
        })
    }

    /// Returns the bytes of the answer, or the finding that the child's end means for the file.
    pub(super) fn answer_body(&self, outcome: Outcome) -> Result<Vec<u8>, Reason> {
        let ChildLimits { seconds, memory_mib } = self.limits;
        match outcome {
            Outcome::Answered(body) => Ok(body),
            Outcome::OutOfTime => Err(Reason::new(Code::FileExhaustsTime).with("seconds", seconds)),
            Outcome::OutOfMemory => {
                Err(Reason::new(Code::FileExhaustsMemory).with("mebibytes", memory_mib))
            }
            Outcome::ForbiddenCall | Outcome::Failed => Err(Reason::new(Code::FileBreaksReader)),
        }
    }
}

/// Counts a child that ended before it could answer, by no fault of its document.
fn count_lost(error: &ExaminerError) {
    let cause = match error {
        ExaminerError::Killed(signal) => signal,
        ExaminerError::Stalled => "stalled",
        ExaminerError::ZygoteEnded => "zygote ended",
        ExaminerError::Spawn(_) | ExaminerError::NotReady(_) | ExaminerError::NotContained(_) => {
            return;
        }
    };
    metrics::counter!("tekseru_children_lost_total", "cause" => cause).increment(1);
    tracing::warn!(cause, "An examining process was lost; this says nothing about its file");
}
