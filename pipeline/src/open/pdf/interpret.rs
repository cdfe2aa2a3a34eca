//! Interprets the content of a page.

use hayro::hayro_interpret::{Context, Device, InterpreterCache, TransformExt, interpret_page};
use hayro::hayro_syntax::page::Page;
use hayro::kurbo::Rect;

use super::fonts::Substitutes;

/// Draws the content of a page on a device, in points of the upright page, y down.
pub(super) fn interpret<'a>(page: &'a Page<'a>, device: &mut impl Device<'a>) {
    interpret_with(page, device, Substitutes::Standard);
}

/// Does the same with other fonts in place of those that are not embedded.
pub(super) fn interpret_with<'a>(
    page: &'a Page<'a>,
    device: &mut impl Device<'a>,
    substitutes: Substitutes,
) {
    let cache = InterpreterCache::new();
    let upright = page.initial_transform(true).to_kurbo();
    let settings = substitutes.settings();
    let mut context = Context::new(upright, bounds(page), &cache, page.xref(), settings);
    interpret_page(page, &mut context, device);
}

/// Returns the upright page in points, from its top left corner.
pub(super) fn bounds(page: &Page<'_>) -> Rect {
    let (width, height) = page.render_dimensions();
    Rect::new(0.0, 0.0, width.into(), height.into())
}
