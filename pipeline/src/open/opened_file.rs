//! An opened file.

use std::num::NonZeroU32;

use super::catch_panics::catch_panics;
use super::content::Content;
use super::exif_block::ExifBlock;
use super::limits::Limits;
use super::orientation::Orientation;
use super::pdf::PdfText;
use super::picture::Picture;
use super::refusal::{check_page_count, check_size};
use super::{bmp, gif, heif, jpeg, png, tiff, webp};
use crate::examination::{Exif, MediaType};
use crate::reason::{Code, Reason};

/// A file with accepted type, size and structure; its pixels are not decoded yet.
pub struct OpenedFile<'a> {
    untrusted: &'a [u8],
    limits: Limits,
    media_type: MediaType,
    content: Content,
    page_count: NonZeroU32,
    reasons: Vec<Reason>,
}

impl<'a> OpenedFile<'a> {
    /// # Errors
    /// `FILE_CORRUPT` when the content has no page.
    pub(super) fn new(
        untrusted: &'a [u8],
        limits: &Limits,
        media_type: MediaType,
        content: Content,
    ) -> Result<Self, Reason> {
        let page_count = NonZeroU32::new(content.page_count());
        let page_count = page_count.ok_or_else(|| Reason::new(Code::FileCorrupt))?;
        let mut opened = Self {
            untrusted,
            limits: limits.clone(),
            media_type,
            reasons: content.reasons(),
            content,
            page_count,
        };
        opened.reasons.extend(check_page_count(page_count.get(), opened.examined_pages(), limits));
        Ok(opened)
    }

    /// Returns the type of the content.
    #[must_use]
    pub fn media_type(&self) -> MediaType {
        self.media_type
    }

    /// Returns the number of pages in the file, at least 1.
    #[must_use]
    pub fn page_count(&self) -> u32 {
        self.page_count.get()
    }

    /// Returns how many pages, from the first, [`OpenedFile::picture`] decodes: at
    /// least 1, whatever the limits are.
    #[must_use]
    pub fn examined_pages(&self) -> u32 {
        let pages = self.page_count.get();
        let overlong = pages > self.limits.pages;
        let limit = self.limits.examined_pages;
        let limit = if overlong { limit.min(self.limits.overlong_pages) } else { limit };
        pages.min(limit.max(1))
    }

    /// Returns the EXIF data; for a TIFF, of its first page.
    #[must_use]
    pub fn exif(&self) -> Option<Exif> {
        let header = match &self.content {
            Content::Image(header, _) => Some(header),
            Content::Tiff(pages) => pages.all.first().and_then(|page| page.header.as_ref()),
            Content::Pdf(_) => None,
        };
        header?.exif.as_ref().map(ExifBlock::to_exif)
    }

    /// Returns the quality, 1 to 100 on the scale of encoders, of the last save of a
    /// JPEG; `None` for other types and unreadable tables.
    #[must_use]
    pub fn jpeg_quality(&self) -> Option<u8> {
        (self.media_type == MediaType::Jpeg).then(|| jpeg::estimate_quality(self.untrusted))?
    }

    /// Returns the reasons about a file that could be opened:
    /// `FILE_TOO_MANY_PAGES`, `FILE_PAGES_NOT_EXAMINED`, `FILE_PICTURES_NOT_EXAMINED`,
    /// `FILE_PREVIEW_EXAMINED`, `FILE_ACTIVE_CONTENT`, `FILE_FORM_NOT_DRAWN`.
    #[must_use]
    pub fn reasons(&self) -> &[Reason] {
        &self.reasons
    }

    /// Decodes one page, upright. Pages count from 1.
    ///
    /// # Errors
    /// The reasons of [`open`](super::open); in a file with
    /// several pages `FILE_PAGE_UNREADABLE` where one is corrupt.
    pub fn picture(&self, number: u32) -> Result<Picture, Reason> {
        let unreadable = || Reason::new(Code::FilePageUnreadable).with("page", number);
        if !(1..=self.examined_pages()).contains(&number) {
            return Err(unreadable());
        }
        catch_panics(|| self.decode(number)).map_err(|reason| match reason.code {
            Code::FileCorrupt if self.page_count.get() > 1 => unreadable(),
            _ => reason,
        })
    }

    /// Whether letters are missing from the picture of a page that has been decoded: the
    /// fonts of a PDF are not embedded, and no font that we have draws them.
    #[must_use]
    pub fn lacks_letters(&self, number: u32) -> bool {
        matches!(&self.content, Content::Pdf(document) if document.lacks_letters(number))
    }

    fn decode(&self, number: u32) -> Result<Picture, Reason> {
        match &self.content {
            Content::Image(header, _) => {
                let stored = match self.media_type {
                    MediaType::Png => png::pixels(self.untrusted, self.limits.unpacked_bytes)?,
                    MediaType::Webp => webp::pixels(self.untrusted, header)?,
                    MediaType::Gif => gif::pixels(self.untrusted, header)?,
                    MediaType::Bmp => bmp::pixels(self.untrusted, header)?,
                    MediaType::Heic => heif::pixels(self.untrusted, &self.limits)?,
                    _ => jpeg::pixels(self.untrusted, header)?,
                };
                // libheif has rotated the picture already
                let orientation = match self.media_type {
                    MediaType::Heic => Orientation::UPRIGHT,
                    _ => header.orientation(),
                };
                Ok(Picture::from_stored(number, stored, orientation, header.dpi()))
            }
            Content::Tiff(pages) => {
                let page = &pages.all[number as usize - 1];
                let header = page.header.as_ref().ok_or_else(|| Reason::new(Code::FileCorrupt))?;
                check_size(header.width, header.height, &self.limits)?;
                let stored = tiff::pixels(self.untrusted, page, &self.limits)?;
                Ok(Picture::from_stored(number, stored, header.orientation(), header.dpi()))
            }
            Content::Pdf(document) => document.picture(number, &self.limits),
        }
    }

    /// Returns the text of a PDF's examined pages, including invisible text over a scan,
    /// and `FILE_TEXT_UNREADABLE` for letters that have no known meaning.
    #[must_use]
    pub fn text(&self) -> Option<PdfText> {
        match &self.content {
            Content::Pdf(document) => {
                catch_panics(|| Ok(document.text(self.examined_pages(), &self.limits))).ok()
            }
            _ => None,
        }
    }
}
