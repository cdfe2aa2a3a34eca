//! Which checks are findings, in what order, and what stands under which.

use std::cmp::Reverse;

use crate::reason::Code;
use crate::status::Status;
use crate::verdict::{Body, Check, DocumentVerdict};

/// A check to look at, with what is told in the same breath.
pub(super) struct Group<'a> {
    pub(super) lead: &'a Check,
    /// The same thing said of other kinds: three missing documents are one finding.
    pub(super) alike: Vec<&'a Check>,
    /// Checks that could not be run, or say nothing of their own, because of it.
    pub(super) waiting: Vec<&'a Check>,
}

impl<'a> Group<'a> {
    fn of(lead: &'a Check) -> Self {
        Self { lead, alike: Vec::new(), waiting: Vec::new() }
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &'a Check> {
        std::iter::once(self.lead).chain(self.alike.iter().copied())
    }
}

/// Findings, the gravest first, and the checks that need nobody.
pub(super) fn sort(body: &Body) -> (Vec<Group<'_>>, Vec<&Check>) {
    let speaks = |check: &&Check| check.status >= Status::Warn && check.status != Status::NotRun;
    let (loud, rest): (Vec<&Check>, Vec<&Check>) = body.checks.iter().partition(speaks);
    let (unopened, loud): (Vec<&Check>, Vec<&Check>) =
        loud.into_iter().partition(|check| says_only(check, Code::SetUnreadable));
    let mut groups: Vec<Group<'_>> = Vec::new();
    for check in loud {
        match groups.iter_mut().find(|group| alike(group.lead, check)) {
            Some(group) => group.alike.push(check),
            None => groups.push(Group::of(check)),
        }
    }
    for check in unopened {
        match groups.iter_mut().find(|group| is_file_of(body, group.lead, check)) {
            Some(group) => group.waiting.push(check),
            None => groups.push(Group::of(check)),
        }
    }
    let mut quiet = Vec::new();
    for check in rest {
        let not_run = check.status == Status::NotRun;
        let root = root(&body.checks, check);
        match groups.iter_mut().find(|group| not_run && blocks(group.lead, check, root)) {
            Some(group) => group.waiting.push(check),
            None if not_run && check.required => groups.push(Group::of(check)),
            None => quiet.push(check),
        }
    }
    groups.sort_by_key(|group| (Reverse(group.lead.status), !group.lead.required));
    (groups, quiet)
}

fn says_only(check: &Check, code: Code) -> bool {
    matches!(check.reasons.as_slice(), [reason] if reason.code == code)
}

/// Two kinds of the set of which the same is said.
fn alike(one: &Check, other: &Check) -> bool {
    let code = |check: &Check| check.reasons.first().map(|reason| reason.code);
    let of_set = |check: &Check| check.id.starts_with("set.") && check.reasons.len() == 1;
    of_set(one) && of_set(other) && one.required == other.required && code(one) == code(other)
}

/// Whether the finding is about the file because of which a kind counts as unreadable.
fn is_file_of(body: &Body, lead: &Check, set: &Check) -> bool {
    let kind = set.id.strip_prefix("set.");
    let own = |d: &DocumentVerdict| {
        lead.document_id.as_ref() == Some(&d.document_id) && kind == Some(d.kind.name())
    };
    lead.id == "file.opens" && body.documents.iter().any(own)
}

/// Whether the check waits for this one: it names it, or both wait for the same thing.
fn blocks(lead: &Check, check: &Check, root: &str) -> bool {
    if lead.status == Status::NotRun {
        return lead.depends_on == check.depends_on;
    }
    lead.id == root && lead.document_id == check.document_id
}

/// The check at the beginning of a chain of checks that were not run.
fn root<'a>(checks: &'a [Check], check: &'a Check) -> &'a str {
    let mut at = check;
    // a chain longer than the list would be a ring
    for _ in checks {
        let Some(before) = at.depends_on.first() else { break };
        let same = |other: &&Check| other.id == *before && other.document_id == at.document_id;
        match checks.iter().find(same) {
            Some(next) if next.status == Status::NotRun => at = next,
            _ => return before,
        }
    }
    &at.id
}

#[cfg(test)]
mod tests;
