//! Faces and measures of a portrait.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::geometry::Point;

/// Faces and measures of a portrait.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Portrait {
    /// Clockwise rotation of the page in degrees that sets the face upright: 0, 90,
    /// 180, 270. Measures refer to the upright picture, positions to the page.
    #[serde(default)]
    pub rotation: u16,
    /// Faces, the main one first.
    pub faces: Vec<Face>,
    /// Measures by name; names are those of ISO/IEC 29794-5 where it has one.
    pub measures: BTreeMap<String, Measure>,
    /// A part of the picture that would be a better print, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suggested_crop: Option<SuggestedCrop>,
}

/// A part of a picture that would be a better 35x45 print.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SuggestedCrop {
    /// x, y, width, height in pixels of the page.
    #[serde(rename = "box")]
    pub bounds: [f64; 4],
    /// The measures that it would have.
    pub measures: BTreeMap<String, Measure>,
}

/// One face. `right_eye` is the person's right: left in the picture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs, reason = "points have the names of their landmarks, in pixels")]
pub struct Face {
    /// x, y, width, height in pixels.
    #[serde(rename = "box")]
    pub bounds: [f64; 4],
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub right_eye: Option<Point>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_eye: Option<Point>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nose: Option<Point>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mouth: Option<Point>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chin: Option<Point>,
    /// Crown of the head with hair.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub crown_hair: Option<Point>,
    /// Crown of the skull, estimated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub crown_skull: Option<Point>,
    /// Positive when the head leans to the picture's right (clockwise).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roll_deg: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub yaw_deg: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pitch_deg: Option<f64>,
    /// 0..1: confidence of the detector.
    pub confidence: f64,
}

/// A number with its unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Measure {
    /// The number, rounded to its significant digits.
    pub value: f64,
    /// `mm`, `px`, `deg`, `ratio`, `share` (0..1), `count`, `bit`, `lab` (CIELAB
    /// units), `level` (of 255).
    pub unit: String,
    /// Low and high end of the interval of the method's own error, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<[f64; 2]>,
    /// The quality component of ISO/IEC 29794-5, 0 to 100, for its measures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quality: Option<u8>,
    /// 0..1: confidence of the measure.
    pub confidence: f64,
}
