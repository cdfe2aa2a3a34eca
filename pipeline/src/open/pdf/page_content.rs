//! Analyses the content of a page: whether it is one scan, and the resolution of its
//! pictures.

use hayro::hayro_interpret::font::GlyphRun;
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, SoftMask,
};
use hayro::hayro_syntax::object::Stream;
use hayro::hayro_syntax::page::Page;
use hayro::kurbo::{Affine, BezPath, Rect, Shape};

use super::declared_size::declared_sizes;
use super::interpret::bounds;
use super::kept_pictures::KeptPictures;
use super::letters::undrawn_letters;
use crate::examination::round;
use crate::open::limits::Limits;
use crate::open::orientation::Orientation;
use crate::open::refusal::check_size;
use crate::reason::Reason;

/// Share of the page that one picture must cover to be its scan.
const SCAN_COVERS: f64 = 0.9;
/// Share of that picture that must be on the page: a clipped part is not meant to be
/// visible.
const SCAN_SHOWS: f64 = 0.98;
/// Greatest deviation of its pixels from squares: faxes have twice as many across as
/// down, and must be drawn for their correct aspect.
const SCAN_STRETCH: f64 = 0.02;
/// Least share of the page for which a picture's resolution matters for drawing.
const PICTURE_MATTERS: f64 = 0.05;

/// A picture that fills the page, and its position.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct PlacedScan {
    /// Its index among the page's pictures, from 0, in drawing order.
    pub(super) index: usize,
    /// The transformation of its pixels to upright.
    pub(super) orientation: Orientation,
    /// Width of one of its pixels in points of the page.
    points: f64,
}

impl PlacedScan {
    /// Returns the dots per inch along its rows.
    pub(super) fn dpi(&self) -> f64 {
        round(72.0 / self.points, 2)
    }
}

/// A device that draws nothing and collects what decides between extraction and
/// drawing.
pub(super) struct PageContent<'l> {
    limits: &'l Limits,
    page: Rect,
    clips: Vec<Clip>,
    /// Whether each open group shows its content unchanged.
    groups: Vec<bool>,
    pictures: usize,
    scan: Option<(PlacedScan, Rect)>,
    /// The bounds of the marks drawn so far, without backgrounds.
    marked: Option<Rect>,
    finest_dpi: f64,
    too_large: Option<Reason>,
    undrawn_letters: u32,
    kept: KeptPictures,
}

#[derive(Clone, Copy)]
struct Clip {
    bounds: Rect,
    is_rect: bool,
}

impl<'l> PageContent<'l> {
    pub(super) fn new(page: &Page<'_>, limits: &'l Limits) -> Self {
        Self {
            limits,
            page: bounds(page),
            clips: Vec::new(),
            groups: Vec::new(),
            pictures: 0,
            scan: None,
            marked: None,
            finest_dpi: 0.0,
            too_large: None,
            undrawn_letters: 0,
            kept: KeptPictures::new(bounds(page)),
        }
    }

    /// Returns the number of letters that the standard fonts do not draw.
    pub(super) fn undrawn_letters(&self) -> u32 {
        self.undrawn_letters
    }

    /// Returns the pictures that drawing keeps, in pages of four bytes a pixel.
    pub(super) fn kept_pages(&self) -> f64 {
        self.kept.pages()
    }

    /// Returns the one picture that is all of the page's content, if there is one.
    pub(super) fn scan(&self) -> Option<PlacedScan> {
        self.scan.map(|(placed, _)| placed)
    }

    /// Returns the highest resolution of a relevant picture, 0 without one.
    pub(super) fn finest_dpi(&self) -> f64 {
        self.finest_dpi
    }

    /// Returns `FILE_PIXEL_BOMB` if a picture on the page is larger than the limits.
    pub(super) fn too_large(&self) -> Option<Reason> {
        self.too_large.clone()
    }

    fn clip(&self) -> Clip {
        self.clips.last().copied().unwrap_or(Clip { bounds: self.page, is_rect: true })
    }

    fn push_clip(&mut self, bounds: Rect, is_rect: bool) {
        let clip = self.clip();
        self.clips
            .push(Clip { bounds: clip.bounds.intersect(bounds), is_rect: clip.is_rect && is_rect });
    }

    /// Records a visible mark. A mark after or beside the scan means that the page is
    /// not only a scan.
    fn add_mark(&mut self, bounds: Rect) {
        let visible = self.clip().bounds.intersect(bounds);
        if visible.width() < 0.0 || visible.height() < 0.0 || bounds.is_nan() {
            return;
        }
        let is_background = share(visible, self.page) > SCAN_SHOWS && self.scan.is_none();
        if !is_background {
            let scan = self.scan.take().map(|(_, bounds)| bounds);
            let marked =
                self.marked.into_iter().chain(scan).fold(visible, |all, one| all.union(one));
            self.marked = Some(marked);
        }
    }

