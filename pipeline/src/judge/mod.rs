//! What it means: an application, what was seen in its files, a rule set and a day.
//!
//! No pixels and no clock. Run again whenever a document arrives, a rule
//! changes or a day passes that changes something; it costs well under a
//! millisecond.

mod checks;
mod compare;
mod dates;
mod file;
mod iin;
mod passport;
mod portrait;
mod set;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::application::{Application, Document};
use crate::examination::{Examination, Field};
use crate::kind::Kind;
use crate::programme::{Programme, Stage};
use crate::reason::{Code, FixableBy, Reason};
use crate::status::Status;
use crate::verdict::{
    Advice, Body, Check, DocumentEvidence, DocumentVerdict, ProgrammeRef, Subject, VerdictField,
};

pub use checks::roll_up;
pub use dates::{Window, local_day, resolve, resolve_birth, resolve_expiry};
pub(crate) use iin::Iin;

/// What became of one document's file, where it was looked at.
pub enum Seen<'a> {
    /// It was examined.
    Examined(&'a Examination),
    /// It could not be had, and why.
    Missing(Reason),
}

/// Everything that a judgement depends on.
pub struct Case<'a> {
    /// What was submitted.
    pub application: &'a Application,
    /// What was seen, by document id. A document without an entry is still to come.
    pub seen: BTreeMap<&'a str, Seen<'a>>,
    /// Notes of whoever made the application from files: guessed kinds, by document id.
    pub notes: BTreeMap<&'a str, Reason>,
    /// Rule sets to choose from.
    pub programmes: &'a [Programme],
    /// The time of receipt, taken where the portal gave no instant of acceptance.
    pub received_at: Timestamp,
    /// The local day of judging.
    pub on: Date,
}

/// Why a case cannot be judged at all.
#[derive(Debug, thiserror::Error)]
pub enum JudgeError {
    /// There is no rule set to judge by.
    #[error("no programme was given")]
    NoProgramme,
    /// The stage is none of the programme's.
    #[error("the application's stage is none of programme `{programme}`, which has {known}")]
    UnknownStage {
        /// The chosen programme.
        programme: String,
        /// What there is.
        known: String,
    },
}

/// A case with everything chosen that the checks share.
struct Judging<'a> {
    case: &'a Case<'a>,
    programme: &'a Programme,
    covers: bool,
    stage: &'a Stage,
    application_date: Date,
}

/// Judges an application.
///
/// # Errors
/// Only when there is no rule set or no such stage; everything else is in the verdict.
pub fn judge(case: &Case<'_>) -> Result<Body, JudgeError> {
    let judging = Judging::new(case)?;
    let mut checks = Vec::new();
    checks.extend(dates::judge(&judging));
    checks.extend(set::judge(&judging));
    for document in &case.application.documents {
        checks.extend(file::judge(&judging, document));
        if document.kind == Kind::Passport && judging.examination(document).is_none() {
            checks.extend(passport::not_seen(document, judging.required(document)));
        }
    }
    let mut comparisons = Vec::new();
    for (document, examination) in judging.examined() {
        match document.kind {
            Kind::Passport => {
                checks.extend(passport::judge(&judging, document, examination));
                let (more, compared) = compare::judge(&judging, document, examination);
                checks.extend(more);
                comparisons.extend(compared);
            }
            Kind::Portrait => {
                checks.extend(portrait::judge(&judging, document, examination));
            }
            _ => {}
        }
    }
    checks.extend(iin::judge(&judging));
    checks.iter_mut().for_each(checks::settle);

    let outcome = roll_up(&checks);
    Ok(Body {
        subject: Subject {
            application_id: case.application.application_id.clone(),
            stage: case.application.stage.clone(),
            form_sha256: Some(case.application.form_sha256()),
            document_id: None,
        },
        on: case.on,
        programme: judging.programme_ref(),
        complete: case.application.documents.iter().all(|d| judging.is_settled(d)),
        outcome,
        advice: advice(&checks),
        documents: judging.documents(&checks),
        dates: dates::clock(&judging),
        evidence: judging.evidence(),
        versions: judging.versions(),
        checks,
        comparisons,
    })
}

/// Judges the one document of a case whose application is not known yet: what
/// needs the application (the set, the form, its dates) is left out.
///
/// # Errors
/// Only when there is no rule set or no such stage.
pub fn judge_alone(case: &Case<'_>) -> Result<Body, JudgeError> {
    let mut body = judge(case)?;
    body.checks.retain(|check| check.document_id.is_some());
    body.outcome = roll_up(&body.checks);
    body.advice = advice(&body.checks);
    body.subject.form_sha256 = None;
    body.subject.document_id = body.documents.first().map(|document| document.document_id.clone());
    Ok(body)
}

/// The gravest thing to do first; nothing here approves or refuses.
fn advice(checks: &[Check]) -> Advice {
    let open = |check: &&Check| check.status >= Status::Warn;
    let grave = |check: &Check| check.status >= Status::NotRun;
    if checks.iter().filter(open).any(|c| c.status == Status::Error) {
        Advice::WaitRetry
    } else if checks.iter().any(|c| grave(c) && c.fixable_by == FixableBy::Applicant) {
        Advice::AskApplicant
    } else if checks.iter().any(|c| open(&c)) {
        Advice::Look
    } else {
        Advice::None
    }
}

