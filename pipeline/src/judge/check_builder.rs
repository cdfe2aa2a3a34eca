//! Builds checks step by step.

use serde::Serialize;
use serde_json::Value;

use super::context::CheckContext;
use crate::application::Document;
use crate::examination::{Examination, Field};
use crate::programme::Programme;
use crate::reason::{Code, FixableBy, Reason};
use crate::status::Status;
use crate::verdict::{Check, RuleRef};

impl Check {
    /// Creates a check without reasons.
    pub(super) fn new(id: &str, status: Status, required: bool) -> Self {
        Self {
            id: id.to_owned(),
            document_id: None,
            status,
            required,
            reasons: Vec::new(),
            expected: None,
            actual: None,
            margin: None,
            rule: None,
            confidence: None,
            basis: None,
            evidence: Vec::new(),
            depends_on: Vec::new(),
            fixable_by: FixableBy::Nobody,
            retryable: false,
        }
    }

    /// Creates a check whose status is the worst of its reasons, or pass without any.
    pub(super) fn from_reasons(id: &str, required: bool, reasons: Vec<Reason>) -> Self {
        let status = reasons.iter().map(|r| r.code.status()).max().unwrap_or(Status::Pass);
        Self { reasons, ..Self::new(id, status, required) }
    }

    /// Adds a reason and takes its status.
    pub(super) fn with_reason(mut self, reason: Reason) -> Self {
        self.status = reason.code.status();
        self.reasons.push(reason);
        self
    }

    /// Sets the document that the check is about.
    pub(super) fn for_document(mut self, document: &Document) -> Self {
        self.document_id = Some(document.document_id.clone());
        self
    }

    /// Sets what the rule requires and what was found.
    pub(super) fn with_expected(
        mut self,
        expected: impl Into<String>,
        actual: impl Into<String>,
    ) -> Self {
        self.expected = Some(expected.into());
        self.actual = Some(actual.into());
        self
    }

    /// Sets the distance to the rule's limit: positive where the rule is met.
    pub(super) fn with_margin(mut self, margin: f64) -> Self {
        self.margin = Some(margin);
        self
    }

    /// Names the checks that have to be run first.
    pub(super) fn depending_on(mut self, ids: &[&str]) -> Self {
        self.depends_on = ids.iter().map(|id| (*id).to_owned()).collect();
        self
    }

    /// Takes confidence, basis and evidence of the field that decides the check.
    pub(super) fn with_field(mut self, document: &Document, field: &Field) -> Self {
        self.confidence = Some(field.confidence);
        self.basis = field.basis;
        self.evidence.extend(field.evidence.iter().map(|id| evidence_id(document, id)));
        self
    }

    /// Adds evidence pictures of a document.
    pub(super) fn with_evidence(mut self, document: &Document, ids: &[&str]) -> Self {
        self.evidence.extend(ids.iter().map(|id| evidence_id(document, id)));
        self
    }

    /// Sets the rule: its id, its parameters and the short name of its source.
    pub(super) fn with_rule(
        mut self,
        context: &CheckContext<'_>,
        id: &str,
        rule: &impl Serialize,
        source: &str,
    ) -> Self {
        self.rule = Some(rule_ref(context, id, rule, source));
        self
    }
}

/// Returns the rule with its parameters and its source, by the source's short name.
pub(super) fn rule_ref(
    context: &CheckContext<'_>,
    id: &str,
    rule: &impl Serialize,
    source: &str,
) -> RuleRef {
    let programme = context.programme;
    RuleRef {
        id: format!("{}/{id}", programme.id),
        parameters: parameters(rule),
        source: source_text(programme, source),
        // nobody says that a programme holds on a day that it does not cover
        to_confirm: programme.is_to_confirm(source) || !context.in_force,
        effective_from: programme.effective_from,
        effective_to: programme.effective_to,
    }
}

/// Returns the parameters of a table, without its sources.
pub(super) fn parameters(table: &impl Serialize) -> Value {
    let mut parameters = serde_json::to_value(table).unwrap_or_default();
    if let Some(table) = parameters.as_object_mut() {
        table.retain(|key, _| key != "source" && !key.ends_with("_source"));
    }
    parameters
}

/// Returns title and reference of a source.
pub(super) fn source_text(programme: &Programme, name: &str) -> String {
    programme
        .sources
        .get(name)
        .map_or_else(|| name.to_owned(), |s| format!("{} ({})", s.title, s.reference))
}

/// Returns the reasons of an examination that have one of these codes.
pub(super) fn reasons_among(examination: &Examination, codes: &[Code]) -> Vec<Reason> {
    examination.reasons.iter().filter(|reason| codes.contains(&reason.code)).cloned().collect()
}

/// Whether a part of the zone is covered or cut off: its other characters may be read at the
/// wrong places.
pub(super) fn is_zone_damaged(examination: &Examination) -> bool {
    let mut codes = examination.reasons.iter().map(|reason| reason.code);
    codes.any(|code| matches!(code, Code::MrzCovered | Code::MrzCut))
}

/// Creates a check that cannot be run because the check `precondition` has no result.
pub(super) fn not_run(id: &str, required: bool, precondition: &str) -> Check {
    Check::new(id, Status::NotRun, required).depending_on(&[precondition])
}

/// Creates a check that names the examined pages on which nothing was read; none
/// where every page was.
pub(super) fn check_pages_read(
    id: &str,
    examination: &Examination,
    is_read: impl Fn(u32) -> bool,
) -> Option<Check> {
    let numbers = examination.pages.iter().map(|page| page.number);
    let unread: Vec<u32> = numbers.filter(|number| !is_read(*number)).collect();
    let reason = || Reason::new(Code::DocPagesNotRead).with("pages", unread.clone());
    (!unread.is_empty()).then(|| Check::new(id, Status::Pass, false).with_reason(reason()))
}

/// Returns the id of a picture within the verdict: `document/evidence`.
pub(super) fn evidence_id(document: &Document, id: &str) -> String {
    format!("{}/{id}", document.document_id)
}
