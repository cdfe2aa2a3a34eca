//! The words between parent and child.
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
//! Numbers are little endian.

use std::io::{self, Read, Write};

use pipeline::examination::Examination;
use pipeline::kind::Kind;
use pipeline::open::Limits;
use pipeline::verdict::Sandbox;
use serde::{Deserialize, Serialize};

use super::probe::Probe;

/// What the child says once its limits hold; the digit is the protocol's version.
pub(super) const READY: &[u8] = b"tekseru1";
/// Longest body of an answer: 32 MiB, some sixty pictures of the largest size.
pub(super) const MAX_BODY: usize = 32 << 20;
/// All that a probe answers that was refused what it tried.
pub(super) const REFUSED: &[u8] = b"refused";
/// Longest request: it holds a few numbers.
const MAX_REQUEST: usize = 64 << 10;

/// What the parent asks for.
#[derive(Serialize, Deserialize)]
pub(super) struct Request {
    pub(super) task: Task,
    /// Processor time.
    pub(super) seconds: u32,
    /// Address space, over what the process has at its start.
    pub(super) memory_mib: u32,
    /// Whether the sandbox is put up.
    pub(super) sandbox: Sandbox,
    /// Length of the document that follows.
    pub(super) bytes: u64,
}

/// What the child does.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Task {
    /// Looks at the document.
    Examine { kind: Kind, limits: Limits },
    /// Does what no document may make it do.
    Probe(Probe),
}

/// What the child answers; the pictures' bytes follow in the order of their evidence.
#[derive(Serialize, Deserialize)]
pub(super) struct AnswerHead {
    pub(super) examination: Examination,
    /// Length of each picture.
    pub(super) pictures: Vec<u32>,
    /// Most memory in use at once.
    pub(super) peak_kib: Option<u64>,
}

/// A block with its length before it.
pub(super) fn frame(block: &[u8]) -> io::Result<Vec<u8>> {
    let length = u32::try_from(block.len()).map_err(|_| invalid("block too long"))?;
    let mut framed = Vec::with_capacity(4 + block.len());
    framed.extend_from_slice(&length.to_le_bytes());
    framed.extend_from_slice(block);
    Ok(framed)
}

/// The block at the start of `bytes` and what follows it; none when it is cut short.
pub(super) fn unframe(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk()?;
    rest.split_at_checked(u32::from_le_bytes(*length) as usize)
}

/// Reads what the parent asks for.
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

pub(super) fn invalid(what: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}
