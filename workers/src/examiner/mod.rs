//! Examines each upload in a process of its own, which can be killed.
//!
//! A stranger's bytes are decoded only in a child. It is a fork of the zygote,
//! which is this program again with an empty environment and everything loaded
//! that an examination uses. Before the first byte of the document reaches it,
//! the child keeps nothing but three pipes, limits its memory and time, and
//! gives up all that it could do but compute. What it answers is checked like
//! any other input. A child that dies, hangs or talks nonsense is an answer
//! about the file; only a child that never got ready is our own failure.
//!
//! ```text
//! this process --socket--> zygote --fork--> child of one document
//!      |  order: pipes, stream                |
//!      |<-------- stream: status -------------|
//!      |<======== pipes: see `wire` =========>|
//! ```

mod answer;
mod child;
mod held;
mod keeper;
mod order;
mod pipes;
mod probe;
mod process;
mod sandbox;
mod syscalls;
mod wire;
mod zygote;

use std::ffi::OsString;
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use pipeline::digest::sha256;
use pipeline::examine::{ExaminedFile, unreadable};
use pipeline::kind::Kind;
use pipeline::models;
use pipeline::open::{Limits, LimitsFile};
use pipeline::reason::{Code, Reason};
use pipeline::verdict::Sandbox;

use keeper::Keeper;
use process::{Ended, Run};
use wire::{Request, Task};

pub(crate) use probe::Probe;
pub(crate) use zygote::run as run_zygote;

/// What one child may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ChildLimits {
    /// Seconds on the clock and of processor time.
    pub(crate) seconds: u32,
    /// Address space over what the zygote has, in MiB: the file's own allowance.
    pub(crate) memory_mib: u32,
}

impl Default for ChildLimits {
    /// A minute and 512 MiB: a picture of 50 megapixels takes 143 MiB decoded.
    fn default() -> Self {
        Self { seconds: 60, memory_mib: 512 }
    }
}

/// What was seen, and what it cost.
pub(crate) struct ExaminationResult {
    /// Facts and pictures.
    pub(crate) examined: ExaminedFile,
    /// By the parent's clock.
    pub(crate) timings: Timings,
    /// Most memory in use at once, as the child says.
    pub(crate) peak_mib: Option<f64>,
}

/// Milliseconds by the parent's clock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timings {
    /// From the first step until the child was ready for the document.
    pub(crate) start: f64,
    /// From the first step until its answer was there.
    pub(crate) total: f64,
}

