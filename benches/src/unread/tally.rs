//! Counts of outcomes.

use std::collections::BTreeMap;

use pipeline::kind::Kind;
use pipeline::status::Status;
use pipeline::verdict::Body;

/// What was counted over many verdicts.
#[derive(Default)]
pub struct Tally {
    /// Applications by outcome.
    pub outcomes: BTreeMap<Status, usize>,
    /// Passports, and portraits, with the outcome `pass`.
    pub passed: [usize; 2],
    /// Papers.
    pub papers: usize,
    /// Papers with the outcome `pass`.
    pub papers_passed: usize,
    /// Papers that the body does not name as unread.
    pub unnamed: usize,
    /// Papers without a check of their content that was not run.
    pub unchecked: usize,
}

impl Tally {
    /// Counts one verdict.
    pub fn add(&mut self, body: &Body) {
        *self.outcomes.entry(body.outcome).or_default() += 1;
        for document in &body.documents {
            let passes = document.outcome == Status::Pass;
            match document.kind {
                Kind::Passport => self.passed[0] += usize::from(passes),
                Kind::Portrait => self.passed[1] += usize::from(passes),
                kind => {
                    let id = &document.document_id;
                    let content = format!("{kind}.content");
                    let is_named =
                        body.not_read.iter().any(|one| one.document_id == *id && one.kind == kind);
                    let is_checked = body.checks.iter().any(|check| {
                        check.id == content
                            && check.document_id.as_ref() == Some(id)
                            && check.status == Status::NotRun
                    });
                    self.papers += 1;
                    self.papers_passed += usize::from(passes);
                    self.unnamed += usize::from(!is_named);
                    self.unchecked += usize::from(!is_checked);
                }
            }
        }
    }

    /// Returns the number of applications.
    #[must_use]
    pub fn applications(&self) -> usize {
        self.outcomes.values().sum()
    }

    /// Returns whether no application passed, and everything unread is named.
    #[must_use]
    pub fn holds(&self) -> bool {
        let all = self.applications();
        !self.outcomes.contains_key(&Status::Pass)
            && self.passed == [all, all]
            && [self.papers_passed, self.unnamed, self.unchecked] == [0; 3]
    }
}
