//! Draws a page at a resolution at which print can be read.

use hayro::hayro_interpret::TransformExt;
use hayro::hayro_syntax::page::Page;
use hayro::kurbo::Affine;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::vello_cpu::{Pixmap, RasterizerSettings, RenderContext, Resources, TargetInit};
use hayro::{RenderCache, RenderSettings, render_into};
use image::RgbImage;

use super::fonts::Substitutes;
use crate::examination::round;
use crate::open::limits::Limits;
use crate::open::samples::{Layout, to_rgb};
use crate::reason::{Code, Reason};

const POINTS_PER_INCH: f64 = 72.0;
/// A higher resolution does not show more of the pictures of a page.
const MAX_DPI: f64 = 300.0;
/// Bytes of pictures that are kept while a part of a page is drawn.
const KEPT_BYTES: f64 = 96.0 * 1024.0 * 1024.0;
/// Least height of a part, in pixels.
const MIN_PART: u32 = 32;

/// How a page is drawn.
#[derive(Clone, Copy)]
pub(super) struct Drawing {
    /// Dots per inch of the finest picture on the page, 0 without one.
    pub(super) finest_dpi: f64,
    /// Length of a unit of the page's coordinates, in points.
    pub(super) unit: f64,
    /// Pictures that drawing keeps in memory, in pages.
    pub(super) kept_pages: f64,
    pub(super) substitutes: Substitutes,
}

/// A drawn page and its resolution.
pub(super) struct DrawnPage {
    pub(super) rgb: RgbImage,
    pub(super) dpi: f64,
}

/// Draws `page` on white at the configured resolution, or up to 300 dots per
/// inch where its pictures are that fine, or lower to stay within the limits.
///
/// # Errors
/// `FILE_CORRUPT` for a page without extent.
pub(super) fn draw_page(
    page: &Page<'_>,
    drawing: Drawing,
    limits: &Limits,
) -> Result<DrawnPage, Reason> {
    let (width, height) = page.render_dimensions();
    let (width, height) = (f64::from(width), f64::from(height));
    let wanted = limits.drawn_dpi.max(drawing.finest_dpi.min(MAX_DPI)) * drawing.unit;
    let scale =
        scale(width, height, wanted, limits).ok_or_else(|| Reason::new(Code::FileCorrupt))?;
    // a page a thousand times as long as wide keeps one pixel across
    let at_least_one = |points: f64| scale.max(1.001 / points) as f32;
    let (x_scale, y_scale) = (at_least_one(width), at_least_one(height));
    // rounded as `hayro::render` does
    let size = ((width as f32 * x_scale) as u32, (height as f32 * y_scale) as u32);
    let transform = Affine::scale_non_uniform(x_scale.into(), y_scale.into())
        * page.initial_transform(true).to_kurbo();
    let rgb = draw_parts(page, drawing, size, transform)?;
    Ok(DrawnPage { rgb, dpi: round(scale * POINTS_PER_INCH / drawing.unit, 2) })
}

/// Draws the page in as many parts, from top to bottom, as its patterns need: each of
/// them is kept as a picture of the part that it fills until that part is finished.
fn draw_parts(
    page: &Page<'_>,
    drawing: Drawing,
    (width, height): (u32, u32),
    transform: Affine,
) -> Result<RgbImage, Reason> {
    let part = part_height(width, height, drawing.kept_pages);
    if part >= height {
        let pixels = draw_part(page, drawing, (width, height), transform);
        return to_rgb((width, height), pixels.data_as_u8_slice(), Layout::Rgba);
    }
    let mut rgb = RgbImage::new(width, height);
    for top in (0..height).step_by(part as usize) {
        let size = (width, part.min(height - top));
        let transform = Affine::translate((0.0, -f64::from(top))) * transform;
        let pixels = draw_part(page, drawing, size, transform);
        let drawn = to_rgb(size, pixels.data_as_u8_slice(), Layout::Rgba)?;
        image::imageops::replace(&mut rgb, &drawn, 0, top.into());
    }
    Ok(rgb)
}

/// Returns the height of a part, in pixels.
fn part_height(width: u32, height: u32, kept_pages: f64) -> u32 {
    let bytes = kept_pages * f64::from(width) * f64::from(height) * 4.0;
    let parts = (bytes / KEPT_BYTES).ceil().max(1.0);
    ((f64::from(height) / parts).ceil() as u32).max(MIN_PART)
}

fn draw_part(
    page: &Page<'_>,
    drawing: Drawing,
    (width, height): (u32, u32),
    transform: Affine,
) -> Pixmap {
    // sides are at most 65,535: `scale` sees to that
    let mut context = RenderContext::new(width as u16, height as u16);
    render_into(
        page,
        &RenderCache::new(),
        &drawing.substitutes.settings(),
        // hinting runs programs of the fonts, without benefit at this size
        &RenderSettings { hinting: false, ..RenderSettings::default() },
        &mut context,
        transform,
    );
    context.flush();
    let mut pixels = Pixmap::new(context.width(), context.height());
    let target_init = TargetInit::Clear(WHITE);
    let settings = RasterizerSettings { target_init, ..RasterizerSettings::default() };
    context.render_with(&mut pixels, &mut Resources::default(), settings);
    pixels
}

/// Returns the pixels per point with which a page stays within the limits.
fn scale(width: f64, height: f64, dpi: f64, limits: &Limits) -> Option<f64> {
    let side = f64::from(limits.side.min(u16::MAX.into()));
    let pixels = limits.drawn_pixels.min(limits.pixels) as f64;
    let scale = (dpi / POINTS_PER_INCH)
        .min(side / width.max(height))
        .min((pixels / (width * height)).sqrt());
    (scale.is_finite() && scale > 0.0).then_some(scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(width: f64, height: f64, dpi: Option<f64>) {
        let scale = scale(width, height, 200.0, &Limits::default());
        assert_eq!(scale.map(|scale| round(scale * POINTS_PER_INCH, 2)), dpi);
    }

    #[test]
    fn large_pages_are_drawn_at_lower_resolution() {
        check(595.28, 841.89, Some(200.0));
        check(1920.0, 1080.0, Some(200.0));
        check(14_400.0, 14_400.0, Some(20.0));
        check(14_400.0, 10.0, Some(60.0));
        check(f64::INFINITY, 10.0, None);
    }

    #[test]
    fn pages_with_many_patterns_are_drawn_in_parts() {
        assert_eq!(part_height(1240, 1754, 0.0), 1754);
        assert_eq!(part_height(1240, 1754, 10.0), 1754);
        assert_eq!(part_height(1240, 1754, 70.0), 251);
        assert_eq!(part_height(1240, 1754, 1e9), 32);
        assert_eq!(part_height(1240, 1754, f64::NAN), 1754);
    }
}
