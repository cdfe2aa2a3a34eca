//! Sizes and places.
//!
//! | name | unit | meaning |
//! |---|---|---|
//! | `aspect_ratio` | ratio | width over height; 35x45 mm is 0.778 |
//! | `width_px`, `height_px` | px | size of the upright picture |
//! | `print_height_mm` | mm | height at the resolution that the file declares |
//! | `colour` | share | 0 grey to 1 colourful, of the whole picture, or of the face where that is grey |
//! | `faces` | count | faces found |
//! | `second_opinion` | share | 1 where the second detector agrees on the faces, 0 where not |
//! | `single_face_present` | share | 1 less the second face's area over the first's (ISO) |
//! | `head_height_hair_mm` | mm | chin to the top of the hair, along the head |
//! | `head_height_skull_mm` | mm | chin to the estimated top of the skull, along the head |
//! | `head_height_hair_share`, `head_height_skull_share` | share | the same over the picture's height |
//! | `head_width_share` | share | from temple to temple over the picture's width |
//! | `head_size` | ratio | eye midpoint to chin over the picture's height (ISO) |
//! | `eye_line_mm` | mm | eye midpoint above the lower edge |
//! | `eye_centre_share` | share | eye midpoint from the left edge |
//! | `inter_eye_distance` | px | between the eye centres, made good for yaw (ISO) |
//! | `inter_eye_mm` | mm | between the eye centres on the print |
//! | `head_height_hair_estimate_mm` | mm | where no end of the hair is seen: what heads with these eyes and this chin have |
//! | `hair_margin_mm` | mm | top of the hair below the upper edge, 0 where it is cut off |
//! | `leftward_crop`, `rightward_crop` | ratio | each eye to its edge over the inter-eye distance (ISO) |
//! | `margin_above`, `margin_below` | ratio | eye midpoint to the upper and lower edge over the distance to the chin (ISO) |
//! | `roll_deg`, `yaw_deg`, `pitch_deg` | deg | see [`Pose`](crate::portrait); roll is the eye line's |
//! | `head_pose_roll`, `head_pose_yaw`, `head_pose_pitch` | deg | of the canonical face laid over the mesh (ISO) |

use super::super::Scene;
use super::super::head::{Head, Top};
use super::super::landmarks::Landmarks;
use super::{PRINT_MM, Table, sigmoid};

/// Error of an eye centre's place in inter-eye distances: the mean on 31
/// hand-labelled faces, labels' own error of 0.03 included.
const EYE_SPREAD: f64 = 0.037;

/// Relative standard deviation of the head height to the hair: the chin of the
/// mesh, 5 % of the head at most on 34 real pictures.
const HAIR_SPREAD: f64 = 0.025;

/// The same to the skull: that of head heights predicted from eyes and chin
/// alone (25 portraits, hand-measured).
const SKULL_SPREAD: f64 = 0.064;

/// Chin to the top of the hair over KK (see [`Head`]): the mean of 25 portraits.
const HAIR: f64 = 1.367;

/// Degrees of yaw and pitch: how far faces that look into the camera come out
/// turned and bowed on 20 real pictures. A mesh from one picture is no better.
const YAW_SPREAD: f64 = 8.0;
const PITCH_SPREAD: f64 = 10.0;

/// Mesh points at the temples.
const TEMPLES: [usize; 2] = [234, 454];

pub(super) fn picture(scene: &Scene<'_>, table: &mut Table) {
    let (width, height) = scene.size();
    table.put("aspect_ratio", width / height, "ratio", 4);
    table.put("width_px", width, "px", 0);
    table.put("height_px", height, "px", 0);
    if let Some(dpi) = scene.dpi.filter(|dpi| *dpi > 0.0) {
        table.put("print_height_mm", height / dpi * 25.4, "mm", 1);
    }
    let colour = super::super::colour::share(&scene.levels.small);
    table.put("colour", colour, "share", 3).confidence = 0.9;
    table.put("faces", scene.found.len() as f64, "count", 0).confidence = 0.95;
    let agrees = scene.opinion.agrees && scene.opinion.others == 0;
    table.put("second_opinion", f64::from(u8::from(agrees)), "share", 0).confidence = 0.9;
}

