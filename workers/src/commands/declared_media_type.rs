//! The media type that a file name declares by its extension.

use std::path::Path;

use pipeline::examination::{Examination, MediaType};
use pipeline::reason::{Code, Reason};

/// Returns the media type that the extension declares, where it is a usual one.
pub(super) fn declared_media_type(path: &Path) -> Option<&'static str> {
    let extension = path.extension()?.to_str()?.to_ascii_lowercase();
    Some(match extension.as_str() {
        "jpg" | "jpeg" | "jpe" | "jfif" => MediaType::Jpeg.name(),
        "png" => MediaType::Png.name(),
        "webp" => MediaType::Webp.name(),
        "gif" => MediaType::Gif.name(),
        "bmp" | "dib" => MediaType::Bmp.name(),
        "tif" | "tiff" => MediaType::Tiff.name(),
        "heic" | "heif" => MediaType::Heic.name(),
        "pdf" => MediaType::Pdf.name(),
        "svg" => "image/svg+xml",
        "txt" => "text/plain",
        "htm" | "html" => "text/html",
        "rtf" => "application/rtf",
        "doc" => "application/msword",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "odt" => "application/vnd.oasis.opendocument.text",
        "zip" => "application/zip",
        _ => return None,
    })
}

/// Returns `FILE_TYPE_MISMATCH` when the content has another type than the name declares.
pub(super) fn type_mismatch(path: &Path, examination: &Examination) -> Option<Reason> {
    let declared = declared_media_type(path)?;
    let detected = examination.media_type?.name();
    let reason =
        Reason::new(Code::FileTypeMismatch).with("declared", declared).with("detected", detected);
    (declared != detected).then_some(reason)
}

#[cfg(test)]
mod tests {
    use pipeline::examine::unreadable;
    use pipeline::kind::Kind;

    use super::*;

    #[test]
    fn names_declare_types() {
        for (name, declared) in [
            ("a.JPG", Some("image/jpeg")),
            ("a.tar.pdf", Some("application/pdf")),
            ("a.heif", Some("image/heic")),
            ("a", None),
            ("a.xyz", None),
            (".jpg", None),
        ] {
            assert_eq!(declared_media_type(Path::new(name)), declared, "{name}");
        }
    }

    #[test]
    fn content_of_another_type_is_reported() {
        let mut examination = unreadable(b"", Kind::Cv, Reason::new(Code::FileCorrupt));
        assert!(type_mismatch(Path::new("a.jpg"), &examination).is_none());
        examination.media_type = Some(MediaType::Png);
        assert!(type_mismatch(Path::new("a.png"), &examination).is_none());
        assert!(type_mismatch(Path::new("a"), &examination).is_none());
        let reason = type_mismatch(Path::new("a.jpg"), &examination).unwrap();
        assert_eq!(reason.params["detected"], "image/png");
    }
}
