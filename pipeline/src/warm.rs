//! Warm-up: loads and runs once everything that examinations use.
//!
//! A process that forks a child for each upload calls this first. The child then
//! has weights, tables, libraries and language data in memory and opens no file,
//! and does not pay for the first run of each.

use std::io::Cursor;

use image::{ImageFormat, RgbImage};

use crate::engines::network;
use crate::kind::Kind;
use crate::open::Limits;
use crate::{examine, passport, portrait};

/// A HEIC of 807 bytes, with which libheif loads its decoder and the tables of that.
const HEIC: &[u8] = include_bytes!("../assets/turned.heic");

/// A TIFF with a JPEG in it, with which libtiff loads the decoder of that.
const TIFF: &[u8] = include_bytes!("../assets/warm.tif");

/// A page with a word in a font that is not embedded.
const PDF: &[u8] = b"%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R\
/Resources<</Font<</F 5 0 R>>>>>>endobj
4 0 obj<</Length 34>>stream
BT /F 12 Tf 20 90 Td (Warm) Tj ET 
endstream endobj
5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
trailer<</Root 1 0 R>>
startxref
0
%%EOF
";

/// Loads and runs once, in this thread, everything that [`examine()`] may use.
/// Components that this machine lacks are skipped, as in examinations.
pub fn warm() {
    portrait::warm();
    passport::warm();
    // smooth, because noise produces many candidates for zones
    let picture = RgbImage::from_fn(320, 240, |x, y| image::Rgb([150 + ((x + y) / 8) as u8; 3]));
    for (kind, format) in [
        (Kind::Passport, ImageFormat::Png),
        (Kind::Portrait, ImageFormat::Jpeg),
        (Kind::Other, ImageFormat::WebP),
    ] {
        let mut bytes = Cursor::new(Vec::new());
        if picture.write_to(&mut bytes, format).is_ok() {
            examine_and_discard(bytes.get_ref(), kind);
        }
    }
    examine_and_discard(HEIC, Kind::Other);
    examine_and_discard(TIFF, Kind::Other);
    examine_and_discard(PDF, Kind::Cv);
    network::give_back_buffers();
}

fn examine_and_discard(bytes: &[u8], kind: Kind) {
    let _ = examine(bytes, kind, &Limits::for_kind(kind));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_warm_up_files_open() {
        for bytes in [HEIC, TIFF, PDF] {
            let examination = examine(bytes, Kind::Cv, &Limits::default()).examination;
            assert_eq!(examination.page_count, 1, "{:?}", examination.reasons);
            assert!(examination.reasons.is_empty(), "{:?}", examination.reasons);
        }
    }
}
