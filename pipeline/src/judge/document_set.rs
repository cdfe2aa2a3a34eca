//! Checks that every document required by the stage is present, once, and no other.

use super::case::ExaminationOutcome;
use super::check_builder::not_run;
use super::context::CheckContext;
use crate::application::Document;
use crate::kind::Kind;
use crate::reason::{Code, FixableBy, Reason};
use crate::status::Status;
use crate::verdict::Check;

/// Checks the set of documents against the stage.
pub(super) fn check_document_set(context: &CheckContext<'_>) -> Vec<Check> {
    let stage = context.stage;
    let required = stage.required.iter().map(|kind| (*kind, true));
    let optional = stage.optional.iter().map(|kind| (*kind, false));
    let mut checks: Vec<Check> = required
        .chain(optional)
        .map(|(kind, required)| check_kind(context, kind, required))
        .collect();
    checks.extend(check_unexpected(context));
    checks
}

fn check_kind(context: &CheckContext<'_>, kind: Kind, required: bool) -> Check {
    let documents: Vec<&Document> =
        context.case.application.documents.iter().filter(|d| d.kind == kind).collect();
    let id = format!("set.{kind}");
    let reason = |code| Reason::new(code).with("kind", kind.name());
    let expected = match (required, kind.may_be_several()) {
        (true, _) => "one",
        (false, false) => "one at most",
        (false, true) => "any number",
    };
    let check = Check::new(&id, Status::Pass, required)
        .with_expected(expected, documents.len().to_string())
        .with_rule(
            context,
            &format!("stages/{}", context.case.application.stage),
            &kind.name(),
            &context.stage.source,
        );
    match documents.as_slice() {
        [] if required => match undeclared_documents(context) {
            0 => check.with_reason(reason(Code::SetMissing)),
            count => check.with_reason(reason(Code::SetKindUnknown).with("count", count)),
        },
        [] => check.with_reason(reason(Code::SetMissingRecommended)),
        documents if !documents.iter().any(|d| may_have_pages(context, d)) => {
            if documents.iter().any(|d| was_refused(context, d)) {
                check.with_reason(reason(Code::SetUnreadable))
            } else {
                not_run(&id, required, "file.opens")
            }
        }
        [_] => check,
        _ if kind.may_be_several() => check,
        many => check.with_reason(reason(Code::SetSeveral).with("count", many.len())),
    }
}

/// Returns whether a document has pages, or is not examined yet: `complete` reports
/// that, not the set.
fn may_have_pages(context: &CheckContext<'_>, document: &Document) -> bool {
    match context.outcome(document) {
        Some(ExaminationOutcome::Examined(examination)) => !examination.pages.is_empty(),
        Some(ExaminationOutcome::Unavailable(_)) => false,
        None => true,
    }
}

/// Returns whether a document arrived and could not be opened for a reason that its
/// applicant can correct; `file.opens` reports every reason.
fn was_refused(context: &CheckContext<'_>, document: &Document) -> bool {
    let is_theirs = |reason: &Reason| reason.code.fixable_by() == FixableBy::Applicant;
    match context.outcome(document) {
        Some(ExaminationOutcome::Examined(examination)) => {
            examination.reasons.iter().any(is_theirs)
        }
        Some(ExaminationOutcome::Unavailable(reason)) => is_theirs(reason),
        None => false,
    }
}

/// Returns the number of documents whose kind nobody knows: each may be of any kind.
fn undeclared_documents(context: &CheckContext<'_>) -> usize {
    let documents = context.case.application.documents.iter();
    documents.filter(|document| document.unknown_kind.is_some()).count()
}

fn check_unexpected(context: &CheckContext<'_>) -> Vec<Check> {
    let stage = context.stage;
    let mut kinds: Vec<Kind> = context
        .case
        .application
        .documents
        .iter()
        .filter(|document| document.unknown_kind.is_none())
        .map(|document| document.kind)
        .filter(|kind| !stage.required.contains(kind) && !stage.optional.contains(kind))
        .collect();
    kinds.sort_unstable();
    kinds.dedup();
    let check = |kind: Kind| {
        let reason = Reason::new(Code::SetUnexpected).with("kind", kind.name());
        Check::new(&format!("set.{kind}"), Status::Pass, false).with_reason(reason)
    };
    kinds.into_iter().map(check).collect()
}
