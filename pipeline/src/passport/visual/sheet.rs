//! The upright page above a zone: position, direction and scale follow from the zone.

use image::RgbImage;

use crate::examination::{Polygon, ZoneFormat, round};
use crate::passport::read::ReadZone;

/// Ten characters to the inch (Doc 9303 part 3, 4.4).
const PITCH_MM: f32 = 2.54;
/// From the middle of the first line to the lower edge: half of the zone's
/// 23.2 mm and half of the 6.35 mm between two lines (part 4, 4.2.1).
const FIRST_LINE_MM: f32 = 14.8;
/// The first character's distance from the left edge (part 4, 4.2.1.3).
const LEFT_MM: f32 = 6.0;
/// Pages are cut and placed a little askew: the margin that is added.
const MARGIN_MM: f32 = 2.0;
/// Print this close above the middle of the first line belongs to the zone.
const CLEAR_MM: f32 = 3.0;
/// Highest resolution of the sheet in pixels per millimetre: capitals of 1.5 mm have nine.
const MAX_SCALE: f32 = 6.5;

/// The brightness of the upright page, and the mapping to the picture.
pub(super) struct Sheet<'a> {
    rgb: &'a RgbImage,
    pub(super) width: usize,
    pub(super) height: usize,
    /// The brightest of the three colours, row by row.
    pub(super) data: Vec<u8>,
    /// Pixels per millimetre.
    pub(super) scale: f32,
    /// The sheet's first pixel in the picture, and the steps along and down.
    origin: [f32; 2],
    along: [f32; 2],
    down: [f32; 2],
    /// Contrast of the zone's print.
    pub(super) ink: f32,
}

/// A rectangle of the sheet, in its pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(missing_docs, reason = "the four sides")]
pub(super) struct Rect {
    pub(super) left: f32,
    pub(super) top: f32,
    pub(super) right: f32,
    pub(super) bottom: f32,
}

impl Rect {
    pub(super) fn width(&self) -> f32 {
        self.right - self.left
    }

    pub(super) fn height(&self) -> f32 {
        self.bottom - self.top
    }

    /// Returns the rectangle with `x` and `y` more on every side.
    pub(super) fn grown(&self, x: f32, y: f32) -> Self {
        Self {
            left: self.left - x,
            top: self.top - y,
            right: self.right + x,
            bottom: self.bottom + y,
        }
    }
}

impl<'a> Sheet<'a> {
    /// Returns the page above the zone; `None` for cards, whose zone is on the back, and
    /// for pictures of low resolution.
    pub(super) fn above_zone(rgb: &'a RgbImage, zone: &ReadZone) -> Option<Self> {
        let (width_mm, height_mm) = match zone.mrz.format() {
            ZoneFormat::Td1 => return None,
            ZoneFormat::Td2 | ZoneFormat::MrvB => (105.0, 74.0),
            ZoneFormat::Td3 => (125.0, 88.0),
            ZoneFormat::MrvA => (120.0, 80.0),
        };
        let strip = &zone.lines.first()?.strip;
        let (start, end) = (strip.page_point(0.0, 0.0), strip.page_point(strip.cells as f32, 0.0));
        let (dx, dy) = (end[0] - start[0], end[1] - start[1]);
        let per_mm = dx.hypot(dy) / (strip.cells as f32 * PITCH_MM);
        if !per_mm.is_finite() || per_mm < 1.0 || rgb.width() < 2 || rgb.height() < 2 {
            return None;
        }
        let scale = per_mm.min(MAX_SCALE);
        let step = per_mm / scale;
        let length = dx.hypot(dy);
        let along = [dx / length * step, dy / length * step];
        let down = if strip.mirrored { [along[1], -along[0]] } else { [-along[1], along[0]] };
        let at = |x: f32, y: f32| {
            let (x, y) = (x * scale, y * scale);
            [start[0] + along[0] * x + down[0] * y, start[1] + along[1] * x + down[1] * y]
        };
        let left = -LEFT_MM - MARGIN_MM;
        let top = FIRST_LINE_MM - height_mm - MARGIN_MM;
        let origin = at(left, top);
        let width = ((width_mm + 2.0 * MARGIN_MM) * scale) as usize;
        let height = ((-CLEAR_MM - top) * scale) as usize;
        let mut sheet = Self {
            rgb,
            width,
            height,
            data: Vec::new(),
            scale,
            origin,
            along,
            down,
            ink: contrast(rgb, zone),
        };
        let whole = Rect { left: 0.0, top: 0.0, right: width as f32, bottom: height as f32 };
        sheet.data = sheet.sample(whole, width, height);
        Some(sheet)
    }

