//! Everything that examinations use, loaded and run once.
//!
//! A process that forks a child for each upload calls this first: a child then
//! finds weights, tables, libraries and language data in memory, and opens no
//! file. It is also faster by what the first run of each costs.

use std::io::Cursor;

use image::{ImageFormat, RgbImage};

use crate::kind::Kind;
use crate::open::Limits;
use crate::{examine, passport, portrait};

/// A HEIC of 807 bytes, so that libheif finds its decoder and that its tables.
const HEIC: &[u8] = include_bytes!("../assets/turned.heic");

/// A page with a word in a font that it does not bring.
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

/// Loads and runs once, in this thread, all that [`examine()`] may use. What
/// this machine lacks is left out, as it will be from examinations.
pub fn warm() {
    portrait::warm();
    passport::warm();
    // smooth, as noise has much that could be a zone
    let picture = RgbImage::from_fn(320, 240, |x, y| image::Rgb([150 + ((x + y) / 8) as u8; 3]));
    for (kind, format) in [
        (Kind::Passport, ImageFormat::Png),
        (Kind::Portrait, ImageFormat::Jpeg),
        (Kind::Other, ImageFormat::WebP),
        (Kind::Other, ImageFormat::Tiff),
    ] {
        let mut bytes = Cursor::new(Vec::new());
        if picture.write_to(&mut bytes, format).is_ok() {
            look(bytes.get_ref(), kind);
        }
    }
    look(HEIC, Kind::Other);
    look(PDF, Kind::Cv);
}

fn look(bytes: &[u8], kind: Kind) {
    let _ = examine(bytes, kind, &Limits::for_kind(kind));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_looked_at_opens() {
        for bytes in [HEIC, PDF] {
            let examination = examine(bytes, Kind::Cv, &Limits::default()).examination;
            assert_eq!(examination.page_count, 1, "{:?}", examination.reasons);
            assert!(examination.reasons.is_empty(), "{:?}", examination.reasons);
        }
    }
}
