//! Checks of measures for which the programme sets a range: one check each, advisory.
//!
//! None may fail, and none is required: photo checkers are known to fail people
//! by the colour of their skin, so a person examines what these checks find.

use super::intervals::interval;
use crate::examination::{Examination, Measure, MediaType, Portrait, round};
use crate::judge::context::CheckContext;
use crate::programme::{MeasureRange, RANGED_MEASURES};
use crate::reason::{Code, Reason};
use crate::status::Status;
use crate::verdict::Check;

/// Checks every range of the programme whose measure was taken.
pub(super) fn check_measure_ranges(context: &CheckContext<'_>, portrait: &Portrait) -> Vec<Check> {
    let ranges = &context.programme.rules.portrait_measures;
    RANGED_MEASURES
        .iter()
        .filter_map(|(name, code)| {
            let (range, measure) = (ranges.get(*name)?, portrait.measures.get(*name)?);
            Some(check_range(context, name, *code, range, measure))
        })
        .collect()
}

/// Names the measures with a range that could not be taken of a face. The quality of a
/// JPEG is a measure of JPEG files only.
pub(super) fn check_all_measured(
    context: &CheckContext<'_>,
    examination: &Examination,
    portrait: &Portrait,
) -> Option<Check> {
    let ranges = &context.programme.rules.portrait_measures;
    let is_jpeg = examination.media_type == Some(MediaType::Jpeg);
    let applies = |name: &&str| *name != "jpeg_quality" || is_jpeg;
    let missing = RANGED_MEASURES.iter().map(|(name, _)| *name).filter(applies);
    let missing: Vec<&str> = missing
        .filter(|name| ranges.contains_key(*name) && !portrait.measures.contains_key(*name))
        .collect();
    let reason = || Reason::new(Code::PhotoNotMeasured).with("measure", missing.clone());
    (!missing.is_empty())
        .then(|| Check::new("portrait.measures", Status::Pass, false).with_reason(reason()))
}

/// Checks one range; a value is outside only where its whole interval is.
fn check_range(
    context: &CheckContext<'_>,
    name: &str,
    code: Code,
    range: &MeasureRange,
    measure: &Measure,
) -> Check {
    let (low, high) = (range.low.unwrap_or(f64::MIN), range.high.unwrap_or(f64::MAX));
    let [least, most] = interval(measure);
    let unit = match measure.unit.as_str() {
        "px" => " px",
        "mm" => " mm",
        "deg" => "°",
        _ => "",
    };
    let expected = match (range.low, range.high) {
        (Some(low), Some(high)) => format!("{low} to {high}{unit}"),
        (Some(low), None) => format!("at least {low}{unit}"),
        (None, Some(high)) => format!("at most {high}{unit}"),
        (None, None) => String::new(),
    };
    let value = measure.value;
    let actual = match measure.interval {
        Some([a, b]) if a < b => format!("{value}{unit} ({a} to {b})"),
        _ => format!("{value}{unit}"),
    };
    let check = Check::new(&format!("portrait.{name}"), Status::Pass, false)
        .with_rule(context, &format!("portrait_measures.{name}"), range, &range.source)
        .with_expected(expected, actual)
        .with_margin(round((most - low).min(high - least), 3));
    let check = Check { confidence: Some(measure.confidence), ..check };
    if most >= low && least <= high {
        return check;
    }
    let reason = Reason::new(code).with("measure", name).with("value", value);
    let reason = range.low.map_or(reason.clone(), |low| reason.with("low", low));
    let reason = range.high.map_or(reason.clone(), |high| reason.with("high", high));
    check.with_reason(reason)
}
