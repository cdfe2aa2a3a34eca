//! The portrait with its measures drawn on it, as evidence.
//!
//! White: face boxes and rulers at the left and lower edge, a tick a millimetre
//! of the print, longer every five and ten. Yellow: eye centres and eye line. Green:
//! chin and top of the hair. Blue, broken: estimated top of the skull, and the
//! head's axis. Light green bars at both sides: where the crown would lie, seen
//! from this chin, and the chin, seen from this crown, of a head of 32 to 36 mm.

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, Rgb, RgbImage};

use super::Scene;
use super::copy::Copy;
use super::head::{Axis, Head, Top};
use super::measure::PRINT_MM;
use crate::digest::sha256;
use crate::examination::{Evidence, EvidenceKind, EvidencePicture, Point};
use crate::open::Picture;

/// Longer side of the overlay.
pub(super) const SIDE: u32 = 720;

/// A smaller picture is enlarged to this, twice at most.
const LEAST: u32 = 480;

/// Most bytes of an evidence picture.
const LIMIT: usize = 512 * 1024;

/// Heights of a head of 70 to 80 % of the print (ICAO Doc 9303-3, 3.9.1.3).
const HEAD_MM: [f64; 2] = [32.0, 36.0];

const WHITE: Rgb<u8> = Rgb([255, 255, 255]);
const YELLOW: Rgb<u8> = Rgb([255, 214, 0]);
const GREEN: Rgb<u8> = Rgb([0, 200, 90]);
const BLUE: Rgb<u8> = Rgb([40, 130, 255]);
const BAND: Rgb<u8> = Rgb([150, 235, 190]);
const SHADOW: Rgb<u8> = Rgb([20, 20, 20]);

/// Draws the overlay on a copy of the picture; none when it does not encode within its limit.
pub(super) fn overlay(picture: &Picture, scene: &Scene<'_>) -> Option<EvidencePicture> {
    let mut canvas = Canvas::on(scene.levels.middle.smaller(SIDE).at_least(LEAST));
    canvas.rulers();
    for face in &scene.found {
        canvas.outline(face.bounds);
    }
    if let Some(head) = &scene.head {
        canvas.head(head);
    }
    if let Some(points) = &scene.points {
        canvas.eyes(&Axis::of(points), points.eye_centres());
    }
    let bytes = encoded(&canvas.copy.rgb)?;
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
            sha256: sha256(&bytes),
            masked: None,
        },
        bytes,
    })
}

/// JPEG within the limit of evidence.
pub(super) fn encoded(rgb: &RgbImage) -> Option<Vec<u8>> {
    [88, 70, 40].iter().find_map(|&quality| jpeg(rgb, quality))
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
        let pen = i64::from(copy.rgb.width().max(copy.rgb.height()) / 300).max(1);
        Self { copy, pen }
    }

    /// Ticks along the left edge, counted from the lower one as rules do, and
    /// along the lower edge, counted from the middle.
    fn rulers(&mut self) {
        let (width, height) = (f64::from(self.copy.rgb.width()), f64::from(self.copy.rgb.height()));
        let mm = height / PRINT_MM;
        let long = |at: u32| match at {
            at if at.is_multiple_of(10) => 0.07,
            at if at.is_multiple_of(5) => 0.05,
            _ => 0.025,
        };
        for at in 0..=PRINT_MM as u32 {
            let y = height - f64::from(at) * mm;
            self.bar([0.0, y], [long(at) * width, y], WHITE);
        }
        for at in 0..=(width / mm / 2.0) as u32 {
            for x in [width / 2.0 - f64::from(at) * mm, width / 2.0 + f64::from(at) * mm] {
                self.bar([x, height - long(at) * width / 2.0], [x, height], WHITE);
            }
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

    /// Ends of the head, square to its axis, and the band for the crown.
    fn head(&mut self, head: &Head) {
        let unit = head.axis.unit;
        let mm = f64::from(self.copy.rgb.height()) / self.copy.scale / PRINT_MM;
        let top = if let Top::At(hair) = head.hair { hair } else { head.skull };
        let top = head.axis.along(top);
        let bands = [HEAD_MM.map(|at| head.to_chin - at * mm), HEAD_MM.map(|at| top + at * mm)];
        for [from, to] in bands {
            for step in 0..=20 {
                let down = from + (to - from) * f64::from(step) / 20.0;
                for side in [[-1.9, -1.6], [1.6, 1.9]] {
                    let [a, b] = side.map(|across| head.axis.at(down, across * unit));
                    self.line(a, b, BAND, false);
                }
            }
        }
        let mut across = |down: f64, colour, broken| {
            let ends = [-1.9, 1.9].map(|side| head.axis.at(down, side * unit));
            self.line(ends[0], ends[1], colour, broken);
        };
        across(head.to_chin, GREEN, false);
        across(head.axis.along(head.skull), BLUE, true);
        if let Top::At(hair) = head.hair {
            across(head.axis.along(hair), GREEN, false);
        }
        self.line(head.skull, head.chin, BLUE, true);
    }

    fn eyes(&mut self, axis: &Axis, eyes: [Point; 2]) {
        let arm = 0.12 * axis.unit;
        self.line(axis.at(0.0, -1.9 * axis.unit), axis.at(0.0, 1.9 * axis.unit), YELLOW, false);
        for [x, y] in eyes {
            self.line([x, y - arm], [x, y + arm], YELLOW, false);
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
        if colour != BAND {
            self.stroke(from, to, SHADOW, self.pen + 2);
        }
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
