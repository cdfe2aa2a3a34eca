//! Judges an application: its examinations, a programme and a day become the
//! body of a verdict.
//!
//! No pixels and no clock. It runs again whenever a document arrives, a rule
//! changes or a day passes that changes something; it takes well under a
//! millisecond.

mod application_dates;
mod body;
mod calendar;
mod case;
mod check_builder;
mod context;
mod document_set;
mod file;
mod form_comparison;
mod form_names;
mod iin;
pub mod names;
mod notes;
mod outcome;
mod passport;
mod passport_validity;
mod police_clearance;
mod portrait;
#[cfg(test)]
mod tests;
mod visual_zone;
mod working_days;

use context::CheckContext;

use crate::application::Document;
use crate::kind::Kind;
use crate::verdict::{Body, Check};

pub use calendar::{ExpiryYears, local_day, resolve_birth, resolve_date, resolve_expiry};
pub use case::{Case, ExaminationOutcome, JudgeError};
pub use form_names::{ComparedFields, ComparedName, OtherName, ZoneNames, compare_names};
pub(crate) use iin::Iin;
pub use outcome::roll_up;

/// Judges an application.
///
/// # Errors
/// Only when there is no programme or the programme does not have the stage;
/// everything else is in the verdict.
pub fn judge(case: &Case<'_>) -> Result<Body, JudgeError> {
    let context = CheckContext::new(case)?;
    let mut checks = application_dates::check_application_dates(&context);
    checks.extend(document_set::check_document_set(&context));
    for document in &case.application.documents {
        checks.extend(file::check_file(&context, document));
        if context.examination(document).is_none() {
            checks.extend(unexamined_checks(&context, document));
        }
        checks.extend(police_clearance::check_validity(&context, document));
    }
    let mut comparisons = Vec::new();
    for (document, examination) in context.examined() {
        match document.kind {
            Kind::Passport => {
                checks.extend(passport::check_passport(&context, document, examination));
                let (form_checks, compared) =
                    form_comparison::compare_sources(&context, document, examination);
                checks.extend(form_checks);
                comparisons.extend(compared);
                comparisons.extend(visual_zone::compare_visual_zone(document, examination));
            }
            Kind::Portrait => {
                checks.extend(portrait::check_portrait(&context, document, examination));
            }
            _ => {}
        }
    }
    let (iin_checks, compared) = iin::check_iin(&context);
    checks.extend(iin_checks);
    comparisons.extend(compared);
    checks.iter_mut().for_each(outcome::set_consequences);
    Ok(body::assemble_body(&context, checks, comparisons))
}

/// Returns the checks of the content of a document that is not examined.
fn unexamined_checks(context: &CheckContext<'_>, document: &Document) -> Vec<Check> {
    match document.kind {
        Kind::Passport => {
            let mut checks = passport::unexamined_checks(context, document);
            checks.extend(form_comparison::unread_checks(context, document, "file.opens"));
            checks
        }
        Kind::Portrait => portrait::unexamined_checks(document, context.is_required(document)),
        // the file's own checks name it
        _ => Vec::new(),
    }
}

/// Judges the only document of a case whose application is not known yet. Checks
/// that need the application (the set, the form, its dates) are left out.
///
/// # Errors
/// Only when there is no programme or the programme does not have the stage.
pub fn judge_single_document(case: &Case<'_>) -> Result<Body, JudgeError> {
    let mut body = judge(case)?;
    // without an application there is no form, rather than a form without values
    body.checks.retain(|check| check.document_id.is_some() && !check.id.starts_with("form."));
    body.outcome = roll_up(&body.checks);
    body.documents.iter_mut().for_each(|document| document.outcome = body.outcome);
    body.advice = body::choose_advice(&body.checks);
    body.subject.form_sha256 = None;
    body.subject.document_id = body.documents.first().map(|document| document.document_id.clone());
    Ok(body)
}
