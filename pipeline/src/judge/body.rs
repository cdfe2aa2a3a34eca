//! Assembles the body of a verdict from the checks of a case.

use std::collections::BTreeMap;

use super::application_dates::application_dates;
use super::calendar::resolve_date;
use super::check_builder::evidence_id;
use super::context::CheckContext;
use super::notes::notes;
use super::outcome::roll_up;
use crate::application::Document;
use crate::examination::Field;
use crate::kind::Kind;
use crate::reason::FixableBy;
use crate::status::Status;
use crate::verdict::{
    Advice, Body, Check, Comparison, DocumentEvidence, DocumentVerdict, ProgrammeRef, Subject,
    UnreadDocument, VerdictField,
};

/// Assembles the body for a whole application.
pub(super) fn assemble_body(
    context: &CheckContext<'_>,
    checks: Vec<Check>,
    comparisons: Vec<Comparison>,
) -> Body {
    let application = context.case.application;
    Body {
        subject: Subject {
            application_id: application.application_id.clone(),
            stage: application.stage.clone(),
            form_sha256: Some(application.form_sha256()),
            document_id: None,
        },
        on: context.case.on,
        programme: programme_ref(context),
        complete: application.documents.iter().all(|document| context.is_final(document)),
        outcome: roll_up(&checks),
        advice: choose_advice(&checks),
        not_read: documents_not_read(context),
        documents: document_verdicts(context, &checks),
        dates: application_dates(context),
        evidence: collect_evidence(context),
        versions: collect_versions(context),
        checks,
        comparisons,
    }
}

/// Returns the most urgent next step; none of them approves or refuses.
pub(super) fn choose_advice(checks: &[Check]) -> Advice {
    let is_open = |check: &&Check| check.status >= Status::Warn;
    let is_unmet = |check: &Check| check.status >= Status::NotRun;
    if checks.iter().filter(is_open).any(|c| c.status == Status::Error) {
        Advice::WaitRetry
    } else if checks.iter().any(|c| is_unmet(c) && c.fixable_by == FixableBy::Applicant) {
        Advice::AskApplicant
    } else if checks.iter().any(|c| is_open(&c)) {
        Advice::Look
    } else {
        Advice::None
    }
}

fn programme_ref(context: &CheckContext<'_>) -> ProgrammeRef {
    let programme = context.programme;
    ProgrammeRef {
        id: programme.id.clone(),
        title: programme.title.clone(),
        stage_title: context.stage.title.clone(),
        effective_from: programme.effective_from,
        effective_to: programme.effective_to,
        covers: context.in_force,
        to_confirm: programme.to_confirm,
        notes: notes(context),
        sha256: programme.sha256.clone(),
    }
}

/// Returns the documents whose content was not read: of a kind that is not read by
/// machine, a passport without any field, and a portrait without a face.
fn documents_not_read(context: &CheckContext<'_>) -> Vec<UnreadDocument> {
    let is_read = |document: &&Document| {
        let examination = context.examination(document);
        examination.is_some_and(|examination| match document.kind {
            Kind::Passport => !examination.fields.is_empty(),
            Kind::Portrait => examination.portrait.as_ref().is_some_and(|it| !it.faces.is_empty()),
            _ => false,
        })
    };
    let unread = context.case.application.documents.iter().filter(|document| !is_read(document));
    unread
        .map(|document| UnreadDocument {
            document_id: document.document_id.clone(),
            kind: document.kind,
        })
        .collect()
}

fn document_verdicts(context: &CheckContext<'_>, checks: &[Check]) -> Vec<DocumentVerdict> {
    let documents = context.case.application.documents.iter();
    documents.map(|document| document_verdict(context, document, checks)).collect()
}

fn document_verdict(
    context: &CheckContext<'_>,
    document: &Document,
    checks: &[Check],
) -> DocumentVerdict {
    let examination = context.examination(document);
    let own: Vec<Check> = checks
        .iter()
        .filter(|check| check.document_id.as_deref() == Some(&document.document_id))
        .cloned()
        .collect();
    DocumentVerdict {
        document_id: document.document_id.clone(),
        kind: document.kind,
        unknown_kind: document.unknown_kind.clone(),
        required: context.is_required(document),
        outcome: if own.is_empty() { Status::NotRun } else { roll_up(&own) },
        file: document.file.clone(),
        object: document.object.clone(),
        sha256: examination.map(|e| e.sha256.clone()),
        examiner: examination.map(|e| e.examiner.clone()),
        bytes: examination.map(|e| e.bytes),
        media_type: examination.and_then(|e| e.media_type),
        page_count: examination.map_or(0, |e| e.page_count),
        pages: examination.map_or_else(Vec::new, |e| e.pages.clone()),
        fields: examination.map_or_else(Vec::new, |e| {
            e.fields
                .iter()
                .map(|field| verdict_field(context, document, field, &e.fields))
                .collect()
        }),
        portrait: examination.and_then(|e| e.portrait.clone()),
        fingerprints: examination.and_then(|e| e.fingerprints.clone()),
    }
}

fn verdict_field(
    context: &CheckContext<'_>,
    document: &Document,
    field: &Field,
    all: &[Field],
) -> VerdictField {
    let resolved = resolve_date(field, all, context.application_date, &context.expiry_years());
    VerdictField {
        name: field.name,
        value: resolved.map_or_else(|| field.value.clone(), |date| date.to_string()),
        raw: field.raw.clone(),
        source: field.source,
        page: field.page,
        polygon: field.polygon.clone(),
        confidence: field.confidence,
        alternatives: field.alternatives.clone(),
        changed: field.changed,
        sure: field.sure,
        basis: field.basis,
        evidence: field.evidence.as_ref().map(|id| evidence_id(document, id)),
    }
}

fn collect_evidence(context: &CheckContext<'_>) -> Vec<DocumentEvidence> {
    let mut all = Vec::new();
    for (document, examination) in context.examined() {
        all.extend(examination.evidence.iter().map(|evidence| DocumentEvidence {
            id: evidence_id(document, &evidence.id),
            document_id: document.document_id.clone(),
            evidence: evidence.clone(),
        }));
    }
    all
}

fn collect_versions(context: &CheckContext<'_>) -> BTreeMap<String, String> {
    let mut versions = BTreeMap::new();
    versions.insert("judge".to_owned(), env!("CARGO_PKG_VERSION").to_owned());
    for (_, examination) in context.examined() {
        versions.insert("examiner".to_owned(), examination.examiner.clone());
    }
    versions
}
