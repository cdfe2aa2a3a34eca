//! Frames: bars of one colour that somebody, or a viewer, put around a picture.

use image::RgbImage;

use super::patch::luma;

/// A frame's lines differ by no more than this from each other, in levels of 255.
const FLAT: f32 = 5.0;

/// Share of a line at each end that may lie in the frame's other sides.
const CORNER: f64 = 0.25;

/// The picture goes on with a step of at least this.
const STEP: f32 = 12.0;

/// Share of the side beyond which it is no frame but the backdrop.
const WIDEST: f64 = 0.45;

/// How many lines of a frame there are at the left, right, upper and lower side.
pub(super) fn of(rgb: &RgbImage) -> [u32; 4] {
    [Side::Left, Side::Right, Side::Top, Side::Bottom].map(|side| side.frame(rgb))
}

#[derive(Clone, Copy)]
enum Side {
    Left,
    Right,
    Top,
    Bottom,
}

impl Side {
    /// Brightness along a line, counted from the side inwards.
    fn line(self, rgb: &RgbImage, line: u32) -> Vec<f32> {
        let (width, height) = rgb.dimensions();
        let place = |at: u32| match self {
            Self::Left => (line, at),
            Self::Right => (width - 1 - line, at),
            Self::Top => (at, line),
            Self::Bottom => (at, height - 1 - line),
        };
        let length = if matches!(self, Self::Left | Self::Right) { height } else { width };
        (0..length).map(place).map(|(x, y)| luma(&rgb.get_pixel(x, y).0)).collect()
    }

    /// How many lines of one brightness there are before the picture begins. A
    /// frame ends along its whole length at once; a backdrop does not.
    fn frame(self, rgb: &RgbImage) -> u32 {
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
        // at both ends the line runs through the frame's other sides
        let corner = (beyond.len() as f64 * CORNER) as usize;
        let inner = &beyond[corner..beyond.len() - corner];
        let changed = inner.iter().filter(|v| (*v - level).abs() >= STEP).count();
        if changed as f64 >= 0.9 * inner.len() as f64 { wide } else { 0 }
    }
}
