//! Untrusted bytes to pictures: type by content, limits before pixels.
//!
//! Nothing here asks for a file's name, and nothing panics: what cannot be
//! opened is an answer with its reason. Pages are decoded one at a time.
//! Memory is bounded by what headers say and by counting what streams unpack
//! to; a file that lies to both ends the examining process at its own limit,
//! which is why this runs in one.

mod bmp;
mod camera;
mod detect;
mod gif;
mod guard;
mod heif;
mod jpeg;
mod limits;
mod pdf;
mod png;
#[cfg(test)]
mod tests;
mod tiff;
mod upright;
mod webp;

pub use detect::{Detected, detect};
use image::{ImageError, RgbImage};
pub use limits::{Limits, LimitsFile};

use self::camera::Camera;
use self::guard::guarded;
use self::upright::Orientation;
use crate::examination::{Exif, MediaType, Page, PageOrigin, TextLayer};
use crate::reason::{Code, Reason};

/// One decoded, upright page.
pub struct Picture {
    /// Its facts; `page.width` and `page.height` are those of `rgb`.
    pub page: Page,
    /// Upright pixels, 8-bit sRGB as decoded.
    pub rgb: RgbImage,
}

/// A file whose type, size and structure have passed; its pixels are still undecoded.
pub struct Opened<'a> {
    untrusted: &'a [u8],
    limits: Limits,
    media_type: MediaType,
    content: Content,
    page_count: u32,
    reasons: Vec<Reason>,
}

enum Content {
    Image(Header),
    Tiff(Vec<tiff::Page>),
    Pdf(Box<pdf::Document>),
}

/// What an image file says of itself before its pixels.
#[derive(Debug)]
struct Header {
    width: u32,
    height: u32,
    /// Horizontal dots per inch that the container declares.
    density: Option<f64>,
    camera: Option<Camera>,
}

impl Header {
    fn orientation(&self) -> Orientation {
        self.camera.as_ref().and_then(|camera| camera.orientation).unwrap_or(Orientation::UPRIGHT)
    }

    fn dpi(&self) -> Option<f64> {
        self.density.or_else(|| self.camera.as_ref()?.dpi)
    }
}

/// Looks at a file without decoding its pixels.
///
/// # Errors
/// The reason why no page can be had: `FILE_EMPTY`, `FILE_TOO_LARGE`,
/// `FILE_TYPE_UNSUPPORTED`, `FILE_TRUNCATED`, `FILE_CORRUPT`, `FILE_ENCRYPTED`,
/// `FILE_PIXEL_BOMB`, `FILE_UNPACK_BOMB`.
pub fn open<'a>(untrusted: &'a [u8], limits: &Limits) -> Result<Opened<'a>, Reason> {
    check_length(untrusted, limits)?;
    let media_type = accepted(untrusted)?;
    let content = guarded(|| Content::read(untrusted, media_type, limits))?;
    let page_count = content.page_count();
    let mut reasons = content.remarks();
    reasons.extend(remark_on_pages(page_count, limits));
    Ok(Opened { untrusted, limits: limits.clone(), media_type, content, page_count, reasons })
}

impl Opened<'_> {
    /// What the content is.
    #[must_use]
    pub fn media_type(&self) -> MediaType {
        self.media_type
    }

    /// Pages in the file, at least 1.
    #[must_use]
    pub fn page_count(&self) -> u32 {
        self.page_count
    }

    /// Pages that may be asked for with [`Opened::picture`], from the first.
    #[must_use]
    pub fn examined_pages(&self) -> u32 {
        let overlong = self.page_count > self.limits.pages;
        let most = self.limits.examined_pages;
        self.page_count.min(if overlong { most.min(self.limits.overlong_pages) } else { most })
    }

    /// What the camera wrote; for a TIFF, of its first page.
    #[must_use]
    pub fn exif(&self) -> Option<Exif> {
        let header = match &self.content {
            Content::Image(header) => Some(header),
            Content::Tiff(pages) => pages.first().and_then(|page| page.header.as_ref()),
            Content::Pdf(_) => None,
        };
        header?.camera.as_ref().map(Camera::facts)
    }

    /// The quality, 1 to 100 as encoders count it, that a JPEG was last saved
    /// with; nothing for other types and tables that cannot be read.
    #[must_use]
    pub fn jpeg_quality(&self) -> Option<u8> {
        (self.media_type == MediaType::Jpeg).then(|| jpeg::quality(self.untrusted))?
    }

    /// What is remarkable about a file that could be opened:
    /// `FILE_TOO_MANY_PAGES`, `FILE_PAGES_NOT_EXAMINED`, `FILE_ACTIVE_CONTENT`.
    #[must_use]
    pub fn reasons(&self) -> &[Reason] {
        &self.reasons
    }

    /// Decodes one page, upright. Pages count from 1.
    ///
    /// # Errors
    /// Why this page cannot be had: the reasons of [`open`]; in a file with
    /// several pages `FILE_PAGE_UNREADABLE` where one is corrupt.
    pub fn picture(&self, number: u32) -> Result<Picture, Reason> {
        let unreadable = || Reason::new(Code::FilePageUnreadable).with("page", number);
        if !(1..=self.examined_pages()).contains(&number) {
            return Err(unreadable());
        }
        guarded(|| self.decode(number)).map_err(|reason| match reason.code {
            Code::FileCorrupt if self.page_count > 1 => unreadable(),
            _ => reason,
        })
    }

    fn decode(&self, number: u32) -> Result<Picture, Reason> {
        match &self.content {
            Content::Image(header) => {
                let stored = match self.media_type {
                    MediaType::Png => png::pixels(self.untrusted, self.limits.unpacked_bytes)?,
                    MediaType::Webp => webp::pixels(self.untrusted)?,
                    MediaType::Gif => gif::pixels(self.untrusted, header)?,
                    MediaType::Bmp => bmp::pixels(self.untrusted, header)?,
                    MediaType::Heic => heif::pixels(self.untrusted, &self.limits)?,
                    _ => jpeg::pixels(self.untrusted, header)?,
                };
                // libheif has turned the picture already
                let orientation = match self.media_type {
                    MediaType::Heic => Orientation::UPRIGHT,
                    _ => header.orientation(),
                };
                Ok(Picture::of_image(number, stored, orientation, header.dpi()))
            }
            Content::Tiff(pages) => {
                let page = &pages[number as usize - 1];
                let header = page.header.as_ref().ok_or_else(|| Reason::new(Code::FileCorrupt))?;
                check_size(header.width, header.height, &self.limits)?;
                let stored = tiff::pixels(self.untrusted, page, &self.limits)?;
                Ok(Picture::of_image(number, stored, header.orientation(), header.dpi()))
            }
            Content::Pdf(document) => document.picture(number, &self.limits),
        }
    }

    /// The text on a PDF's examined pages, also that laid invisibly over a scan.
    #[must_use]
    pub fn text(&self) -> Option<TextLayer> {
        match &self.content {
            Content::Pdf(document) => {
                guarded(|| Ok(document.text(self.examined_pages(), &self.limits))).ok()
            }
            _ => None,
        }
    }
}

