//! A started child: its end is awaited or caused.

use std::io::{self, ErrorKind, Read};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, ExitStatus};
use std::sync::Arc;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, Signal, kill_process_group, pidfd_open};

use super::child_end::ChildEnd;
use super::child_source::{ChildSource, Program};
use super::error::ExaminerError;
use super::pipes::ChildPipes;
use super::reap::{self, Reaped, reap};
use super::zygote_handle::ZygoteProcess;

/// A child that is killed when this value is dropped.
pub(super) enum ChildHandle {
    /// A separate program.
    Program(Child),
    /// A fork of the zygote, which kills it when this stream is closed, and
    /// sends its end on the stream.
    Forked { control: UnixStream, zygote: Arc<ZygoteProcess> },
}

/// The zygote answers at once, unless it is stopped or starved.
const ZYGOTE_TIMEOUT: Duration = Duration::from_secs(10);
/// Time to end for a child that has closed its output. A process that is ending needs
/// microseconds from there, as the kernel has released its memory before.
const EXIT_GRACE: Duration = Duration::from_secs(2);

impl ChildHandle {
    pub(super) fn start(source: &ChildSource, pipes: ChildPipes) -> Result<Self, ExaminerError> {
        match source {
            ChildSource::Program(program) => Ok(Self::Program(program.start(pipes)?)),
            ChildSource::Zygote(zygote) => {
                let (control, theirs) = UnixStream::pair()?;
                let zygote = zygote.fork(&pipes, &theirs)?;
                Ok(Self::Forked { control, zygote })
            }
        }
    }

    /// Returns the end of a child that closed its output. One that does not end is killed.
    pub(super) fn await_end(&mut self) -> Result<ChildEnd, ExaminerError> {
        let ended = match self {
            Self::Program(child) => wait(child, EXIT_GRACE)?,
            Self::Forked { control, zygote } => receive_end(control, zygote, EXIT_GRACE)?,
        };
        match ended {
            Some(reaped) => Ok(child_end(reaped, false)?),
            None => self.give_up(),
        }
    }

    /// Kills the child if it still runs, and returns its end; a child that had ended by
    /// itself keeps its own.
    pub(super) fn give_up(&mut self) -> Result<ChildEnd, ExaminerError> {
        let reaped = match self {
            Self::Program(child) => {
                kill_group(child);
                wait(child, ZYGOTE_TIMEOUT)?
            }
            Self::Forked { control, zygote } => {
                // an error means that the zygote has ended, which the read will show
                let _ = control.shutdown(Shutdown::Write);
                let reaped = receive_end(control, zygote, ZYGOTE_TIMEOUT)?;
                if reaped.is_none() {
                    zygote.discard();
                }
                reaped
            }
        };
        Ok(child_end(reaped.ok_or(ExaminerError::ZygoteEnded)?, true)?)
    }
}

/// Receives the end of a child from the zygote; `None` when there is none in time.
fn receive_end(
    control: &mut UnixStream,
    zygote: &ZygoteProcess,
    patience: Duration,
) -> Result<Option<Reaped>, ExaminerError> {
    control.set_read_timeout(Some(patience))?;
    let mut end = [0; reap::LENGTH];
    match control.read_exact(&mut end) {
        Ok(()) => Ok(Some(Reaped::from_bytes(end))),
        Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
            Ok(None)
        }
        Err(_) => {
            zygote.discard();
            Err(ExaminerError::ZygoteEnded)
        }
    }
}

/// Waits for the end of a program; `None` when it does not come in time.
fn wait(child: &Child, patience: Duration) -> io::Result<Option<Reaped>> {
    let process = pidfd_open(Pid::from_child(child), PidfdFlags::empty())?;
    let limit = Timespec { tv_sec: patience.as_secs().cast_signed(), tv_nsec: 0 };
    while let Err(error) = poll(&mut [PollFd::new(&process, PollFlags::IN)], Some(&limit)) {
        if error != rustix::io::Errno::INTR {
            return Err(error.into());
        }
    }
    reap(Pid::from_child(child))
}

fn child_end(reaped: Reaped, given_up: bool) -> io::Result<ChildEnd> {
    match reaped.status {
        error @ ..0 => Err(io::Error::from_raw_os_error(-error)),
        status => {
            let Reaped { processor_time, .. } = reaped;
            Ok(ChildEnd { status: ExitStatus::from_raw(status), processor_time, given_up })
        }
    }
}

impl Program {
    fn start(&self, pipes: ChildPipes) -> io::Result<Child> {
        Command::new(&self.path)
            .args(&self.arguments)
            .env_clear()
            .current_dir("/")
            // its own process group: processes that it starts are killed with it
            .process_group(0)
            .stdin(pipes.stdin)
            .stdout(pipes.stdout)
            .stderr(pipes.stderr)
            .spawn()
    }
}

fn kill_group(child: &Child) {
    // an error means that the group has already ended
    let _ = kill_process_group(Pid::from_child(child), Signal::KILL);
}

impl Drop for ChildHandle {
    fn drop(&mut self) {
        // once its end is collected, nothing is signalled: the process id may be another's
        if let Self::Program(child) = self
            && matches!(child.try_wait(), Ok(None))
        {
            kill_group(child);
            let _ = child.wait();
        }
    }
}
