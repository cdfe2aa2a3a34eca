//! The main function of a child: sandbox first, then the document.
//!
//! Content of the document may leave only in the answer, so the panic hook is
//! silent and nothing is written to stderr after the document arrived.
//!
//! Unsafe code is allowed here because a forked child has raw file descriptors,
//! which no type owns yet, and exits without running its parent's exit handlers.
#![allow(unsafe_code)]

use std::io::{self, PipeReader, PipeWriter, Read, Write};
use std::os::fd::{FromRawFd, OwnedFd};
use std::panic::{self, AssertUnwindSafe};

use rustix::process::{Pid, setpgid};
use rustix::stdio::{dup2_stderr, dup2_stdin, dup2_stdout};

use super::pipes::ChildPipes;
use super::probe;
use super::protocol::{self, AnswerHead, Request, Task};
use super::sandbox::confine;
use super::seccomp::SeccompFilters;

/// Runs a child from its fork to its exit.
pub(super) fn run(pipes: &ChildPipes, filters: &SeccompFilters, parent: Pid) -> ! {
    panic::set_hook(Box::new(|_| {}));
    let answered = panic::catch_unwind(AssertUnwindSafe(|| {
        let (mut from, mut to) = take_pipes(pipes)?;
        answer_request(&mut from, &mut to, |request| confine(request, filters, parent))
    }));
    let status = match answered {
        Ok(Ok(())) => 0,
        Ok(Err(_)) => 1,
        Err(_) => 101,
    };
    // SAFETY: exits without the parent's exit handlers, which must not run here.
    unsafe { libc::_exit(status) }
}

/// Moves the three pipes to descriptors 0 to 2 and closes all others.
fn take_pipes(pipes: &ChildPipes) -> io::Result<(PipeReader, PipeWriter)> {
    // its own process group: processes that it starts are killed with it
    setpgid(None, None)?;
    dup2_stdin(&pipes.stdin)?;
    dup2_stdout(&pipes.stdout)?;
    dup2_stderr(&pipes.stderr)?;
    close_others()?;
    // SAFETY: opened above, and no other owner of them is used.
    let [from, to] = [0, 1].map(|number| unsafe { OwnedFd::from_raw_fd(number) });
    Ok((from.into(), to.into()))
}

/// Closes every file descriptor except the first three.
pub(super) fn close_others() -> io::Result<()> {
    // SAFETY: at the start of a process nothing owns them; in a forked child
    // their owners are neither used nor dropped, because it exits without returning.
    let closed = unsafe { libc::syscall(libc::SYS_close_range, 3, u32::MAX, 0) };
    if closed < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

fn answer_request(
    from: &mut impl Read,
    to: &mut impl Write,
    confine: impl FnOnce(&Request) -> io::Result<()>,
) -> io::Result<()> {
    let request = protocol::read_request(from)?;
    confine(&request).inspect_err(|error| {
        // the document has not arrived yet, so this cannot contain any of it
        let _ = writeln!(io::stderr(), "cannot enter the sandbox: {error}");
    })?;
    to.write_all(protocol::READY)?;
    to.flush()?;
    let untrusted = read_document(from, request.bytes)?;
    match request.task {
        Task::Examine { kind, limits } => {
            let examined = pipeline::examine(&untrusted, kind, &limits);
            let pictures: Vec<Vec<u8>> = examined.pictures.into_iter().map(|p| p.bytes).collect();
            let lengths = pictures.iter().map(|bytes| bytes.len() as u32).collect();
            let head = AnswerHead {
                examination: examined.examination,
                pictures: lengths,
                peak_kib: peak_kib(),
            };
            protocol::write_answer(to, &head, &pictures)
        }
        Task::Probe(probe) => {
            let refused =
                probe.perform(request.limits()).is_err_and(|error| probe::is_refusal(&error));
            to.write_all(&protocol::frame(if refused { protocol::REFUSED } else { &[] })?)
        }
    }
}

fn read_document(from: &mut impl Read, bytes: u64) -> io::Result<Vec<u8>> {
    let length = usize::try_from(bytes).map_err(|_| protocol::invalid("document too long"))?;
    let mut document = Vec::with_capacity(length);
    from.take(bytes).read_to_end(&mut document)?;
    if document.len() == length {
        Ok(document)
    } else {
        Err(protocol::invalid("document cut short"))
    }
}

/// Returns the peak memory as the kernel counts it, including memory shared with the zygote.
fn peak_kib() -> Option<u64> {
    // SAFETY: a struct of integers, for which zeros are valid.
    let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
    // SAFETY: the kernel writes one `rusage`.
    let failed = unsafe { libc::getrusage(libc::RUSAGE_SELF, &raw mut usage) } != 0;
    if failed { None } else { u64::try_from(usage.ru_maxrss).ok() }
}

#[cfg(test)]
mod tests {
    use pipeline::examiner;
    use pipeline::kind::Kind;
    use pipeline::open::Limits;
    use pipeline::verdict::Sandbox;

    use super::*;
    use crate::examiner::answer;

    fn ask(task: Task, document: &[u8], bytes: u64) -> io::Result<Vec<u8>> {
        let request =
            Request { task, seconds: 1, memory_mib: 64, layers: Sandbox::Off.into(), bytes };
        let mut from = protocol::frame(&serde_json::to_vec(&request)?)?;
        from.extend_from_slice(document);
        let mut to = Vec::new();
        answer_request(&mut from.as_slice(), &mut to, |_| Ok(()))?;
        Ok(to)
    }

    fn examine() -> Task {
        Task::Examine { kind: Kind::Cv, limits: Limits::for_kind(Kind::Cv) }
    }

    #[test]
    fn an_answer_passes_the_parents_validation() {
        let output = ask(examine(), b"no known type", 13).unwrap();
        let body = protocol::unframe(output.strip_prefix(protocol::READY).unwrap()).unwrap().0;
        let limits = Limits::for_kind(Kind::Cv);
        let answer =
            answer::validate(body, examiner::name(), b"no known type", Kind::Cv, &limits).unwrap();
        assert_eq!(answer.examined.examination.bytes, 13);
        assert!(answer.peak_mib.is_some_and(|peak| peak > 0.0));
    }

    #[test]
    fn a_document_cut_short_gets_no_answer() {
        assert!(ask(examine(), b"short", 13).is_err());
    }

    #[test]
    fn a_child_without_limits_does_not_report_ready() {
        let request = Request {
            task: examine(),
            seconds: 1,
            memory_mib: 64,
            layers: Sandbox::Off.into(),
            bytes: 0,
        };
        let from = protocol::frame(&serde_json::to_vec(&request).unwrap()).unwrap();
        let mut to = Vec::new();
        let refused =
            answer_request(&mut from.as_slice(), &mut to, |_| Err(protocol::invalid("no limits")));
        assert!(refused.is_err() && to.is_empty());
    }
}
