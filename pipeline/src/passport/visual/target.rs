//! The values that are still searched, and how well a box fits them.

use super::boxes::TextBox;

/// A searched value, with the length of the text where it is known.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum SearchTarget {
    Date,
    Text { letters: usize },
}

/// Width of a letter in heights, as in most typefaces.
const LETTER: f32 = 0.8;
/// Widths of a date in heights: `31.12.2016` to `12 AUGUST/AOÛT 2019`.
const DATE: (f32, f32) = (5.0, 13.0);
/// Values are printed no smaller; labels are.
const VALUE_MM: f32 = 1.6;
/// The photo is within this distance of the left edge, margin included.
const PHOTO_MM: f32 = 34.0;

impl SearchTarget {
    /// Returns how badly a box fits the value: 0 is a perfect fit.
    pub(super) fn mismatch(self, one: &TextBox, scale: f32) -> f32 {
        let aspect = one.rect.width() / one.height;
        let shape = match self {
            Self::Date => (DATE.0 / aspect).max(aspect / DATE.1).max(1.0).ln(),
            Self::Text { letters } => (aspect / (LETTER * letters as f32)).ln().abs(),
        };
        let small = (VALUE_MM * scale / one.height).max(1.0).ln();
        let photo = if one.rect.left < PHOTO_MM * scale { 0.4 } else { 0.0 };
        // fewer marks than a date has digits: a label whose letters touch
        let run_together = if one.marks < 3 { 0.3 } else { 0.0 };
        shape + 2.0 * small + photo + run_together
    }
}
