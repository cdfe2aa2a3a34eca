//! An image pyramid of a page: full size and repeatedly halved sizes, each made on
//! first use.

use std::cell::OnceCell;

use image::RgbImage;

use super::grey::Grey;

/// Number of sizes: full to a 256th.
const LEVELS: usize = 9;
/// Least side of a smaller copy in pixels.
const MIN_SIDE: usize = 8;

/// One page in several sizes. Small sizes are made directly from the colours,
/// without the larger ones in between.
pub(crate) struct Pyramid<'a> {
    rgb: &'a RgbImage,
    levels: [OnceCell<Grey>; LEVELS],
    count: usize,
}

impl<'a> Pyramid<'a> {
    /// `None` for a picture without pixels.
    pub(crate) fn new(rgb: &'a RgbImage) -> Option<Self> {
        let least = rgb.width().min(rgb.height()) as usize;
        let fits = |level: &usize| (least >> level) >= MIN_SIDE;
        let count = 1 + (1..LEVELS).take_while(fits).count();
        (least > 0).then(|| Self { rgb, levels: Default::default(), count })
    }

    /// Returns the longer side at full size, in pixels.
    pub(crate) fn long_side(&self) -> usize {
        self.rgb.width().max(self.rgb.height()) as usize
    }

    /// Whether a point is on the page, in pixels with centres at whole coordinates.
    pub(crate) fn contains(&self, [x, y]: [f32; 2]) -> bool {
        let within = |value: f32, size: u32| (-0.5..=size as f32 - 0.5).contains(&value);
        within(x, self.rgb.width()) && within(y, self.rgb.height())
    }

    /// Returns the number of sizes of this page.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// Returns the page halved `level` times, or as often as possible, and the ratio of
    /// its width to the full width.
    pub(crate) fn level(&self, level: usize) -> (&Grey, f32) {
        let level = level.min(self.count - 1);
        let made = self.levels[level].get_or_init(|| {
            let larger = level.checked_sub(1).and_then(|before| self.levels[before].get());
            let whole = || Grey::from_rgb(self.rgb, 1 << level);
            larger.map(Grey::halved).or_else(whole).unwrap_or_else(Grey::pixel)
        });
        (made, 1.0 / (1u32 << level) as f32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_the_same_made_from_colours_or_from_a_larger_size() {
        let rgb = RgbImage::from_fn(67, 41, |x, y| image::Rgb([(x * 3) as u8, (y * 5) as u8, 9]));
        let (small, share) = (Pyramid::new(&rgb).unwrap(), 0.25);
        assert_eq!((small.level(2).0.width, small.level(2).0.height), (16, 10));
        assert_eq!(small.level(2).1, share);
        let again = Pyramid::new(&rgb).unwrap();
        let _ = again.level(1);
        let pairs = again.level(2).0.data.iter().zip(&small.level(2).0.data);
        assert!(pairs.into_iter().all(|(a, b)| a.abs_diff(*b) <= 3));
    }

    #[test]
    fn points_beyond_the_outer_pixels_are_not_on_the_page() {
        let rgb = RgbImage::new(20, 10);
        let page = Pyramid::new(&rgb).unwrap();
        assert!(page.contains([0.0, 0.0]) && page.contains([19.4, 9.4]));
        assert!(!page.contains([20.0, 5.0]) && !page.contains([5.0, -1.0]));
    }

    #[test]
    fn thin_pictures_are_not_halved_away() {
        let rgb = RgbImage::new(5000, 9);
        let page = Pyramid::new(&rgb).unwrap();
        assert_eq!((page.count(), page.level(7).0.height), (1, 9));
        assert!(Pyramid::new(&RgbImage::new(0, 7)).is_none());
    }
}
