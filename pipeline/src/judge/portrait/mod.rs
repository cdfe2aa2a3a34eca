//! Checks of the portrait: aspect ratio, pixels and colour may fail; everything
//! about the face warns.

mod crop_hint;
mod face;
mod intervals;
mod measure_ranges;
mod picture;

use super::check_builder::{check_pages_read, not_run};
use super::context::CheckContext;
use crate::application::Document;
use crate::examination::{Examination, Portrait};
use crate::reason::Code;
use crate::verdict::Check;

/// Checks an examined portrait.
pub(super) fn check_portrait(
    context: &CheckContext<'_>,
    document: &Document,
    examination: &Examination,
) -> Vec<Check> {
    let required = context.is_required(document);
    let Some(portrait) = &examination.portrait else {
        return unexamined_checks(document, required);
    };
    let mut checks = check_measured(context, portrait, examination, required);
    checks.extend(check_other_pages(examination));
    checks
        .into_iter()
        .map(|check| {
            let ids = picture_ids(&check, examination);
            check.for_document(document).with_evidence(document, &ids)
        })
        .collect()
}

/// Returns the checks of a portrait without an examined page.
pub(super) fn unexamined_checks(document: &Document, required: bool) -> Vec<Check> {
    let ids = [
        "portrait.face",
        "portrait.ratio",
        "portrait.size",
        "portrait.colour",
        "portrait.head_height",
        "portrait.eye_line",
    ];
    ids.map(|id| not_run(id, required, "file.opens").for_document(document)).into()
}

/// Names the pages beside the one that was measured, the first with a face.
fn check_other_pages(examination: &Examination) -> Option<Check> {
    let overlay = examination.evidence.iter().find(|evidence| evidence.id == "portrait");
    let first = examination.pages.first().map(|page| page.number);
    let measured = overlay.map(|evidence| evidence.page).or(first);
    check_pages_read("portrait.other_pages", examination, |page| Some(page) == measured)
}

fn check_measured(
    context: &CheckContext<'_>,
    portrait: &Portrait,
    examination: &Examination,
    required: bool,
) -> Vec<Check> {
    let mut checks = vec![
        picture::check_ratio(context, portrait, required),
        picture::check_size(context, portrait, required),
        picture::check_colour(context, portrait, required),
        face::check_face(portrait, required),
    ];
    if portrait.faces.is_empty() {
        let not_run = |id| not_run(id, required, "portrait.face");
        checks.extend(["portrait.head_height", "portrait.eye_line"].map(not_run));
    } else {
        checks.push(face::check_head_height(context, portrait, required));
        checks.push(face::check_eye_line(context, portrait, required));
        checks.extend(measure_ranges::check_all_measured(context, examination, portrait));
    }
    crop_hint::add_crop_hint(context, portrait, &mut checks);
    checks.push(picture::check_upright(portrait));
    checks.push(picture::check_age(context, examination));
    checks.extend(measure_ranges::check_measure_ranges(context, portrait));
    checks
}

/// Returns the pictures that show a check: the overlay, and the suggested crop
/// where a reason names it.
fn picture_ids(check: &Check, examination: &Examination) -> Vec<&'static str> {
    let names_crop = check.reasons.iter().any(|reason| reason.code == Code::PhotoCropFits);
    let ids = ["portrait", "portrait-crop"];
    let exists = |id: &&str| examination.evidence.iter().any(|evidence| evidence.id == *id);
    ids[..1 + usize::from(names_crop)].iter().copied().filter(exists).collect()
}
