//! Pose of the head: a canonical face model fitted to the mesh.

use crate::examination::Point;

type Point3 = [f64; 3];

/// Points of MediaPipe's canonical face (`canonical_face_model.obj`,
/// Apache-2.0), in centimetres, x to the person's left, y up, z to the camera:
/// only those on bone, which no expression moves. Mesh number of the right
/// point and of the left one, position of the left one.
const PAIRS: [(usize, usize, Point3); 6] = [
    (33, 263, [4.445_859, 2.663_991, 3.173_422]),
    (133, 362, [1.856_432, 2.585_245, 3.757_904]),
    (127, 356, [7.743_095, 2.364_999, -2.005_167]),
    (129, 358, [1.785_794, -0.978_284, 4.850_470]),
    (117, 346, [5.258_659, 0.945_811, 2.974_312]),
    (54, 284, [6.279_331, 6.615_427, 1.425_850]),
];

/// The same for points on the middle line.
const MIDDLE: [(usize, Point3); 4] = [
    (4, [0.0, -0.463_170, 7.586_580]),
    (6, [0.0, 2.473_255, 5.788_627]),
    (168, [0.0, 3.271_027, 5.236_015]),
    (10, [0.0, 8.261_778, 4.481_535]),
];

/// Head pose in degrees, all 0 for a head that looks into the camera.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct HeadPose {
    /// Positive: the person turns to their own left, to the picture's right.
    pub(super) yaw: f64,
    /// Positive: the person looks up.
    pub(super) pitch: f64,
    /// Positive: the head leans to the picture's right, clockwise.
    pub(super) roll: f64,
}

/// Estimates the pose of a mesh with depth; x right, y down, z away from the
/// camera, all in pixels.
pub(super) fn estimate_pose(mesh: &[Point], depth: &[f64]) -> HeadPose {
    let observed = |i: usize| [mesh[i][0], -mesh[i][1], -depth[i]];
    let pairs = PAIRS.iter().flat_map(|(right, left, [x, y, z])| {
        [([-x, *y, *z], observed(*right)), ([*x, *y, *z], observed(*left))]
    });
    let middle = MIDDLE.iter().map(|(i, point)| (*point, observed(*i)));
    let [w, x, y, z] = fit_rotation(&pairs.chain(middle).collect::<Vec<_>>());
    // directions of the face's own axes: to its side, and forwards
    let across = [1.0 - 2.0 * (y * y + z * z), 2.0 * (x * y + w * z)];
    let ahead = [2.0 * (x * z + w * y), 2.0 * (y * z - w * x), 1.0 - 2.0 * (x * x + y * y)];
    let roll = (-across[1]).atan2(across[0]);
    // yaw and pitch are those of the head set upright
    let (sin, cos) = roll.sin_cos();
    let (aside, up) = (ahead[0] * cos - ahead[1] * sin, ahead[0] * sin + ahead[1] * cos);
    HeadPose {
        yaw: aside.atan2(ahead[2]).to_degrees(),
        pitch: up.atan2(aside.hypot(ahead[2])).to_degrees(),
        roll: roll.to_degrees(),
    }
}

/// Returns the unit quaternion that best rotates the first of each pair onto the
/// second (Horn 1987): the eigenvector of the largest eigenvalue of a symmetric
/// matrix, by power iteration.
fn fit_rotation(pairs: &[(Point3, Point3)]) -> [f64; 4] {
    let count = pairs.len() as f64;
    let mean = |select: fn(&(Point3, Point3)) -> Point3| -> Point3 {
        std::array::from_fn(|axis| pairs.iter().map(|pair| select(pair)[axis]).sum::<f64>() / count)
    };
    let (from, onto) = (mean(|pair| pair.0), mean(|pair| pair.1));
    let mut s = [[0.0; 3]; 3];
    for (a, b) in pairs {
        for i in 0..3 {
            for j in 0..3 {
                s[i][j] += (a[i] - from[i]) * (b[j] - onto[j]);
            }
        }
    }
    let trace = s[0][0] + s[1][1] + s[2][2];
    let skew = [s[1][2] - s[2][1], s[2][0] - s[0][2], s[0][1] - s[1][0]];
    let mut matrix = [[0.0; 4]; 4];
    matrix[0][0] = trace;
    for i in 0..3 {
        matrix[0][i + 1] = skew[i];
        matrix[i + 1][0] = skew[i];
        for j in 0..3 {
            matrix[i + 1][j + 1] = s[i][j] + s[j][i] - if i == j { trace } else { 0.0 };
        }
    }
    // shifted by a bound of its norm, the largest eigenvalue is the farthest from 0
    let shift = matrix.as_flattened().iter().map(|v| v * v).sum::<f64>().sqrt().max(1e-12);
    let mut q: [f64; 4] = [1.0, 0.01, 0.01, 0.01];
    for _ in 0..200 {
        let next: [f64; 4] = std::array::from_fn(|i| {
            shift * q[i] + matrix[i].iter().zip(q).map(|(m, v)| m * v).sum::<f64>()
        });
        let length = next.iter().map(|v| v * v).sum::<f64>().sqrt().max(1e-300);
        q = next.map(|v| v / length);
    }
    q
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the canonical face turned by yaw, then pitch, then roll, as a mesh.
    fn turned(yaw: f64, pitch: f64, roll: f64) -> (Vec<Point>, Vec<f64>) {
        let turn = |[x, y, z]: [f64; 3]| {
            let (s, c) = pitch.to_radians().sin_cos();
            let (y, z) = (y * c + z * s, z * c - y * s);
            let (s, c) = yaw.to_radians().sin_cos();
            let (x, z) = (x * c + z * s, z * c - x * s);
            let (s, c) = roll.to_radians().sin_cos();
            [x * c + y * s, y * c - x * s, z]
        };
        let (mut mesh, mut depth) = (vec![[0.0; 2]; 468], vec![0.0; 468]);
        let mut put = |i: usize, point: [f64; 3]| {
            let [x, y, z] = turn(point);
            mesh[i] = [400.0 + 12.0 * x, 300.0 - 12.0 * y];
            depth[i] = -12.0 * z;
        };
        for (right, left, [x, y, z]) in PAIRS {
            put(right, [-x, y, z]);
            put(left, [x, y, z]);
        }
        MIDDLE.iter().for_each(|(i, point)| put(*i, *point));
        (mesh, depth)
    }

    #[test]
    fn the_pose_of_a_turned_face_is_estimated() {
        for (yaw, pitch, roll) in [
            (0.0, 0.0, 0.0),
            (12.0, 0.0, 0.0),
            (0.0, -9.0, 0.0),
            (0.0, 0.0, 21.0),
            (-35.0, 14.0, -6.0),
        ] {
            let (mesh, depth) = turned(yaw, pitch, roll);
            let pose = estimate_pose(&mesh, &depth);
            for (estimated, expected) in [(pose.yaw, yaw), (pose.pitch, pitch), (pose.roll, roll)] {
                assert!((estimated - expected).abs() < 0.1, "{yaw} {pitch} {roll}: {pose:?}");
            }
        }
    }

    #[test]
    fn a_mesh_without_extent_causes_no_panic() {
        let pose = estimate_pose(&[[0.0; 2]; 468], &[0.0; 468]);
        assert!(pose.yaw.is_finite() && pose.pitch.is_finite() && pose.roll.is_finite());
    }
}
