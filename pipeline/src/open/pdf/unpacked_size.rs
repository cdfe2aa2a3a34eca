//! Limits the size to which a PDF's streams unpack, before any of them is stored.
//!
//! Deflate expands one byte to up to 1032. The streams are found by their
//! keyword, not by the cross-reference table, which may itself be packed.
//! Encrypted and LZW streams are not counted here; the memory limit of the examining
//! process applies to these.

use flate2::{Decompress, FlushDecompress, Status};

use crate::open::detect::{contains, find};
use crate::open::limits::Limits;
use crate::open::refusal::check_size;
use crate::reason::{Code, Reason};

/// RFC 1951: a match of 258 bytes takes two bits at least.
const DEFLATE_RATIO: u64 = 1032;
/// CMYK, 8 bits.
const BYTES_PER_PIXEL: u64 = 4;
/// Number of bytes before `stream` in which its dictionary is searched.
const DICTIONARY: usize = 4096;

/// Counts the bytes to which deflated streams unpack.
///
/// # Errors
/// `FILE_UNPACK_BOMB` when all except pictures exceed `unpacked_bytes`, or when
/// one picture has more bytes than the largest one allowed.
pub(super) fn check_unpacked_size(untrusted: &[u8], limits: &Limits) -> Result<(), Reason> {
    let picture_limit = limits.pixels.saturating_mul(BYTES_PER_PIXEL);
    let mut left = limits.unpacked_bytes;
    let mut at = 0;
    while let Some(found) = find(&untrusted[at..], b"stream") {
        let keyword = at + found;
        at = keyword + b"stream".len();
        if untrusted[..keyword].ends_with(b"end") {
            continue;
        }
        let data = after_line_end(&untrusted[at..]);
        if !is_zlib(data) {
            continue;
        }
        let before = &untrusted[keyword.saturating_sub(DICTIONARY)..keyword];
        if is_picture(before) {
            let packed = find(data, b"endstream").unwrap_or(data.len());
            // a picture that states that it is too large is never unpacked: its page is
            // refused, and no other
            if packed as u64 * DEFLATE_RATIO > picture_limit
                && !is_stated_too_large(before, limits)
                && count_unpacked(data, picture_limit).0 > picture_limit
            {
                return Err(bomb(picture_limit));
            }
            at += packed;
        } else {
            let (length, consumed) = count_unpacked(data, left);
            left = left.checked_sub(length).ok_or_else(|| bomb(limits.unpacked_bytes))?;
            at += consumed;
        }
    }
    Ok(())
}

fn bomb(limit: u64) -> Reason {
    Reason::new(Code::FileUnpackBomb).with("limit", limit)
}

fn after_line_end(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.strip_prefix(b"\r").unwrap_or(bytes);
    bytes.strip_prefix(b"\n").unwrap_or(bytes)
}

/// RFC 1950: method 8, and a header that is a multiple of 31.
fn is_zlib(data: &[u8]) -> bool {
    data.first_chunk().is_some_and(|header: &[u8; 2]| {
        header[0] & 0x0f == 8 && u16::from_be_bytes(*header).is_multiple_of(31)
    })
}

fn is_picture(before: &[u8]) -> bool {
    let dictionary = &before[before.windows(4).rposition(|w| w == b" obj").unwrap_or(0)..];
    contains(dictionary, b"/Image") && !contains(dictionary, b"/ObjStm")
}

/// Whether the dictionary states a picture beyond the limits, whichever of its entries is
/// in force.
fn is_stated_too_large(before: &[u8], limits: &Limits) -> bool {
    let dictionary = &before[before.windows(4).rposition(|w| w == b" obj").unwrap_or(0)..];
    let least = |key: &[u8]| {
        let mut rest = dictionary;
        let mut least: Option<u32> = None;
        while let Some(found) = find(rest, key) {
            rest = &rest[found + key.len()..];
            let digits = rest.trim_ascii_start();
            let length = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
            let value = std::str::from_utf8(&digits[..length]).ok()?.parse().ok()?;
            least = Some(least.map_or(value, |known: u32| known.min(value)));
        }
        least
    };
    match (least(b"/Width"), least(b"/Height")) {
        (Some(width), Some(height)) => check_size(width, height, limits).is_err(),
        _ => false,
    }
}

/// Returns the number of bytes to which `data` unpacks, including nested streams,
/// counted up to just beyond `limit`, and the number of its bytes that were used.
fn count_unpacked(data: &[u8], limit: u64) -> (u64, usize) {
    let mut counter = UnpackedCounter::new(0);
    for piece in data.chunks(PIECE) {
        counter.add(piece, limit);
        if counter.ended {
            break;
        }
    }
    (counter.total(), usize::try_from(counter.inflate.total_in()).unwrap_or(0))
}