pub(super) fn face(scene: &Scene<'_>, table: &mut Table) {
    if let [main, others @ ..] = scene.found.as_slice() {
        let second = others.first().map_or(0.0, |other| other.area() / main.area());
        let single = (1.0 - second).max(0.0);
        table.put("single_face_present", single, "share", 3).rated(100.0 * single);
    }
    if let Some(points) = &scene.points {
        eyes(scene, points, table);
        pose(points, table);
    }
    if let (Some(points), Some(head)) = (&scene.points, &scene.head) {
        ends(scene, head, table);
        let [right, left] = TEMPLES.map(|point| points.mesh[point]);
        let share = (left[0] - right[0]).hypot(left[1] - right[1]) / scene.size().0;
        table.put("head_width_share", share, "share", 3);
    }
}

/// What the eye centres alone give.
fn eyes(scene: &Scene<'_>, points: &Landmarks, table: &mut Table) {
    let (width, height) = scene.size();
    let axis = super::super::head::Axis::of(points);
    let ([x, y], distance) = (axis.origin, axis.unit);
    let [right, left] = points.eye_centres();
    let (mm, off) = (PRINT_MM / height, EYE_SPREAD * distance);
    table.spread("eye_line_mm", (height - y) * mm, off * mm, "mm", 2);
    table.spread("eye_centre_share", x / width, off / width, "share", 3);
    table.spread("inter_eye_mm", distance * mm, off * mm, "mm", 2);
    let level = distance / points.pose.yaw.to_radians().cos().max(0.3);
    table.spread("inter_eye_distance", level, off, "px", 1);
    let rated = sigmoid(level, [100.0, 0.0, 1.0, 70.0, 20.0]);
    table.rows.get_mut("inter_eye_distance").into_iter().for_each(|m| m.rated(rated));
    let lean = EYE_SPREAD.atan().to_degrees();
    table.spread("roll_deg", axis.roll(), lean, "deg", 1);
    for (name, share) in
        [("leftward_crop", right[0] / distance), ("rightward_crop", (width - left[0]) / distance)]
    {
        table.put(name, share, "ratio", 3).rated(sigmoid(share, [100.0, 0.0, 1.0, 0.9, 0.1]));
    }
}

fn pose(points: &Landmarks, table: &mut Table) {
    let pose = points.pose;
    let rated = |degrees: f64| 100.0 * degrees.to_radians().cos().max(0.0).powi(2);
    table.put("head_pose_yaw", pose.yaw, "deg", 1).rated(rated(pose.yaw));
    table.put("head_pose_pitch", pose.pitch, "deg", 1).rated(rated(pose.pitch));
    table.put("head_pose_roll", pose.roll, "deg", 1).rated(rated(pose.roll));
    table.spread("yaw_deg", pose.yaw, YAW_SPREAD, "deg", 1);
    table.spread("pitch_deg", pose.pitch, PITCH_SPREAD, "deg", 1);
}

/// Head heights, and what is measured in parts of the face.
fn ends(scene: &Scene<'_>, head: &Head, table: &mut Table) {
    let (_, height) = scene.size();
    let mm = PRINT_MM / height;
    let mut put = |name: &str, pixels: f64, spread: f64| {
        table.spread(&format!("{name}_mm"), pixels * mm, pixels * mm * spread, "mm", 2);
        table.spread(
            &format!("{name}_share"),
            pixels / height,
            pixels / height * spread,
            "share",
            3,
        );
    };
    put("head_height_skull", head.height(head.skull), SKULL_SPREAD);
    let estimate = HAIR * (head.axis.unit + head.to_chin);
    match head.hair {
        Top::At(hair) => {
            put("head_height_hair", head.height(hair), HAIR_SPREAD);
            table.put("hair_margin_mm", hair[1] * mm, "mm", 2);
        }
        Top::Outside => {
            put("head_height_hair_estimate", estimate, SKULL_SPREAD);
            table.put("hair_margin_mm", 0.0, "mm", 2);
        }
        Top::Unknown => put("head_height_hair_estimate", estimate, SKULL_SPREAD),
    }
    let (eye, chin) = (head.axis.origin[1], head.to_chin);
    let size = chin / height;
    let rated = sigmoid((size - 0.45).abs(), [200.0, 1.0, -1.0, 0.0, 0.05]);
    table.put("head_size", size, "ratio", 3).rated(rated);
    for (name, share, least) in
        [("margin_above", eye / chin, 1.4), ("margin_below", (height - eye) / chin, 1.8)]
    {
        table.put(name, share, "ratio", 3).rated(sigmoid(share, [100.0, 0.0, 1.0, least, 0.1]));
    }
}
