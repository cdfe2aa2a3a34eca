//! Is everything there that the stage asks for, once, and nothing else?

use super::{Judging, Seen};
use crate::application::Document;
use crate::kind::Kind;
use crate::reason::{Code, Reason};
use crate::status::Status;
use crate::verdict::Check;

pub(super) fn judge(judging: &Judging<'_>) -> Vec<Check> {
    let stage = judging.stage;
    let asked = stage.required.iter().map(|kind| (*kind, true));
    let welcome = stage.optional.iter().map(|kind| (*kind, false));
    let mut checks: Vec<Check> =
        asked.chain(welcome).map(|(kind, required)| one_kind(judging, kind, required)).collect();
    checks.extend(unexpected(judging));
    checks
}

fn one_kind(judging: &Judging<'_>, kind: Kind, required: bool) -> Check {
    let documents: Vec<&Document> =
        judging.case.application.documents.iter().filter(|d| d.kind == kind).collect();
    let id = format!("set.{kind}");
    let reason = |code| Reason::new(code).with("kind", kind.name());
    let expected = if required { "one" } else { "one at most" };
    let check =
        Check::new(&id, Status::Pass, required).expects(expected, documents.len().to_string()).by(
            judging,
            &format!("stages/{}", judging.case.application.stage),
            &kind.name(),
            &judging.stage.source,
        );
    match documents.as_slice() {
        [] if required => check.because(reason(Code::SetMissing)),
        [] => check.because(reason(Code::SetMissingRecommended)),
        documents if !documents.iter().any(|d| opened(judging, d)) => {
            check.because(reason(Code::SetUnreadable))
        }
        [_] => check,
        many => check.because(reason(Code::SetSeveral).with("count", many.len())),
    }
}

/// A document that is still to come is not held against the set: `complete` says so.
fn opened(judging: &Judging<'_>, document: &Document) -> bool {
    match judging.case.seen.get(document.document_id.as_str()) {
        Some(Seen::Examined(examination)) => !examination.pages.is_empty(),
        Some(Seen::Missing(_)) => false,
        None => true,
    }
}

fn unexpected(judging: &Judging<'_>) -> Vec<Check> {
    let stage = judging.stage;
    let mut kinds: Vec<Kind> = judging
        .case
        .application
        .documents
        .iter()
        .map(|document| document.kind)
        .filter(|kind| !stage.required.contains(kind) && !stage.optional.contains(kind))
        .collect();
    kinds.sort_unstable();
    kinds.dedup();
    let check = |kind: Kind| {
        let reason = Reason::new(Code::SetUnexpected).with("kind", kind.name());
        Check::new(&format!("set.{kind}"), Status::Pass, false).because(reason)
    };
    kinds.into_iter().map(check).collect()
}
