//! Landmarks of a face: the 468 points of FaceMesh, and the irises.

use std::sync::LazyLock;

use super::face_detector::DetectedFace;
use super::geometry::{HeadAxis, direction, midpoint};
use super::head_pose::{self, HeadPose};
use super::image_pyramid::ImagePyramid;
use super::rotated_square::{OutsideFill, RotatedSquare};
use crate::engines::network::Network;
use crate::examination::Point;
use crate::models;

static MESH: LazyLock<Option<Network>> = LazyLock::new(|| Network::load(models::FACE_MESH.bytes));
static IRIS: LazyLock<Option<Network>> = LazyLock::new(|| Network::load(models::IRIS.bytes));

/// Points of the mesh.
const POINTS: usize = 468;
/// Sides of the networks' inputs in pixels: mesh and iris.
const MESH_SIZE: usize = 192;
const IRIS_SIZE: usize = 64;
/// Points of an eye's contour, before those of its iris.
const CONTOUR: usize = 71;
/// Side of the mesh's square over that of the face's box.
const AROUND: f64 = 1.5;
/// Side of the iris's square over the width of the eye from corner to corner.
const AROUND_EYE: f64 = 2.3;
/// Lowest presence of a face, as the mesh reports it.
const PRESENT: f64 = 0.5;

/// Corners of the person's right and left eye in the mesh, outer first.
const CORNERS: [[usize; 2]; 2] = [[33, 133], [263, 362]];
const CHIN: usize = 152;
const NOSE: usize = 1;
const LIPS: [usize; 2] = [13, 14];

/// Landmarks of a face in pixels of the picture.
#[derive(Clone, Debug)]
pub(super) struct Landmarks {
    /// Points of FaceMesh, by its numbers.
    pub(super) mesh: Vec<Point>,
    pub(super) pose: HeadPose,
    /// The person's right eye, then the left.
    pub(super) eyes: [Eye; 2],
    /// 0..1: probability that this is a face.
    pub(super) presence: f64,
}

/// Landmarks of an eye in pixels of the picture.
#[derive(Clone, Debug)]
pub(super) struct Eye {
    /// Outer and inner corner.
    pub(super) corners: [Point; 2],
    /// Lids and their surroundings: 0 to 8 along the lower lid, 9 to 14 along
    /// the upper one, brows from 64 on.
    pub(super) contour: Vec<Point>,
    /// Middle of the iris, then four points of its edge.
    pub(super) iris: [Point; 5],
}

impl Eye {
    /// Returns the eye centre: half way between the midpoint of the eye corners,
    /// which ISO/IEC 39794-5 defines, and the middle of the iris, which is located
    /// more exactly but follows the gaze and is guessed under closed lids.
    pub(super) fn centre(&self) -> Point {
        midpoint([midpoint(self.corners), self.iris[0]])
    }
}

impl Landmarks {
    /// Returns the centres of the person's right and left eye.
    pub(super) fn eye_centres(&self) -> [Point; 2] {
        [self.eyes[0].centre(), self.eyes[1].centre()]
    }

    /// Returns the head's axis.
    pub(super) fn head_axis(&self) -> HeadAxis {
        HeadAxis::from_eyes(self.eye_centres())
    }

    pub(super) fn chin(&self) -> Point {
        self.mesh[CHIN]
    }

    pub(super) fn nose(&self) -> Point {
        self.mesh[NOSE]
    }

    pub(super) fn mouth(&self) -> Point {
        midpoint(LIPS.map(|point| self.mesh[point]))
    }
}

/// Runs both networks once on an empty input.
pub(super) fn warm() {
    for (network, size) in [(&MESH, MESH_SIZE), (&IRIS, IRIS_SIZE)] {
        let empty = vec![0.0; 3 * size * size];
        let _ = network.as_ref().and_then(|network| network.run([1, 3, size, size], empty));
    }
}

/// Locates the landmarks of a detected face; `None` where the mesh finds no face.
pub(super) fn locate_landmarks(
    pyramid: &ImagePyramid<'_>,
    face: &DetectedFace,
) -> Option<Landmarks> {
    let first = run_mesh(pyramid, square_around_box(face))?;
    if first.presence < PRESENT {
        return None;
    }
    // once more around the points of the first run, if they are elsewhere
    let (used, better) = (square_around_box(face), square_around_points(&first.points));
    let Mesh { points, depth, presence } =
        if used.is_near(&better) { first } else { run_mesh(pyramid, better)? };
    let corners = CORNERS.map(|corners| corners.map(|point| points[point]));
    let eyes = [locate_eye(pyramid, corners[0], true)?, locate_eye(pyramid, corners[1], false)?];
    let pose = head_pose::estimate_pose(&points, &depth);
    (presence >= PRESENT).then_some(Landmarks { mesh: points, pose, eyes, presence })
}

