//! Checks of the file itself: it exists, has the announced digest and type, opens,
//! and its content is read.

use super::case::ExaminationOutcome;
use super::check_builder::not_run;
use super::context::CheckContext;
use crate::application::Document;
use crate::examination::Examination;
use crate::reason::{Code, Reason};
use crate::status::Status;
use crate::verdict::Check;

/// Checks one document's file.
pub(super) fn check_file(context: &CheckContext<'_>, document: &Document) -> Vec<Check> {
    let required = context.is_required(document);
    let mut checks: Vec<Check> = check_kind(context, document).into_iter().collect();
    match context.outcome(document) {
        Some(ExaminationOutcome::Examined(examination)) => {
            checks.extend(check_integrity(document, examination, required));
            checks.push(check_opens(examination, required));
            checks.extend(check_type(document, examination));
        }
        Some(ExaminationOutcome::Unavailable(reason)) => {
            checks
                .push(Check::new("file.opens", Status::Pass, required).with_reason(reason.clone()));
        }
        None => checks.push(not_run("file.opens", required, "file.arrives")),
    }
    checks.extend(check_content(context, document, required));
    checks.into_iter().map(|check| check.for_document(document)).collect()
}

fn check_kind(context: &CheckContext<'_>, document: &Document) -> Option<Check> {
    let check = Check::new("document.kind", Status::Pass, false);
    if let Some(word) = &document.unknown_kind {
        return Some(
            check.with_reason(Reason::new(Code::DocKindUnknown).with("declared", word.as_str())),
        );
    }
    let guessed = context.case.guessed_kinds.get(document.document_id.as_str())?;
    Some(check.with_reason(guessed.clone()))
}

fn check_integrity(
    document: &Document,
    examination: &Examination,
    required: bool,
) -> Option<Check> {
    let announced = document.sha256.as_ref()?;
    let check = Check::new("file.integrity", Status::Pass, required)
        .with_expected(announced.as_str(), examination.sha256.as_str());
    let same = *announced == examination.sha256;
    Some(if same { check } else { check.with_reason(Reason::new(Code::FileHashMismatch)) })
}

fn check_opens(examination: &Examination, required: bool) -> Check {
    let is_about_file = |reason: &&Reason| reason.code.name().starts_with("FILE_");
    let mut reasons: Vec<Reason> =
        examination.reasons.iter().filter(is_about_file).cloned().collect();
    if !examination.is_explained() {
        // an examination of an earlier version: nobody knows why it has no page
        let failure = "no page and no reason";
        reasons.push(Reason::new(Code::MachineCheckUnavailable).with("failure", failure));
    }
    let check = Check::from_reasons("file.opens", required, reasons);
    let pages = format!("{} of {} pages", examination.pages.len(), examination.page_count);
    Check { actual: Some(pages), ..check }
}

/// States that the content of a kind without rules for it was not read. Where the
/// file did not open, that is the cause, and it is named only once.
fn check_content(context: &CheckContext<'_>, document: &Document, required: bool) -> Option<Check> {
    let kind = document.kind;
    if kind.is_read() {
        return None;
    }
    let check = not_run(&format!("{kind}.content"), required, "file.opens");
    let opened = context.examination(document).is_some_and(|e| !e.pages.is_empty());
    let reason = || Reason::new(Code::DocNotRead).with("kind", kind.name());
    Some(if opened { check.with_reason(reason()) } else { check })
}

fn check_type(document: &Document, examination: &Examination) -> Option<Check> {
    let declared = document.media_type.as_ref()?;
    let detected = examination.media_type?;
    let check = Check::new("file.type", Status::Pass, false)
        .with_expected(declared.as_str(), detected.name());
    let reason = Reason::new(Code::FileTypeMismatch)
        .with("declared", declared.as_str())
        .with("detected", detected.name());
    Some(if is_same_type(declared, detected.name()) { check } else { check.with_reason(reason) })
}

/// Compares media types without case and parameters. Phones declare HEIC as HEIF,
/// and `image/jpg` is a common mistake without ambiguity.
fn is_same_type(declared: &str, detected: &str) -> bool {
    let declared = declared.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    declared == detected
        || (declared == "image/heif" && detected == "image/heic")
        || (declared == "image/jpg" && detected == "image/jpeg")
}