impl<'a> Judging<'a> {
    fn new(case: &'a Case<'a>) -> Result<Self, JudgeError> {
        let accepted_at = case.application.accepted_at.unwrap_or(case.received_at);
        // the zone belongs to the programme, and the day in that zone picks the programme
        let zone = case.programmes.first().map_or("UTC", |programme| &programme.timezone);
        let application_date = local_day(accepted_at, zone);
        let chosen =
            Programme::choose(case.programmes, application_date).ok_or(JudgeError::NoProgramme)?;
        let programme = chosen.programme;
        let Some(stage) = programme.stages.get(&case.application.stage) else {
            return Err(JudgeError::UnknownStage {
                programme: programme.id.clone(),
                known: programme.stages.keys().cloned().collect::<Vec<_>>().join(", "),
            });
        };
        Ok(Self { case, programme, covers: chosen.covers, stage, application_date })
    }

    fn required(&self, document: &Document) -> bool {
        self.stage.required.contains(&document.kind)
    }

    fn examination(&self, document: &Document) -> Option<&'a Examination> {
        match self.case.seen.get(document.document_id.as_str()) {
            Some(Seen::Examined(examination)) => Some(examination),
            _ => None,
        }
    }

    /// Whether nothing more is to come of a document: it was examined, or
    /// refused for a reason that another try would not change.
    fn is_settled(&self, document: &Document) -> bool {
        match self.case.seen.get(document.document_id.as_str()) {
            Some(Seen::Examined(_)) => true,
            Some(Seen::Missing(reason)) => !reason.code.retryable(),
            None => false,
        }
    }

    fn examined(&self) -> impl Iterator<Item = (&'a Document, &'a Examination)> {
        let documents = self.case.application.documents.iter();
        documents.filter_map(|document| Some((document, self.examination(document)?)))
    }

    fn programme_ref(&self) -> ProgrammeRef {
        let programme = self.programme;
        ProgrammeRef {
            id: programme.id.clone(),
            title: programme.title.clone(),
            stage_title: self.stage.title.clone(),
            effective_from: programme.effective_from,
            effective_to: programme.effective_to,
            covers: self.covers,
            to_confirm: programme.to_confirm,
            sha256: programme.sha256.clone(),
        }
    }

    fn documents(&self, checks: &[Check]) -> Vec<DocumentVerdict> {
        let documents = self.case.application.documents.iter();
        documents.map(|document| self.document(document, checks)).collect()
    }

    fn document(&self, document: &Document, checks: &[Check]) -> DocumentVerdict {
        let seen = self.examination(document);
        let own: Vec<Check> = checks
            .iter()
            .filter(|check| check.document_id.as_deref() == Some(&document.document_id))
            .cloned()
            .collect();
        DocumentVerdict {
            document_id: document.document_id.clone(),
            kind: document.kind,
            unknown_kind: document.unknown_kind.clone(),
            required: self.required(document),
            outcome: if own.is_empty() { Status::NotRun } else { roll_up(&own) },
            file: document.file.clone(),
            object: document.object.clone(),
            sha256: seen.map(|e| e.sha256.clone()),
            examiner: seen.map(|e| e.examiner.clone()),
            bytes: seen.map(|e| e.bytes),
            media_type: seen.and_then(|e| e.media_type),
            page_count: seen.map_or(0, |e| e.page_count),
            pages: seen.map_or_else(Vec::new, |e| e.pages.clone()),
            fields: seen.map_or_else(Vec::new, |e| {
                e.fields.iter().map(|field| self.field(document, field, &e.fields)).collect()
            }),
            portrait: seen.and_then(|e| e.portrait.clone()),
            fingerprints: seen.and_then(|e| e.fingerprints.clone()),
        }
    }

    fn field(&self, document: &Document, field: &Field, all: &[Field]) -> VerdictField {
        let resolved = dates::resolve(field, all, self.application_date, &self.window());
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

    fn window(&self) -> Window {
        Window::of(&self.programme.rules.expiry_window)
    }

    fn evidence(&self) -> Vec<DocumentEvidence> {
        let mut evidence = Vec::new();
        for (document, examination) in self.examined() {
            evidence.extend(examination.evidence.iter().map(|one| DocumentEvidence {
                id: evidence_id(document, &one.id),
                document_id: document.document_id.clone(),
                evidence: one.clone(),
            }));
        }
        evidence
    }

    fn versions(&self) -> BTreeMap<String, String> {
        let mut versions = BTreeMap::new();
        versions.insert("judge".to_owned(), env!("CARGO_PKG_VERSION").to_owned());
        for (_, examination) in self.examined() {
            versions.insert("examiner".to_owned(), examination.examiner.clone());
        }
        versions
    }
}

fn evidence_id(document: &Document, id: &str) -> String {
    format!("{}/{id}", document.document_id)
}

/// Reasons of an examination that are given at the door of the file.
fn is_about_file(code: Code) -> bool {
    code.name().starts_with("FILE_")
}
