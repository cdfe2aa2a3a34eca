//! Detects the type of a file by its content; names and declarations are not used.

use super::bmp::is_bmp;
use crate::examination::MediaType;

/// The type that the first bytes indicate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detected {
    /// One of the types that are opened.
    Accepted(MediaType),
    /// Something else, by its media type as best known.
    Other(&'static str),
    /// Not recognised.
    Unknown,
}

impl Detected {
    /// Returns the media type, or `unknown`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Accepted(media_type) => media_type.name(),
            Self::Other(name) => name,
            Self::Unknown => "unknown",
        }
    }
}

/// Greatest offset of a PDF's header (Adobe's readers accept 1024 bytes of junk
/// before it).
const PDF_HEADER_WITHIN: usize = 1024;

/// Detects the type of the content.
#[must_use]
pub fn detect(untrusted: &[u8]) -> Detected {
    let head = &untrusted[..untrusted.len().min(4096)];
    by_magic(head)
        .or_else(|| iso_media(head))
        .or_else(|| markup(head))
        .or_else(|| pdf_after_junk(head))
        .or_else(|| plain_text(head))
        .unwrap_or(Detected::Unknown)
}

fn by_magic(head: &[u8]) -> Option<Detected> {
    use Detected::{Accepted, Other};
    if head.starts_with(b"RIFF") {
        return Some(match head.get(8..12) {
            Some(b"WEBP") => Accepted(MediaType::Webp),
            Some(b"WAVE") => Other("audio/wav"),
            Some(b"AVI ") => Other("video/x-msvideo"),
            _ => Other("application/octet-stream"),
        });
    }
    if is_bmp(head) {
        return Some(Accepted(MediaType::Bmp));
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return Some(Other(zip_content(head)));
    }
    MAGIC.iter().find(|(magic, _)| head.starts_with(magic)).map(|&(_, detected)| detected)
}

#[rustfmt::skip]
const MAGIC: &[(&[u8], Detected)] = &[
    (b"\xff\xd8\xff", Detected::Accepted(MediaType::Jpeg)),
    (b"\x89PNG\r\n\x1a\n", Detected::Accepted(MediaType::Png)),
    (b"%PDF-", Detected::Accepted(MediaType::Pdf)),
    (b"II*\0\x10\0\0\0CR", Detected::Other("image/x-canon-cr2")),
    (b"IIU\0", Detected::Other("image/x-panasonic-rw2")),
    (b"IIRO", Detected::Other("image/x-olympus-orf")),
    (b"IIRS", Detected::Other("image/x-olympus-orf")),
    (b"MMOR", Detected::Other("image/x-olympus-orf")),
    (b"FUJIFILMCCD-RAW", Detected::Other("image/x-fuji-raf")),
    (b"EP*\0", Detected::Other("image/vnd.ms-modi")),
    (b"II*\0", Detected::Accepted(MediaType::Tiff)),
    (b"MM\0*", Detected::Accepted(MediaType::Tiff)),
    (b"II+\0", Detected::Accepted(MediaType::Tiff)),
    (b"MM\0+", Detected::Accepted(MediaType::Tiff)),
    (b"GIF87a", Detected::Accepted(MediaType::Gif)),
    (b"GIF89a", Detected::Accepted(MediaType::Gif)),
    (b"\0\0\x01\0", Detected::Other("image/x-icon")),
    (b"8BPS", Detected::Other("image/vnd.adobe.photoshop")),
    (b"\xff\x0a", Detected::Other("image/jxl")),
    (b"\0\0\0\x0cJXL ", Detected::Other("image/jxl")),
    (b"\0\0\0\x0cjP  ", Detected::Other("image/jp2")),
    (b"\xff\x4f\xff\x51", Detected::Other("image/jp2")),
    (b"%!PS", Detected::Other("application/postscript")),
    (b"{\\rtf", Detected::Other("application/rtf")),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Detected::Other("application/x-ole-storage")),
    (b"AT&TFORM", Detected::Other("image/vnd.djvu")),
    (b"Rar!\x1a\x07", Detected::Other("application/vnd.rar")),
    (b"7z\xbc\xaf\x27\x1c", Detected::Other("application/x-7z-compressed")),
    (b"\x1f\x8b", Detected::Other("application/gzip")),
    (b"BZh", Detected::Other("application/x-bzip2")),
    (b"\xfd7zXZ\0", Detected::Other("application/x-xz")),
    (b"MZ", Detected::Other("application/x-msdownload")),
    (b"\x7fELF", Detected::Other("application/x-elf")),
    (b"ID3", Detected::Other("audio/mpeg")),
    (b"OggS", Detected::Other("application/ogg")),
    (b"\x1aE\xdf\xa3", Detected::Other("video/x-matroska")),
];

