//! The protocol between parent and child.
//!
//! ```text
//! parent                                   child
//!   u32 length, request as JSON      ->
//!                                          sets its limits
//!                                    <-    READY
//!   the document's bytes             ->
//!                                    <-    u32 length, body:
//!                                          u32 length, answer as JSON, pictures
//! ```
//! Numbers are little-endian.

use std::io::{self, Read, Write};

use pipeline::examination::Examination;
use pipeline::kind::Kind;
use pipeline::open::Limits;
use pipeline::verdict::Sandbox;
use serde::{Deserialize, Serialize};

use super::limits::ChildLimits;
use super::probe::Probe;

/// Sent by the child once limits and sandbox are in place; the digit is the protocol's version.
pub(super) const READY: &[u8] = b"tekseru1";
/// Maximum length of an answer's body: 32 MiB, about sixty pictures of maximum size.
pub(super) const MAX_BODY: usize = 32 << 20;
/// The answer of a probe whose action was refused.
pub(super) const REFUSED: &[u8] = b"refused";
/// Maximum length of a request, which holds a few numbers.
const MAX_REQUEST: usize = 64 << 10;

/// The parent's request.
#[derive(Serialize, Deserialize)]
pub(super) struct Request {
    pub(super) task: Task,
    /// Limit on processor time.
    pub(super) seconds: u32,
    /// Limit on address space, in addition to what the process has at its start.
    pub(super) memory_mib: u32,
    /// The layers of the sandbox that the child enters.
    pub(super) layers: Layers,
    /// Length of the document that follows.
    pub(super) bytes: u64,
}

/// Layers of the sandbox. Each alone refuses files, network and signals; tests take one away.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub(super) struct Layers {
    pub(super) landlock: bool,
    pub(super) seccomp: bool,
}

impl From<Sandbox> for Layers {
    fn from(sandbox: Sandbox) -> Self {
        let on = sandbox == Sandbox::On;
        Self { landlock: on, seccomp: on }
    }
}

impl Request {
    /// Returns the limits on the child.
    pub(super) fn limits(&self) -> ChildLimits {
        ChildLimits { seconds: self.seconds, memory_mib: self.memory_mib }
    }
}

/// The child's task.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Task {
    /// Examines the document.
    Examine { kind: Kind, limits: Limits },
    /// Performs an action that no document may make it perform.
    Probe(Probe),
}

/// The head of the child's answer; the bytes of the pictures follow in the order of the evidence.
#[derive(Serialize, Deserialize)]
pub(super) struct AnswerHead {
    pub(super) examination: Examination,
    /// Length of each picture.
    pub(super) pictures: Vec<u32>,
    /// Peak memory.
    pub(super) peak_kib: Option<u64>,
}

/// Prepends the length to a block.
pub(super) fn frame(block: &[u8]) -> io::Result<Vec<u8>> {
    let length = u32::try_from(block.len()).map_err(|_| invalid("block too long"))?;
    let mut framed = Vec::with_capacity(4 + block.len());
    framed.extend_from_slice(&length.to_le_bytes());
    framed.extend_from_slice(block);
    Ok(framed)
}

/// Splits `bytes` into its first block and the rest; `None` when the block is incomplete.
pub(super) fn unframe(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk()?;
    rest.split_at_checked(u32::from_le_bytes(*length) as usize)
}

/// Reads the parent's request.
pub(super) fn read_request(from: &mut impl Read) -> io::Result<Request> {
    let mut length = [0; 4];
    from.read_exact(&mut length)?;
    let length = u32::from_le_bytes(length) as usize;
    if length > MAX_REQUEST {
        return Err(invalid("request too long"));
    }
    let mut block = vec![0; length];
    from.read_exact(&mut block)?;
    Ok(serde_json::from_slice(&block)?)
}

/// Writes an answer and its pictures as one framed body.
pub(super) fn write_answer(
    to: &mut impl Write,
    head: &AnswerHead,
    pictures: &[Vec<u8>],
) -> io::Result<()> {
    let head = frame(&serde_json::to_vec(head)?)?;
    let length = head.len() + pictures.iter().map(Vec::len).sum::<usize>();
    let length = u32::try_from(length).map_err(|_| invalid("answer too long"))?;
    to.write_all(&length.to_le_bytes())?;
    to.write_all(&head)?;
    for picture in pictures {
        to.write_all(picture)?;
    }
    to.flush()
}

/// Returns an error about invalid data.
pub(super) fn invalid(what: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}
