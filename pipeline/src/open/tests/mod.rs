//! Every type opens, every fault has its reason, and nothing panics.

mod bmp;
mod catalogue;
mod gif;
mod heic;
mod hostile;
mod jpeg;
mod pdf;
mod pdf_annotations;
mod pdf_fonts;
mod pdf_text;
mod pictures;
mod properties;
mod sample_files;
mod tiff;
mod types;
mod webp;

use super::*;

/// Returns every page, or the first reason why one cannot be decoded.
fn pictures(untrusted: &[u8], limits: &Limits) -> Result<Vec<Picture>, Reason> {
    let opened = open(untrusted, limits)?;
    (1..=opened.examined_pages()).map(|number| opened.picture(number)).collect()
}

#[track_caller]
fn only(untrusted: &[u8]) -> Picture {
    let mut pictures = pictures(untrusted, &Limits::default()).unwrap();
    assert_eq!(pictures.len(), 1);
    pictures.remove(0)
}

/// Checks the reason with its parameters, in its published form.
#[track_caller]
fn check_refused(untrusted: &[u8], limits: &Limits, reason: serde_json::Value) {
    let found = pictures(untrusted, limits).err().map(|found| serde_json::to_value(found).unwrap());
    assert_eq!(found, Some(reason));
}
