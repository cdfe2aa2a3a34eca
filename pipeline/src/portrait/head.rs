//! Chin and crown of the head: the visible top of the hair, and the estimated
//! top of the skull under it.

use super::background::Background;
use super::cielab::{self, Lab};
use super::geometry::HeadAxis;
use super::image_pyramid::ImagePyramid;
use super::landmarks::Landmarks;
use crate::examination::Point;

/// Distance from the eye midpoint to the lower edge of the chin over that to the
/// mesh's chin, which is 1 to 3 % of the head's height above it on seven of
/// eight real faces, labelled by eye, and on a drawn one.
const CHIN: f64 = 1.03;

/// Distance from chin to the crown of the skull over KK, which is the inter-eye
/// distance plus the distance from eye midpoint to chin: the regression of the
/// photo tool PPP.
const SKULL: f64 = 1.244_81;

/// Possible distances from chin to the top of the hair over KK: 1.18 (bald) to
/// 1.55 (infant) on 25 portraits, with room for high hair.
const HAIR: std::ops::Range<f64> = 1.05..1.85;

/// Share of a line above the head that may be other than background: a stray hair.
const STRAY_HAIR: f64 = 0.04;

/// Smallest mean colour distance of the head from the background over the lines
/// below its top, where that top is below the top of the skull. Dark hair on
/// black has less.
const CONTRAST_NEAR: f32 = 12.0;
const LINES_NEAR: i32 = 6;

/// The same for every top, over this many inter-eye distances.
const CONTRAST_DEEP: f32 = 9.0;
const DEPTH_DEEP: f64 = 0.35;

/// Chin and crown of a head in pixels of the picture.
#[derive(Clone, Copy, Debug)]
pub(super) struct Head {
    pub(super) axis: HeadAxis,
    /// Distance from eye midpoint to chin, along the axis.
    pub(super) to_chin: f64,
    pub(super) chin: Point,
    pub(super) skull: Point,
    pub(super) hair: HairTop,
}

/// Position of the top of the hair.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum HairTop {
    At(Point),
    /// Above the picture.
    AbovePicture,
    /// Hair and background cannot be distinguished.
    Unknown,
}

impl Head {
    /// Returns the distance from the chin to a point above it, along the axis.
    pub(super) fn height(&self, top: Point) -> f64 {
        self.to_chin - self.axis.distance_along(top)
    }
}

/// Locates chin and crown of the head that has these landmarks; `None` when the
/// chin is outside the picture.
pub(super) fn locate_head(
    pyramid: &ImagePyramid<'_>,
    landmarks: &Landmarks,
    background: Option<&Background>,
) -> Option<Head> {
    let axis = landmarks.head_axis();
    let to_chin = axis.distance_along(landmarks.chin()) * CHIN;
    let chin = axis.point_at(to_chin, 0.0);
    if chin[1] >= f64::from(pyramid.full.height()) || to_chin <= 0.0 {
        return None;
    }
    let kk = axis.inter_eye_distance + to_chin;
    let skull = axis.point_at(to_chin - SKULL * kk, 0.0);
    let hair = background.map_or(HairTop::Unknown, |background| {
        find_hair_top(pyramid, background, &axis, |up, has_contrast| {
            let height = (to_chin + up) / kk;
            // a top of the hair below the skull may be hair taken for background
            HAIR.contains(&height) && (height >= SKULL || has_contrast)
        })
    });
    Some(Head { axis, to_chin, chin, skull, hair })
}

/// Searches upwards from the eyes for the first line across the head that shows
/// only background; `is_plausible` decides by the distance above the eyes and
/// by whether the head stands out there.
fn find_hair_top(
    pyramid: &ImagePyramid<'_>,
    background: &Background,
    axis: &HeadAxis,
    is_plausible: impl Fn(f64, bool) -> bool,
) -> HairTop {
    let scale = pyramid.small.scale;
    let (width, height) = (pyramid.small.rgb.width(), pyramid.small.rgb.height());
    let half = (axis.inter_eye_distance / 2.0 * scale).max(1.0) as i32;
    let pixels = pyramid.small.rgb.as_raw().as_chunks::<3>().0;
    // of the line `up` pixels above the eyes: covered pixels, pixels within the
    // picture, and the distance of its median colour from the background's
    let line = |up: i32| {
        let cells = (-half..=half).filter_map(|across| {
            let [x, y] = axis.point_at(f64::from(-up) / scale, f64::from(across) / scale);
            let (x, y) = ((x * scale).floor(), (y * scale).floor());
            let inside = x >= 0.0 && y >= 0.0 && x < f64::from(width) && y < f64::from(height);
            inside.then(|| y as usize * width as usize + x as usize)
        });
        let cells: Vec<usize> = cells.collect();
        let covered = cells.iter().filter(|&&at| !background.mask[at]).count() as i32;
        let colours: Vec<Lab> = cells.iter().map(|&at| cielab::from_srgb(&pixels[at])).collect();
        let contrast =
            cielab::median(&colours).map_or(0.0, |c| cielab::distance(c, background.colour));
        (covered, cells.len() as i32, contrast)
    };
    for up in 0.. {
        let (covered, inside, _) = line(up);
        if inside <= half {
            return HairTop::AbovePicture;
        }
        if f64::from(covered) < STRAY_HAIR * f64::from(inside) {
            let contrast_over = |lines: i32| {
                (1..=lines).map(|down| line(up - down).2).sum::<f32>() / lines.max(1) as f32
            };
            let deep =
                contrast_over(((DEPTH_DEEP * axis.inter_eye_distance * scale) as i32).max(3))
                    >= CONTRAST_DEEP;
            let near = contrast_over(LINES_NEAR) >= CONTRAST_NEAR;
            let up = f64::from(up) / scale;
            let is_found = deep && is_plausible(up, near);
            return if is_found { HairTop::At(axis.point_at(-up, 0.0)) } else { HairTop::Unknown };
        }
    }
    HairTop::Unknown
}