/// Office files are zip archives that differ in their first entries.
fn zip_content(head: &[u8]) -> &'static str {
    const CONTENT: &[(&[u8], &str)] = &[
        (b"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (b"ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
        (b"opendocument.text", "application/vnd.oasis.opendocument.text"),
        (b"application/epub+zip", "application/epub+zip"),
    ];
    CONTENT
        .iter()
        .find(|(part, _)| contains(head, part))
        .map_or("application/zip", |&(_, name)| name)
}

/// ISO base media files name their family in a `ftyp` box.
fn iso_media(head: &[u8]) -> Option<Detected> {
    if head.get(4..8) != Some(b"ftyp") {
        return None;
    }
    let length = u32::from_be_bytes(head.get(..4)?.try_into().ok()?) as usize;
    let end = length.clamp(8, head.len());
    // major brand, four bytes of version, compatible brands
    let brands = head[8..end].chunks_exact(4).enumerate().filter(|(i, _)| *i != 1);
    let brands: Vec<&[u8]> = brands.map(|(_, brand)| brand).collect();
    let any = |wanted: &[&[u8; 4]]| brands.iter().any(|b| wanted.iter().any(|w| b == w));
    Some(if any(&[b"avif", b"avis"]) {
        Detected::Other("image/avif")
    } else if any(&[b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"]) {
        Detected::Accepted(MediaType::Heic)
    } else if any(&[b"crx "]) {
        Detected::Other("image/x-canon-cr3")
    } else if any(&[b"qt  "]) {
        Detected::Other("video/quicktime")
    } else {
        Detected::Other("video/mp4")
    })
}

fn markup(head: &[u8]) -> Option<Detected> {
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    if !text.starts_with(b"<") {
        return None;
    }
    let text = text.to_ascii_lowercase();
    let name = if contains(&text, b"<svg") {
        "image/svg+xml"
    } else if contains(&text, b"<html") || contains(&text, b"<!doctype html") {
        "text/html"
    } else if text.starts_with(b"<?xml") {
        "application/xml"
    } else {
        return None;
    };
    Some(Detected::Other(name))
}

fn pdf_after_junk(head: &[u8]) -> Option<Detected> {
    let within = &head[..head.len().min(PDF_HEADER_WITHIN + 5)];
    contains(within, b"%PDF-").then_some(Detected::Accepted(MediaType::Pdf))
}

fn plain_text(head: &[u8]) -> Option<Detected> {
    // the last character may be cut
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&head[..error.valid_up_to()]).ok()?
        }
        Err(_) => return None,
    };
    let readable = !text.is_empty()
        && text.chars().all(|c| !c.is_control() || matches!(c, '\n' | '\r' | '\t' | '\x0c'));
    readable.then_some(Detected::Other("text/plain"))
}

pub(super) fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    find(haystack, needle).is_some()
}

/// Returns the first position of `needle` (not empty).
pub(super) fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(content: &[u8], name: &str) {
        assert_eq!(detect(content).name(), name);
    }

    #[test]
    fn the_content_decides_the_type() {
        check(b"\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg");
        check(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image/png");
        check(b"RIFF\x24\0\0\0WEBPVP8 ", "image/webp");
        check(b"MM\0*\0\0\0\x08", "image/tiff");
        check(b"%PDF-1.7", "application/pdf");
        check(b"IIU\0\x18\0\0\0", "image/x-panasonic-rw2");
        check(b"\0\0\0\x18ftypcrx \0\0\0\x01crx isom", "image/x-canon-cr3");
        check(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "image/heic");
        check(b"\0\0\0\x18ftypmif1\0\0\0\0heicmif1", "image/heic");
        check(b"\0\0\0\x1cftypavif\0\0\0\0mif1avif", "image/avif");
        check(b"\0\0\0\x18ftypisom\0\0\0\0mp41mp42", "video/mp4");
        check(b"GIF89a\x01\0\x01\0", "image/gif");
        check(b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0", "image/bmp");
        check(b"BMI and other numbers of mine", "text/plain");
        check(b"\xef\xbb\xbf<?xml version='1.0'?>\n<SVG xmlns=''>", "image/svg+xml");
        check(b"\n <!DOCTYPE html><p>", "text/html");
        check(b"PK\x03\x04\x14\0\x06\0[Content_Types].xml word/document.xml", WORD);
        check(b"PK\x03\x04\x14\0\0\0\x08\0photo.jpg", "application/zip");
        check("Мотивационное письмо".as_bytes(), "text/plain");
        check(b"\x07\x01\x02\x03", "unknown");
        check(b"", "unknown");
    }

    const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

    #[test]
    fn a_pdf_may_follow_a_kibibyte_of_junk_but_not_another_type() {
        let after = |junk: &[u8]| [junk, b"%PDF-1.4\n"].concat();
        check(&after(b"HTTP/1.1 200 OK\r\n\r\n"), "application/pdf");
        check(&after(&[0x07; 1024]), "application/pdf");
        check(&after(&[0x07; 1025]), "unknown");
        check(&after(b"GIF89a"), "image/gif");
        check(&after(b"<html>"), "text/html");
    }
}
