//! The orientation of stored pixels, and their rotation to upright.

use image::RgbImage;
use image::imageops;

/// The transformation of stored pixels to upright: TIFF tag 274, values 1 to 8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Orientation(u8);

impl Orientation {
    /// As stored.
    pub(super) const UPRIGHT: Self = Self(1);

    /// Converts the tag's value; `None` outside 1 to 8.
    pub(super) fn from_tag(value: u32) -> Option<Self> {
        u8::try_from(value).ok().filter(|value| (1..=8).contains(value)).map(Self)
    }

    /// Converts the directions of the stored rows and columns on the upright page
    /// (y down), if they are parallel to its sides within 1 %.
    pub(super) fn from_axes([a, b]: [f64; 2], [c, d]: [f64; 2]) -> Option<Self> {
        let along = |main: [f64; 2], cross: [f64; 2]| {
            main.iter().all(|v| *v != 0.0)
                && cross.iter().zip(main).all(|(v, main)| v.abs() <= main.abs() * 0.01)
        };
        if along([a, d], [b, c]) {
            Some(Self(match (a > 0.0, d > 0.0) {
                (true, true) => 1,
                (false, true) => 2,
                (false, false) => 3,
                (true, false) => 4,
            }))
        } else if along([b, c], [a, d]) {
            Some(Self(match (b > 0.0, c > 0.0) {
                (true, true) => 5,
                (true, false) => 6,
                (false, false) => 7,
                (false, true) => 8,
            }))
        } else {
            None
        }
    }

    /// Returns the tag's value.
    pub(super) fn tag(self) -> u8 {
        self.0
    }

    /// Returns the clockwise rotation in degrees, after mirroring where `is_mirrored`.
    pub(super) fn rotation(self) -> u16 {
        match self.0 {
            3 | 4 => 180,
            6 | 7 => 90,
            5 | 8 => 270,
            _ => 0,
        }
    }

    /// Whether left and right are exchanged before the rotation.
    pub(super) fn is_mirrored(self) -> bool {
        matches!(self.0, 2 | 4 | 5 | 7)
    }

    /// Rotates the pixels upright: in place, except for a quarter turn, which needs
    /// memory for a second copy.
    pub(super) fn apply(self, mut pixels: RgbImage) -> RgbImage {
        if self.is_mirrored() {
            imageops::flip_horizontal_in_place(&mut pixels);
        }
        match self.rotation() {
            90 => quarter_turn(&pixels, |x, y, (_, height)| (height - 1 - y, x)),
            180 => {
                imageops::rotate180_in_place(&mut pixels);
                pixels
            }
            270 => quarter_turn(&pixels, |x, y, (width, _)| (y, width - 1 - x)),
            _ => pixels,
        }
    }
}

/// Moves every pixel to `place`, square by square, so that the rows read and
/// the columns written stay in the cache: 0.1 s for 12 megapixels, row by row 0.3 s.
fn quarter_turn(pixels: &RgbImage, place: impl Fn(u32, u32, (u32, u32)) -> (u32, u32)) -> RgbImage {
    const SQUARE: usize = 32;
    let (width, height) = pixels.dimensions();
    let mut turned = RgbImage::new(height, width);
    for top in (0..height).step_by(SQUARE) {
        for left in (0..width).step_by(SQUARE) {
            for y in top..height.min(top + SQUARE as u32) {
                for x in left..width.min(left + SQUARE as u32) {
                    let (to_x, to_y) = place(x, y, (width, height));
                    turned.put_pixel(to_x, to_y, *pixels.get_pixel(x, y));
                }
            }
        }
    }
    turned
}

#[cfg(test)]
mod tests {
    use image::Rgb;

    use super::*;

    /// 3 by 2, red in the stored top left corner, blue to its right.
    fn stored() -> RgbImage {
        let mut picture = RgbImage::from_pixel(3, 2, Rgb([0, 0, 0]));
        picture.put_pixel(0, 0, Rgb([255, 0, 0]));
        picture.put_pixel(1, 0, Rgb([0, 0, 255]));
        picture
    }

    /// TIFF 6.0: what the stored row 0 and column 0 are on the upright page.
    #[test]
    fn every_orientation_puts_the_corner_where_the_standard_requires() {
        let cases = [
            (1, (3, 2), (0, 0), (1, 0)),
            (2, (3, 2), (2, 0), (1, 0)),
            (3, (3, 2), (2, 1), (1, 1)),
            (4, (3, 2), (0, 1), (1, 1)),
            (5, (2, 3), (0, 0), (0, 1)),
            (6, (2, 3), (1, 0), (1, 1)),
            (7, (2, 3), (1, 2), (1, 1)),
            (8, (2, 3), (0, 2), (0, 1)),
        ];
        for (tag, size, red, blue) in cases {
            let orientation = Orientation::from_tag(tag).unwrap();
            let upright = orientation.apply(stored());
            assert_eq!(upright.dimensions(), size, "{tag}");
            assert_eq!(upright.get_pixel(red.0, red.1), &Rgb([255, 0, 0]), "{tag}");
            assert_eq!(upright.get_pixel(blue.0, blue.1), &Rgb([0, 0, 255]), "{tag}");
        }
    }

    #[test]
    fn axes_convert_to_the_orientation_that_moves_pixels_the_same_way() {
        for tag in 1..=8 {
            let orientation = Orientation::from_tag(tag).unwrap();
            let upright = orientation.apply(stored());
            let place = |colour| {
                let (x, y, _) =
                    upright.enumerate_pixels().find(|(_, _, p)| **p == Rgb(colour)).unwrap();
                [f64::from(x), f64::from(y)]
            };
            let (red, blue) = (place([255, 0, 0]), place([0, 0, 255]));
            let row = [blue[0] - red[0], blue[1] - red[1]];
            // the stored columns run towards the middle from the corner
            let (width, height) = upright.dimensions();
            let column = if row[0] == 0.0 {
                [if red[0] == 0.0 { 1.0 } else { -1.0 }, 0.0]
            } else {
                [0.0, if red[1] == 0.0 { 1.0 } else { -1.0 }]
            };
            assert_eq!(Orientation::from_axes(row, column), Some(orientation), "{width}x{height}");
        }
        assert_eq!(Orientation::from_axes([1.0, 0.3], [-0.3, 1.0]), None);
        assert_eq!(Orientation::from_axes([0.0, 0.0], [0.0, 0.0]), None);
    }
}