/// Why nothing can be said about a file: our own failures alone.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ExaminerError {
    /// The system gave no process or no pipe.
    #[error("cannot start the examining process: {0}")]
    Spawn(#[from] std::io::Error),
    /// It ended, or was silent, before it was ready for the document.
    #[error("the examining process did not get ready: {0}")]
    NotReady(String),
    /// The zygote ended meanwhile, and so did the next one.
    #[error("the process that starts examining processes ended, and again when started anew")]
    ZygoteEnded,
    /// The self-test could do what no document may make a child do.
    #[error("a document could make the examining process {}", .0.join(", "))]
    NotContained(Vec<&'static str>),
}

/// Where children come from.
enum Source {
    /// Forks of a warm process.
    Zygote(Keeper),
    /// A program that plays a child.
    #[cfg_attr(not(test), expect(dead_code, reason = "tests play children that go wrong"))]
    Program(Program),
}

/// A program that plays a child.
struct Program {
    path: OsString,
    arguments: Vec<OsString>,
}

/// Has one child a file.
pub(crate) struct Examiner {
    /// See [`name`].
    name: String,
    source: Source,
    sandbox: Sandbox,
    limits: ChildLimits,
    files: LimitsFile,
    /// Shared by every child; held alone by one that is tried again.
    room: RwLock<()>,
}

impl Examiner {
    /// An examiner whose children are in the sandbox.
    pub(crate) fn new(limits: ChildLimits, files: LimitsFile) -> Self {
        let name = name(limits, &files, Sandbox::On);
        Self { name, files, ..Self::with(Source::Zygote(Keeper::default()), limits) }
    }

    /// The same inside the sandbox, or with limits alone.
    pub(crate) fn with_sandbox(self, sandbox: Sandbox) -> Self {
        Self { name: name(self.limits, &self.files, sandbox), sandbox, ..self }
    }

    fn with(source: Source, limits: ChildLimits) -> Self {
        let (files, room) = (LimitsFile::default(), RwLock::new(()));
        let name = name(limits, &files, Sandbox::On);
        Self { name, source, sandbox: Sandbox::On, limits, files, room }
    }

    /// Name and version of what looks, and how where that is not the usual way.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The limits on a file of a kind.
    pub(crate) fn file_limits(&self, kind: Kind) -> Limits {
        self.files.for_kind(kind)
    }

    /// Returns the reason for a file that has more bytes than its kind may have.
    pub(crate) fn too_large(&self, kind: Kind, bytes: u64) -> Reason {
        let limit = self.file_limits(kind).bytes;
        Reason::new(Code::FileTooLarge).with("bytes", bytes).with("limit", limit)
    }

    /// Looks at one file. One that breaks its child is tried once more with no
    /// other child running, since a crowded machine may have been the cause.
    ///
    /// # Errors
    /// Only when no child could be had.
    pub(crate) fn examine(
        &self,
        untrusted: &[u8],
        kind: Kind,
    ) -> Result<ExaminationResult, ExaminerError> {
        let limits = self.file_limits(kind);
        let among_others = {
            let _room = self.room.read().unwrap_or_else(PoisonError::into_inner);
            self.attempt(untrusted, kind, &limits)?
        };
        let mut look = match among_others {
            Attempt { answer: Ok(examined), timings, peak_mib } => {
                ExaminationResult { examined, timings, peak_mib }
            }
            _ => {
                let _alone = self.room.write().unwrap_or_else(PoisonError::into_inner);
                self.attempt(untrusted, kind, &limits)?.settle(untrusted, kind)
            }
        };
        let examination = &mut look.examined.examination;
        examination.examiner.clone_from(&self.name);
        if examination.reasons.iter().any(|reason| reason.code == Code::SysReaderMissing) {
            examination.examiner.insert_str(models::examiner().len(), WITHOUT_READER);
        }
        Ok(look)
    }

    fn attempt(
        &self,
        untrusted: &[u8],
        kind: Kind,
        limits: &Limits,
    ) -> Result<Attempt, ExaminerError> {
        let run = self.run(Task::Examine { kind, limits: limits.clone() }, untrusted)?;
        let timings = Timings { start: milliseconds(run.start), total: milliseconds(run.total) };
        let answer = self.body(run.ended).and_then(|body| {
            answer::check(&body, untrusted, kind)
                .map_err(|_nonsense| Reason::new(Code::FileBreaksReader))
        });
        let peak_mib = answer.as_ref().ok().and_then(|answer| answer.peak_mib);
        Ok(Attempt { answer: answer.map(|answer| answer.examined), timings, peak_mib })
    }

    fn run(&self, task: Task, document: &[u8]) -> Result<Run, ExaminerError> {
        let ChildLimits { seconds, memory_mib } = self.limits;
        let bytes = document.len() as u64;
        let request = Request { task, seconds, memory_mib, sandbox: self.sandbox, bytes };
        let wall = Duration::from_secs(seconds.into());
        match process::run(&self.source, &request, document, wall) {
            // whoever ended the zygote, it was no document: once more, with a new one
            Err(ExaminerError::ZygoteEnded) => process::run(&self.source, &request, document, wall),
            ended => ended,
        }
    }

    /// The answer's bytes, or what the child's end says about the file.
    fn body(&self, ended: Ended) -> Result<Vec<u8>, Reason> {
        let ChildLimits { seconds, memory_mib } = self.limits;
        match ended {
            Ended::Answered(body) => Ok(body),
            Ended::OutOfTime => Err(Reason::new(Code::FileExhaustsTime).with("seconds", seconds)),
            Ended::OutOfMemory => {
                Err(Reason::new(Code::FileExhaustsMemory).with("mebibytes", memory_mib))
            }
            Ended::Stopped | Ended::Broken => Err(Reason::new(Code::FileBreaksReader)),
        }
    }
}

const OUTSIDE: &str = " sandbox@off";
/// So that whoever has the reader looks again.
const WITHOUT_READER: &str = " reader@none";

/// The pipeline's name, with a mark of other limits than the usual ones, and
/// one of examining outside the sandbox: what was seen so is no answer for
/// whoever examines in another way.
fn name(limits: ChildLimits, files: &LimitsFile, sandbox: Sandbox) -> String {
    let mut name = models::examiner().to_owned();
    let all = (limits, Kind::ALL.map(|kind| files.for_kind(kind)));
    if all != (ChildLimits::default(), Kind::ALL.map(Limits::for_kind)) {
        let digest = sha256(format!("{all:?}").as_bytes());
        name.push_str(&format!(" limits@{}", &digest[..8]));
    }
    if sandbox == Sandbox::Off {
        name.push_str(OUTSIDE);
    }
    name
}

/// Whether an examiner of this name looks outside the sandbox.
pub(crate) fn is_unsandboxed(name: &str) -> bool {
    name.ends_with(OUTSIDE)
}

/// One child's outcome.
struct Attempt {
    answer: Result<ExaminedFile, Reason>,
    timings: Timings,
    peak_mib: Option<f64>,
}

impl Attempt {
    fn settle(self, untrusted: &[u8], kind: Kind) -> ExaminationResult {
        let examined = self.answer.unwrap_or_else(|reason| ExaminedFile {
            examination: unreadable(untrusted, kind, reason),
            pictures: Vec::new(),
        });
        ExaminationResult { examined, timings: self.timings, peak_mib: self.peak_mib }
    }
}

fn milliseconds(duration: Duration) -> f64 {
    pipeline::examination::round(duration.as_secs_f64() * 1000.0, 1)
}

#[cfg(test)]
mod tests;
