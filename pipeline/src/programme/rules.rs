//! The rules that hold in every stage of a programme, one table of the file each.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The rules that hold in every stage; each table names its source.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "each field is the table of the rule it names")]
pub struct Rules {
    pub expiry_window: ExpiryWindow,
    #[serde(default)]
    pub police_clearance: Option<PoliceClearance>,
    pub portrait_ratio: PortraitRatio,
    pub portrait_size: PortraitSize,
    pub portrait_colour: PortraitColour,
    pub portrait_head_height: MillimetreRange,
    pub portrait_eye_line: MillimetreRange,
    pub portrait_age: PortraitAge,
    pub portrait_measures: BTreeMap<String, MeasureRange>,
    pub iin: Iin,
    pub form_comparison: Comparison,
    pub visual_comparison: Comparison,
}

/// Years in which a two-digit year of expiry is interpreted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExpiryWindow {
    /// Short name of the source.
    pub source: String,
    /// Years before the application.
    pub years_back: i16,
    /// Years after the application.
    pub years_ahead: i16,
    /// A date more years ahead than this is unsure: a reviewer examines it.
    pub unsure_beyond_years: i16,
}

/// How long a police clearance is valid, in the stages that ask for one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PoliceClearance {
    /// Short name of the source.
    pub source: String,
    /// Calendar days from the date of issue.
    pub valid_days: i64,
}

/// The portrait's aspect ratio: width over height.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PortraitRatio {
    /// Short name of the source.
    pub source: String,
    /// Width of the print in millimetres.
    pub width_mm: f64,
    /// Height of the print in millimetres.
    pub height_mm: f64,
    /// Relative deviation of the ratio that still passes.
    pub tolerance: f64,
    /// Lower end of the range that warns and does not fail.
    pub warn_low: f64,
    /// Upper end of the range that warns and does not fail.
    pub warn_high: f64,
    /// Short name of the source of that range.
    pub warn_source: String,
}

/// The portrait's size in pixels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PortraitSize {
    /// Short name of the source.
    pub source: String,
    /// Minimum width.
    pub min_width_px: u32,
    /// Minimum height.
    pub min_height_px: u32,
}

/// Colour or grey, by the measure `colour` (0 is grey, 1 is colourful).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PortraitColour {
    /// Short name of the source.
    pub source: String,
    /// Values below are grey.
    pub grey_below: f64,
    /// Values from `grey_below` up to this one are unsure.
    pub unsure_below: f64,
}

/// An allowed range in millimetres of a 35x45 print.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MillimetreRange {
    /// Short name of the source.
    pub source: String,
    /// Minimum.
    pub low_mm: f64,
    /// Maximum.
    pub high_mm: f64,
}

/// How old a portrait may be by the date that the camera stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PortraitAge {
    /// Short name of the source.
    pub source: String,
    /// Calendar months before the local day of application.
    pub months: i32,
}

/// An allowed range of a measure; a value outside of it warns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MeasureRange {
    /// Short name of the source.
    pub source: String,
    /// Minimum, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    /// Maximum, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
}

/// A comparison of the same facts from two sources; the rule has no parameters.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Comparison {
    /// Short name of the source.
    pub source: String,
}

/// The individual identification number (IIN); the rule has no parameters.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Iin {
    /// Short name of the source.
    pub source: String,
}
