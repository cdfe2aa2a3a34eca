//! The file as a file: there, whole, what it claims to be, and opened.

use super::checks::{bare, not_run};
use super::{Judging, Seen, is_about_file};
use crate::application::Document;
use crate::examination::Examination;
use crate::reason::{Code, Reason};
use crate::status::Status;
use crate::verdict::Check;

pub(super) fn judge(judging: &Judging<'_>, document: &Document) -> Vec<Check> {
    let required = judging.required(document);
    let mut checks: Vec<Check> = kind(judging, document).into_iter().collect();
    match judging.case.seen.get(document.document_id.as_str()) {
        Some(Seen::Examined(examination)) => {
            checks.extend(announced(document, examination, required));
            checks.push(opens(examination, required));
            checks.extend(declared_type(document, examination));
        }
        Some(Seen::Missing(reason)) => {
            checks.push(Check::new("file.opens", Status::Pass, required).because(reason.clone()));
        }
        None => checks.push(not_run("file.opens", required, "file.arrives")),
    }
    checks.into_iter().map(|check| check.about(document)).collect()
}

fn kind(judging: &Judging<'_>, document: &Document) -> Option<Check> {
    let check = Check::new("document.kind", Status::Pass, false);
    if let Some(word) = &document.unknown_kind {
        return Some(check.because(bare(Code::DocKindUnknown).with("declared", word.as_str())));
    }
    let note = judging.case.notes.get(document.document_id.as_str())?;
    Some(check.because(note.clone()))
}

fn announced(document: &Document, examination: &Examination, required: bool) -> Option<Check> {
    let announced = document.sha256.as_ref()?;
    let check = Check::new("file.integrity", Status::Pass, required)
        .expects(announced.as_str(), examination.sha256.as_str());
    let same = *announced == examination.sha256;
    Some(if same { check } else { check.because(bare(Code::FileHashMismatch)) })
}

fn opens(examination: &Examination, required: bool) -> Check {
    let about_file = |reason: &&Reason| is_about_file(reason.code);
    let reasons: Vec<Reason> = examination.reasons.iter().filter(about_file).cloned().collect();
    let check = Check::of_reasons("file.opens", required, reasons);
    let pages = format!("{} of {} pages", examination.pages.len(), examination.page_count);
    Check { actual: Some(pages), ..check }
}

fn declared_type(document: &Document, examination: &Examination) -> Option<Check> {
    let declared = document.media_type.as_ref()?;
    let detected = examination.media_type?;
    let check =
        Check::new("file.type", Status::Pass, false).expects(declared.as_str(), detected.name());
    let reason = bare(Code::FileTypeMismatch)
        .with("declared", declared.as_str())
        .with("detected", detected.name());
    Some(if same_type(declared, detected.name()) { check } else { check.because(reason) })
}

/// Case and parameters do not matter; a HEIF is what phones call a HEIC, and
/// `image/jpg` is a common slip that misleads nobody.
fn same_type(declared: &str, detected: &str) -> bool {
    let declared = declared.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    declared == detected
        || (declared == "image/heif" && detected == "image/heic")
        || (declared == "image/jpg" && detected == "image/jpeg")
}
