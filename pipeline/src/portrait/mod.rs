//! A portrait's faces, landmarks and measures: what is seen, no rule applied.
//!
//! A detector finds faces, whichever way the picture lies; a mesh of 468 points
//! laid over the main one gives chin, nose, mouth and pose, its irises the eye
//! centres. The top of the hair comes from the plain background that a portrait
//! must have, the top of the skull from a regression. What was not found is
//! absent, never guessed. Work is bounded: every step but the first reduction
//! looks at squares or a copy of fixed size.

mod background;
mod colour;
mod copy;
mod crop;
mod detector;
mod draw;
mod find;
mod frame;
mod head;
mod lab;
mod landmarks;
mod measure;
mod patch;
mod pose;
mod second;
mod warp;

#[cfg(test)]
mod tests;

use image::{RgbImage, imageops};

use background::Background;
use copy::Levels;
use detector::Found;
use find::Sight;
use head::{Head, Top};
use landmarks::Landmarks;
use patch::Patch;
use second::Opinion;

use crate::examination::{EvidencePicture, Face, Point, Portrait, SuggestedCrop, round};
use crate::open::Picture;
use crate::reason::Reason;

/// What one picture shows as a portrait.
pub struct Measured {
    /// Faces, main one first, and measures.
    pub portrait: Portrait,
    /// The upright picture with its measures drawn on it, id `portrait`, and
    /// what a better crop would be, id `portrait-crop`, where there is one.
    pub evidence: Vec<EvidencePicture>,
    /// What kept something from being seen; judging no face is the judge's.
    pub reasons: Vec<Reason>,
}

impl Measured {
    /// Adds what only the file knows: the quality that a JPEG was last saved with.
    pub fn jpeg_quality(&mut self, quality: u8) {
        let (name, measure) = measure::jpeg_quality(quality);
        self.portrait.measures.insert(name, measure);
    }
}

/// Runs every network once on nothing.
pub(crate) fn warm() {
    detector::warm();
    landmarks::warm();
}

/// Measures a portrait of any size.
#[must_use]
pub fn measure(picture: &Picture) -> Measured {
    if picture.rgb.is_empty() {
        let portrait = Portrait::default();
        return Measured { portrait, evidence: Vec::new(), reasons: Vec::new() };
    }
    let levels = Levels::of(&picture.rgb);
    let first = First::of(&levels);
    if first.quarters == 0 {
        return upright(picture, levels, first, 0);
    }
    let turned = turned(&picture.rgb, first.quarters);
    let turned_levels = Levels::of(&turned);
    let again = First::of(&turned_levels);
    if again.quarters == 0 {
        upright(picture, turned_levels, again, first.quarters)
    } else {
        // which way is up cannot be told
        upright(picture, levels, first, 0)
    }
}

/// What is seen at first.
struct First {
    faces: Vec<Found>,
    main: Option<(Found, Landmarks)>,
    /// Quarter turns, clockwise, that set the picture upright.
    quarters: u32,
}

impl First {
    fn of(levels: &Levels<'_>) -> Self {
        let Sight { faces, quarters } = find::sight(levels);
        let main = main(levels, &faces);
        // the mesh knows better than the detector which way up a face is
        let quarters = match (quarters, &main) {
            (0, Some((_, points))) => points.turns(),
            _ => quarters,
        };
        Self { faces, main, quarters }
    }
}

/// The largest face that a mesh fits, and its points.
fn main(levels: &Levels<'_>, near: &[Found]) -> Option<(Found, Landmarks)> {
    let mut near = near.to_vec();
    find::by_size(&mut near);
    near.iter().find_map(|face| Some((*face, landmarks::of(levels, face)?)))
}

fn turned(rgb: &RgbImage, quarters: u32) -> RgbImage {
    match quarters {
        1 => imageops::rotate90(rgb),
        2 => imageops::rotate180(rgb),
        _ => imageops::rotate270(rgb),
    }
}