impl Content {
    fn read(untrusted: &[u8], media_type: MediaType, limits: &Limits) -> Result<Self, Reason> {
        let header = match media_type {
            MediaType::Pdf => {
                return pdf::Document::read(untrusted, limits).map(Box::new).map(Self::Pdf);
            }
            MediaType::Tiff => return tiff::pages(untrusted).map(Self::Tiff),
            MediaType::Jpeg => jpeg::header(untrusted)?,
            MediaType::Png => png::header(untrusted)?,
            MediaType::Webp => webp::header(untrusted)?,
            MediaType::Gif => gif::header(untrusted)?,
            MediaType::Bmp => bmp::header(untrusted)?,
            MediaType::Heic => heif::header(untrusted)?,
        };
        check_size(header.width, header.height, limits)?;
        Ok(Self::Image(header))
    }

    fn page_count(&self) -> u32 {
        match self {
            Self::Image(_) => 1,
            Self::Tiff(pages) => u32::try_from(pages.len()).unwrap_or(u32::MAX),
            Self::Pdf(document) => document.page_count(),
        }
    }

    fn remarks(&self) -> Vec<Reason> {
        match self {
            Self::Pdf(document) => document.remarks(),
            _ => Vec::new(),
        }
    }
}

impl Picture {
    fn of_image(number: u32, stored: RgbImage, orientation: Orientation, dpi: Option<f64>) -> Self {
        Self::new(number, orientation.apply(stored), orientation, dpi, PageOrigin::Image)
    }

    fn new(
        number: u32,
        rgb: RgbImage,
        orientation: Orientation,
        dpi: Option<f64>,
        origin: PageOrigin,
    ) -> Self {
        let page = Page {
            number,
            width: rgb.width(),
            height: rgb.height(),
            dpi,
            rotation: orientation.rotation(),
            mirrored: orientation.mirrored(),
            origin,
        };
        Self { page, rgb }
    }
}

fn check_length(untrusted: &[u8], limits: &Limits) -> Result<(), Reason> {
    let bytes = untrusted.len() as u64;
    if bytes == 0 {
        Err(Reason::new(Code::FileEmpty))
    } else if bytes > limits.bytes {
        Err(Reason::new(Code::FileTooLarge).with("bytes", bytes).with("limit", limits.bytes))
    } else {
        Ok(())
    }
}

fn accepted(untrusted: &[u8]) -> Result<MediaType, Reason> {
    match detect(untrusted) {
        Detected::Accepted(media_type) => Ok(media_type),
        other => Err(unsupported(other.name())),
    }
}

/// `FILE_PIXEL_BOMB` for a size that is not decoded; its limit is the one broken.
fn check_size(width: u32, height: u32, limits: &Limits) -> Result<(), Reason> {
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

fn remark_on_pages(pages: u32, limits: &Limits) -> Option<Reason> {
    if pages > limits.pages {
        let reason = Reason::new(Code::FileTooManyPages);
        Some(reason.with("pages", pages).with("limit", limits.pages))
    } else if pages > limits.examined_pages {
        let reason = Reason::new(Code::FilePagesNotExamined);
        Some(reason.with("pages", pages).with("examined", limits.examined_pages))
    } else {
        None
    }
}

fn unsupported(detected: &str) -> Reason {
    let accepted: Vec<&str> = MediaType::ALL.iter().map(|media_type| media_type.name()).collect();
    Reason::new(Code::FileTypeUnsupported).with("detected", detected).with("accepted", accepted)
}

/// Why `image` could not decode.
fn undecodable(error: &ImageError, media_type: MediaType) -> Reason {
    match error {
        ImageError::Unsupported(_) => unsupported(media_type.name()),
        _ => Reason::new(Code::FileCorrupt),
    }
}
