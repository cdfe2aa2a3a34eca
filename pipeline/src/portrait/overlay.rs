//! The evidence picture of a portrait: the picture with its measures drawn on it.
//!
//! White: face boxes and rulers at the left and lower edge, a tick per
//! millimetre of the print, longer every five and ten. Yellow: eye centres and eye line. Green:
//! chin and top of the hair. Blue, dashed: estimated top of the skull, and the
//! head's axis. Light green bars at both sides: the crown for this chin, and the
//! chin for this crown, of a head of 32 to 36 mm.

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, Rgb, RgbImage};

use super::geometry::{HeadAxis, PRINT_HEIGHT_MM};
use super::head::{HairTop, Head};
use super::image_pyramid::ScaledImage;
use super::scene::Scene;
use crate::digest::sha256;
use crate::examination::{Evidence, EvidenceKind, EvidencePicture, Point};
use crate::open::Picture;

/// Longer side of the overlay.
const SIDE: u32 = 720;

/// A smaller picture is enlarged to this, by 2 at most.
const SIDE_MIN: u32 = 480;

/// Largest evidence picture in bytes.
const BYTES_MAX: usize = 512 * 1024;

/// Head heights of 70 to 80 % of the print (ICAO Doc 9303-3, 3.9.1.3).
const HEAD_MM: [f64; 2] = [32.0, 36.0];

const WHITE: Rgb<u8> = Rgb([255, 255, 255]);
const YELLOW: Rgb<u8> = Rgb([255, 214, 0]);
const GREEN: Rgb<u8> = Rgb([0, 200, 90]);
const BLUE: Rgb<u8> = Rgb([40, 130, 255]);
const LIGHT_GREEN: Rgb<u8> = Rgb([150, 235, 190]);
const SHADOW: Rgb<u8> = Rgb([20, 20, 20]);

/// Draws the measures on a copy of the picture; `None` when its JPEG exceeds the limit.
pub(super) fn draw_overlay(picture: &Picture, scene: &Scene<'_>) -> Option<EvidencePicture> {
    let mut canvas = Canvas::new(scene.pyramid.middle.shrink_to(SIDE).enlarge_to(SIDE_MIN));
    canvas.draw_rulers();
    for face in &scene.faces {
        canvas.draw_box(face.bounds);
    }
    if let Some(head) = &scene.head {
        canvas.draw_head(head);
    }
    if let Some(landmarks) = &scene.landmarks {
        canvas.draw_eyes(&landmarks.head_axis(), landmarks.eye_centres());
    }
    let bytes = encode_jpeg(&canvas.image.rgb)?;
    let (width, height) = (f64::from(picture.rgb.width()), f64::from(picture.rgb.height()));
    Some(EvidencePicture {
        evidence: Evidence {
            id: "portrait".to_owned(),
            kind: EvidenceKind::Overlay,
            page: picture.page.number,
            polygon: vec![[0.0, 0.0], [width, 0.0], [width, height], [0.0, height]],
            media_type: "image/jpeg".to_owned(),
            width: canvas.image.rgb.width(),
            height: canvas.image.rgb.height(),
            sha256: sha256(&bytes),
            masked: None,
        },
        bytes,
    })
}

/// Encodes a JPEG within the limit of an evidence picture.
pub(super) fn encode_jpeg(rgb: &RgbImage) -> Option<Vec<u8>> {
    [88, 70, 40].iter().find_map(|&quality| encode_at_quality(rgb, quality))
}

fn encode_at_quality(rgb: &RgbImage, quality: u8) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality)
        .encode(rgb.as_raw(), rgb.width(), rgb.height(), ExtendedColorType::Rgb8)
        .ok()?;
    (bytes.len() <= BYTES_MAX).then_some(bytes)
}

/// A copy of the picture, drawn on in the picture's own coordinates.
struct Canvas {
    image: ScaledImage,
    /// Thickness of a line in pixels of the copy.
    pen: i64,
}

impl Canvas {
    fn new(image: ScaledImage) -> Self {
        let pen = i64::from(image.rgb.width().max(image.rgb.height()) / 300).max(1);
        Self { image, pen }
    }

    /// Draws ticks along the left edge, counted from below as the rules count,
    /// and along the lower edge, counted from the middle.
    fn draw_rulers(&mut self) {
        let (width, height) =
            (f64::from(self.image.rgb.width()), f64::from(self.image.rgb.height()));
        let mm = height / PRINT_HEIGHT_MM;
        let long = |at: u32| match at {
            at if at.is_multiple_of(10) => 0.07,
            at if at.is_multiple_of(5) => 0.05,
            _ => 0.025,
        };
        for at in 0..=PRINT_HEIGHT_MM as u32 {
            let y = height - f64::from(at) * mm;
            self.draw_bar([0.0, y], [long(at) * width, y], WHITE);
        }
        for at in 0..=(width / mm / 2.0) as u32 {
            for x in [width / 2.0 - f64::from(at) * mm, width / 2.0 + f64::from(at) * mm] {
                self.draw_bar([x, height - long(at) * width / 2.0], [x, height], WHITE);
            }
        }
    }

