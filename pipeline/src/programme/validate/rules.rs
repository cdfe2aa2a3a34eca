//! Faults in the numbers of the rules that hold in every stage.

use super::{DAYS, Faults, TEN_YEARS};
use crate::programme::ranged_measures::RANGED_MEASURES;
use crate::programme::rules::Rules;

pub(super) fn check_rules(rules: &Rules, faults: &mut Faults) {
    check_terms(rules, faults);
    check_portrait_rules(rules, faults);
}

fn check_terms(rules: &Rules, faults: &mut Faults) {
    let window = &rules.expiry_window;
    let years = i32::from(window.years_back) + i32::from(window.years_ahead);
    faults.add_unless(
        (1..100).contains(&years),
        "rules.expiry_window.years_ahead",
        "the window must span 1 to 99 years, or a two-digit year has two meanings",
    );
    faults.add_unless(
        (0..=window.years_ahead).contains(&window.unsure_beyond_years),
        "rules.expiry_window.unsure_beyond_years",
        "must be between 0 and years_ahead",
    );
    let clearance = rules.police_clearance.as_ref();
    faults.add_unless(
        clearance.is_none_or(|rule| DAYS.contains(&rule.valid_days)),
        "rules.police_clearance.valid_days",
        TEN_YEARS,
    );
}

fn check_portrait_rules(rules: &Rules, faults: &mut Faults) {
    let ratio = &rules.portrait_ratio;
    let print = ratio.width_mm / ratio.height_mm;
    faults.add_unless(
        ratio.width_mm > 0.0 && ratio.height_mm > 0.0,
        "rules.portrait_ratio.width_mm",
        "a print has a size",
    );
    faults.add_unless(
        (0.0..0.5).contains(&ratio.tolerance),
        "rules.portrait_ratio.tolerance",
        "is a share from 0 to 0.5",
    );
    faults.add_unless(
        ratio.warn_low <= print && print <= ratio.warn_high,
        "rules.portrait_ratio.warn_low",
        "the print's own ratio is outside warn_low to warn_high",
    );
    let colour = &rules.portrait_colour;
    faults.add_unless(
        0.0 <= colour.grey_below
            && colour.grey_below <= colour.unsure_below
            && colour.unsure_below <= 1.0,
        "rules.portrait_colour.unsure_below",
        "0 <= grey_below <= unsure_below <= 1 is needed",
    );
    for (name, range) in [
        ("portrait_head_height", &rules.portrait_head_height),
        ("portrait_eye_line", &rules.portrait_eye_line),
    ] {
        let fits =
            0.0 < range.low_mm && range.low_mm < range.high_mm && range.high_mm <= ratio.height_mm;
        faults.add_unless(
            fits,
            &format!("rules.{name}.low_mm"),
            "0 < low_mm < high_mm <= height of the print is needed",
        );
    }
    for (name, range) in &rules.portrait_measures {
        let key = format!("rules.portrait_measures.{name}");
        let known: Vec<&str> = RANGED_MEASURES.iter().map(|(name, _)| *name).collect();
        faults.add_unless(
            known.contains(&name.as_str()),
            &key,
            &format!("no such measure; there are {}", known.join(", ")),
        );
        let (low, high) = (range.low.unwrap_or(f64::MIN), range.high.unwrap_or(f64::MAX));
        faults.add_unless(
            low < high && (range.low.is_some() || range.high.is_some()),
            &key,
            "low < high is needed, or one of them",
        );
    }
    faults.add_unless(
        rules.portrait_age.months > 0,
        "rules.portrait_age.months",
        "more than 0 is needed",
    );
}
