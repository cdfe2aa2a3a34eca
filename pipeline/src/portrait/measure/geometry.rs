//! Measures of size and position.
//!
//! | name | unit | meaning |
//! |---|---|---|
//! | `aspect_ratio` | ratio | width over height; 35x45 mm is 0.778 |
//! | `width_px`, `height_px` | px | size of the upright picture |
//! | `print_height_mm` | mm | height at the resolution that the file declares |
//! | `colour` | share | 0 grey to 1 colourful, of the whole picture, or of the face where the face is grey |
//! | `faces` | count | faces found |
//! | `second_opinion` | share | 1 where the second detector agrees on the faces, 0 where not |
//! | `single_face_present` | share | 1 minus the second face's area over the first's (ISO) |
//! | `head_height_hair_mm` | mm | chin to the top of the hair, along the head |
//! | `head_height_skull_mm` | mm | chin to the estimated top of the skull, along the head |
//! | `head_height_hair_share`, `head_height_skull_share` | share | the same over the picture's height |
//! | `head_width_share` | share | from temple to temple over the picture's width |
//! | `head_size` | ratio | eye midpoint to chin over the picture's height (ISO) |
//! | `eye_line_mm` | mm | eye midpoint above the lower edge |
//! | `eye_centre_share` | share | eye midpoint from the left edge |
//! | `inter_eye_distance` | px | between the eye centres, corrected for yaw (ISO) |
//! | `inter_eye_mm` | mm | between the eye centres on the print |
//! | `head_height_hair_estimate_mm` | mm | where the top of the hair is not found: the mean of heads with these eyes and this chin |
//! | `hair_margin_mm` | mm | distance of the top of the hair from the upper edge, 0 where it is cut off |
//! | `leftward_crop`, `rightward_crop` | ratio | distance of each eye from its edge over the inter-eye distance (ISO) |
//! | `margin_above`, `margin_below` | ratio | distance of the eye midpoint from the upper and lower edge over that to the chin (ISO) |
//! | `roll_deg`, `yaw_deg`, `pitch_deg` | deg | signs as in `head_pose.rs`; roll is that of the eye line |
//! | `head_pose_roll`, `head_pose_yaw`, `head_pose_pitch` | deg | of the canonical face fitted to the mesh (ISO) |

use super::table::MeasureTable;
use crate::portrait::colourfulness::colourfulness;
use crate::portrait::geometry::PRINT_HEIGHT_MM;
use crate::portrait::head::{HairTop, Head};
use crate::portrait::landmarks::Landmarks;
use crate::portrait::scene::Scene;
use crate::portrait::statistics::sigmoid;

/// Error of an eye centre's position in inter-eye distances: the mean on 31
/// hand-labelled faces, including the labels' own error of 0.03.
const EYE_SPREAD: f64 = 0.037;

/// Relative standard deviation of the head height to the hair, caused by the
/// mesh's chin: 5 % of the head at most on 34 real pictures.
const HAIR_SPREAD: f64 = 0.025;

/// The same to the skull: the deviation of head heights predicted from eyes and chin
/// alone (25 portraits, hand-measured).
const SKULL_SPREAD: f64 = 0.064;

/// Distance from chin to the top of the hair over KK (see `head.rs`): the mean of 25 portraits.
const HAIR: f64 = 1.367;

/// Error of yaw and pitch in degrees, measured on 20 real pictures of faces that
/// look into the camera. A mesh from one picture is not more exact.
const YAW_SPREAD: f64 = 8.0;
const PITCH_SPREAD: f64 = 10.0;

/// Mesh points at the temples.
const TEMPLES: [usize; 2] = [234, 454];

pub(super) fn measure_picture(scene: &Scene<'_>, table: &mut MeasureTable) {
    let (width, height) = scene.size();
    table.insert("aspect_ratio", width / height, "ratio", 4);
    table.insert("width_px", width, "px", 0);
    table.insert("height_px", height, "px", 0);
    if let Some(dpi) = scene.dpi.filter(|dpi| *dpi > 0.0) {
        table.insert("print_height_mm", height / dpi * 25.4, "mm", 1);
    }
    let colour = colourfulness(&scene.pyramid.small);
    table.insert("colour", colour, "share", 3).confidence = 0.9;
    table.insert("faces", scene.faces.len() as f64, "count", 0).confidence = 0.95;
    let agrees = scene.second_opinion.agrees && scene.second_opinion.additional_faces == 0;
    table.insert("second_opinion", f64::from(u8::from(agrees)), "share", 0).confidence = 0.9;
}

