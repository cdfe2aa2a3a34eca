//! The portrait of an examination: faces, landmarks and measures, without any rule.
//!
//! A detector finds faces in any orientation of the picture; a mesh of 468
//! points fitted to the main face locates chin, nose, mouth and pose, and its
//! irises the eye centres. The top of the hair is found against the plain
//! background that a portrait must have, the top of the skull by a regression.
//! A value that was not found is absent, never guessed. The cost is bounded:
//! every step but the first reduction works on squares or a copy of fixed size.

mod aligned_face;
mod background;
mod border;
mod cielab;
mod colourfulness;
mod face_detector;
mod find_faces;
mod geometry;
mod head;
mod head_pose;
mod image_pyramid;
mod landmarks;
mod luminance;
mod measure;
mod overlay;
mod page_position;
mod rotated_square;
mod scene;
mod second_detector;
mod statistics;
mod suggested_crop;

#[cfg(test)]
mod tests;

use image::{RgbImage, imageops};

use find_faces::FaceSearch;
use image_pyramid::ImagePyramid;
use page_position::PageOrientation;
use scene::Scene;

use crate::examination::{EvidencePicture, Portrait, SuggestedCrop};
use crate::open::Picture;
use crate::reason::Reason;

/// The portrait facts of one picture, with their evidence.
pub struct MeasuredPortrait {
    /// Faces, the main one first, and measures.
    pub portrait: Portrait,
    /// The upright picture with its measures drawn on it, id `portrait`, and
    /// the suggested crop, id `portrait-crop`, where there is one.
    pub evidence: Vec<EvidencePicture>,
    /// Reasons why something could not be examined. `judge` reports
    /// that no face was found.
    pub reasons: Vec<Reason>,
}

impl MeasuredPortrait {
    /// Adds the quality with which a JPEG file was last saved.
    pub fn set_jpeg_quality(&mut self, quality: u8) {
        let (name, measure) = measure::jpeg_quality(quality);
        self.portrait.measures.insert(name, measure);
    }
}

/// Runs every network once on an empty input, so that later runs find it loaded.
pub(crate) fn warm() {
    face_detector::warm();
    landmarks::warm();
}

/// Measures a portrait of any size and orientation.
#[must_use]
pub fn measure(picture: &Picture) -> MeasuredPortrait {
    if picture.rgb.is_empty() {
        let portrait = Portrait::default();
        return MeasuredPortrait { portrait, evidence: Vec::new(), reasons: Vec::new() };
    }
    let pyramid = ImagePyramid::build(&picture.rgb);
    let search = find_faces::search(&pyramid);
    if search.quarter_turns == 0 {
        return measure_upright(picture, pyramid, search, 0);
    }
    let rotated = rotate(&picture.rgb, search.quarter_turns);
    let rotated_pyramid = ImagePyramid::build(&rotated);
    let rotated_search = find_faces::search(&rotated_pyramid);
    if rotated_search.quarter_turns == 0 {
        measure_upright(picture, rotated_pyramid, rotated_search, search.quarter_turns)
    } else {
        // both searches disagree on which side is up: the picture stays as it is
        measure_upright(picture, pyramid, search, 0)
    }
}

fn rotate(rgb: &RgbImage, quarter_turns: u32) -> RgbImage {
    match quarter_turns {
        1 => imageops::rotate90(rgb),
        2 => imageops::rotate180(rgb),
        _ => imageops::rotate270(rgb),
    }
}

/// Measures a picture whose pyramid was turned clockwise by `quarter_turns`.
fn measure_upright(
    picture: &Picture,
    pyramid: ImagePyramid<'_>,
    search: FaceSearch,
    quarter_turns: u32,
) -> MeasuredPortrait {
    let scene = Scene::build(pyramid, search.faces, search.main, picture.page.dpi);
    let measures = measure::measure_all(&scene);
    let size = [picture.rgb.width(), picture.rgb.height()].map(f64::from);
    let orientation = PageOrientation { quarter_turns, size };
    let mut evidence: Vec<EvidencePicture> =
        overlay::draw_overlay(picture, &scene).into_iter().collect();
    let suggested_crop = suggested_crop::find_bounds(&scene).map(|bounds| {
        let crop = SuggestedCrop {
            bounds: orientation.box_on_page(bounds),
            measures: suggested_crop::predict_measures(&scene, &measures, bounds),
        };
        evidence.extend(suggested_crop::cut_out(&scene, picture.page.number, &crop, bounds));
        crop
    });
    let faces = scene.face_facts().into_iter().map(|face| orientation.face_on_page(face)).collect();
    let rotation = (90 * quarter_turns) as u16;
    let portrait = Portrait { rotation, faces, measures, suggested_crop };
    MeasuredPortrait { portrait, evidence, reasons: Vec::new() }
}