/// `quarters`: how far the picture was turned for the levels to be upright.
fn upright(picture: &Picture, levels: Levels<'_>, first: First, quarters: u32) -> Measured {
    let scene = Scene::of(levels, first, picture.page.dpi);
    let measures = measure::all(&scene);
    let size = [picture.rgb.width(), picture.rgb.height()].map(f64::from);
    let mut evidence: Vec<EvidencePicture> = draw::overlay(picture, &scene).into_iter().collect();
    let suggested_crop = crop::bounds(&scene).map(|bounds| {
        let crop = SuggestedCrop {
            bounds: box_back(bounds, quarters, size),
            measures: crop::measures(&scene, &measures, bounds),
        };
        evidence.extend(crop::picture(&scene, picture.page.number, &crop, bounds));
        crop
    });
    let faces = scene.faces().into_iter().map(|face| face.turned_back(quarters, size)).collect();
    let rotation = (90 * quarters) as u16;
    let portrait = Portrait { rotation, faces, measures, suggested_crop };
    Measured { portrait, evidence, reasons: Vec::new() }
}

/// An upright picture and all that was found in it.
struct Scene<'a> {
    levels: Levels<'a>,
    dpi: Option<f64>,
    /// Lines of a frame at the left, right, upper and lower side of the small copy.
    frame: [u32; 4],
    /// The main face first.
    found: Vec<Found>,
    opinion: Opinion,
    points: Option<Landmarks>,
    /// Share of the picture's edges that shows one colour.
    plain: f64,
    background: Option<Background>,
    head: Option<Head>,
    patch: Option<Patch>,
}

impl<'a> Scene<'a> {
    fn of(levels: Levels<'a>, first: First, dpi: Option<f64>) -> Self {
        let First { faces: near, main, .. } = first;
        let small = &levels.small;
        let (width, height) = (small.rgb.width() as usize, small.rgb.height() as usize);
        let below = main.as_ref().map_or(height as f64, |(_, points)| {
            (points.chin()[1] * small.scale).clamp(0.0, height as f64)
        }) as usize;
        let frame = frame::of(&small.rgb);
        let [left, right, top, _] = frame.map(|lines| lines as usize);
        // compression smears a frame's edge
        let inner = |lines: usize| if lines > 0 { lines + 2 } else { 0 };
        let columns = inner(left)..width.saturating_sub(inner(right));
        let rows = inner(top)..below;
        let (plain, background) =
            Background::grow(&lab::pixels(&small.rgb), width, &columns, &rows);
        // where all is background but one head there is no room for another
        let alone = |(face, _): &(Found, Landmarks)| {
            let [x, _, side, _] = face.bounds.map(|v| v * small.scale);
            let columns = (x - side * BESIDE).max(0.0) as usize
                ..(x + (1.0 + BESIDE) * side).max(0.0) as usize;
            near.len() == 1
                && background.as_ref().is_some_and(|b| b.covered_beside(&columns, below) < CROWD)
        };
        let (found, main) = if let Some((face, points)) = main.as_ref().filter(|m| alone(m)) {
            let below = find::below(&levels, points.chin()[1])
                .into_iter()
                .filter(|other| !other.overlaps(face) && landmarks::is_face(&levels, other));
            (std::iter::once(*face).chain(below).collect(), main)
        } else {
            everyone(&levels, near, main)
        };
        let points = main.map(|(_, points)| points);
        let opinion = second::opinion(&levels, &found);
        let head = points.as_ref().and_then(|p| head::find(&levels, p, background.as_ref()));
        let patch = points.as_ref().map(|points| Patch::of(&levels, points));
        Self { levels, dpi, frame, found, opinion, points, plain, background, head, patch }
    }

    fn size(&self) -> (f64, f64) {
        (f64::from(self.levels.full.width()), f64::from(self.levels.full.height()))
    }

    /// 0..1: how surely there is a face to measure.
    fn confidence(&self) -> f64 {
        let found = self.found.first().map_or(0.0, |face| face.score);
        self.points.as_ref().map_or(found, |points| found.min(points.presence))
    }

