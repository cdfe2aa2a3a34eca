//! Opens untrusted bytes as pictures: type by content, limits before pixels.
//!
//! File names are not used, and nothing panics: a file that cannot be opened is a
//! result with its reason. Pages are decoded one at a time. Memory is bounded by
//! the sizes in headers and by counting what streams unpack to. A file that
//! evades both exceeds the memory limit of the examining process, which is why
//! this code runs in one.

mod bmp;
mod catch_panics;
mod content;
mod detect;
mod exif_block;
mod gif;
mod header;
mod heif;
mod jpeg;
mod limits;
mod opened_file;
mod orientation;
mod pdf;
mod picture;
mod pictures;
mod png;
mod refusal;
mod samples;
#[cfg(test)]
mod tests;
mod tiff;
mod webp;

pub use detect::{Detected, detect};
pub use heif::versions as heic_versions;
pub use jpeg::version as jpeg_version;
pub use limits::{Limits, LimitsFile};
pub use opened_file::OpenedFile;
pub use pdf::PdfText;
pub use picture::Picture;
pub use tiff::{missing_decoders as missing_tiff_decoders, version as tiff_version};

use crate::examination::MediaType;
use crate::reason::Reason;
use content::Content;

/// Opens a file without decoding its pixels.
///
/// # Errors
/// The reason why no page can be decoded: `FILE_EMPTY`, `FILE_TOO_LARGE`,
/// `FILE_TYPE_UNSUPPORTED`, `FILE_TRUNCATED`, `FILE_CORRUPT`, `FILE_ENCRYPTED`,
/// `FILE_PIXEL_BOMB`, `FILE_UNPACK_BOMB`.
pub fn open<'a>(untrusted: &'a [u8], limits: &Limits) -> Result<OpenedFile<'a>, Reason> {
    refusal::check_length(untrusted, limits)?;
    let media_type = detect_accepted(untrusted)?;
    let content = catch_panics::catch_panics(|| Content::read(untrusted, media_type, limits))?;
    OpenedFile::new(untrusted, limits, media_type, content)
}

fn detect_accepted(untrusted: &[u8]) -> Result<MediaType, Reason> {
    match detect(untrusted) {
        Detected::Accepted(media_type) => Ok(media_type),
        other => Err(refusal::unsupported(other.name())),
    }
}
