//! How many pictures an image file has. Only one of them is decoded, so the others have
//! to be named.
//!
//! Previews, depth and gain maps are not counted. Nor is the second picture of a JPEG
//! (multi-picture format): phones and cameras store these there.

use std::io::Cursor;

use gif::DecodeOptions;

use super::{heif, png, webp};
use crate::examination::MediaType;

/// Counts the pictures of an image file, at least 1. Frames after a fault are not counted.
pub(super) fn count(untrusted: &[u8], media_type: MediaType) -> usize {
    let pictures = match media_type {
        MediaType::Gif => gif_frames(untrusted),
        MediaType::Png => 1 + png::further_frames(untrusted),
        MediaType::Webp => webp::frames(untrusted),
        MediaType::Heic => heif::pictures(untrusted),
        _ => 1,
    };
    pictures.max(1)
}

fn gif_frames(untrusted: &[u8]) -> usize {
    let mut options = DecodeOptions::new();
    options.skip_frame_decoding(true);
    let Ok(mut decoder) = options.read_info(Cursor::new(untrusted)) else { return 1 };
    std::iter::from_fn(|| decoder.next_frame_info().ok()?.map(|_| ())).count()
}
