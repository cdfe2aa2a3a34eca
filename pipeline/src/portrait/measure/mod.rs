//! Measures of a portrait, by name; each file says what its measures mean.
//!
//! Names are those of ISO/IEC 29794-5 where it has one. `quality` is its
//! quality component, 0 to 100, by the mapping of OFIQ 1.0.3, the standard's
//! reference implementation, where our raw value is made as its is; eye centres
//! and chin come from another mesh.
//! Millimetres are those of a 35x45 mm print: the picture's height is 45 mm.
//! A measure that could not be taken is absent.
//!
//! Of the standard's 28 measures these are not taken, for want of what they need:
//!
//! | measure | needs |
//! |---|---|
//! | `unified_quality_score` | a face recognition network (MagFace) |
//! | `expression_neutrality` | networks for expressions and a classifier over them |
//! | `no_head_coverings` | a network that parses a face into skin, hair, cloth and hat |
//! | `eyes_visible`, `mouth_occlusion_prevention`, `face_occlusion_prevention` | a network that segments what covers a face |

mod backdrop;
mod detail;
mod features;
mod geometry;
mod glasses;
mod light;
mod marks;

use std::collections::BTreeMap;

use super::Scene;
use crate::examination::{Measure, round};

/// Height of the print in millimetres.
pub(super) const PRINT_MM: f64 = 45.0;

/// Every measure that the scene allows.
pub(super) fn all(scene: &Scene<'_>) -> BTreeMap<String, Measure> {
    let mut table = Table { confidence: 1.0, rows: BTreeMap::new() };
    geometry::picture(scene, &mut table);
    detail::picture(scene, &mut table);
    backdrop::backdrop(scene, &mut table);
    marks::marks(scene, &mut table);
    table.confidence = scene.confidence();
    geometry::face(scene, &mut table);
    if let (Some(points), Some(patch)) = (&scene.points, &scene.patch) {
        light::light(points, patch, &mut table);
        detail::face(patch, &mut table);
        features::features(scene, points, patch, &mut table);
        glasses::glasses(points, patch, &mut table);
    }
    table.rows
}

/// `jpeg_quality`: 1 to 100 as encoders count it, by the file's own tables.
pub(super) fn jpeg_quality(quality: u8) -> (String, Measure) {
    ("jpeg_quality".to_owned(), Measure::plain(f64::from(quality), "level", 0.9))
}

/// Measures under way.
pub(super) struct Table {
    /// Of what is put next: how surely there is a face to measure.
    confidence: f64,
    rows: BTreeMap<String, Measure>,
}

impl Table {
    /// A value, rounded to `digits`; what is no number counts as 0.
    fn put(&mut self, name: &str, value: f64, unit: &str, digits: i32) -> &mut Measure {
        let value = if value.is_finite() { round(value, digits) } else { 0.0 };
        let measure = Measure::plain(value, unit, round(self.confidence, 2));
        self.rows.entry(name.to_owned()).insert_entry(measure).into_mut()
    }

    /// A value with the spread of its method on both sides, one standard deviation.
    fn spread(&mut self, name: &str, value: f64, off: f64, unit: &str, digits: i32) {
        let interval = Some([round(value - off, digits), round(value + off, digits)]);
        self.put(name, value, unit, digits).interval = interval;
    }
}

impl Measure {
    /// A value without spread or quality component.
    pub(super) fn plain(value: f64, unit: &str, confidence: f64) -> Self {
        Self { value, unit: unit.to_owned(), interval: None, quality: None, confidence }
    }

    /// With the standard's quality component.
    fn rated(&mut self, quality: f64) {
        let quality = if quality.is_finite() { quality } else { 0.0 };
        self.quality = Some(quality.round().clamp(0.0, 100.0) as u8);
    }
}

/// The standard's mapping h (a + s / (1 + exp((x0 - x) / w))).
fn sigmoid(x: f64, [h, a, s, x0, w]: [f64; 5]) -> f64 {
    h * (a + s / (1.0 + ((x0 - x) / w).exp()))
}

/// 0..1: how far `x` lies beyond `x0`, in steps of `w`; negative `w` turns it round.
fn logistic(x: f64, x0: f64, w: f64) -> f64 {
    1.0 / (1.0 + ((x0 - x) / w).exp())
}

fn mean(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    let (mut sum, mut count) = (0.0, 0u32);
    for value in values {
        sum += value;
        count += 1;
    }
    (count > 0).then(|| sum / f64::from(count))
}

/// The value below which `share` of the values lie.
pub(super) fn rank(values: &mut [f32], share: f64) -> Option<f32> {
    let at = (values.len().saturating_sub(1) as f64 * share) as usize;
    (!values.is_empty()).then(|| *values.select_nth_unstable_by(at, f32::total_cmp).1)
}
