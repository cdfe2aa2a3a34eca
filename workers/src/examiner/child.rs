//! The child's side: sandbox first, then the document.
//!
//! Nothing of the document may leave but in the answer, so the panic hook is
//! silent and nothing is written to stderr once the document is there.
//!
//! Unsafe code is allowed here because a forked child has descriptors by
//! number, which no type owns yet, and ends without what its parent would do
//! at its own end.
#![allow(unsafe_code)]

use std::io::{self, PipeReader, PipeWriter, Read, Write};
use std::os::fd::{FromRawFd, OwnedFd};
use std::panic::{self, AssertUnwindSafe};

use rustix::process::{Pid, setpgid};
use rustix::stdio::{dup2_stderr, dup2_stdin, dup2_stdout};

use super::pipes::Ends;
use super::probe;
use super::sandbox::confine;
use super::syscalls::Filters;
use super::wire::{self, AnswerHead, Request, Task};

/// The whole life of a child, from the fork on.
pub(super) fn live(ends: &Ends, filters: &Filters, parent: Pid) -> ! {
    panic::set_hook(Box::new(|_| {}));
    let served = panic::catch_unwind(AssertUnwindSafe(|| {
        let (mut from, mut to) = take(ends)?;
        serve(&mut from, &mut to, |request| confine(request, filters, parent))
    }));
    let status = match served {
        Ok(Ok(())) => 0,
        Ok(Err(_)) => 1,
        Err(_) => 101,
    };
    // SAFETY: ends the process; what its parent does at its end is the parent's.
    unsafe { libc::_exit(status) }
}

/// Keeps the three pipes, by their usual numbers, and nothing else.
fn take(ends: &Ends) -> io::Result<(PipeReader, PipeWriter)> {
    // its own group: whatever it starts is killed with it
    setpgid(None, None)?;
    dup2_stdin(&ends.stdin)?;
    dup2_stdout(&ends.stdout)?;
    dup2_stderr(&ends.stderr)?;
    close_others()?;
    // SAFETY: opened above, and owned by nothing else that is used.
    let [from, to] = [0, 1].map(|number| unsafe { OwnedFd::from_raw_fd(number) });
    Ok((from.into(), to.into()))
}

/// Closes every descriptor but the first three.
pub(super) fn close_others() -> io::Result<()> {
    // SAFETY: at the start of a process nobody owns them; in a forked child
    // their owners are not used or dropped, as it ends without returning to them.
    let closed = unsafe { libc::syscall(libc::SYS_close_range, 3, u32::MAX, 0) };
    if closed < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

fn serve(
    from: &mut impl Read,
    to: &mut impl Write,
    confine: impl FnOnce(&Request) -> io::Result<()>,
) -> io::Result<()> {
    let request = wire::read_request(from)?;
    confine(&request).inspect_err(|error| {
        // before the first byte of the document: nothing of it can be in here
        let _ = writeln!(io::stderr(), "cannot be confined: {error}");
    })?;
    to.write_all(wire::READY)?;
    to.flush()?;
    let untrusted = document(from, request.bytes)?;
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
            wire::write_answer(to, &head, &pictures)
        }
        Task::Probe(probe) => {
            let refused = probe.meet(&request).is_err_and(|error| probe::is_refusal(&error));
            to.write_all(&wire::frame(if refused { wire::REFUSED } else { &[] })?)
        }
    }
}

fn document(from: &mut impl Read, bytes: u64) -> io::Result<Vec<u8>> {
    let length = usize::try_from(bytes).map_err(|_| wire::invalid("document too long"))?;
    let mut document = Vec::with_capacity(length);
    from.take(bytes).read_to_end(&mut document)?;
    if document.len() == length { Ok(document) } else { Err(wire::invalid("document cut short")) }
}

/// Most memory in use at once, as the kernel counts; what is shared with the
/// warm process counts too.
fn peak_kib() -> Option<u64> {
    // SAFETY: numbers alone, for which zeros are values.
    let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
    // SAFETY: the kernel writes one `rusage`.
    let failed = unsafe { libc::getrusage(libc::RUSAGE_SELF, &raw mut usage) } != 0;
    if failed { None } else { u64::try_from(usage.ru_maxrss).ok() }
}

#[cfg(test)]
mod tests {
    use pipeline::kind::Kind;
    use pipeline::open::Limits;
    use pipeline::verdict::Sandbox;

    use super::*;
    use crate::examiner::answer;

    fn ask(task: Task, document: &[u8], bytes: u64) -> io::Result<Vec<u8>> {
        let request = Request { task, seconds: 1, memory_mib: 64, sandbox: Sandbox::Off, bytes };
        let mut from = wire::frame(&serde_json::to_vec(&request)?)?;
        from.extend_from_slice(document);
        let mut to = Vec::new();
        serve(&mut from.as_slice(), &mut to, |_| Ok(()))?;
        Ok(to)
    }

    fn examine() -> Task {
        Task::Examine { kind: Kind::Cv, limits: Limits::for_kind(Kind::Cv) }
    }

    #[test]
    fn an_answer_passes_the_parents_check() {
        let said = ask(examine(), b"no known type", 13).unwrap();
        let body = wire::unframe(said.strip_prefix(wire::READY).unwrap()).unwrap().0;
        let answer = answer::check(body, b"no known type", Kind::Cv).unwrap();
        assert_eq!(answer.examined.examination.bytes, 13);
        assert!(answer.peak_mib.is_some_and(|peak| peak > 0.0));
    }

    #[test]
    fn a_document_cut_short_gets_no_answer() {
        assert!(ask(examine(), b"short", 13).is_err());
    }

    #[test]
    fn without_limits_there_is_no_ready() {
        let request = Request {
            task: examine(),
            seconds: 1,
            memory_mib: 64,
            sandbox: Sandbox::Off,
            bytes: 0,
        };
        let from = wire::frame(&serde_json::to_vec(&request).unwrap()).unwrap();
        let mut to = Vec::new();
        let refused = serve(&mut from.as_slice(), &mut to, |_| Err(wire::invalid("no limits")));
        assert!(refused.is_err() && to.is_empty());
    }
}
