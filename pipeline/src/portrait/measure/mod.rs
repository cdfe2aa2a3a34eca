//! Measures of a portrait by name; each file documents its measures.
//!
//! Names are those of ISO/IEC 29794-5 where it has one. `quality` is its
//! quality component, 0 to 100, by the mapping of OFIQ 1.0.3, the standard's
//! reference implementation, where our raw value is computed in the same way;
//! eye centres and chin come from another mesh.
//! Millimetres are those of a 35x45 mm print: the picture's height is 45 mm.
//! A measure that could not be taken is absent.
//!
//! Of the standard's 28 measures these are not taken, because they need:
//!
//! | measure | needs |
//! |---|---|
//! | `unified_quality_score` | a face recognition network (MagFace) |
//! | `expression_neutrality` | networks for expressions and a classifier over them |
//! | `no_head_coverings` | a network that parses a face into skin, hair, cloth and hat |
//! | `eyes_visible`, `mouth_occlusion_prevention`, `face_occlusion_prevention` | a network that segments what covers a face |

mod background;
mod border_and_marks;
mod detail;
mod eyes_and_mouth;
mod geometry;
mod glasses;
mod illumination;
mod table;

use std::collections::BTreeMap;

use table::MeasureTable;

use super::scene::Scene;
use crate::examination::Measure;

/// Takes every measure that the scene allows.
pub(super) fn measure_all(scene: &Scene<'_>) -> BTreeMap<String, Measure> {
    let mut table = MeasureTable { confidence: 1.0, rows: BTreeMap::new() };
    geometry::measure_picture(scene, &mut table);
    detail::measure_picture(scene, &mut table);
    background::measure_background(scene, &mut table);
    border_and_marks::measure_border_and_marks(scene, &mut table);
    table.confidence = scene.confidence();
    geometry::measure_faces(scene, &mut table);
    if let (Some(landmarks), Some(aligned)) = (&scene.landmarks, &scene.aligned_face) {
        illumination::measure_illumination(landmarks, aligned, &mut table);
        detail::measure_face(aligned, &mut table);
        eyes_and_mouth::measure_eyes_and_mouth(scene, landmarks, aligned, &mut table);
        glasses::measure_glasses(landmarks, aligned, &mut table);
    }
    table.rows
}

/// Returns the measure `jpeg_quality`: 1 to 100 as encoders count it, by the
/// file's own quantisation tables.
pub(super) fn jpeg_quality(quality: u8) -> (String, Measure) {
    ("jpeg_quality".to_owned(), Measure::without_interval(f64::from(quality), "level", 0.9))
}
