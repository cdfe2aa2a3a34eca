//! GIF, decoded by the `gif` crate. Only the first frame of an animation is used.

use std::io::Cursor;

use gif::{ColorOutput, DecodeOptions, Decoder, DecodingError};
use image::{Rgb, RgbImage};

use super::header::Header;
use crate::reason::{Code, Reason};

type Untrusted<'a> = Decoder<Cursor<&'a [u8]>>;

const WHITE: Rgb<u8> = Rgb([255; 3]);

/// Reads the headers before the first frame's pixels. The picture has the size of
/// the screen, enlarged if the frame exceeds it: some files have an empty or too
/// small screen, and viewers show the whole frame.
///
/// # Errors
/// `FILE_TRUNCATED` when the file ends before, `FILE_CORRUPT` when it cannot be
/// read or the frame has no size.
pub(super) fn header(untrusted: &[u8]) -> Result<Header, Reason> {
    let decoder = at_first_frame(untrusted)?;
    let screen = [decoder.width(), decoder.height()].map(u32::from);
    let frame = decoder.current_frame_info().ok_or_else(corrupt)?;
    if frame.width == 0 || frame.height == 0 {
        return Err(corrupt());
    }
    let reach = |from: u16, length: u16| u32::from(from) + u32::from(length);
    Ok(Header {
        width: screen[0].max(reach(frame.left, frame.width)),
        height: screen[1].max(reach(frame.top, frame.height)),
        density: None,
        exif: None,
    })
}

/// Decodes the first frame on the white screen of the header's size.
///
/// # Errors
/// `FILE_TRUNCATED` when the file ends before the frame, `FILE_CORRUPT`.
pub(super) fn pixels(untrusted: &[u8], header: &Header) -> Result<RgbImage, Reason> {
    let mut decoder = at_first_frame(untrusted)?;
    // one byte per pixel of a frame that fits into the header's size
    let mut indices = vec![0; decoder.buffer_size()];
    decoder.read_into_buffer(&mut indices).map_err(|error| decode_failure(&error))?;
    let frame = decoder.current_frame_info().ok_or_else(corrupt)?;
    let colours =
        colours(decoder.palette().map_err(|error| decode_failure(&error))?, frame.transparent);
    let mut picture = RgbImage::from_pixel(header.width, header.height, WHITE);
    for (y, row) in (u32::from(frame.top)..).zip(indices.chunks_exact(frame.width.into())) {
        for (x, index) in (u32::from(frame.left)..).zip(row) {
            picture.put_pixel(x, y, colours[usize::from(*index)]);
        }
    }
    Ok(picture)
}

/// Returns the colours of the palette; transparent and undefined entries are white.
fn colours(palette: &[u8], transparent: Option<u8>) -> [Rgb<u8>; 256] {
    let mut colours = [WHITE; 256];
    let (palette, _) = palette.as_chunks::<3>();
    for (colour, entry) in colours.iter_mut().zip(palette) {
        *colour = Rgb(*entry);
    }
    if let Some(index) = transparent {
        colours[usize::from(index)] = WHITE;
    }
    colours
}

fn at_first_frame(untrusted: &[u8]) -> Result<Untrusted<'_>, Reason> {
    let mut options = DecodeOptions::new();
    options.set_color_output(ColorOutput::Indexed);
    let mut decoder =
        options.read_info(Cursor::new(untrusted)).map_err(|error| decode_failure(&error))?;
    match decoder.next_frame_info() {
        Ok(Some(_)) => Ok(decoder),
        Ok(None) => Err(corrupt()),
        Err(error) => Err(decode_failure(&error)),
    }
}

fn corrupt() -> Reason {
    Reason::new(Code::FileCorrupt)
}

fn decode_failure(error: &DecodingError) -> Reason {
    match error {
        DecodingError::UnexpectedEof | DecodingError::Io(_) => Reason::new(Code::FileTruncated),
        _ => corrupt(),
    }
}
