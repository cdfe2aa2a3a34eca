//! Groups checks into findings and sorts the findings.

use std::cmp::Reverse;

use crate::reason::Code;
use crate::status::Status;
use crate::verdict::{Body, Check, DocumentVerdict};

/// A check that becomes a finding, with the checks that are shown together with it.
pub(super) struct Group<'a> {
    pub(super) lead: &'a Check,
    /// Checks with the same result for other kinds: three missing documents are one finding.
    pub(super) alike: Vec<&'a Check>,
    /// Checks that were not run, or have no result of their own, because of it.
    pub(super) waiting: Vec<&'a Check>,
}

impl<'a> Group<'a> {
    fn new(lead: &'a Check) -> Self {
        Self { lead, alike: Vec::new(), waiting: Vec::new() }
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &'a Check> {
        std::iter::once(self.lead).chain(self.alike.iter().copied())
    }
}

/// Returns the findings, the gravest first, and the checks that nobody has to look at.
pub(super) fn group(body: &Body) -> (Vec<Group<'_>>, Vec<&Check>) {
    let is_finding = |check: &&Check| check.status >= Status::Warn && !is_only_blocked(check);
    let (findings, rest): (Vec<&Check>, Vec<&Check>) = body.checks.iter().partition(is_finding);
    let (unopened, findings): (Vec<&Check>, Vec<&Check>) =
        findings.into_iter().partition(|check| has_only(check, Code::SetUnreadable));
    let mut groups: Vec<Group<'_>> = Vec::new();
    for check in findings {
        match groups.iter_mut().find(|group| are_alike(group.lead, check)) {
            Some(group) => group.alike.push(check),
            None => groups.push(Group::new(check)),
        }
    }
    for check in unopened {
        match groups.iter_mut().find(|group| is_file_of(body, group.lead, check)) {
            Some(group) => group.waiting.push(check),
            None => groups.push(Group::new(check)),
        }
    }
    let mut other_checks = Vec::new();
    for check in rest {
        if !is_only_blocked(check) {
            other_checks.push(check);
            continue;
        }
        let root = root(&body.checks, check);
        match groups.iter_mut().find(|group| blocks(&body.checks, group, check, root)) {
            Some(group) => group.waiting.push(check),
            None => groups.push(Group::new(check)),
        }
    }
    groups.sort_by_key(|group| (Reverse(group.lead.status), !group.lead.required));
    (groups, other_checks)
}

/// Returns whether a check was not run for want of another, and for no reason of its own.
fn is_only_blocked(check: &Check) -> bool {
    check.status == Status::NotRun && check.reasons.is_empty()
}

fn has_only(check: &Check, code: Code) -> bool {
    matches!(check.reasons.as_slice(), [reason] if reason.code == code)
}

/// Returns whether two kinds of the set have the same result, or neither was read.
fn are_alike(one: &Check, other: &Check) -> bool {
    let code = |check: &Check| check.reasons.first().map(|reason| reason.code);
    let of_set = |check: &Check| check.id.starts_with("set.") && check.reasons.len() == 1;
    let unread = |check: &Check| has_only(check, Code::DocNotRead);
    let comparable = (of_set(one) && of_set(other)) || (unread(one) && unread(other));
    comparable && one.required == other.required && code(one) == code(other)
}

/// Returns whether the finding is about the file that makes a kind unreadable.
fn is_file_of(body: &Body, lead: &Check, set: &Check) -> bool {
    let kind = set.id.strip_prefix("set.");
    let own = |d: &DocumentVerdict| {
        lead.document_id.as_ref() == Some(&d.document_id) && kind == Some(d.kind.name())
    };
    lead.id == "file.opens" && body.documents.iter().any(own)
}

/// Returns whether the check was not run because of this finding, or for the same cause.
fn blocks(checks: &[Check], group: &Group<'_>, check: &Check, cause: &str) -> bool {
    if is_only_blocked(group.lead) {
        return root(checks, group.lead) == cause;
    }
    group.all().any(|lead| lead.id == cause && lead.document_id == check.document_id)
}

/// Returns the first check in a chain of checks that were not run.
fn root<'a>(checks: &'a [Check], check: &'a Check) -> &'a str {
    let mut at = check;
    // a chain longer than the list is a circle
    for _ in checks {
        let Some(before) = at.depends_on.first() else { break };
        let same = |other: &&Check| other.id == *before && other.document_id == at.document_id;
        match checks.iter().find(same) {
            Some(next) if is_only_blocked(next) => at = next,
            _ => return before,
        }
    }
    &at.id
}
