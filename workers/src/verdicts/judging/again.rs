//! Judges again what a stored verdict was judged from.

use std::collections::BTreeMap;

use jiff::civil::Date;
use pipeline::examination::Examination;
use pipeline::judge::JudgeError;
use pipeline::programme::Programme;
use pipeline::verdict::Body;
use pipeline::{Case, ExaminationOutcome};

use crate::registry::{JudgedInputs, JudgedOutcome};

/// Judges stored inputs: an application, or a document alone.
///
/// # Errors
/// When the programme does not have the stage.
pub(crate) fn judge_again(
    inputs: &JudgedInputs,
    is_document: bool,
    examinations: &BTreeMap<String, Examination>,
    programme: &Programme,
    on: Date,
) -> Result<Body, JudgeError> {
    let outcome = |(id, outcome)| -> Option<(&str, ExaminationOutcome<'_>)> {
        let (id, outcome): (&String, &JudgedOutcome) = (id, outcome);
        let outcome = match outcome {
            JudgedOutcome::Examined(_) => ExaminationOutcome::Examined(examinations.get(id)?),
            JudgedOutcome::Unavailable(reason) => ExaminationOutcome::Unavailable(reason.clone()),
        };
        Some((id, outcome))
    };
    let guessed = inputs.guessed_kinds.iter();
    let case = Case {
        application: &inputs.application,
        examinations: inputs.outcomes.iter().filter_map(outcome).collect(),
        guessed_kinds: guessed.map(|(id, reason)| (id.as_str(), reason.clone())).collect(),
        // a verdict names the programme that was chosen, among however many
        programmes: std::slice::from_ref(programme),
        received_at: inputs.received_at,
        on,
    };
    if is_document { pipeline::judge_single_document(&case) } else { pipeline::judge(&case) }
}
