//! The child's side: limits first, then the document.
//!
//! Nothing of the document may leave but in the answer, so the panic hook is
//! silent and nothing is written to stderr once the document is there.

use std::hint::black_box;
use std::io::{self, Read, Write};
use std::panic;
use std::process::ExitCode;

use rustix::process::{
    DumpableBehavior, Resource, Rlimit, Signal, getrlimit, set_dumpable_behavior,
    set_parent_process_death_signal, setrlimit,
};
use rustix::thread::set_no_new_privs;

use super::wire::{self, AnswerHead, Probe, Request, Task};

/// Files that may be open at once: the three pipes and a few libraries.
const OPEN_FILES: u64 = 16;

/// Serves one request on stdin and stdout.
pub(crate) fn run() -> ExitCode {
    panic::set_hook(Box::new(|_| {}));
    match serve(&mut io::stdin().lock(), &mut io::stdout().lock(), confine) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn serve(
    from: &mut impl Read,
    to: &mut impl Write,
    confine: impl FnOnce(&Request) -> io::Result<()>,
) -> io::Result<()> {
    let request = wire::read_request(from)?;
    confine(&request).inspect_err(|error| {
        // before the first byte of the document: nothing of it can be in here
        let _ = writeln!(io::stderr(), "cannot set limits: {error}");
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
            meet_limit(probe, &request);
            to.write_all(&wire::frame(&[])?)
        }
    }
}

fn document(from: &mut impl Read, bytes: u64) -> io::Result<Vec<u8>> {
    let length = usize::try_from(bytes).map_err(|_| wire::invalid("document too long"))?;
    let mut document = Vec::with_capacity(length);
    from.take(bytes).read_to_end(&mut document)?;
    if document.len() == length { Ok(document) } else { Err(wire::invalid("document cut short")) }
}

/// Sets every limit, or fails: a child without its limits gets no document.
fn confine(request: &Request) -> io::Result<()> {
    set_parent_process_death_signal(Some(Signal::KILL))?;
    set_no_new_privs(true)?;
    set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    limit(Resource::Core, 0, 0)?;
    limit(Resource::Fsize, 0, 0)?;
    limit(Resource::Nofile, OPEN_FILES, OPEN_FILES)?;
    // at the soft limit comes SIGXCPU, which tells the parent why; at the hard one SIGKILL
    let seconds = u64::from(request.seconds);
    limit(Resource::Cpu, seconds, seconds + 1)?;
    let memory = u64::from(request.memory_mib) << 20;
    limit(Resource::As, memory, memory)
}

/// Lowers a limit; one that is lower already stays.
fn limit(resource: Resource, soft: u64, hard: u64) -> io::Result<()> {
    let least = |wanted: u64| getrlimit(resource).maximum.map_or(wanted, |had| had.min(wanted));
    let (current, maximum) = (Some(least(soft)), Some(least(hard)));
    Ok(setrlimit(resource, Rlimit { current, maximum })?)
}

/// Most memory in use at once, as the kernel counts.
fn peak_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse().ok()
}

/// Does four times what is allowed; a limit that holds ends the process here.
fn meet_limit(probe: Probe, request: &Request) {
    match probe {
        Probe::Memory => {
            let held: Vec<Vec<u8>> =
                (0..request.memory_mib.saturating_mul(4)).map(|_| vec![1; 1 << 20]).collect();
            black_box(held);
        }
        Probe::Time => {
            let start = std::time::Instant::now();
            while start.elapsed().as_secs() < u64::from(request.seconds) * 4 {
                black_box(start);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use pipeline::application::Kind;
    use pipeline::open::Limits;

    use super::*;
    use crate::examiner::answer;

    fn ask(task: Task, document: &[u8], bytes: u64) -> io::Result<Vec<u8>> {
        let request = Request { task, seconds: 1, memory_mib: 64, bytes };
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
        let request = Request { task: examine(), seconds: 1, memory_mib: 64, bytes: 0 };
        let from = wire::frame(&serde_json::to_vec(&request).unwrap()).unwrap();
        let mut to = Vec::new();
        let refused = serve(&mut from.as_slice(), &mut to, |_| Err(wire::invalid("no limits")));
        assert!(refused.is_err() && to.is_empty());
    }
}
