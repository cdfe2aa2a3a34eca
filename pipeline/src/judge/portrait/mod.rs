//! The portrait: ratio, pixels and colour may fail; everything about the face warns.

mod appearance;

use super::Judging;
use super::checks::{bare, not_run};
use crate::application::Document;
use crate::examination::{Examination, Measure, Portrait, round};
use crate::programme::MillimetreRange;
use crate::reason::{Code, Reason};
use crate::status::Status;
use crate::verdict::Check;

pub(super) fn judge(judging: &Judging<'_>, document: &Document, seen: &Examination) -> Vec<Check> {
    let required = judging.required(document);
    let checks = match &seen.portrait {
        Some(portrait) => measured(judging, portrait, seen, required),
        None => [
            "portrait.face",
            "portrait.ratio",
            "portrait.size",
            "portrait.colour",
            "portrait.head_height",
            "portrait.eye_line",
        ]
        .map(|id| not_run(id, required, "file.opens"))
        .into(),
    };
    let shown = |id: &&str| seen.evidence.iter().any(|evidence| evidence.id == *id);
    let pictures = |check: &Check| -> Vec<&str> {
        let cropped = check.reasons.iter().any(|reason| reason.code == Code::PhotoCropFits);
        let ids = ["portrait", "portrait-crop"];
        ids[..1 + usize::from(cropped)].iter().copied().filter(shown).collect()
    };
    checks
        .into_iter()
        .map(|check| {
            let ids = pictures(&check);
            check.about(document).shown_by(document, &ids)
        })
        .collect()
}

fn measured(
    judging: &Judging<'_>,
    portrait: &Portrait,
    seen: &Examination,
    required: bool,
) -> Vec<Check> {
    let rules = &judging.programme.rules;
    let mut checks = vec![
        ratio(judging, portrait, required),
        size(judging, portrait, required),
        colour(judging, portrait, required),
        face(portrait, required),
    ];
    if portrait.faces.is_empty() {
        let after = |id| not_run(id, required, "portrait.face");
        checks.extend(["portrait.head_height", "portrait.eye_line"].map(after));
    } else {
        checks.push(head_height(judging, portrait, required));
        let check = Check::new("portrait.eye_line", Status::Pass, required);
        let rule = &rules.portrait_eye_line;
        let check =
            check.by(judging, "portrait_eye_line", rule, &rule.source).after(&["portrait.face"]);
        checks.push(in_range(
            check,
            portrait.measures.get("eye_line_mm"),
            rule,
            Code::PhotoEyeLine,
            Code::PhotoEyeLine,
            "eye_line_mm",
        ));
    }
    crop(judging, portrait, &mut checks);
    checks.push(appearance::upright(portrait));
    checks.push(appearance::age(judging, seen));
    checks.extend(appearance::judge(judging, portrait));
    checks
}

/// Says beside what it would mend that a crop alone would put it right.
fn crop(judging: &Judging<'_>, portrait: &Portrait, checks: &mut [Check]) {
    let Some(crop) = &portrait.suggested_crop else { return };
    let Some(height) = crop
        .measures
        .get("head_height_hair_mm")
        .or_else(|| crop.measures.get("head_height_skull_mm"))
    else {
        return;
    };
    let rule = &judging.programme.rules.portrait_eye_line;
    let fits = crop
        .measures
        .get("eye_line_mm")
        .map(span)
        .is_some_and(|[low, high]| high >= rule.low_mm && low <= rule.high_mm);
    let mended: &[&str] = if fits {
        &["portrait.ratio", "portrait.head_height", "portrait.eye_line"]
    } else {
        &["portrait.ratio", "portrait.head_height"]
    };
    let open = |check: &&mut Check| {
        mended.contains(&check.id.as_str())
            && check.status >= Status::Warn
            && !check.reasons.is_empty()
    };
    for check in checks.iter_mut().filter(open) {
        check.reasons.push(bare(Code::PhotoCropFits).with("mm", round(height.value, 1)));
    }
}

fn ratio(judging: &Judging<'_>, portrait: &Portrait, required: bool) -> Check {
    let rule = &judging.programme.rules.portrait_ratio;
    let check = Check::new("portrait.ratio", Status::Pass, required).by(
        judging,
        "portrait_ratio",
        rule,
        &rule.source,
    );
    let Some(measure) = portrait.measures.get("aspect_ratio") else {
        return unmeasured(check, "aspect_ratio");
    };
    let print = rule.width_mm / rule.height_mm;
    let (low, high) = (print * (1.0 - rule.tolerance), print * (1.0 + rule.tolerance));
    let check = check
        .expects(format!("{low:.3} to {high:.3}"), format!("{:.3}", measure.value))
        .margin(margin(measure.value, low, high, 4));
    let say = |code, low: f64, high: f64| {
        bare(code)
            .with("ratio", round(measure.value, 3))
            .with("low", round(low, 3))
            .with("high", round(high, 3))
    };
    if (low..=high).contains(&measure.value) {
        check
    } else if (rule.warn_low..=rule.warn_high).contains(&measure.value) {
        check.because(say(Code::PhotoRatioNear, low, high))
    } else {
        check.because(say(Code::PhotoRatio, rule.warn_low, rule.warn_high))
    }
}