    fn draw_box(&mut self, [x, y, width, height]: [f64; 4]) {
        let [right, lower] = [x + width, y + height];
        for (from, to) in [
            ([x, y], [right, y]),
            ([x, lower], [right, lower]),
            ([x, y], [x, lower]),
            ([right, y], [right, lower]),
        ] {
            self.draw_line(from, to, WHITE, false);
        }
    }

    /// Draws chin and crown, perpendicular to the head's axis, and the allowed ranges.
    fn draw_head(&mut self, head: &Head) {
        let unit = head.axis.inter_eye_distance;
        let mm = f64::from(self.image.rgb.height()) / self.image.scale / PRINT_HEIGHT_MM;
        let top = if let HairTop::At(hair) = head.hair { hair } else { head.skull };
        let top = head.axis.distance_along(top);
        let ranges = [HEAD_MM.map(|at| head.to_chin - at * mm), HEAD_MM.map(|at| top + at * mm)];
        for [from, to] in ranges {
            for step in 0..=20 {
                let down = from + (to - from) * f64::from(step) / 20.0;
                for side in [[-1.9, -1.6], [1.6, 1.9]] {
                    let [a, b] = side.map(|across| head.axis.point_at(down, across * unit));
                    self.draw_line(a, b, LIGHT_GREEN, false);
                }
            }
        }
        let mut across = |down: f64, colour, dashed| {
            let ends = [-1.9, 1.9].map(|side| head.axis.point_at(down, side * unit));
            self.draw_line(ends[0], ends[1], colour, dashed);
        };
        across(head.to_chin, GREEN, false);
        across(head.axis.distance_along(head.skull), BLUE, true);
        if let HairTop::At(hair) = head.hair {
            across(head.axis.distance_along(hair), GREEN, false);
        }
        self.draw_line(head.skull, head.chin, BLUE, true);
    }

    fn draw_eyes(&mut self, axis: &HeadAxis, eyes: [Point; 2]) {
        let arm = 0.12 * axis.inter_eye_distance;
        self.draw_line(
            axis.point_at(0.0, -1.9 * axis.inter_eye_distance),
            axis.point_at(0.0, 1.9 * axis.inter_eye_distance),
            YELLOW,
            false,
        );
        for [x, y] in eyes {
            self.draw_line([x, y - arm], [x, y + arm], YELLOW, false);
        }
    }

    /// Draws a line between points of the picture.
    fn draw_line(&mut self, from: Point, to: Point, colour: Rgb<u8>, dashed: bool) {
        let scaled = |at: Point| at.map(|v| v * self.image.scale);
        let (from, to) = (scaled(from), scaled(to));
        if !dashed {
            return self.draw_bar(from, to, colour);
        }
        let dashes = 24;
        let between = |i: i32| {
            let share = f64::from(i) / f64::from(2 * dashes);
            [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share]
        };
        (0..dashes).for_each(|i| self.draw_bar(between(2 * i), between(2 * i + 1), colour));
    }

    /// Draws a line in pixels of the copy, with a dark outline to be visible on any colour.
    fn draw_bar(&mut self, from: Point, to: Point, colour: Rgb<u8>) {
        if colour != LIGHT_GREEN {
            self.draw_stroke(from, to, SHADOW, self.pen + 2);
        }
        self.draw_stroke(from, to, colour, self.pen);
    }

    fn draw_stroke(&mut self, from: Point, to: Point, colour: Rgb<u8>, pen: i64) {
        let (width, height) =
            (i64::from(self.image.rgb.width()), i64::from(self.image.rgb.height()));
        let longest = (to[0] - from[0]).abs().max((to[1] - from[1]).abs());
        // faces may be partly outside, never by more than a few sides
        let steps = longest.ceil().clamp(1.0, 8.0 * f64::from(SIDE)) as u32;
        for step in 0..=steps {
            let share = f64::from(step) / f64::from(steps);
            let at = |axis: usize| (from[axis] + (to[axis] - from[axis]) * share).floor() as i64;
            for offset in 0..pen * pen {
                let x = at(0) - pen / 2 + offset % pen;
                let y = at(1) - pen / 2 + offset / pen;
                if (0..width).contains(&x) && (0..height).contains(&y) {
                    self.image.rgb.put_pixel(x as u32, y as u32, colour);
                }
            }
        }
    }
}