    fn faces(&self) -> Vec<Face> {
        let mut faces: Vec<Face> = self.found.iter().map(boxed).collect();
        if let (Some(face), Some(points)) = (faces.first_mut(), &self.points) {
            let [right, left] = points.eye_centres();
            face.right_eye = Some(place(right));
            face.left_eye = Some(place(left));
            face.nose = Some(place(points.nose()));
            face.mouth = Some(place(points.mouth()));
            face.roll_deg = Some(round(head::Axis::of(points).roll(), 1));
            face.yaw_deg = Some(round(points.pose.yaw, 1));
            face.pitch_deg = Some(round(points.pose.pitch, 1));
            face.confidence = round(self.confidence(), 2);
            if let Some(head) = self.head {
                face.chin = Some(place(head.chin));
                face.crown_skull = Some(place(head.skull));
                face.crown_hair =
                    if let Top::At(hair) = head.hair { Some(place(hair)) } else { None };
            }
        }
        faces
    }
}

/// Share of what is beside the head, above the chin, that may be no background
/// where nobody else is looked for; and how far beside the face's box that
/// begins, in its widths.
const CROWD: f64 = 0.004;
const BESIDE: f64 = 0.3;

/// Every face, the largest first, and the points of that one.
fn everyone(
    levels: &Levels<'_>,
    near: Vec<Found>,
    main: Option<(Found, Landmarks)>,
) -> (Vec<Found>, Option<(Found, Landmarks)>) {
    let mut main = main;
    let mut found: Vec<Found> = Vec::new();
    let mut candidates = find::further(levels, near);
    find::by_size(&mut candidates);
    for face in candidates {
        if found.is_empty() {
            let known = main.take_if(|(known, _)| known.overlaps(&face));
            main = known.or_else(|| Some((face, landmarks::of(levels, &face)?)));
            found.extend(main.is_some().then_some(face));
        } else if landmarks::is_face(levels, &face) {
            found.push(face);
        }
    }
    (found, main)
}

fn boxed(found: &Found) -> Face {
    Face {
        bounds: found.bounds.map(|v| round(v, 1)),
        right_eye: None,
        left_eye: None,
        nose: None,
        mouth: None,
        chin: None,
        crown_hair: None,
        crown_skull: None,
        roll_deg: None,
        yaw_deg: None,
        pitch_deg: None,
        confidence: round(found.score, 2),
    }
}

impl Face {
    /// The same in pixels of the page, of a `size`, that was turned clockwise
    /// by `quarters` for the face to be upright.
    fn turned_back(self, quarters: u32, size: [f64; 2]) -> Self {
        let point = |at: Option<Point>| at.map(|at| place(back(at, quarters, size)));
        Self {
            bounds: box_back(self.bounds, quarters, size),
            right_eye: point(self.right_eye),
            left_eye: point(self.left_eye),
            nose: point(self.nose),
            mouth: point(self.mouth),
            chin: point(self.chin),
            crown_hair: point(self.crown_hair),
            crown_skull: point(self.crown_skull),
            ..self
        }
    }
}

/// A place of the upright picture on the page.
fn back([x, y]: Point, quarters: u32, [width, height]: [f64; 2]) -> Point {
    match quarters {
        1 => [y, height - x],
        2 => [width - x, height - y],
        3 => [width - y, x],
        _ => [x, y],
    }
}

fn box_back([x, y, w, h]: [f64; 4], quarters: u32, size: [f64; 2]) -> [f64; 4] {
    let (a, b) = (back([x, y], quarters, size), back([x + w, y + h], quarters, size));
    [a[0].min(b[0]), a[1].min(b[1]), (a[0] - b[0]).abs(), (a[1] - b[1]).abs()].map(|v| round(v, 1))
}

/// Tenths of a pixel mean something, further digits do not.
fn place(point: Point) -> Point {
    point.map(|v| round(v, 1))
}
