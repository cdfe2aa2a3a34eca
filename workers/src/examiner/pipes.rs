//! Talk with a child over three pipes, none of which blocks the parent.
//!
//! They are polled in one loop with one deadline, so that nothing that the
//! child does or leaves undone matters: not reading, not writing, writing
//! without end, or leaving a grandchild that holds the pipes.

use std::io::{self, ErrorKind, PipeReader, PipeWriter, Read, Write};
use std::time::Instant;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::ioctl_fionbio;

use super::wire::unframe;

/// Bytes of stderr that are looked at; the rest is read and dropped.
const SAID: usize = 4 << 10;

/// Whether enough was heard.
pub(super) enum Heard {
    TooLittle,
    Enough,
    TooMuch,
}

/// How a talk ended.
#[derive(Debug, PartialEq)]
pub(super) enum Talk {
    Complete,
    Late,
    Closed,
    TooMuch,
}

/// The parent's ends of the pipes, none of which blocks.
pub(super) struct Pipes {
    stdin: Option<PipeWriter>,
    stdout: PipeReader,
    stderr: Option<PipeReader>,
    /// What the child said on stdout and is still to be used.
    pub(super) heard: Vec<u8>,
    /// The beginning of what it said on stderr.
    pub(super) said: Vec<u8>,
}

/// The child's ends.
pub(super) struct Ends {
    pub(super) stdin: PipeReader,
    pub(super) stdout: PipeWriter,
    pub(super) stderr: PipeWriter,
}

impl Pipes {
    pub(super) fn new() -> io::Result<(Self, Ends)> {
        let (stdin, ours) = io::pipe()?;
        let (stdout, theirs) = io::pipe()?;
        let (stderr, complaints) = io::pipe()?;
        ioctl_fionbio(&ours, true)?;
        ioctl_fionbio(&stdout, true)?;
        ioctl_fionbio(&stderr, true)?;
        let (heard, said) = (Vec::new(), Vec::new());
        let pipes = Self { stdin: Some(ours), stdout, stderr: Some(stderr), heard, said };
        Ok((pipes, Ends { stdin, stdout: theirs, stderr: complaints }))
    }

    /// Says `words` and listens until enough was heard, the child closes its
    /// side, or the deadline.
    pub(super) fn talk(
        &mut self,
        mut words: &[u8],
        deadline: Instant,
        enough: impl Fn(&[u8]) -> Heard,
    ) -> io::Result<Talk> {
        loop {
            match enough(&self.heard) {
                Heard::TooLittle => {}
                Heard::Enough => return Ok(Talk::Complete),
                Heard::TooMuch => return Ok(Talk::TooMuch),
            }
            if !self.wait(!words.is_empty(), deadline)? {
                return Ok(Talk::Late);
            }
            self.say(&mut words)?;
            self.overhear()?;
            if !listen(&mut self.stdout, &mut self.heard)? {
                self.overhear()?;
                return Ok(Talk::Closed);
            }
        }
    }

    /// Waits until something can be done; false at the deadline.
    fn wait(&self, speaking: bool, deadline: Instant) -> io::Result<bool> {
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
        let stdin = self.stdin.as_ref().filter(|_| speaking);
        pipes.extend(stdin.map(|pipe| PollFd::new(pipe, PollFlags::OUT)));
        match poll(&mut pipes, Some(&timeout)) {
            Ok(0) => Ok(false),
            Ok(_) | Err(rustix::io::Errno::INTR) => Ok(true),
            Err(error) => Err(error.into()),
        }
    }

    /// Writes what fits. A child that no longer listens may still have an answer.
    fn say(&mut self, words: &mut &[u8]) -> io::Result<()> {
        let Some(stdin) = self.stdin.as_mut().filter(|_| !words.is_empty()) else { return Ok(()) };
        match stdin.write(words) {
            Ok(written) => *words = &words[written..],
            Err(error) if error.kind() == ErrorKind::BrokenPipe => self.stdin = None,
            Err(error) if passes(&error) => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }

    fn overhear(&mut self) -> io::Result<()> {
        let open = match &mut self.stderr {
            Some(stderr) => listen(stderr, &mut self.said)?,
            None => false,
        };
        self.said.truncate(SAID);
        if !open {
            self.stderr = None;
        }
        Ok(())
    }

    /// The answer without its length and without what was said after it.
    pub(super) fn into_body(self) -> Vec<u8> {
        unframe(&self.heard).map(|(body, _)| body.to_vec()).unwrap_or_default()
    }
}

/// Reads what is there, a piece at a time so that limits are seen early; false at the end.
fn listen(from: &mut impl Read, heard: &mut Vec<u8>) -> io::Result<bool> {
    let mut piece = [0; 64 << 10];
    match from.read(&mut piece) {
        Ok(0) => Ok(false),
        Ok(length) => {
            heard.extend_from_slice(&piece[..length]);
            Ok(true)
        }
        Err(error) if passes(&error) => Ok(true),
        Err(error) => Err(error),
    }
}

fn passes(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted)
}
