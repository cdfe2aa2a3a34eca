//! Measures with a range in the programme: each a check of its own, advisory.
//!
//! None may fail, and none is required: photo checkers are known to fail people
//! by the colour of their skin, so what these find is for a person to look at.

use jiff::ToSpan;
use jiff::civil::DateTime;

use super::super::Judging;
use super::super::checks::{bare, not_run};
use super::span;
use crate::examination::{Examination, Measure, Portrait, round};
use crate::programme::{MeasureRange, RANGED_MEASURES};
use crate::reason::Code;
use crate::status::Status;
use crate::verdict::Check;

/// One check for every range of the programme whose measure was taken.
pub(super) fn judge(judging: &Judging<'_>, portrait: &Portrait) -> Vec<Check> {
    let ranges = &judging.programme.rules.portrait_measures;
    RANGED_MEASURES
        .iter()
        .filter_map(|(name, code)| {
            let (range, measure) = (ranges.get(*name)?, portrait.measures.get(*name)?);
            Some(ranged_check(judging, name, *code, range, measure))
        })
        .collect()
}

fn id(name: &str) -> String {
    format!("portrait.{name}")
}

/// Beyond the range only where all that the measure can be is.
fn ranged_check(
    judging: &Judging<'_>,
    name: &str,
    code: Code,
    range: &MeasureRange,
    measure: &Measure,
) -> Check {
    let (low, high) = (range.low.unwrap_or(f64::MIN), range.high.unwrap_or(f64::MAX));
    let [least, most] = span(measure);
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
    let check = Check::new(&id(name), Status::Pass, false)
        .by(judging, &format!("portrait_measures.{name}"), range, &range.source)
        .expects(expected, actual)
        .margin(round((most - low).min(high - least), 3));
    let check = Check { confidence: Some(measure.confidence), ..check };
    if most >= low && least <= high {
        return check;
    }
    let reason = bare(code).with("measure", name).with("value", value);
    let reason = range.low.map_or(reason.clone(), |low| reason.with("low", low));
    let reason = range.high.map_or(reason.clone(), |high| reason.with("high", high));
    check.because(reason)
}

/// Whether the picture stands upright.
pub(super) fn upright(portrait: &Portrait) -> Check {
    let check = Check::new("portrait.upright", Status::Pass, false);
    if portrait.faces.is_empty() {
        return not_run("portrait.upright", false, "portrait.face");
    }
    let check = check.expects("0°", format!("{}°", portrait.rotation));
    if portrait.rotation == 0 {
        return check;
    }
    check.because(bare(Code::PhotoSideways).with("degrees", portrait.rotation))
}

/// How old the picture is by the camera's clock.
pub(super) fn age(judging: &Judging<'_>, seen: &Examination) -> Check {
    let rule = &judging.programme.rules.portrait_age;
    let check = Check::new("portrait.age", Status::Pass, false).by(
        judging,
        "portrait_age",
        rule,
        &rule.source,
    );
    let taken = seen.exif.as_ref().and_then(|exif| exif.taken.as_ref()?.parse::<DateTime>().ok());
    let Some(taken) = taken.map(DateTime::date) else {
        return Check { status: Status::NotApplicable, ..check };
    };
    let oldest = judging.application_date.checked_sub(rule.months.months()).unwrap_or(taken);
    let check = check.expects(format!("from {oldest} on"), taken.to_string());
    if taken >= oldest {
        return check;
    }
    check.because(
        bare(Code::PhotoOldExif).with("taken", taken.to_string()).with("months", rule.months),
    )
}
