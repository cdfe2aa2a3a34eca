//! Checks of the police clearance.

use super::check_builder::not_run;
use super::context::CheckContext;
use crate::application::Document;
use crate::kind::Kind;
use crate::verdict::Check;

/// Checks that the clearance is not too old. Its date of issue is not read yet, so the
/// check only tells a reviewer the rule.
pub(super) fn check_validity(context: &CheckContext<'_>, document: &Document) -> Option<Check> {
    let rule = context.programme.rules.police_clearance.as_ref()?;
    let asked = document.kind == Kind::PoliceClearance && context.stage.asks_for(document.kind);
    let check = || {
        let required = context.is_required(document);
        not_run("police_clearance.validity", required, "police_clearance.content")
            .with_rule(context, "police_clearance", rule, &rule.source)
            .for_document(document)
    };
    asked.then(check)
}
