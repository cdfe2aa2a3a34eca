//! Arguments of every command that examines files: limits, jobs and the sandbox.

use std::num::NonZero;
use std::path::PathBuf;

use clap::Args;
use pipeline::open::LimitsFile;
use pipeline::verdict::Sandbox;

use crate::cli::Failure;
use crate::examiner::{ChildLimits, Examiner};
use crate::runtime::{control_group, jobs};

/// What worker, zygote and uploads need of a control group's memory, in MiB.
const RESERVE_MIB: u64 = 512;

/// What the sandbox needs from the machine, and how to work without it.
pub(crate) const SANDBOX_REQUIREMENTS: &str = "the sandbox needs Linux 5.13 or later with landlock and seccomp, and a \
     container profile that allows landlock_*, seccomp and close_range; \
     --sandbox=off examines without it, with limits on memory and time only";

/// Limits on the examination of one file.
#[derive(Args, Clone)]
pub(crate) struct ExaminerArguments {
    /// Most seconds of processor time for one file
    #[arg(long, value_name = "SECONDS", default_value_t = ChildLimits::default().seconds,
        value_parser = clap::value_parser!(u32).range(1..=86_400))]
    seconds: u32,
    /// Most memory for one file, in MiB
    #[arg(long, value_name = "MIB", default_value_t = ChildLimits::default().memory_mib,
        value_parser = clap::value_parser!(u32).range(64..=1 << 20))]
    memory: u32,
    /// Memory for all files that are examined at the same time, in MiB [default: the limit
    /// of the control group, if it has one, less 512]
    #[arg(long, env = "TEKSERU_MEMORY", value_name = "MIB")]
    total_memory: Option<NonZero<u64>>,
    /// Limits on files, as TOML: keys such as bytes, pixels, side and pages are for
    /// every kind; a table such as [portfolio] is for that kind
    #[arg(long, value_name = "FILE")]
    limits: Option<PathBuf>,
    /// Number of files to examine at the same time [default: number of processors]
    #[arg(long, value_name = "N")]
    jobs: Option<NonZero<usize>>,
    /// Examine files in a sandbox: a process that can only compute. With `off`, the
    /// machine must protect itself; verdicts say that the sandbox was off
    #[arg(
        long,
        value_name = "ON|OFF",
        value_enum,
        default_value = "on",
        hide_possible_values = true
    )]
    sandbox: Switch,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Switch {
    On,
    Off,
}

impl ExaminerArguments {
    /// Returns an examiner with these limits, after its self-test has shown that they work.
    /// Each share, such as a lane, always has room for one file.
    ///
    /// # Errors
    /// When the file of limits cannot be read or used, or the self-test fails.
    pub(crate) fn start_examiner(&self, shares: &[&'static str]) -> Result<Examiner, Failure> {
        let limits = ChildLimits { seconds: self.seconds, memory_mib: self.memory };
        let left =
            |limit: NonZero<u64>| NonZero::new(limit.get().saturating_sub(RESERVE_MIB).max(1));
        let in_group = || control_group::memory_limit_mib().and_then(left);
        let memory = self.total_memory.or_else(in_group);
        let examiner = Examiner::new(limits, self.read_limits()?)
            .with_sandbox(self.sandbox())
            .with_room(self.jobs(), memory, shares);
        examiner.self_test().map_err(|error| {
            let fix = match self.sandbox() {
                Sandbox::On => format!("\n{SANDBOX_REQUIREMENTS}"),
                Sandbox::Off => String::new(),
            };
            Failure::Internal(format!("this machine cannot examine documents safely: {error}{fix}"))
        })?;
        Ok(examiner)
    }

    fn read_limits(&self) -> Result<LimitsFile, Failure> {
        let Some(path) = &self.limits else { return Ok(LimitsFile::default()) };
        let fault = |why: String| Failure::Input(format!("{}: {why}", path.display()));
        let text = std::fs::read_to_string(path).map_err(|error| fault(error.to_string()))?;
        LimitsFile::parse(&text).map_err(fault)
    }

    /// Returns whether files are examined in the sandbox.
    pub(crate) fn sandbox(&self) -> Sandbox {
        match self.sandbox {
            Switch::On => Sandbox::On,
            Switch::Off => Sandbox::Off,
        }
    }

    /// Returns how many files are examined at the same time.
    pub(crate) fn jobs(&self) -> NonZero<usize> {
        self.jobs.unwrap_or_else(jobs::default_parallelism)
    }
}
