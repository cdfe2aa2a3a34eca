//! Checks of the face's number, of the head height and of the eye line.

use super::intervals::{interval, not_measured};
use crate::examination::{Measure, Portrait, round};
use crate::judge::context::CheckContext;
use crate::programme::MillimetreRange;
use crate::reason::{Code, Reason};
use crate::status::Status;
use crate::verdict::Check;

/// Checks that both detectors find exactly one face.
pub(super) fn check_face(portrait: &Portrait, required: bool) -> Check {
    let faces = portrait.faces.len();
    let check =
        Check::new("portrait.face", Status::Pass, required).with_expected("1", faces.to_string());
    let agree = portrait.measures.get("second_opinion").is_none_or(|measure| measure.value > 0.5);
    match portrait.faces.as_slice() {
        [] => check.with_reason(Reason::new(Code::PhotoNoFace)),
        [_] if !agree => {
            check.with_reason(Reason::new(Code::PhotoFacesDisagree).with("faces", faces))
        }
        [face] => Check { confidence: Some(face.confidence), ..check },
        _ => check.with_reason(Reason::new(Code::PhotoManyFaces).with("faces", faces)),
    }
}

/// Checks the head height. The crown cannot be seen under hair, and sources
/// differ on which is meant: the possible heights run from the one without hair
/// to the one with hair, each with its interval, and one of them within the
/// range is enough.
pub(super) fn check_head_height(
    context: &CheckContext<'_>,
    portrait: &Portrait,
    required: bool,
) -> Check {
    let rule = &context.programme.rules.portrait_head_height;
    let check = Check::new("portrait.head_height", Status::Pass, required)
        .with_rule(context, "portrait_head_height", rule, &rule.source)
        .depending_on(&["portrait.face"]);
    let hair = portrait.measures.get("head_height_hair_mm");
    let skull = portrait.measures.get("head_height_skull_mm");
    let Some(shown) = hair.or(skull) else { return not_measured(check, "head_height_skull_mm") };
    let estimate = portrait.measures.get("head_height_hair_estimate_mm");
    // where the top of the hair is visible, the skull is below it at its usual
    // distance; where it is not, both are estimates
    let (low, high) = match (hair, skull) {
        (Some(hair), Some(skull)) => (skull.value.min(interval(hair)[0]), interval(hair)[1]),
        _ => [hair, skull, estimate]
            .into_iter()
            .flatten()
            .flat_map(interval)
            .fold((f64::MAX, f64::MIN), |(low, high), end| (low.min(end), high.max(end))),
    };
    let possible = Measure { interval: Some([low, high]), ..shown.clone() };
    let codes = [Code::PhotoHeadSmall, Code::PhotoHeadLarge];
    check_range(check, &possible, rule, codes)
}

/// Checks the height of the eyes above the lower edge.
pub(super) fn check_eye_line(
    context: &CheckContext<'_>,
    portrait: &Portrait,
    required: bool,
) -> Check {
    let rule = &context.programme.rules.portrait_eye_line;
    let check = Check::new("portrait.eye_line", Status::Pass, required)
        .with_rule(context, "portrait_eye_line", rule, &rule.source)
        .depending_on(&["portrait.face"]);
    let Some(measure) = portrait.measures.get("eye_line_mm") else {
        return not_measured(check, "eye_line_mm");
    };
    check_range(check, measure, rule, [Code::PhotoEyeLine; 2])
}

/// Compares a measure's interval with a range; `below` and `above` are the codes
/// of an interval outside of it.
fn check_range(
    check: Check,
    measure: &Measure,
    rule: &MillimetreRange,
    [below, above]: [Code; 2],
) -> Check {
    let [low, high] = interval(measure);
    let actual = if low < high {
        format!("{:.1} mm ({low:.1} to {high:.1})", measure.value)
    } else {
        format!("{:.1} mm", measure.value)
    };
    let check = Check { confidence: Some(measure.confidence), ..check }
        .with_expected(format!("{} to {} mm", rule.low_mm, rule.high_mm), actual)
        .with_margin(round((high - rule.low_mm).min(rule.high_mm - low), 2));
    let reason = |code| {
        Reason::new(code)
            .with("mm", round(measure.value, 1))
            .with("low", rule.low_mm)
            .with("high", rule.high_mm)
    };
    if high < rule.low_mm {
        check.with_reason(reason(below))
    } else if low > rule.high_mm {
        check.with_reason(reason(above))
    } else {
        check
    }
}
