//! Checks of the picture itself: aspect ratio, pixels, colour, orientation and age.

use jiff::ToSpan;
use jiff::civil::DateTime;

use super::intervals::{margin, not_measured};
use crate::examination::{Examination, Portrait, round};
use crate::judge::check_builder::not_run;
use crate::judge::context::CheckContext;
use crate::reason::{Code, Reason};
use crate::status::Status;
use crate::verdict::Check;

/// Checks width over height.
pub(super) fn check_ratio(
    context: &CheckContext<'_>,
    portrait: &Portrait,
    required: bool,
) -> Check {
    let rule = &context.programme.rules.portrait_ratio;
    let check = Check::new("portrait.ratio", Status::Pass, required);
    let by = |check: Check, source| check.with_rule(context, "portrait_ratio", rule, source);
    let Some(measure) = portrait.measures.get("aspect_ratio") else {
        return not_measured(by(check, &rule.source), "aspect_ratio");
    };
    let print = rule.width_mm / rule.height_mm;
    let best = (print * (1.0 - rule.tolerance), print * (1.0 + rule.tolerance));
    let accepted = (rule.warn_low, rule.warn_high);
    let is_in = |(low, high): (f64, f64)| (low..=high).contains(&measure.value);
    // a failure rests on the wider range, which has a source of its own
    let (code, (low, high), source) = match (is_in(best), is_in(accepted)) {
        (true, _) => (None, best, &rule.source),
        (false, true) => (Some(Code::PhotoRatioNear), best, &rule.source),
        (false, false) => (Some(Code::PhotoRatio), accepted, &rule.warn_source),
    };
    let check = by(check, source)
        .with_expected(format!("{low:.3} to {high:.3}"), format!("{:.3}", measure.value))
        .with_margin(margin(measure.value, low, high, 4));
    let Some(code) = code else { return check };
    let reason = Reason::new(code).with("ratio", round(measure.value, 3));
    check.with_reason(reason.with("low", round(low, 3)).with("high", round(high, 3)))
}

/// Checks width and height in pixels.
pub(super) fn check_size(context: &CheckContext<'_>, portrait: &Portrait, required: bool) -> Check {
    let rule = &context.programme.rules.portrait_size;
    let check = Check::new("portrait.size", Status::Pass, required).with_rule(
        context,
        "portrait_size",
        rule,
        &rule.source,
    );
    let (Some(width), Some(height)) =
        (portrait.measures.get("width_px"), portrait.measures.get("height_px"))
    else {
        return not_measured(check, "width_px");
    };
    let least = (f64::from(rule.min_width_px), f64::from(rule.min_height_px));
    let check = check
        .with_expected(
            format!("at least {} x {} px", least.0, least.1),
            format!("{} x {} px", width.value, height.value),
        )
        .with_margin((width.value - least.0).min(height.value - least.1));
    if width.value >= least.0 && height.value >= least.1 {
        return check;
    }
    check.with_reason(
        Reason::new(Code::PhotoTooSmall)
            .with("width", width.value)
            .with("height", height.value)
            .with("min_width", rule.min_width_px)
            .with("min_height", rule.min_height_px),
    )
}

/// Checks that the portrait is in colour.
pub(super) fn check_colour(
    context: &CheckContext<'_>,
    portrait: &Portrait,
    required: bool,
) -> Check {
    let rule = &context.programme.rules.portrait_colour;
    let check = Check::new("portrait.colour", Status::Pass, required).with_rule(
        context,
        "portrait_colour",
        rule,
        &rule.source,
    );
    let Some(measure) = portrait.measures.get("colour") else {
        return not_measured(check, "colour");
    };
    let check = check
        .with_expected(format!("at least {}", rule.unsure_below), measure.value.to_string())
        .with_margin(round(measure.value - rule.unsure_below, 3));
    if measure.value < rule.grey_below {
        check.with_reason(Reason::new(Code::PhotoGreyscale).with("colour", measure.value))
    } else if measure.value < rule.unsure_below {
        not_measured(check, "colour")
    } else {
        check
    }
}

/// Checks that the picture is upright.
pub(super) fn check_upright(portrait: &Portrait) -> Check {
    let check = Check::new("portrait.upright", Status::Pass, false);
    if portrait.faces.is_empty() {
        return not_run("portrait.upright", false, "portrait.face");
    }
    let check = check.with_expected("0°", format!("{}°", portrait.rotation));
    if portrait.rotation == 0 {
        return check;
    }
    check.with_reason(Reason::new(Code::PhotoSideways).with("degrees", portrait.rotation))
}

/// Checks how old the picture is by the camera's clock.
pub(super) fn check_age(context: &CheckContext<'_>, examination: &Examination) -> Check {
    let rule = &context.programme.rules.portrait_age;
    let check = Check::new("portrait.age", Status::Pass, false).with_rule(
        context,
        "portrait_age",
        rule,
        &rule.source,
    );
    let exif = examination.exif.as_ref();
    let taken = exif.and_then(|exif| exif.taken.as_ref()?.parse::<DateTime>().ok());
    let Some(taken) = taken.map(DateTime::date) else {
        return Check { status: Status::NotApplicable, ..check };
    };
    let oldest = context.application_date.checked_sub(rule.months.months()).unwrap_or(taken);
    let check = check.with_expected(format!("from {oldest} on"), taken.to_string());
    if taken >= oldest {
        return check;
    }
    check.with_reason(
        Reason::new(Code::PhotoOldExif)
            .with("taken", taken.to_string())
            .with("months", rule.months),
    )
}
