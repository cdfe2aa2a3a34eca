//! Exchanges data with a child over three pipes without blocking the parent.
//!
//! The pipes are polled in one loop with one deadline, so that a child cannot
//! block the parent: by not reading, not writing, writing endlessly, or
//! leaving a grandchild that keeps the pipes open.

use std::io::{self, ErrorKind, PipeReader, PipeWriter, Read, Write};
use std::time::Instant;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::ioctl_fionbio;

use super::protocol::unframe;

/// Bytes of stderr that are kept; the rest is read and dropped.
const MAX_ERRORS: usize = 4 << 10;

/// Whether the expected output is complete.
pub(super) enum Completeness {
    Incomplete,
    Complete,
    TooLong,
}

/// How an exchange ended.
#[derive(Debug, PartialEq)]
pub(super) enum ExchangeEnd {
    Complete,
    TimedOut,
    Closed,
    TooLong,
}

/// The parent's ends of the pipes, all non-blocking.
pub(super) struct ParentPipes {
    stdin: Option<PipeWriter>,
    stdout: PipeReader,
    stderr: Option<PipeReader>,
    /// Output of the child on stdout that is not consumed yet.
    pub(super) output: Vec<u8>,
    /// The beginning of its output on stderr.
    pub(super) errors: Vec<u8>,
}

/// The child's ends.
pub(super) struct ChildPipes {
    pub(super) stdin: PipeReader,
    pub(super) stdout: PipeWriter,
    pub(super) stderr: PipeWriter,
}

impl ParentPipes {
    pub(super) fn new() -> io::Result<(Self, ChildPipes)> {
        let (stdin, parent_stdin) = io::pipe()?;
        let (stdout, child_stdout) = io::pipe()?;
        let (stderr, child_stderr) = io::pipe()?;
        ioctl_fionbio(&parent_stdin, true)?;
        ioctl_fionbio(&stdout, true)?;
        ioctl_fionbio(&stderr, true)?;
        let (output, errors) = (Vec::new(), Vec::new());
        let pipes =
            Self { stdin: Some(parent_stdin), stdout, stderr: Some(stderr), output, errors };
        Ok((pipes, ChildPipes { stdin, stdout: child_stdout, stderr: child_stderr }))
    }

    /// Writes `input` and reads until the output is complete, the child closes its
    /// side, or the deadline passes.
    pub(super) fn exchange(
        &mut self,
        mut input: &[u8],
        deadline: Instant,
        completeness: impl Fn(&[u8]) -> Completeness,
    ) -> io::Result<ExchangeEnd> {
        loop {
            match completeness(&self.output) {
                Completeness::Incomplete => {}
                Completeness::Complete => return Ok(ExchangeEnd::Complete),
                Completeness::TooLong => return Ok(ExchangeEnd::TooLong),
            }
            if !self.wait(!input.is_empty(), deadline)? {
                return Ok(ExchangeEnd::TimedOut);
            }
            self.write(&mut input)?;
            self.read_errors()?;
            if !read_available(&mut self.stdout, &mut self.output)? {
                self.read_errors()?;
                return Ok(ExchangeEnd::Closed);
            }
        }
    }

    /// Waits until a pipe is ready; false at the deadline.
    fn wait(&self, is_writing: bool, deadline: Instant) -> io::Result<bool> {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(false);
        }
        let timeout = Timespec {
            tv_sec: i64::try_from(left.as_secs()).unwrap_or(i64::MAX),
            tv_nsec: left.subsec_nanos().into(),
        };
        let mut pipes = vec![PollFd::new(&self.stdout, PollFlags::IN)];
        pipes.extend(self.stderr.as_ref().map(|pipe| PollFd::new(pipe, PollFlags::IN)));
        let stdin = self.stdin.as_ref().filter(|_| is_writing);
        pipes.extend(stdin.map(|pipe| PollFd::new(pipe, PollFlags::OUT)));
        match poll(&mut pipes, Some(&timeout)) {
            Ok(0) => Ok(false),
            Ok(_) | Err(rustix::io::Errno::INTR) => Ok(true),
            Err(error) => Err(error.into()),
        }
    }

    /// Writes as much as fits. A child that stopped reading may still answer.
    fn write(&mut self, input: &mut &[u8]) -> io::Result<()> {
        let Some(stdin) = self.stdin.as_mut().filter(|_| !input.is_empty()) else { return Ok(()) };
        match stdin.write(input) {
            Ok(written) => *input = &input[written..],
            Err(error) if error.kind() == ErrorKind::BrokenPipe => self.stdin = None,
            Err(error) if is_transient(&error) => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }

    fn read_errors(&mut self) -> io::Result<()> {
        let is_open = match &mut self.stderr {
            Some(stderr) => read_available(stderr, &mut self.errors)?,
            None => false,
        };
        self.errors.truncate(MAX_ERRORS);
        if !is_open {
            self.stderr = None;
        }
        Ok(())
    }

    /// Returns the answer without its length and without trailing output.
    pub(super) fn into_body(self) -> Vec<u8> {
        unframe(&self.output).map(|(body, _)| body.to_vec()).unwrap_or_default()
    }
}

/// Reads one chunk, so that limits apply early; false at the end of the pipe.
fn read_available(from: &mut impl Read, output: &mut Vec<u8>) -> io::Result<bool> {
    let mut chunk = [0; 64 << 10];
    match from.read(&mut chunk) {
        Ok(0) => Ok(false),
        Ok(length) => {
            output.extend_from_slice(&chunk[..length]);
            Ok(true)
        }
        Err(error) if is_transient(&error) => Ok(true),
        Err(error) => Err(error),
    }
}

fn is_transient(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted)
}
