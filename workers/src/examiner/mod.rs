//! Examines each upload in a separate process, which can be killed.
//!
//! Untrusted bytes are decoded only in a child process. It is a fork of the
//! zygote: this program again, with an empty environment and everything loaded
//! that an examination uses. Before it receives the first byte of the document,
//! the child closes everything except three pipes, limits its memory and time,
//! and enters the sandbox. Its answer is checked like any other untrusted input.
//! A child that crashes, exceeds a limit or answers nonsense is a finding about the
//! file. A child that never became ready, was ended from outside or got no processor
//! time is our own failure: it says nothing about the file.
//!
//! ```text
//! this process --socket--> zygote --fork--> child of one document
//!      |  fork request: pipes, stream            |
//!      |<--- stream: exit status, time used -----|
//!      |<======== pipes: see `protocol` ========>|
//! ```

mod answer;
mod answer_limits;
mod budget;
mod child_end;
mod child_handle;
mod child_main;
mod child_process;
mod child_source;
mod error;
mod examination_result;
mod examine_file;
mod examiner_name;
mod fork_request;
mod limits;
mod pipes;
mod privileges;
mod probe;
mod protocol;
mod reap;
mod sandbox;
mod seccomp;
mod self_test;
#[cfg(test)]
mod tests;
mod zygote;
mod zygote_handle;

pub(crate) use error::ExaminerError;
pub(crate) use examination_result::{ExaminationResult, Timings};
pub(crate) use examine_file::Examiner;
pub(crate) use examiner_name::is_unsandboxed;
pub(crate) use limits::ChildLimits;
pub(crate) use probe::Probe;
pub(crate) use zygote::run as run_zygote;
