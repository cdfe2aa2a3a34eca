//! The portrait with its measures drawn on it, as evidence.
//!
//! White: face box and a ruler at the left edge, a tick a millimetre of the
//! print, longer every five and ten. Yellow: eye centres and eye line. Green:
//! chin and top of the hair. Blue, broken: estimated top of the skull.

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, Rgb, RgbImage};

use super::copy::Copy;
use super::measure::PRINT_MM;
use crate::examination::{Evidence, EvidenceKind, EvidencePicture, Face, Point};
use crate::fingerprint::exact;
use crate::open::Picture;

/// Longer side of the overlay.
pub(super) const SIDE: u32 = 900;

/// Most bytes of an evidence picture.
const LIMIT: usize = 512 * 1024;

const WHITE: Rgb<u8> = Rgb([255, 255, 255]);
const YELLOW: Rgb<u8> = Rgb([255, 214, 0]);
const GREEN: Rgb<u8> = Rgb([0, 200, 90]);
const BLUE: Rgb<u8> = Rgb([40, 130, 255]);
const SHADOW: Rgb<u8> = Rgb([20, 20, 20]);

/// Draws the overlay on a copy of the picture; none when it does not encode within its limit.
pub(super) fn overlay(picture: &Picture, copy: Copy, faces: &[Face]) -> Option<EvidencePicture> {
    let mut canvas = Canvas::on(copy);
    canvas.ruler();
    for face in faces {
        canvas.outline(face.bounds);
    }
    if let Some(face) = faces.first() {
        canvas.landmarks(face);
    }
    let bytes = [88, 70, 40].iter().find_map(|&quality| jpeg(&canvas.copy.rgb, quality))?;
    let (width, height) = (f64::from(picture.rgb.width()), f64::from(picture.rgb.height()));
    Some(EvidencePicture {
        evidence: Evidence {
            id: "portrait".to_owned(),
            kind: EvidenceKind::Overlay,
            page: picture.page.number,
            polygon: vec![[0.0, 0.0], [width, 0.0], [width, height], [0.0, height]],
            media_type: "image/jpeg".to_owned(),
            width: canvas.copy.rgb.width(),
            height: canvas.copy.rgb.height(),
            sha256: exact::bytes(&bytes),
            masked: None,
        },
        bytes,
    })
}

fn jpeg(rgb: &RgbImage, quality: u8) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality)
        .encode(rgb.as_raw(), rgb.width(), rgb.height(), ExtendedColorType::Rgb8)
        .ok()?;
    (bytes.len() <= LIMIT).then_some(bytes)
}

/// A copy of the picture that is drawn on in the picture's own coordinates.
struct Canvas {
    copy: Copy,
    /// Thickness of a line in pixels of the copy.
    pen: i64,
}

impl Canvas {
    fn on(copy: Copy) -> Self {
        let pen = i64::from(copy.rgb.width().max(copy.rgb.height()) / 450).max(1);
        Self { copy, pen }
    }

    /// Ticks along the left edge, counted from the lower one as rules do.
    fn ruler(&mut self) {
        let (width, height) = (f64::from(self.copy.rgb.width()), f64::from(self.copy.rgb.height()));
        for mm in 0..=PRINT_MM as u32 {
            let y = height - f64::from(mm) * height / PRINT_MM;
            let share = if mm % 10 == 0 {
                0.07
            } else if mm % 5 == 0 {
                0.05
            } else {
                0.025
            };
            self.bar([0.0, y], [share * width, y], WHITE);
        }
    }

    fn outline(&mut self, [x, y, width, height]: [f64; 4]) {
        let [right, lower] = [x + width, y + height];
        for (from, to) in [
            ([x, y], [right, y]),
            ([x, lower], [right, lower]),
            ([x, y], [x, lower]),
            ([right, y], [right, lower]),
        ] {
            self.line(from, to, WHITE, false);
        }
    }

    fn landmarks(&mut self, face: &Face) {
        let edge = f64::from(self.copy.rgb.width()) / self.copy.scale;
        let level = |at: Point| ([0.0, at[1]], [edge, at[1]]);
        for (at, colour, broken) in [
            (face.chin, GREEN, false),
            (face.crown_hair, GREEN, false),
            (face.crown_skull, BLUE, true),
        ] {
            if let Some((from, to)) = at.map(level) {
                self.line(from, to, colour, broken);
            }
        }
        if let (Some(right), Some(left)) = (face.right_eye, face.left_eye) {
            let slope = (left[1] - right[1]) / (left[0] - right[0]).max(1e-6);
            let at = |x: f64| [x, right[1] + slope * (x - right[0])];
            self.line(at(0.0), at(edge), YELLOW, false);
            let arm = 0.12 * (left[0] - right[0]).hypot(left[1] - right[1]);
            for [x, y] in [right, left] {
                self.line([x, y - arm], [x, y + arm], YELLOW, false);
            }
        }
    }

    /// A line between places of the picture.
    fn line(&mut self, from: Point, to: Point, colour: Rgb<u8>, broken: bool) {
        let scaled = |at: Point| at.map(|v| v * self.copy.scale);
        let (from, to) = (scaled(from), scaled(to));
        if !broken {
            return self.bar(from, to, colour);
        }
        let dashes = 24;
        let between = |i: i32| {
            let share = f64::from(i) / f64::from(2 * dashes);
            [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share]
        };
        (0..dashes).for_each(|i| self.bar(between(2 * i), between(2 * i + 1), colour));
    }

    /// A line in pixels of the copy, with a dark rim to stand out on any ground.
    fn bar(&mut self, from: Point, to: Point, colour: Rgb<u8>) {
        let rim = self.pen + 2;
        self.stroke(from, to, SHADOW, rim);
        self.stroke(from, to, colour, self.pen);
    }

    fn stroke(&mut self, from: Point, to: Point, colour: Rgb<u8>, pen: i64) {
        let (width, height) = (i64::from(self.copy.rgb.width()), i64::from(self.copy.rgb.height()));
        let longest = (to[0] - from[0]).abs().max((to[1] - from[1]).abs());
        // faces may lie partly outside, never by more than a few sides
        let steps = longest.ceil().clamp(1.0, 8.0 * f64::from(SIDE)) as u32;
        for step in 0..=steps {
            let share = f64::from(step) / f64::from(steps);
            let at = |axis: usize| (from[axis] + (to[axis] - from[axis]) * share).floor() as i64;
            for offset in 0..pen * pen {
                let x = at(0) - pen / 2 + offset % pen;
                let y = at(1) - pen / 2 + offset / pen;
                if (0..width).contains(&x) && (0..height).contains(&y) {
                    self.copy.rgb.put_pixel(x as u32, y as u32, colour);
                }
            }
        }
    }
}
