//! Intervals and margins of measures, for the checks of a portrait.

use crate::examination::{Measure, round};
use crate::reason::{Code, Reason};
use crate::verdict::Check;

/// Returns the lowest and the highest possible value of a measure.
pub(super) fn interval(measure: &Measure) -> [f64; 2] {
    measure.interval.unwrap_or([measure.value; 2])
}

/// Returns the distance to the nearer end of a range, negative outside of it.
pub(super) fn margin(value: f64, low: f64, high: f64, digits: i32) -> f64 {
    round((value - low).min(high - value), digits)
}

/// Adds the reason that a measure could not be taken.
pub(super) fn not_measured(check: Check, measure: &str) -> Check {
    check.with_reason(Reason::new(Code::PhotoNotMeasured).with("measure", measure))
}
