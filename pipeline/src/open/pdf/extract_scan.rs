//! Extracts the embedded scan that fills a page, so that no pixel is resampled.

use hayro::hayro_interpret::font::GlyphRun;
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageData, ImageDrawProps, SoftMask,
};
use hayro::hayro_syntax::page::Page;
use hayro::kurbo::BezPath;
use image::RgbImage;

use super::interpret::interpret;
use super::page_content::PlacedScan;
use crate::open::limits::Limits;
use crate::open::refusal::check_size;
use crate::open::samples::{Layout, to_rgb};
use crate::reason::Reason;

/// Returns the scan's pixels, upright; `None` if it cannot be decoded, so that the
/// page is drawn instead.
///
/// # Errors
/// `FILE_PIXEL_BOMB` when it is larger than it declares.
pub(super) fn extract_scan(
    page: &Page<'_>,
    placed: &PlacedScan,
    limits: &Limits,
) -> Result<Option<RgbImage>, Reason> {
    let mut extractor = PictureExtractor { index: placed.index, next: 0, picture: None };
    interpret(page, &mut extractor);
    let (size, samples, layout) = match extractor.picture {
        Some(ImageData::Rgb(rgb)) => ((rgb.width, rgb.height), rgb.data, Layout::Rgb),
        Some(ImageData::Luma(luma)) => ((luma.width, luma.height), luma.data, Layout::L),
        None => return Ok(None),
    };
    check_size(size.0, size.1, limits)?;
    Ok(to_rgb(size, samples, layout).ok().map(|stored| placed.orientation.apply(stored)))
}

/// A device that decodes one picture and ignores everything else.
struct PictureExtractor {
    index: usize,
    next: usize,
    picture: Option<ImageData>,
}

impl<'a> Device<'a> for PictureExtractor {
    fn draw_image(&mut self, image: Image<'a, '_>, _: ImageDrawProps<'a>) {
        if self.next == self.index
            && let Image::Raster(image) = &image
        {
            image.with_rgba(|pixels, _| self.picture = Some(pixels), None);
        }
        self.next += 1;
    }

    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn draw_glyph_run(&mut self, _: &GlyphRun<'_, 'a>, _: DrawProps<'a>, _: &DrawMode) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}