const PIECE: usize = 64 * 1024;
/// Streams nested deeper than this are not followed: some unpack to themselves.
const MAX_DEPTH: u32 = 4;

/// Counts unpacked bytes without storing them.
struct UnpackedCounter {
    inflate: Decompress,
    ended: bool,
    depth: u32,
    /// The counter of a nested stream.
    within: Option<Box<UnpackedCounter>>,
}

impl UnpackedCounter {
    fn new(depth: u32) -> Self {
        Self { inflate: Decompress::new(true), ended: false, depth, within: None }
    }

    fn total(&self) -> u64 {
        self.inflate.total_out() + self.within.as_ref().map_or(0, |within| within.total())
    }

    /// Adds the next piece of the stream, and records when the stream has ended or the
    /// limit is exceeded.
    fn add(&mut self, mut piece: &[u8], limit: u64) {
        let mut made = vec![0; PIECE];
        while !self.ended {
            let (used, out) = (self.inflate.total_in(), self.inflate.total_out());
            let status = self.inflate.decompress(piece, &mut made, FlushDecompress::None);
            let taken = (self.inflate.total_in() - used) as usize;
            let made = &made[..(self.inflate.total_out() - out) as usize];
            if out == 0 && self.depth < MAX_DEPTH && is_zlib(made) {
                self.within = Some(Box::new(Self::new(self.depth + 1)));
            }
            if let Some(within) = &mut self.within {
                within.add(made, limit);
            }
            self.ended =
                self.total() > limit || !matches!(status, Ok(Status::Ok | Status::BufError));
            piece = &piece[taken..];
            if taken == 0 && made.is_empty() {
                break;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn deflated(bytes: &[u8]) -> Vec<u8> {
        let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        zlib.write_all(bytes).unwrap();
        zlib.finish().unwrap()
    }

    fn stream(dictionary: &str, length: usize) -> Vec<u8> {
        object(dictionary, &deflated(&vec![b' '; length]))
    }

    fn object(dictionary: &str, data: &[u8]) -> Vec<u8> {
        let mut object = format!("1 0 obj\n<<{dictionary}>>\nstream\r\n").into_bytes();
        object.extend(data);
        object.extend(b"\nendstream\nendobj\n");
        object
    }

    fn code(bytes: &[u8]) -> Option<Code> {
        let limits = Limits { unpacked_bytes: 100_000, pixels: 250_000, ..Limits::default() };
        check_unpacked_size(bytes, &limits).err().map(|reason| reason.code)
    }

    #[test]
    fn streams_are_counted_together_and_pictures_each() {
        assert_eq!(code(&stream("", 100_000)), None);
        assert_eq!(code(&stream("", 100_001)), Some(Code::FileUnpackBomb));
        assert_eq!(
            code(&[stream("", 60_000), stream("", 60_000)].concat()),
            Some(Code::FileUnpackBomb)
        );
        let picture = stream("/Subtype /Image", 900_000);
        assert_eq!(code(&[picture.as_slice(), &picture].concat()), None);
        assert_eq!(code(&stream("/Subtype /Image", 1_000_001)), Some(Code::FileUnpackBomb));
        assert_eq!(code(&stream("/Type /ObjStm /Image", 900_000)), Some(Code::FileUnpackBomb));
        assert_eq!(code(&stream("/Subtype /Image/Width 900/Height 900", 1_000_001)), None);
        let two = "/Subtype /Image/Width 900/Height 900/Width 9";
        assert_eq!(code(&stream(two, 1_000_001)), Some(Code::FileUnpackBomb));
    }

    #[test]
    fn streams_that_are_packed_twice_are_counted() {
        let twice = |length| object("", &deflated(&deflated(&vec![b' '; length])));
        assert_eq!(code(&twice(90_000)), None);
        assert_eq!(code(&twice(1_000_000)), Some(Code::FileUnpackBomb));
    }

    #[test]
    fn slowly_unpacking_streams_are_counted_to_their_end() {
        let next = |state: &u32| Some(state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223));
        let noise = std::iter::successors(Some(1u32), next).map(|state| (state >> 24) as u8);
        let noise: Vec<u8> = noise.take(400_000).collect();
        let packed = deflated(&noise);
        assert!(packed.len() > 3 * PIECE);
        assert_eq!(count_unpacked(&packed, 1_000_000), (400_000, packed.len()));
    }
}