/// Returns whether the mesh fits a detected face.
pub(super) fn is_face(pyramid: &ImagePyramid<'_>, face: &DetectedFace) -> bool {
    run_mesh(pyramid, square_around_box(face)).is_some_and(|mesh| mesh.presence >= PRESENT)
}

fn square_around_box(face: &DetectedFace) -> RotatedSquare {
    let [x, y, width, height] = face.bounds;
    let centre = [x + width / 2.0, y + height / 2.0];
    RotatedSquare { centre, side: AROUND * width.max(height), angle: face.angle() }
}

/// Returns the square that the mesh expects around a face whose points are known.
fn square_around_points(points: &[Point]) -> RotatedSquare {
    let eyes = CORNERS.map(|corners| midpoint(corners.map(|point| points[point])));
    let angle = direction(eyes);
    let (sin, cos) = angle.sin_cos();
    let (mut low, mut high) = ([f64::MAX; 2], [f64::MIN; 2]);
    for [x, y] in points {
        for (axis, value) in [x * cos + y * sin, y * cos - x * sin].into_iter().enumerate() {
            low[axis] = low[axis].min(value);
            high[axis] = high[axis].max(value);
        }
    }
    let [u, v] = [0, 1].map(|axis| (low[axis] + high[axis]) / 2.0);
    let side = AROUND * (high[0] - low[0]).max(high[1] - low[1]);
    RotatedSquare { centre: [u * cos - v * sin, u * sin + v * cos], side, angle }
}

struct Mesh {
    points: Vec<Point>,
    /// Depth in pixels away from the camera, from the middle of the head.
    depth: Vec<f64>,
    presence: f64,
}

fn run_mesh(pyramid: &ImagePyramid<'_>, square: RotatedSquare) -> Option<Mesh> {
    let planes = square.sample_planes(pyramid, MESH_SIZE, OutsideFill::Black);
    let answer = MESH.as_ref()?.run([1, 3, MESH_SIZE, MESH_SIZE], planes)?;
    if answer.values.len() != 3 * POINTS + 1 {
        return None;
    }
    let share = |value: f32| f64::from(value) / MESH_SIZE as f64;
    let rows = || answer.values.chunks_exact(3).take(POINTS);
    Some(Mesh {
        points: rows().map(|p| square.point_on_picture([share(p[0]), share(p[1])])).collect(),
        depth: rows().map(|p| share(p[2]) * square.side).collect(),
        presence: 1.0 / (1.0 + (-f64::from(answer.values[3 * POINTS])).exp()),
    })
}

/// Locates the landmarks of an eye. The network was trained on left eyes: a
/// right eye is mirrored.
fn locate_eye(pyramid: &ImagePyramid<'_>, corners: [Point; 2], right: bool) -> Option<Eye> {
    let [outer, inner] = corners;
    let width = (outer[0] - inner[0]).hypot(outer[1] - inner[1]);
    let ends = if right { [outer, inner] } else { [inner, outer] };
    let square = RotatedSquare {
        centre: midpoint(corners),
        side: AROUND_EYE * width,
        angle: direction(ends),
    };
    let mut planes = square.sample_planes(pyramid, IRIS_SIZE, OutsideFill::NearestEdge);
    if right {
        planes.chunks_exact_mut(IRIS_SIZE).for_each(<[f32]>::reverse);
    }
    let answer = IRIS.as_ref()?.run([1, 3, IRIS_SIZE, IRIS_SIZE], planes)?;
    let mut points = answer.values.chunks_exact(3).map(|point| {
        let [u, v] = [0, 1].map(|axis| f64::from(point[axis]) / IRIS_SIZE as f64);
        square.point_on_picture([if right { 1.0 - u } else { u }, v])
    });
    let contour: Vec<Point> = points.by_ref().take(CONTOUR).collect();
    let iris: Vec<Point> = points.collect();
    Some(Eye { corners, contour, iris: iris.try_into().ok()? })
}
