//! Finds the faces of a picture, and which side of the picture is up.

use super::face_detector::{DetectedFace, FAR, NEAR, merge_overlapping};
use super::geometry::quarter_turns;
use super::image_pyramid::ImagePyramid;
use super::landmarks::{self, Landmarks};
use super::rotated_square::RotatedSquare;

/// Room around the picture, as a share of its longer side: a portrait's head
/// may touch the border.
const ROOM: f64 = 0.25;

/// Lowest score of the main face.
const MAIN_SCORE: f64 = 0.5;

/// Below this score of the best face the picture is searched in its other
/// orientations too.
const UPRIGHT_SCORE: f64 = 0.8;

/// How much higher the score of a lying face must be than that of an upright one.
const SCORE_ADVANTAGE: f64 = 0.1;

/// Lowest score of a further face.
const FURTHER_SCORE: f64 = 0.6;

/// The main face with its landmarks.
pub(super) type MainFace = (DetectedFace, Landmarks);

/// Result of the first search, in any orientation of the picture.
pub(super) struct FaceSearch {
    /// The highest score first.
    pub(super) faces: Vec<DetectedFace>,
    /// The largest face that the mesh fits.
    pub(super) main: Option<MainFace>,
    /// Clockwise quarter turns that set the picture upright.
    pub(super) quarter_turns: u32,
}

/// Searches the picture for its main face and its orientation.
pub(super) fn search(pyramid: &ImagePyramid<'_>) -> FaceSearch {
    let faces = find_in_any_orientation(pyramid);
    let main = fit_largest(pyramid, &faces);
    let turns = faces.first().map_or(0, turns_of_detected);
    // the mesh shows the orientation of a face more exactly than the detector
    let turns = match (turns, &main) {
        (0, Some((_, landmarks))) => quarter_turns(landmarks.head_axis().roll_degrees()),
        _ => turns,
    };
    FaceSearch { faces, main, quarter_turns: turns }
}

/// Searches the picture as it is, and in its other orientations where the
/// first result has a low score.
fn find_in_any_orientation(pyramid: &ImagePyramid<'_>) -> Vec<DetectedFace> {
    let find_near = |quarter: u32| {
        let angle = f64::from(quarter) * std::f64::consts::FRAC_PI_2;
        NEAR.detect(pyramid, RotatedSquare { angle, ..whole_picture(pyramid, ROOM) }, MAIN_SCORE)
    };
    let find_far = |quarter: u32| {
        let angle = f64::from(quarter) * std::f64::consts::FRAC_PI_2;
        let square = RotatedSquare { angle, ..whole_picture(pyramid, 0.05) };
        let faces = FAR.detect(pyramid, square, FURTHER_SCORE);
        faces.into_iter().filter(|face| landmarks::is_face(pyramid, face)).collect::<Vec<_>>()
    };
    let score = |faces: &Vec<DetectedFace>| faces.first().map_or(0.0, |face| face.score);
    let mut faces = find_near(0);
    if score(&faces) < UPRIGHT_SCORE || faces.first().map_or(0, turns_of_detected) != 0 {
        for rotated in (1..4).map(find_near) {
            let is_better = score(&rotated) > score(&faces) + SCORE_ADVANTAGE;
            if is_better && rotated.first().is_some_and(|face| landmarks::is_face(pyramid, face)) {
                faces = rotated;
            }
        }
    }
    if faces.is_empty() {
        faces = (0..4).map(find_far).find(|faces| !faces.is_empty()).unwrap_or_default();
    }
    faces
}

fn turns_of_detected(face: &DetectedFace) -> u32 {
    quarter_turns(face.angle().to_degrees())
}

/// Returns the largest face that the mesh fits, with its landmarks.
fn fit_largest(pyramid: &ImagePyramid<'_>, faces: &[DetectedFace]) -> Option<MainFace> {
    let mut faces = faces.to_vec();
    sort_by_size(&mut faces);
    faces.iter().find_map(|face| Some((*face, landmarks::locate_landmarks(pyramid, face)?)))
}

/// Finds every face of an upright picture, the largest first, and the
/// landmarks of that one.
pub(super) fn find_all(
    pyramid: &ImagePyramid<'_>,
    found: Vec<DetectedFace>,
    mut main: Option<MainFace>,
) -> (Vec<DetectedFace>, Option<MainFace>) {
    let mut faces: Vec<DetectedFace> = Vec::new();
    let far = FAR.detect(pyramid, whole_picture(pyramid, 0.05), FURTHER_SCORE);
    let mut candidates = merge_overlapping(found.into_iter().chain(far).collect());
    sort_by_size(&mut candidates);
    for face in candidates {
        if faces.is_empty() {
            let known = main.take_if(|(known, _)| known.overlaps(&face));
            main = known.or_else(|| Some((face, landmarks::locate_landmarks(pyramid, &face)?)));
            faces.extend(main.is_some().then_some(face));
        } else if landmarks::is_face(pyramid, &face) {
            faces.push(face);
        }
    }
    (faces, main)
}

/// Finds faces below a chin: a print on clothes.
pub(super) fn find_below_chin(pyramid: &ImagePyramid<'_>, chin: f64) -> Vec<DetectedFace> {
    let (width, height) = (f64::from(pyramid.full.width()), f64::from(pyramid.full.height()));
    let centre = [width / 2.0, f64::midpoint(chin, height)];
    let side = width.max(height - chin);
    NEAR.detect(pyramid, RotatedSquare { centre, side, angle: 0.0 }, FURTHER_SCORE)
}

/// Sorts the largest first: the person portrayed is nearest to the camera.
fn sort_by_size(faces: &mut [DetectedFace]) {
    faces.sort_by(|a, b| b.area().total_cmp(&a.area()).then(a.bounds[0].total_cmp(&b.bounds[0])));
}

fn whole_picture(pyramid: &ImagePyramid<'_>, room: f64) -> RotatedSquare {
    let (width, height) = (f64::from(pyramid.full.width()), f64::from(pyramid.full.height()));
    let side = width.max(height) * (1.0 + 2.0 * room);
    RotatedSquare { centre: [width / 2.0, height / 2.0], side, angle: 0.0 }
}
