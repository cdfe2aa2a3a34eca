//! The reasons for which a file or a page is refused.

use image::ImageError;

use super::limits::Limits;
use crate::examination::MediaType;
use crate::reason::{Code, Reason};

/// Refuses a file that is empty or longer than the limit.
pub(super) fn check_length(untrusted: &[u8], limits: &Limits) -> Result<(), Reason> {
    let bytes = untrusted.len() as u64;
    if bytes == 0 {
        Err(Reason::new(Code::FileEmpty))
    } else if bytes > limits.bytes {
        Err(Reason::new(Code::FileTooLarge).with("bytes", bytes).with("limit", limits.bytes))
    } else {
        Ok(())
    }
}

/// Refuses a picture without pixels, and with `FILE_PIXEL_BOMB` one that exceeds a limit.
pub(super) fn check_size(width: u32, height: u32, limits: &Limits) -> Result<(), Reason> {
    let bomb = |limit| {
        let reason = Reason::new(Code::FilePixelBomb);
        Err(reason.with("width", width).with("height", height).with("limit", limit))
    };
    if width == 0 || height == 0 {
        Err(Reason::new(Code::FileCorrupt))
    } else if u64::from(width) * u64::from(height) > limits.pixels {
        bomb(limits.pixels)
    } else if width.max(height) > limits.side {
        bomb(limits.side.into())
    } else {
        Ok(())
    }
}

/// Returns the reasons for a number of pages above a limit.
pub(super) fn check_page_count(pages: u32, examined: u32, limits: &Limits) -> Vec<Reason> {
    let count = |code| Reason::new(code).with("pages", pages);
    let mut reasons = Vec::new();
    if pages > limits.pages {
        reasons.push(count(Code::FileTooManyPages).with("limit", limits.pages));
    }
    if pages > examined {
        reasons.push(count(Code::FilePagesNotExamined).with("examined", examined));
    }
    reasons
}

/// Returns `FILE_TYPE_UNSUPPORTED` for a detected type.
pub(super) fn unsupported(detected: &str) -> Reason {
    let accepted: Vec<&str> = MediaType::ALL.iter().map(|media_type| media_type.name()).collect();
    Reason::new(Code::FileTypeUnsupported).with("detected", detected).with("accepted", accepted)
}

/// Returns `FILE_TYPE_UNSUPPORTED` for a kind of an accepted type that is not opened: it is
/// named, and its type is not among those to send instead.
pub(super) fn unsupported_kind_of(media_type: MediaType, kind: &str) -> Reason {
    let others = MediaType::ALL.iter().filter(|other| **other != media_type);
    let accepted: Vec<&str> = others.map(|other| other.name()).collect();
    let detected = format!("{} ({kind})", media_type.name());
    Reason::new(Code::FileTypeUnsupported).with("detected", detected).with("accepted", accepted)
}

/// Returns the reason for an error of the `image` crate.
pub(super) fn undecodable(error: &ImageError, media_type: MediaType) -> Reason {
    match error {
        ImageError::Unsupported(_) => unsupported(media_type.name()),
        _ => Reason::new(Code::FileCorrupt),
    }
}
