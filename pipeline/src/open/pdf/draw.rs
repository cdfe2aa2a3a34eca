//! Draws a page at a resolution at which print can be read.

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::page::Page;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings};
use image::RgbImage;

use crate::examination::round;
use crate::open::limits::Limits;
use crate::open::samples::{Layout, to_rgb};
use crate::reason::{Code, Reason};

const POINTS_PER_INCH: f64 = 72.0;
/// A higher resolution does not show more of the pictures of a page.
const MAX_DPI: f64 = 300.0;

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
    finest_dpi: f64,
    limits: &Limits,
) -> Result<DrawnPage, Reason> {
    let (width, height) = page.render_dimensions();
    let (width, height) = (f64::from(width), f64::from(height));
    let wanted = limits.drawn_dpi.max(finest_dpi.min(MAX_DPI));
    let scale =
        scale(width, height, wanted, limits).ok_or_else(|| Reason::new(Code::FileCorrupt))?;
    // a page a thousand times as long as wide keeps one pixel across
    let at_least_one = |points: f64| scale.max(1.001 / points) as f32;
    let pixmap = hayro::render(
        page,
        &RenderCache::new(),
        &InterpreterSettings::default(),
        // hinting runs programs of the fonts, without benefit at this size
        &RenderSettings { hinting: false, ..RenderSettings::default() },
        &PixmapSettings {
            x_scale: at_least_one(width),
            y_scale: at_least_one(height),
            bg_color: WHITE,
        },
    );
    let size = (pixmap.width().into(), pixmap.height().into());
    let rgb = to_rgb(size, pixmap.data_as_u8_slice(), Layout::Rgba)?;
    Ok(DrawnPage { rgb, dpi: round(scale * POINTS_PER_INCH, 2) })
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
}
