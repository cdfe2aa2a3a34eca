//! Borders: bars of one colour that a person or a program put around a picture.

use image::RgbImage;

use super::luminance::luma;

/// Largest difference between pixels of a border, in levels of 255.
const FLAT: f32 = 5.0;

/// Share of a line at each end that may be within the border's other sides.
const CORNER: f64 = 0.25;

/// Smallest step of brightness from the border to the picture, in levels of 255.
const STEP: f32 = 12.0;

/// Share of the picture from which a plain bar is taken for background, not for a border.
const WIDEST: f64 = 0.45;

/// Returns the number of border lines at the left, right, upper and lower side.
pub(super) fn measure_border(rgb: &RgbImage) -> [u32; 4] {
    [Side::Left, Side::Right, Side::Top, Side::Bottom].map(|side| side.border_lines(rgb))
}

#[derive(Clone, Copy)]
enum Side {
    Left,
    Right,
    Top,
    Bottom,
}

impl Side {
    /// Returns the brightness along a line; lines count from the side inwards.
    fn line(self, rgb: &RgbImage, line: u32) -> Vec<f32> {
        let (width, height) = rgb.dimensions();
        let position = |at: u32| match self {
            Self::Left => (line, at),
            Self::Right => (width - 1 - line, at),
            Self::Top => (at, line),
            Self::Bottom => (at, height - 1 - line),
        };
        let length = if matches!(self, Self::Left | Self::Right) { height } else { width };
        (0..length).map(position).map(|(x, y)| luma(&rgb.get_pixel(x, y).0)).collect()
    }

    /// Counts the lines of one brightness before the picture begins. A border
    /// ends along its whole length in one line; a background does not.
    fn border_lines(self, rgb: &RgbImage) -> u32 {
        let across =
            if matches!(self, Self::Left | Self::Right) { rgb.width() } else { rgb.height() };
        let most = (f64::from(across) * WIDEST) as u32;
        let first = self.line(rgb, 0);
        let level = first.iter().sum::<f32>() / first.len().max(1) as f32;
        let same = |line: &u32| self.line(rgb, *line).iter().all(|v| (v - level).abs() <= FLAT);
        let wide = (0..most).take_while(same).count() as u32;
        if wide == 0 || wide == most {
            return 0;
        }
        let beyond = self.line(rgb, (wide + 1).min(across - 1));
        // both ends of the line are within the border's other sides
        let corner = (beyond.len() as f64 * CORNER) as usize;
        let inner = &beyond[corner..beyond.len() - corner];
        let changed = inner.iter().filter(|v| (*v - level).abs() >= STEP).count();
        if changed as f64 >= 0.9 * inner.len() as f64 { wide } else { 0 }
    }
}