pub(super) fn measure_faces(scene: &Scene<'_>, table: &mut MeasureTable) {
    if let [main, others @ ..] = scene.faces.as_slice() {
        let second = others.first().map_or(0.0, |other| other.area() / main.area());
        let single = (1.0 - second).max(0.0);
        table.insert("single_face_present", single, "share", 3).set_quality(100.0 * single);
    }
    if let Some(landmarks) = &scene.landmarks {
        measure_eyes(scene, landmarks, table);
        measure_pose(landmarks, table);
    }
    if let (Some(landmarks), Some(head)) = (&scene.landmarks, &scene.head) {
        measure_head(scene, head, table);
        let [right, left] = TEMPLES.map(|point| landmarks.mesh[point]);
        let share = (left[0] - right[0]).hypot(left[1] - right[1]) / scene.size().0;
        table.insert("head_width_share", share, "share", 3);
    }
}

/// Takes the measures that need only the eye centres.
fn measure_eyes(scene: &Scene<'_>, landmarks: &Landmarks, table: &mut MeasureTable) {
    let (width, height) = scene.size();
    let axis = landmarks.head_axis();
    let ([x, y], distance) = (axis.origin, axis.inter_eye_distance);
    let [right, left] = landmarks.eye_centres();
    let (mm, off) = (PRINT_HEIGHT_MM / height, EYE_SPREAD * distance);
    table.insert_with_spread("eye_line_mm", (height - y) * mm, off * mm, "mm", 2);
    table.insert_with_spread("eye_centre_share", x / width, off / width, "share", 3);
    table.insert_with_spread("inter_eye_mm", distance * mm, off * mm, "mm", 2);
    let level = distance / landmarks.pose.yaw.to_radians().cos().max(0.3);
    table.insert_with_spread("inter_eye_distance", level, off, "px", 1);
    let quality = sigmoid(level, [100.0, 0.0, 1.0, 70.0, 20.0]);
    table.rows.get_mut("inter_eye_distance").into_iter().for_each(|m| m.set_quality(quality));
    let roll_error = EYE_SPREAD.atan().to_degrees();
    table.insert_with_spread("roll_deg", axis.roll_degrees(), roll_error, "deg", 1);
    for (name, share) in
        [("leftward_crop", right[0] / distance), ("rightward_crop", (width - left[0]) / distance)]
    {
        table
            .insert(name, share, "ratio", 3)
            .set_quality(sigmoid(share, [100.0, 0.0, 1.0, 0.9, 0.1]));
    }
}

fn measure_pose(landmarks: &Landmarks, table: &mut MeasureTable) {
    let pose = landmarks.pose;
    let quality = |degrees: f64| 100.0 * degrees.to_radians().cos().max(0.0).powi(2);
    table.insert("head_pose_yaw", pose.yaw, "deg", 1).set_quality(quality(pose.yaw));
    table.insert("head_pose_pitch", pose.pitch, "deg", 1).set_quality(quality(pose.pitch));
    table.insert("head_pose_roll", pose.roll, "deg", 1).set_quality(quality(pose.roll));
    table.insert_with_spread("yaw_deg", pose.yaw, YAW_SPREAD, "deg", 1);
    table.insert_with_spread("pitch_deg", pose.pitch, PITCH_SPREAD, "deg", 1);
}

/// Takes head heights, and the measures relative to the distance from eyes to chin.
fn measure_head(scene: &Scene<'_>, head: &Head, table: &mut MeasureTable) {
    let (_, height) = scene.size();
    let mm = PRINT_HEIGHT_MM / height;
    let mut put = |name: &str, pixels: f64, spread: f64| {
        table.insert_with_spread(&format!("{name}_mm"), pixels * mm, pixels * mm * spread, "mm", 2);
        table.insert_with_spread(
            &format!("{name}_share"),
            pixels / height,
            pixels / height * spread,
            "share",
            3,
        );
    };
    put("head_height_skull", head.height(head.skull), SKULL_SPREAD);
    let estimate = HAIR * (head.axis.inter_eye_distance + head.to_chin);
    match head.hair {
        HairTop::At(hair) => {
            put("head_height_hair", head.height(hair), HAIR_SPREAD);
            table.insert("hair_margin_mm", hair[1] * mm, "mm", 2);
        }
        HairTop::AbovePicture => {
            put("head_height_hair_estimate", estimate, SKULL_SPREAD);
            table.insert("hair_margin_mm", 0.0, "mm", 2);
        }
        HairTop::Unknown => put("head_height_hair_estimate", estimate, SKULL_SPREAD),
    }
    let (eye, chin) = (head.axis.origin[1], head.to_chin);
    let size = chin / height;
    let quality = sigmoid((size - 0.45).abs(), [200.0, 1.0, -1.0, 0.0, 0.05]);
    table.insert("head_size", size, "ratio", 3).set_quality(quality);
    for (name, share, least) in
        [("margin_above", eye / chin, 1.4), ("margin_below", (height - eye) / chin, 1.8)]
    {
        table
            .insert(name, share, "ratio", 3)
            .set_quality(sigmoid(share, [100.0, 0.0, 1.0, least, 0.1]));
    }
}
