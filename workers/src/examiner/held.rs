//! The self-test: does what is to be held hold on this machine?

use pipeline::reason::Code;
use pipeline::verdict::Sandbox;

use super::process::Ended;
use super::wire::{REFUSED, Task};
use super::{Examiner, ExaminerError, Probe};

impl Examiner {
    /// Has children do what no document may make them do, each of which must
    /// be refused or end its process. Without the sandbox only limits must hold.
    ///
    /// # Errors
    /// When a child cannot be had, or could do it.
    pub(crate) fn self_test(&self) -> Result<(), ExaminerError> {
        let mut unheld = Vec::new();
        for probe in Probe::QUICK {
            let must = probe.is_limit() || self.sandbox == Sandbox::On;
            if must && !self.holds(probe)? {
                unheld.push(probe.deed());
            }
        }
        if unheld.is_empty() { Ok(()) } else { Err(ExaminerError::NotContained(unheld)) }
    }

    /// Whether one thing cannot be done.
    pub(super) fn holds(&self, probe: Probe) -> Result<bool, ExaminerError> {
        let ended = self.run(Task::Probe(probe), &[])?.ended;
        Ok(match (probe, ended) {
            (Probe::Memory, ended) => ended == Ended::OutOfMemory,
            (Probe::Time, ended) => ended == Ended::OutOfTime,
            (_, Ended::Stopped) => true,
            (_, Ended::Answered(body)) => body == REFUSED,
            _ => false,
        })
    }

    /// How a child ends that does what no document may.
    ///
    /// # Errors
    /// Only when no child could be had.
    pub(crate) fn probe(&self, probe: Probe) -> Result<Option<Code>, ExaminerError> {
        let run = self.run(Task::Probe(probe), &[])?;
        Ok(self.body(run.ended).err().map(|reason| reason.code))
    }
}