    fn add_picture(&mut self, image: &Image<'_, '_>, transform: Affine) {
        let index = self.pictures;
        self.pictures += 1;
        let sizes = declared_sizes(image_stream(image), image.width(), image.height());
        let refused = sizes.into_iter().find_map(|(w, h)| check_size(w, h, self.limits).err());
        self.too_large = self.too_large.take().or(refused);
        let size = Rect::new(0.0, 0.0, image.width().into(), image.height().into());
        let bounds = transform.transform_rect_bbox(size);
        let visible = self.clip().bounds.intersect(bounds);
        if visible.width() <= 0.0 || visible.height() <= 0.0 || bounds.is_nan() {
            return;
        }
        let [a, b, c, d, ..] = transform.as_coeffs();
        let points = a.hypot(b);
        if share(visible, self.page) >= PICTURE_MATTERS {
            self.finest_dpi = self.finest_dpi.max(72.0 / points);
        }
        let plain = self.clip().is_rect && self.groups.iter().all(|plain| *plain);
        let fills =
            share(visible, self.page) >= SCAN_COVERS && share(visible, bounds) >= SCAN_SHOWS;
        let covers_marks =
            self.marked.is_none_or(|marked| bounds.inflate(1.0, 1.0).contains_rect(marked));
        let is_square = (points / c.hypot(d) - 1.0).abs() <= SCAN_STRETCH;
        let is_scan = plain && fills && covers_marks && is_square && is_opaque(image);
        match Orientation::from_axes([a, b], [c, d]) {
            Some(orientation) if is_scan => {
                self.marked = None;
                self.scan = Some((PlacedScan { index, orientation, points }, bounds));
            }
            _ => self.add_mark(bounds),
        }
    }
}

/// The square of a letter in units of its outline.
const EM: Rect = Rect::new(0.0, -250.0, 1000.0, 1000.0);

/// Returns the share of `part` in `whole`, 0..1.
fn share(part: Rect, whole: Rect) -> f64 {
    part.area() / whole.area()
}

fn is_opaque(image: &Image<'_, '_>) -> bool {
    let Image::Raster(image) = image else { return false };
    let stream = image.stream();
    let dictionary = stream.dict();
    !["SMask", "Mask", "SMaskInData"].iter().any(|key| dictionary.contains_key(key))
}

fn image_stream<'i>(image: &'i Image<'_, '_>) -> &'i Stream<'i> {
    match image {
        Image::Raster(image) => image.stream(),
        Image::Stencil(image) => image.stream(),
    }
}

impl<'a> Device<'a> for PageContent<'_> {
    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        self.kept.add_mask(props.soft_mask.as_ref());
        self.add_picture(&image, props.transform);
    }

    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        if !matches!(mode, DrawMode::Invisible) {
            let bounds = props.transform.transform_rect_bbox(path.bounding_box());
            self.add_mark(bounds);
            self.kept.add(bounds, &props);
        }
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        if matches!(mode, DrawMode::Invisible) {
            return;
        }
        self.undrawn_letters = self.undrawn_letters.saturating_add(undrawn_letters(run, mode));
        let mut line: Option<Rect> = None;
        for glyph in run.glyphs() {
            let place = props.transform * glyph.transform();
            let origin = Rect::from_origin_size(place.translation().to_point(), (0.0, 0.0));
            self.add_mark(origin);
            let letter = place.transform_rect_bbox(EM);
            line = Some(line.map_or(letter, |line| line.union(letter)));
        }
        if let Some(line) = line {
            self.kept.add(line, &props);
        }
    }

    fn push_clip_path(&mut self, clip: &ClipPath) {
        let bounds = clip.path.bounding_box();
        let is_rect = clip.path.area().abs() >= bounds.area() * SCAN_SHOWS;
        self.push_clip(bounds, is_rect);
    }

    fn push_clip_rect(&mut self, rect: &Rect) {
        self.push_clip(*rect, true);
    }

    fn pop_clip(&mut self) {
        self.clips.pop();
    }

    fn push_transparency_group(
        &mut self,
        opacity: f32,
        mask: Option<SoftMask<'a>>,
        blend_mode: BlendMode,
    ) {
        self.kept.add_mask(mask.as_ref());
        let plain = opacity >= 1.0 && mask.is_none() && blend_mode == BlendMode::Normal;
        self.groups.push(plain);
    }

    fn pop_transparency_group(&mut self) {
        self.groups.pop();
    }
}