    /// Returns the picture's point of a pixel of the sheet.
    fn picture_point(&self, x: f32, y: f32) -> [f32; 2] {
        [
            self.origin[0] + self.along[0] * x + self.down[0] * y,
            self.origin[1] + self.along[1] * x + self.down[1] * y,
        ]
    }

    /// Converts a rectangle to a polygon of the page.
    pub(super) fn outline(&self, rect: &Rect) -> Polygon {
        [
            (rect.left, rect.top),
            (rect.right, rect.top),
            (rect.right, rect.bottom),
            (rect.left, rect.bottom),
        ]
        .map(|(x, y)| self.picture_point(x, y).map(|v| round(f64::from(v), 1)))
        .to_vec()
    }

    /// Samples a rectangle in `width` x `height` pixels from the full-resolution picture.
    pub(super) fn sample(&self, rect: Rect, width: usize, height: usize) -> Vec<u8> {
        let (sx, sy) = (rect.width() / width as f32, rect.height() / height as f32);
        let pixel = (self.along[0].hypot(self.along[1])) * sx.max(sy);
        // the mean where several pixels of the picture make one
        let samples = ((pixel / 1.5).round() as usize).clamp(1, 3);
        let mut out = Vec::with_capacity(width * height);
        for j in 0..height {
            for i in 0..width {
                let mut sum = 0.0;
                for k in 0..samples * samples {
                    let (a, b) = (k % samples, k / samples);
                    let part = |v: usize, s: usize| v as f32 + (s as f32 + 0.5) / samples as f32;
                    let x = rect.left + part(i, a) * sx - 0.5;
                    let y = rect.top + part(j, b) * sy - 0.5;
                    let [px, py] = self.picture_point(x, y);
                    sum += brightness(self.rgb, px, py);
                }
                out.push((sum / (samples * samples) as f32) as u8);
            }
        }
        out
    }
}

/// Returns the contrast of the zone's first line: third quartile less first decile.
fn contrast(rgb: &RgbImage, zone: &ReadZone) -> f32 {
    let Some(line) = zone.lines.first() else { return 0.0 };
    let steps = line.strip.cells * 6;
    let mut values: Vec<f32> = (0..steps * 5)
        .map(|i| {
            let u = (i % steps) as f32 / 6.0;
            let v = (i / steps) as f32 * 0.2 - 0.4;
            let [x, y] = line.strip.page_point(u, v);
            brightness(rgb, x, y)
        })
        .collect();
    values.sort_by(f32::total_cmp);
    let at = |share: f32| values[((values.len() - 1) as f32 * share) as usize];
    if values.is_empty() { 0.0 } else { at(0.75) - at(0.1) }
}

/// Returns the brightest colour between pixels, as ink is dark in all of them; white
/// outside the picture, so that its edge does not look like print.
fn brightness(rgb: &RgbImage, x: f32, y: f32) -> f32 {
    let (width, height) = (rgb.width() as usize, rgb.height() as usize);
    if !(x >= 0.0 && y >= 0.0 && x < (width - 1) as f32 && y < (height - 1) as f32) {
        return 255.0;
    }
    let (x0, y0) = (x as usize, y as usize);
    let (fx, fy) = (x - x0 as f32, y - y0 as f32);
    let raw = rgb.as_raw();
    let at = |x: usize, y: usize| {
        let i = (y * width + x) * 3;
        f32::from(raw[i].max(raw[i + 1]).max(raw[i + 2]))
    };
    let top = at(x0, y0) * (1.0 - fx) + at(x0 + 1, y0) * fx;
    let bottom = at(x0, y0 + 1) * (1.0 - fx) + at(x0 + 1, y0 + 1) * fx;
    top * (1.0 - fy) + bottom * fy
}
