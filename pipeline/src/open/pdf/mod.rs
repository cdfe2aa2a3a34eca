//! PDF: structure by `hayro-syntax`, pages drawn by `hayro`.

mod active;
mod complete;
mod draw;
mod scan;
mod size;
mod survey;
mod text;
mod weigh;

use hayro::hayro_interpret::{
    Context, Device, InterpreterCache, InterpreterSettings, TransformExt, interpret_page,
};
use hayro::hayro_syntax::page::{Page, Rotation};
use hayro::hayro_syntax::{LoadPdfError, Pdf};
use hayro::kurbo::{Affine, Rect};

use self::survey::Survey;
use super::upright::Orientation;
use super::{Limits, Picture};
use crate::examination::{PageOrigin, TextLayer};
use crate::reason::{Code, Reason};

/// A PDF whose objects can be found and whose streams unpack within the limits.
pub(super) struct Document {
    pdf: Pdf,
    active: Vec<&'static str>,
}

impl Document {
    /// Reads the structure.
    ///
    /// # Errors
    /// `FILE_TRUNCATED`, `FILE_UNPACK_BOMB`, `FILE_ENCRYPTED`, or
    /// `FILE_CORRUPT` when no page is found.
    pub(super) fn read(untrusted: &[u8], limits: &Limits) -> Result<Self, Reason> {
        let start = super::detect::find(untrusted, b"%PDF-").unwrap_or(0);
        let untrusted = &untrusted[start..];
        if !complete::is_complete(untrusted) {
            return Err(Reason::new(Code::FileTruncated));
        }
        weigh::check(untrusted, limits)?;
        let pdf = Pdf::new(untrusted.to_vec()).map_err(|error| {
            Reason::new(match error {
                LoadPdfError::Decryption(_) => Code::FileEncrypted,
                LoadPdfError::Invalid => Code::FileCorrupt,
            })
        })?;
        if pdf.pages().is_empty() {
            return Err(Reason::new(Code::FileCorrupt));
        }
        let active = active::found(&pdf);
        Ok(Self { pdf, active })
    }

    pub(super) fn page_count(&self) -> u32 {
        u32::try_from(self.pdf.pages().len()).unwrap_or(u32::MAX)
    }

    /// `FILE_ACTIVE_CONTENT` with what was found.
    pub(super) fn remarks(&self) -> Vec<Reason> {
        if self.active.is_empty() {
            return Vec::new();
        }
        vec![Reason::new(Code::FileActiveContent).with("found", self.active.clone())]
    }

    /// One page: the scan that fills it as it is embedded, else drawn.
    ///
    /// # Errors
    /// `FILE_CORRUPT`, or `FILE_PIXEL_BOMB` for a picture on the page that is
    /// larger than the limits.
    pub(super) fn picture(&self, number: u32, limits: &Limits) -> Result<Picture, Reason> {
        let page = self.page(number).ok_or_else(|| Reason::new(Code::FileCorrupt))?;
        let mut survey = Survey::new(page, limits);
        look_at(page, &mut survey);
        if let Some(reason) = survey.too_large() {
            return Err(reason);
        }
        if let Some(placed) = survey.scan()
            && let Some(scan) = scan::take(page, &placed, limits)?
        {
            let origin = PageOrigin::EmbeddedScan;
            return Ok(Picture::new(number, scan, placed.orientation, Some(placed.dpi()), origin));
        }
        let drawn = draw::page(page, survey.finest_dpi(), limits)?;
        Ok(Picture::new(number, drawn.rgb, turned(page), Some(drawn.dpi), PageOrigin::Rendered))
    }

    /// The text of the first `pages` pages.
    pub(super) fn text(&self, pages: u32, limits: &Limits) -> TextLayer {
        let pages = (1..=pages).filter_map(|number| self.page(number));
        text::layer(pages, limits.text_bytes)
    }

    fn page(&self, number: u32) -> Option<&Page<'_>> {
        self.pdf.pages().get(number as usize - 1)
    }
}

/// Walks through what a page shows, in points of the upright page, y down.
fn look_at<'a>(page: &'a Page<'a>, device: &mut impl Device<'a>) {
    let cache = InterpreterCache::new();
    let upright = page.initial_transform(true).to_kurbo();
    let settings = InterpreterSettings::default();
    let mut context = Context::new(upright, bounds(page), &cache, page.xref(), settings);
    interpret_page(page, &mut context, device);
}

/// The upright page in points, from its top left corner.
fn bounds(page: &Page<'_>) -> Rect {
    let (width, height) = page.render_dimensions();
    Rect::new(0.0, 0.0, width.into(), height.into())
}

fn turned(page: &Page<'_>) -> Orientation {
    let axes = match page.rotation() {
        Rotation::None => Affine::IDENTITY,
        Rotation::Horizontal => Affine::new([0.0, 1.0, -1.0, 0.0, 0.0, 0.0]),
        Rotation::Flipped => Affine::new([-1.0, 0.0, 0.0, -1.0, 0.0, 0.0]),
        Rotation::FlippedHorizontal => Affine::new([0.0, -1.0, 1.0, 0.0, 0.0, 0.0]),
    };
    let [a, b, c, d, ..] = axes.as_coeffs();
    Orientation::from_axes([a, b], [c, d]).unwrap_or(Orientation::UPRIGHT)
}
