//! The self-test: whether limits and sandbox work on this machine.

use pipeline::reason::Code;
use pipeline::verdict::Sandbox;

use super::child_end::Outcome;
use super::error::ExaminerError;
use super::examine_file::Examiner;
use super::probe::Probe;
use super::protocol::{REFUSED, Task};

impl Examiner {
    /// Runs probes that do what no document may make a child do. Each must be refused or
    /// end its process; without the sandbox this applies to the limits only.
    ///
    /// # Errors
    /// When no child can be started, or a probe succeeds.
    pub(crate) fn self_test(&self) -> Result<(), ExaminerError> {
        let mut uncontained = Vec::new();
        for probe in Probe::QUICK {
            let is_required = probe.is_limit() || self.sandbox == Sandbox::On;
            if is_required && !self.contains(probe)? {
                uncontained.push(probe.description());
            }
        }
        if uncontained.is_empty() { Ok(()) } else { Err(ExaminerError::NotContained(uncontained)) }
    }

    /// Whether limits and sandbox stop a probe.
    pub(super) fn contains(&self, probe: Probe) -> Result<bool, ExaminerError> {
        let outcome = self.run_child(Task::Probe(probe), &[])?.outcome;
        Ok(match (probe, outcome) {
            (Probe::Memory, outcome) => outcome == Outcome::OutOfMemory,
            (Probe::Time, outcome) => outcome == Outcome::OutOfTime,
            (_, Outcome::ForbiddenCall) => true,
            (_, Outcome::Answered(body)) => body == REFUSED,
            _ => false,
        })
    }

    /// Runs a probe and returns the finding that its end would mean for a file.
    ///
    /// # Errors
    /// Only when no child could be started.
    pub(crate) fn probe(&self, probe: Probe) -> Result<Option<Code>, ExaminerError> {
        let run = self.run_child(Task::Probe(probe), &[])?;
        Ok(self.answer_body(run.outcome).err().map(|reason| reason.code))
    }
}
