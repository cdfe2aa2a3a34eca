//! PDF: structure by `hayro-syntax`, pages drawn by `hayro`.

mod active_content;
mod annotations;
mod completeness;
mod declared_size;
mod draw;
mod extract_scan;
mod fonts;
mod interpret;
mod kept_pictures;
mod letter_names;
mod letters;
mod page_content;
mod text;
mod unpacked_size;
mod xfa;

use std::cell::RefCell;
use std::collections::BTreeSet;

use hayro::hayro_syntax::page::{Page, Rotation};
use hayro::hayro_syntax::{LoadPdfError, Pdf};
use hayro::kurbo::Affine;

use self::draw::Drawing;
use self::page_content::PageContent;
pub use self::text::PdfText;
use super::detect::find;
use super::limits::Limits;
use super::orientation::Orientation;
use super::picture::Picture;
use crate::examination::{PageOrigin, round};
use crate::reason::{Code, Reason};

/// A PDF with readable structure whose streams unpack within the limits.
pub(super) struct Document {
    pdf: Pdf,
    active: Vec<&'static str>,
    is_form_shell: bool,
    /// Numbers of drawn pages whose pictures lack letters.
    lacking_letters: RefCell<BTreeSet<u32>>,
}

impl Document {
    /// Reads the structure.
    ///
    /// # Errors
    /// `FILE_TRUNCATED`, `FILE_UNPACK_BOMB`, `FILE_ENCRYPTED`, or
    /// `FILE_CORRUPT` when no page is found.
    pub(super) fn read(untrusted: &[u8], limits: &Limits) -> Result<Self, Reason> {
        let start = find(untrusted, b"%PDF-").unwrap_or(0);
        let untrusted = &untrusted[start..];
        if !completeness::is_complete(untrusted) {
            return Err(Reason::new(Code::FileTruncated));
        }
        unpacked_size::check_unpacked_size(untrusted, limits)?;
        let pdf = Pdf::new(untrusted.to_vec()).map_err(|error| {
            Reason::new(match error {
                LoadPdfError::Decryption(_) => Code::FileEncrypted,
                LoadPdfError::Invalid => Code::FileCorrupt,
            })
        })?;
        if pdf.pages().is_empty() {
            return Err(Reason::new(Code::FileCorrupt));
        }
        let active = active_content::find_active_content(&pdf);
        let is_form_shell = xfa::is_form_shell(&pdf);
        let pages = usize::try_from(limits.examined_pages).unwrap_or(usize::MAX);
        let pdf = annotations::with_appearances(pdf, untrusted, pages);
        Ok(Self { pdf, active, is_form_shell, lacking_letters: RefCell::default() })
    }

    pub(super) fn page_count(&self) -> u32 {
        u32::try_from(self.pdf.pages().len()).unwrap_or(u32::MAX)
    }

    /// Returns `FILE_ACTIVE_CONTENT` with the names of the content, if there is any, and
    /// `FILE_FORM_NOT_DRAWN`.
    pub(super) fn reasons(&self) -> Vec<Reason> {
        let active = (!self.active.is_empty())
            .then(|| Reason::new(Code::FileActiveContent).with("found", self.active.clone()));
        let form = self.is_form_shell.then(|| Reason::new(Code::FileFormNotDrawn));
        active.into_iter().chain(form).collect()
    }

    /// Returns one page: its embedded scan if that fills it, else the drawn page.
    ///
    /// # Errors
    /// `FILE_CORRUPT`, or `FILE_PIXEL_BOMB` for a picture on the page that is
    /// larger than the limits.
    pub(super) fn picture(&self, number: u32, limits: &Limits) -> Result<Picture, Reason> {
        let page = self.page(number).ok_or_else(|| Reason::new(Code::FileCorrupt))?;
        let unit = unit(page);
        let mut content = PageContent::new(page, limits);
        interpret::interpret(page, &mut content);
        if let Some(reason) = content.too_large() {
            return Err(reason);
        }
        if let Some(placed) = content.scan()
            && let Some(scan) = extract_scan::extract_scan(page, &placed, limits)?
        {
            let origin = PageOrigin::EmbeddedScan;
            let dpi = round(placed.dpi() / unit, 2);
            return Ok(Picture::new(number, scan, placed.orientation, Some(dpi), origin));
        }
        let (substitutes, undrawn) = letters::choose_substitutes(page, content.undrawn_letters());
        let drawing = Drawing {
            finest_dpi: content.finest_dpi() / unit,
            unit,
            kept_pages: content.kept_pages(),
            substitutes,
        };
        let drawn = draw::draw_page(page, drawing, limits)?;
        if undrawn > 0 {
            self.lacking_letters.borrow_mut().insert(number);
        }
        Ok(Picture::new(
            number,
            drawn.rgb,
            page_orientation(page),
            Some(drawn.dpi),
            PageOrigin::Rendered,
        ))
    }

    /// Whether letters are missing from the picture of a page that has been drawn.
    pub(super) fn lacks_letters(&self, number: u32) -> bool {
        self.lacking_letters.borrow().contains(&number)
    }

    /// Returns the text of the first `pages` pages.
    pub(super) fn text(&self, pages: u32, limits: &Limits) -> PdfText {
        let pages = (1..=pages).filter_map(|number| self.page(number));
        text::extract_text(pages, limits.text_bytes)
    }

    fn page(&self, number: u32) -> Option<&Page<'_>> {
        self.pdf.pages().get(number as usize - 1)
    }
}

/// Returns the length of a unit of the page's coordinates in points (ISO 32000-1 table
/// 30: `UserUnit`).
fn unit(page: &Page<'_>) -> f64 {
    let stated = page.raw().get::<f64>("UserUnit").unwrap_or(1.0);
    if stated.is_finite() && stated > 0.0 { stated } else { 1.0 }
}

fn page_orientation(page: &Page<'_>) -> Orientation {
    let axes = match page.rotation() {
        Rotation::None => Affine::IDENTITY,
        Rotation::Horizontal => Affine::new([0.0, 1.0, -1.0, 0.0, 0.0, 0.0]),
        Rotation::Flipped => Affine::new([-1.0, 0.0, 0.0, -1.0, 0.0, 0.0]),
        Rotation::FlippedHorizontal => Affine::new([0.0, -1.0, 1.0, 0.0, 0.0, 0.0]),
    };
    let [a, b, c, d, ..] = axes.as_coeffs();
    Orientation::from_axes([a, b], [c, d]).unwrap_or(Orientation::UPRIGHT)
}
