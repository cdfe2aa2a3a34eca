//! The upright picture and everything that was found in it.

use super::aligned_face::AlignedFace;
use super::background::Background;
use super::border;
use super::cielab;
use super::face_detector::DetectedFace;
use super::find_faces::{self, MainFace};
use super::head::{self, HairTop, Head};
use super::image_pyramid::ImagePyramid;
use super::landmarks::{self, Landmarks};
use super::page_position::round_point;
use super::second_detector::{self, SecondOpinion};
use crate::examination::{Face, round};

/// Share of the area beside the head, above the chin, that may be covered by
/// something other than background for the search for other faces to be skipped.
const COVERED_MOST: f64 = 0.004;

/// Where the area beside the head begins: beside the face's box, in its widths.
const BESIDE: f64 = 0.3;

/// An upright picture and everything that was found in it.
pub(super) struct Scene<'a> {
    pub(super) pyramid: ImagePyramid<'a>,
    pub(super) dpi: Option<f64>,
    /// Lines of a border at the left, right, upper and lower side of the small level.
    pub(super) border: [u32; 4],
    /// The main face first.
    pub(super) faces: Vec<DetectedFace>,
    pub(super) second_opinion: SecondOpinion,
    /// Landmarks of the main face.
    pub(super) landmarks: Option<Landmarks>,
    /// Share of the picture's edges that shows one colour.
    pub(super) plain_share: f64,
    pub(super) background: Option<Background>,
    pub(super) head: Option<Head>,
    pub(super) aligned_face: Option<AlignedFace>,
}

impl<'a> Scene<'a> {
    /// Examines an upright picture, starting from the faces of the first search.
    pub(super) fn build(
        pyramid: ImagePyramid<'a>,
        found: Vec<DetectedFace>,
        main: Option<MainFace>,
        dpi: Option<f64>,
    ) -> Self {
        let small = &pyramid.small;
        let (width, height) = (small.rgb.width() as usize, small.rgb.height() as usize);
        let chin_row = main.as_ref().map_or(height as f64, |(_, landmarks)| {
            (landmarks.chin()[1] * small.scale).clamp(0.0, height as f64)
        }) as usize;
        let border = border::measure_border(&small.rgb);
        let [left, right, top, _] = border.map(|lines| lines as usize);
        // compression smears a border's edge
        let inner = |lines: usize| if lines > 0 { lines + 2 } else { 0 };
        let columns = inner(left)..width.saturating_sub(inner(right));
        let rows = inner(top)..chin_row;
        let (plain_share, background) =
            Background::grow(&cielab::from_image(&small.rgb), width, &columns, &rows);
        // where all is background but one head there is no room for another
        let is_alone = |(face, _): &MainFace| {
            let [x, _, side, _] = face.bounds.map(|v| v * small.scale);
            let columns = (x - side * BESIDE).max(0.0) as usize
                ..(x + (1.0 + BESIDE) * side).max(0.0) as usize;
            found.len() == 1
                && background
                    .as_ref()
                    .is_some_and(|b| b.covered_beside(&columns, chin_row) < COVERED_MOST)
        };
        let (faces, main) = if let Some((face, landmarks)) = main.as_ref().filter(|m| is_alone(m)) {
            let below = find_faces::find_below_chin(&pyramid, landmarks.chin()[1])
                .into_iter()
                .filter(|other| !other.overlaps(face) && landmarks::is_face(&pyramid, other));
            (std::iter::once(*face).chain(below).collect(), main)
        } else {
            find_faces::find_all(&pyramid, found, main)
        };
        let landmarks = main.map(|(_, landmarks)| landmarks);
        let second_opinion = second_detector::second_opinion(&pyramid, &faces);
        let head =
            landmarks.as_ref().and_then(|l| head::locate_head(&pyramid, l, background.as_ref()));
        let aligned_face = landmarks.as_ref().map(|l| AlignedFace::extract(&pyramid, l));
        Self {
            pyramid,
            dpi,
            border,
            faces,
            second_opinion,
            landmarks,
            plain_share,
            background,
            head,
            aligned_face,
        }
    }

    /// Returns width and height of the upright picture.
    pub(super) fn size(&self) -> (f64, f64) {
        (f64::from(self.pyramid.full.width()), f64::from(self.pyramid.full.height()))
    }

    /// Returns the confidence, 0..1, that there is a face to measure.
    pub(super) fn confidence(&self) -> f64 {
        let detected = self.faces.first().map_or(0.0, |face| face.score);
        self.landmarks.as_ref().map_or(detected, |landmarks| detected.min(landmarks.presence))
    }

    /// Returns the faces as facts of an examination, in pixels of the upright picture.
    pub(super) fn face_facts(&self) -> Vec<Face> {
        let mut faces: Vec<Face> = self.faces.iter().map(box_only).collect();
        if let (Some(face), Some(landmarks)) = (faces.first_mut(), &self.landmarks) {
            let [right, left] = landmarks.eye_centres();
            face.right_eye = Some(round_point(right));
            face.left_eye = Some(round_point(left));
            face.nose = Some(round_point(landmarks.nose()));
            face.mouth = Some(round_point(landmarks.mouth()));
            face.roll_deg = Some(round(landmarks.head_axis().roll_degrees(), 1));
            face.yaw_deg = Some(round(landmarks.pose.yaw, 1));
            face.pitch_deg = Some(round(landmarks.pose.pitch, 1));
            face.confidence = round(self.confidence(), 2);
            if let Some(head) = self.head {
                face.chin = Some(round_point(head.chin));
                face.crown_skull = Some(round_point(head.skull));
                face.crown_hair =
                    if let HairTop::At(hair) = head.hair { Some(round_point(hair)) } else { None };
            }
        }
        faces
    }
}

fn box_only(detected: &DetectedFace) -> Face {
    Face {
        bounds: detected.bounds.map(|v| round(v, 1)),
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
        confidence: round(detected.score, 2),
    }
}
