//! The hint that cropping alone would correct a check.

use super::intervals::interval;
use crate::examination::{Portrait, round};
use crate::judge::context::CheckContext;
use crate::reason::{Code, Reason};
use crate::status::Status;
use crate::verdict::Check;

/// Adds to each open check of the geometry that the suggested crop corrects it.
pub(super) fn add_crop_hint(context: &CheckContext<'_>, portrait: &Portrait, checks: &mut [Check]) {
    let Some(crop) = &portrait.suggested_crop else { return };
    let Some(height) = crop
        .measures
        .get("head_height_hair_mm")
        .or_else(|| crop.measures.get("head_height_skull_mm"))
    else {
        return;
    };
    let rule = &context.programme.rules.portrait_eye_line;
    let corrects_eye_line = crop
        .measures
        .get("eye_line_mm")
        .map(interval)
        .is_some_and(|[low, high]| high >= rule.low_mm && low <= rule.high_mm);
    let corrected: &[&str] = if corrects_eye_line {
        &["portrait.ratio", "portrait.head_height", "portrait.eye_line"]
    } else {
        &["portrait.ratio", "portrait.head_height"]
    };
    let is_open = |check: &&mut Check| {
        corrected.contains(&check.id.as_str())
            && check.status >= Status::Warn
            && !check.reasons.is_empty()
    };
    for check in checks.iter_mut().filter(is_open) {
        let hint = Reason::new(Code::PhotoCropFits).with("mm", round(height.value, 1));
        check.reasons.push(hint);
    }
}
