//! Points of a face: FaceMesh's 468, and irises.

use std::sync::LazyLock;

use super::copy::Levels;
use super::detector::Found;
use super::pose::{self, Pose};
use super::warp::{Beyond, Square};
use crate::engines::network::Network;
use crate::examination::Point;
use crate::models;

static MESH: LazyLock<Option<Network>> = LazyLock::new(|| Network::load(models::FACE_MESH.bytes));
static IRIS: LazyLock<Option<Network>> = LazyLock::new(|| Network::load(models::IRIS.bytes));

/// Points of the mesh.
const POINTS: usize = 468;
/// Pixels of the square that the mesh is laid over, and an iris.
const MESH_SIZE: usize = 192;
const IRIS_SIZE: usize = 64;
/// Points of an eye before those of its iris.
const CONTOUR: usize = 71;
/// The square to the face's box.
const AROUND: f64 = 1.5;
/// The square around an eye, in widths of the eye from corner to corner.
const AROUND_EYE: f64 = 2.3;
/// A face is one if the mesh says so as surely as this.
const PRESENT: f64 = 0.5;

/// Corners of the person's right and left eye in the mesh, outer first.
const CORNERS: [[usize; 2]; 2] = [[33, 133], [263, 362]];
const CHIN: usize = 152;
const NOSE: usize = 1;
const LIPS: [usize; 2] = [13, 14];

/// A face's points in pixels of the picture.
#[derive(Clone, Debug)]
pub(super) struct Landmarks {
    /// FaceMesh's points, by its numbers.
    pub(super) mesh: Vec<Point>,
    pub(super) pose: Pose,
    /// The person's right eye, then the left.
    pub(super) eyes: [Eye; 2],
    /// 0..1: whether this is a face at all.
    pub(super) presence: f64,
}

/// An eye's points in pixels of the picture.
#[derive(Clone, Debug)]
pub(super) struct Eye {
    /// Outer and inner corner.
    pub(super) corners: [Point; 2],
    /// Lids and what surrounds them: 0 to 8 along the lower lid, 9 to 14 along
    /// the upper one, brows from 64 on.
    pub(super) contour: Vec<Point>,
    /// Middle of the iris, then four points of its edge.
    pub(super) iris: [Point; 5],
}

impl Eye {
    /// The eye's centre: half way from the middle of its corners, which ISO/IEC
    /// 39794-5 means, to the middle of the iris, which is placed more exactly
    /// but follows the gaze and is guessed under closed lids.
    pub(super) fn centre(&self) -> Point {
        middle([middle(self.corners), self.iris[0]])
    }
}

impl Landmarks {
    /// Centres of the person's right and left eye.
    pub(super) fn eye_centres(&self) -> [Point; 2] {
        [self.eyes[0].centre(), self.eyes[1].centre()]
    }

    /// Quarter turns, clockwise, that set the face upright.
    pub(super) fn turns(&self) -> u32 {
        super::find::turns(super::head::Axis::of(self).roll())
    }

    pub(super) fn chin(&self) -> Point {
        self.mesh[CHIN]
    }

    pub(super) fn nose(&self) -> Point {
        self.mesh[NOSE]
    }

    pub(super) fn mouth(&self) -> Point {
        middle(LIPS.map(|point| self.mesh[point]))
    }
}

/// Runs both networks once on nothing.
pub(super) fn warm() {
    for (network, size) in [(&MESH, MESH_SIZE), (&IRIS, IRIS_SIZE)] {
        let nothing = vec![0.0; 3 * size * size];
        let _ = network.as_ref().and_then(|network| network.run([1, 3, size, size], nothing));
    }
}

