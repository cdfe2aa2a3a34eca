//! The content of a file by type.

use super::header::Header;
use super::limits::Limits;
use super::refusal::check_size;
use super::{bmp, gif, heif, jpeg, pdf, pictures, png, tiff, webp};
use crate::examination::MediaType;
use crate::reason::{Code, Reason};

/// The content of a file whose structure has been read.
pub(super) enum Content {
    /// The picture that is decoded, and how many the file has.
    Image(Header, usize),
    Tiff(tiff::Pages),
    Pdf(Box<pdf::Document>),
}

impl Content {
    /// Reads the structure; pixels stay undecoded.
    pub(super) fn read(
        untrusted: &[u8],
        media_type: MediaType,
        limits: &Limits,
    ) -> Result<Self, Reason> {
        let header = match media_type {
            MediaType::Pdf => {
                return pdf::Document::read(untrusted, limits).map(Box::new).map(Self::Pdf);
            }
            MediaType::Tiff => return tiff::pages(untrusted, limits).map(Self::Tiff),
            MediaType::Jpeg => jpeg::header(untrusted)?,
            MediaType::Png => png::header(untrusted)?,
            MediaType::Webp => webp::header(untrusted)?,
            MediaType::Gif => gif::header(untrusted)?,
            MediaType::Bmp => bmp::header(untrusted)?,
            MediaType::Heic => heif::header(untrusted)?,
        };
        check_size(header.width, header.height, limits)?;
        Ok(Self::Image(header, pictures::count(untrusted, media_type)))
    }

    pub(super) fn page_count(&self) -> u32 {
        match self {
            Self::Image(..) => 1,
            Self::Tiff(pages) => u32::try_from(pages.all.len()).unwrap_or(u32::MAX),
            Self::Pdf(document) => document.page_count(),
        }
    }

    /// Returns the reasons about the content.
    pub(super) fn reasons(&self) -> Vec<Reason> {
        match self {
            Self::Pdf(document) => document.reasons(),
            Self::Tiff(tiff::Pages { is_preview: true, .. }) => {
                vec![Reason::new(Code::FilePreviewExamined)]
            }
            Self::Image(_, pictures @ 2..) => {
                vec![Reason::new(Code::FilePicturesNotExamined).with("pictures", *pictures)]
            }
            _ => Vec::new(),
        }
    }
}