fn size(judging: &Judging<'_>, portrait: &Portrait, required: bool) -> Check {
    let rule = &judging.programme.rules.portrait_size;
    let check = Check::new("portrait.size", Status::Pass, required).by(
        judging,
        "portrait_size",
        rule,
        &rule.source,
    );
    let (Some(width), Some(height)) =
        (portrait.measures.get("width_px"), portrait.measures.get("height_px"))
    else {
        return unmeasured(check, "width_px");
    };
    let least = (f64::from(rule.min_width_px), f64::from(rule.min_height_px));
    let check = check
        .expects(
            format!("at least {} x {} px", least.0, least.1),
            format!("{} x {} px", width.value, height.value),
        )
        .margin((width.value - least.0).min(height.value - least.1));
    if width.value >= least.0 && height.value >= least.1 {
        return check;
    }
    check.because(
        bare(Code::PhotoTooSmall)
            .with("width", width.value)
            .with("height", height.value)
            .with("min_width", rule.min_width_px)
            .with("min_height", rule.min_height_px),
    )
}

fn colour(judging: &Judging<'_>, portrait: &Portrait, required: bool) -> Check {
    let rule = &judging.programme.rules.portrait_colour;
    let check = Check::new("portrait.colour", Status::Pass, required).by(
        judging,
        "portrait_colour",
        rule,
        &rule.source,
    );
    let Some(measure) = portrait.measures.get("colour") else { return unmeasured(check, "colour") };
    let check = check
        .expects(format!("at least {}", rule.unsure_below), measure.value.to_string())
        .margin(round(measure.value - rule.unsure_below, 3));
    if measure.value < rule.grey_below {
        check.because(bare(Code::PhotoGreyscale).with("colour", measure.value))
    } else if measure.value < rule.unsure_below {
        unmeasured(check, "colour")
    } else {
        check
    }
}

fn face(portrait: &Portrait, required: bool) -> Check {
    let faces = portrait.faces.len();
    let check = Check::new("portrait.face", Status::Pass, required).expects("1", faces.to_string());
    let agree = portrait.measures.get("second_opinion").is_none_or(|measure| measure.value > 0.5);
    match portrait.faces.as_slice() {
        [] => check.because(bare(Code::PhotoNoFace)),
        [_] if !agree => check.because(bare(Code::PhotoFacesDisagree).with("faces", faces)),
        [face] => Check { confidence: Some(face.confidence), ..check },
        _ => check.because(bare(Code::PhotoManyFaces).with("faces", faces)),
    }
}

/// The crown cannot be seen under hair, and sources differ on which is meant:
/// with hair and without, each with its spread; the band is met when any point
/// of what is possible meets it.
fn head_height(judging: &Judging<'_>, portrait: &Portrait, required: bool) -> Check {
    let rule = &judging.programme.rules.portrait_head_height;
    let check = Check::new("portrait.head_height", Status::Pass, required)
        .by(judging, "portrait_head_height", rule, &rule.source)
        .after(&["portrait.face"]);
    let hair = portrait.measures.get("head_height_hair_mm");
    let skull = portrait.measures.get("head_height_skull_mm");
    let Some(shown) = hair.or(skull) else { return unmeasured(check, "head_height_skull_mm") };
    let estimate = portrait.measures.get("head_height_hair_estimate_mm");
    // where the hair's end is seen, the skull lies below it as heads have it;
    // where it is not, both are estimates
    let (low, high) = match (hair, skull) {
        (Some(hair), Some(skull)) => (skull.value.min(span(hair)[0]), span(hair)[1]),
        _ => [hair, skull, estimate]
            .into_iter()
            .flatten()
            .flat_map(span)
            .fold((f64::MAX, f64::MIN), |(low, high), end| (low.min(end), high.max(end))),
    };
    let possible = Measure { interval: Some([low, high]), ..shown.clone() };
    in_range(
        check,
        Some(&possible),
        rule,
        Code::PhotoHeadSmall,
        Code::PhotoHeadLarge,
        "head_height_hair_mm",
    )
}

fn span(measure: &Measure) -> [f64; 2] {
    measure.interval.unwrap_or([measure.value; 2])
}

fn in_range(
    check: Check,
    measure: Option<&Measure>,
    rule: &MillimetreRange,
    below: Code,
    above: Code,
    name: &str,
) -> Check {
    let Some(measure) = measure else { return unmeasured(check, name) };
    let [low, high] = span(measure);
    let actual = if low < high {
        format!("{:.1} mm ({low:.1} to {high:.1})", measure.value)
    } else {
        format!("{:.1} mm", measure.value)
    };
    let check = Check { confidence: Some(measure.confidence), ..check }
        .expects(format!("{} to {} mm", rule.low_mm, rule.high_mm), actual)
        .margin((high - rule.low_mm).min(rule.high_mm - low))
        .rounded();
    let say = |code| {
        bare(code)
            .with("mm", round(measure.value, 1))
            .with("low", rule.low_mm)
            .with("high", rule.high_mm)
    };
    if high < rule.low_mm {
        check.because(say(below))
    } else if low > rule.high_mm {
        check.because(say(above))
    } else {
        check
    }
}

fn unmeasured(check: Check, measure: &str) -> Check {
    let reason: Reason = bare(Code::PhotoNotMeasured).with("measure", measure);
    check.because(reason)
}

fn margin(value: f64, low: f64, high: f64, digits: i32) -> f64 {
    round((value - low).min(high - value), digits)
}

impl Check {
    fn rounded(mut self) -> Self {
        self.margin = self.margin.map(|margin| round(margin, 2));
        self
    }
}