/// The points of a face that was found, or none where there is no face after all.
pub(super) fn of(levels: &Levels<'_>, face: &Found) -> Option<Landmarks> {
    let first = mesh(levels, square(face))?;
    if first.presence < PRESENT {
        return None;
    }
    // once more from where the first look saw the face, if that is elsewhere
    let (looked, better) = (square(face), around(&first.points));
    let Mesh { points, depth, presence } =
        if looked.is_near(&better) { first } else { mesh(levels, better)? };
    let corners = CORNERS.map(|corners| corners.map(|point| points[point]));
    let eyes = [eye(levels, corners[0], true)?, eye(levels, corners[1], false)?];
    let pose = pose::of(&points, &depth);
    (presence >= PRESENT).then_some(Landmarks { mesh: points, pose, eyes, presence })
}

/// Whether a mesh fits what was found.
pub(super) fn is_face(levels: &Levels<'_>, face: &Found) -> bool {
    mesh(levels, square(face)).is_some_and(|mesh| mesh.presence >= PRESENT)
}

fn square(face: &Found) -> Square {
    let [x, y, width, height] = face.bounds;
    let centre = [x + width / 2.0, y + height / 2.0];
    Square { centre, side: AROUND * width.max(height), angle: face.angle() }
}

/// The square that the mesh expects around a face whose points are known.
fn around(points: &[Point]) -> Square {
    let eyes = CORNERS.map(|corners| middle(corners.map(|point| points[point])));
    let angle = angle(eyes);
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
    Square { centre: [u * cos - v * sin, u * sin + v * cos], side, angle }
}

struct Mesh {
    points: Vec<Point>,
    /// Pixels away from the camera, from the middle of the head.
    depth: Vec<f64>,
    presence: f64,
}

fn mesh(levels: &Levels<'_>, square: Square) -> Option<Mesh> {
    let planes = square.planes(levels, MESH_SIZE, Beyond::Black);
    let answer = MESH.as_ref()?.run([1, 3, MESH_SIZE, MESH_SIZE], planes)?;
    if answer.values.len() != 3 * POINTS + 1 {
        return None;
    }
    let share = |value: f32| f64::from(value) / MESH_SIZE as f64;
    let rows = || answer.values.chunks_exact(3).take(POINTS);
    Some(Mesh {
        points: rows().map(|p| square.place([share(p[0]), share(p[1])])).collect(),
        depth: rows().map(|p| share(p[2]) * square.side).collect(),
        presence: 1.0 / (1.0 + (-f64::from(answer.values[3 * POINTS])).exp()),
    })
}

/// The points of an eye. The network knows left eyes: a right one is shown to
/// it in a mirror.
fn eye(levels: &Levels<'_>, corners: [Point; 2], right: bool) -> Option<Eye> {
    let [outer, inner] = corners;
    let width = (outer[0] - inner[0]).hypot(outer[1] - inner[1]);
    let ends = if right { [outer, inner] } else { [inner, outer] };
    let square = Square { centre: middle(corners), side: AROUND_EYE * width, angle: angle(ends) };
    let mut planes = square.planes(levels, IRIS_SIZE, Beyond::Edge);
    if right {
        planes.chunks_exact_mut(IRIS_SIZE).for_each(<[f32]>::reverse);
    }
    let answer = IRIS.as_ref()?.run([1, 3, IRIS_SIZE, IRIS_SIZE], planes)?;
    let mut points = answer.values.chunks_exact(3).map(|point| {
        let [u, v] = [0, 1].map(|axis| f64::from(point[axis]) / IRIS_SIZE as f64);
        square.place([if right { 1.0 - u } else { u }, v])
    });
    let contour: Vec<Point> = points.by_ref().take(CONTOUR).collect();
    let iris: Vec<Point> = points.collect();
    Some(Eye { corners, contour, iris: iris.try_into().ok()? })
}

pub(super) fn middle([a, b]: [Point; 2]) -> Point {
    [(a[0] + b[0]) / 2.0, (a[1] + b[1]) / 2.0]
}

/// Clockwise radians from the first point to the second.
fn angle([from, to]: [Point; 2]) -> f64 {
    (to[1] - from[1]).atan2(to[0] - from[0])
}
