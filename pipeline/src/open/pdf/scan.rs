//! Takes the scan that fills a page as it is embedded, so that no pixel is
//! resampled before it is read.

use hayro::hayro_interpret::font::GlyphRun;
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageData, ImageDrawProps, SoftMask,
};
use hayro::hayro_syntax::page::Page;
use hayro::kurbo::BezPath;
use image::RgbImage;

use super::super::upright::{Layout, to_rgb};
use super::super::{Limits, check_size};
use super::look_at;
use super::survey::Placed;
use crate::reason::Reason;

/// The scan's pixels, upright; nothing where it cannot be decoded, so that the
/// page is drawn instead.
///
/// # Errors
/// `FILE_PIXEL_BOMB` when it comes out larger than it declared.
pub(super) fn take(
    page: &Page<'_>,
    placed: &Placed,
    limits: &Limits,
) -> Result<Option<RgbImage>, Reason> {
    let mut taker = Taker { wanted: placed.index, seen: 0, taken: None };
    look_at(page, &mut taker);
    let (size, samples, layout) = match taker.taken {
        Some(ImageData::Rgb(rgb)) => ((rgb.width, rgb.height), rgb.data, Layout::Rgb),
        Some(ImageData::Luma(luma)) => ((luma.width, luma.height), luma.data, Layout::L),
        None => return Ok(None),
    };
    check_size(size.0, size.1, limits)?;
    Ok(to_rgb(size, samples, layout).ok().map(|stored| placed.orientation.apply(stored)))
}

/// A device that decodes one picture and passes over everything else.
struct Taker {
    wanted: usize,
    seen: usize,
    taken: Option<ImageData>,
}

impl<'a> Device<'a> for Taker {
    fn draw_image(&mut self, image: Image<'a, '_>, _: ImageDrawProps<'a>) {
        if self.seen == self.wanted
            && let Image::Raster(image) = &image
        {
            image.with_rgba(|pixels, _| self.taken = Some(pixels), None);
        }
        self.seen += 1;
    }

    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn draw_glyph_run(&mut self, _: &GlyphRun<'_, 'a>, _: DrawProps<'a>, _: &DrawMode) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}
