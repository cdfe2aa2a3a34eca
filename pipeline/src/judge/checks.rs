//! Building checks, and rolling them up.

use serde::Serialize;

use super::{Judging, evidence_id};
use crate::application::Document;
use crate::examination::Field;
use crate::programme::Programme;
use crate::reason::{Code, FixableBy, Reason};
use crate::status::Status;
use crate::verdict::{Check, RuleRef};

impl Check {
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

    /// A check whose status is the gravest of its reasons, or pass without any.
    pub(super) fn of_reasons(id: &str, required: bool, reasons: Vec<Reason>) -> Self {
        let status = reasons.iter().map(|r| r.code.status()).max().unwrap_or(Status::Pass);
        Self { reasons, ..Self::new(id, status, required) }
    }

    pub(super) fn because(mut self, reason: Reason) -> Self {
        self.status = reason.code.status();
        self.reasons.push(reason);
        self
    }

    pub(super) fn about(mut self, document: &Document) -> Self {
        self.document_id = Some(document.document_id.clone());
        self
    }

    pub(super) fn expects(
        mut self,
        expected: impl Into<String>,
        actual: impl Into<String>,
    ) -> Self {
        self.expected = Some(expected.into());
        self.actual = Some(actual.into());
        self
    }

    pub(super) fn margin(mut self, margin: f64) -> Self {
        self.margin = Some(margin);
        self
    }

    pub(super) fn after(mut self, ids: &[&str]) -> Self {
        self.depends_on = ids.iter().map(|id| (*id).to_owned()).collect();
        self
    }

    pub(super) fn seen_in(mut self, document: &Document, field: &Field) -> Self {
        self.confidence = Some(field.confidence);
        self.basis = field.basis;
        self.evidence.extend(field.evidence.iter().map(|id| evidence_id(document, id)));
        self
    }

    pub(super) fn shown_by(mut self, document: &Document, ids: &[&str]) -> Self {
        self.evidence.extend(ids.iter().map(|id| evidence_id(document, id)));
        self
    }

    pub(super) fn by(
        mut self,
        judging: &Judging<'_>,
        id: &str,
        rule: &impl Serialize,
        source: &str,
    ) -> Self {
        self.rule = Some(judging.rule(id, rule, source));
        self
    }
}

impl Judging<'_> {
    fn rule(&self, id: &str, rule: &impl Serialize, source: &str) -> RuleRef {
        let programme = self.programme;
        let mut parameters = serde_json::to_value(rule).unwrap_or_default();
        if let Some(table) = parameters.as_object_mut() {
            table.retain(|key, _| key != "source" && !key.ends_with("_source"));
        }
        RuleRef {
            id: format!("{}/{id}", programme.id),
            parameters,
            source: source_text(programme, source),
            effective_from: programme.effective_from,
            effective_to: programme.effective_to,
        }
    }
}

fn source_text(programme: &Programme, name: &str) -> String {
    programme
        .sources
        .get(name)
        .map_or_else(|| name.to_owned(), |s| format!("{} ({})", s.title, s.reference))
}

/// Fills in what follows from status and reasons.
pub(super) fn settle(check: &mut Check) {
    let grave = |r: &&Reason| r.code.status() >= Status::Warn;
    let worst = check.reasons.iter().filter(grave).max_by_key(|r| r.code.status());
    check.fixable_by = worst.map_or(FixableBy::Nobody, |reason| reason.code.fixable_by());
    check.retryable = check.reasons.iter().any(|reason| reason.code.retryable());
}

/// The outcome of several checks: the worst of the required ones
/// (error > fail > unsure > warn > pass). A required check that was not run
/// counts as unsure; an optional one raises to warn at most.
#[must_use]
pub fn roll_up(checks: &[Check]) -> Status {
    checks.iter().map(weight).max().unwrap_or(Status::Pass).max(Status::Pass)
}

fn weight(check: &Check) -> Status {
    match check.status {
        Status::NotRun if check.required => Status::Unsure,
        Status::NotRun | Status::NotApplicable => Status::Pass,
        status if check.required => status,
        status => status.min(Status::Warn),
    }
}

/// A check that cannot be run because another one gave no answer.
pub(super) fn not_run(id: &str, required: bool, after: &str) -> Check {
    Check::new(id, Status::NotRun, required).after(&[after])
}

/// A code as a reason without parameters.
pub(super) fn bare(code: Code) -> Reason {
    Reason::new(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(status: Status, required: bool) -> Check {
        Check::new("a.b", status, required)
    }

    #[test]
    fn the_worst_required_check_decides() {
        use Status::{Error, Fail, NotApplicable, NotRun, Pass, Unsure, Warn};
        for (required, optional, outcome) in [
            (vec![], vec![], Pass),
            (vec![NotApplicable], vec![], Pass),
            (vec![Pass, Warn], vec![], Warn),
            (vec![Warn, NotRun], vec![], Unsure),
            (vec![Unsure, Fail], vec![], Fail),
            (vec![Fail, Error], vec![], Error),
            (vec![Pass], vec![Fail], Warn),
            (vec![Pass], vec![Error, Unsure], Warn),
            (vec![Pass], vec![NotRun, NotApplicable], Pass),
            (vec![Unsure], vec![Fail], Unsure),
        ] {
            let checks: Vec<Check> = required
                .iter()
                .map(|s| check(*s, true))
                .chain(optional.iter().map(|s| check(*s, false)))
                .collect();
            assert_eq!(roll_up(&checks), outcome, "{required:?} and optional {optional:?}");
        }
    }
}
