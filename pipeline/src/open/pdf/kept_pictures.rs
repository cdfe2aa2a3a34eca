//! Pictures that drawing keeps in memory until the page is finished.
//!
//! `hayro` paints with a pattern or a shading by a picture of the area that it fills, and
//! with a soft mask by one of the whole page, at the resolution of the page.

use std::collections::BTreeSet;

use hayro::hayro_interpret::pattern::Pattern;
use hayro::hayro_interpret::shading::ShadingType;
use hayro::hayro_interpret::{CacheKey, DrawProps, Paint, SoftMask};
use hayro::kurbo::Rect;

pub(super) struct KeptPictures {
    page: Rect,
    /// Area of patterns and shadings, in square points.
    area: f64,
    soft_masks: BTreeSet<u128>,
}

impl KeptPictures {
    pub(super) fn new(page: Rect) -> Self {
        Self { page, area: 0.0, soft_masks: BTreeSet::new() }
    }

    /// Returns the area of all, in pages of four bytes a pixel; a mask has one byte.
    pub(super) fn pages(&self) -> f64 {
        self.area / self.page.area() + self.soft_masks.len() as f64 / 4.0
    }

    /// Adds what is kept of something drawn within `bounds`.
    pub(super) fn add(&mut self, bounds: Rect, props: &DrawProps<'_>) {
        self.add_mask(props.soft_mask.as_ref());
        let visible = self.page.intersect(bounds);
        if is_kept(&props.paint) && visible.width() > 0.0 && visible.height() > 0.0 {
            self.area += visible.area();
        }
    }

    pub(super) fn add_mask(&mut self, mask: Option<&SoftMask<'_>>) {
        self.soft_masks.extend(mask.map(CacheKey::cache_key));
    }
}

/// Colours and gradients along a line or between circles need no picture.
fn is_kept(paint: &Paint<'_>) -> bool {
    let Paint::Pattern(pattern) = paint else { return false };
    match &**pattern {
        Pattern::Tiling(_) => true,
        Pattern::Shading(shading) => {
            !matches!(*shading.shading.shading_type, ShadingType::RadialAxial { .. })
        }
    }
}
