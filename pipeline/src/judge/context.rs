//! The context in which all checks of one case are made.

use crate::application::Document;
use crate::examination::Examination;
use crate::programme::{Programme, Stage};

use super::calendar::{ExpiryYears, local_day};
use super::case::{Case, ExaminationOutcome, JudgeError};
use jiff::civil::Date;

/// A case with its programme, its stage and its day of application.
pub(super) struct CheckContext<'a> {
    pub(super) case: &'a Case<'a>,
    pub(super) programme: &'a Programme,
    /// Whether the programme is in force on the day of application.
    pub(super) in_force: bool,
    pub(super) stage: &'a Stage,
    /// The local day of application.
    pub(super) application_date: Date,
}

impl<'a> CheckContext<'a> {
    /// Chooses the programme and the stage of a case.
    pub(super) fn new(case: &'a Case<'a>) -> Result<Self, JudgeError> {
        let accepted_at = case.application.accepted_at.unwrap_or(case.received_at);
        // the time zone belongs to the programme, and the day in that zone selects the programme
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
        Ok(Self { case, programme, in_force: chosen.in_force, stage, application_date })
    }

    /// Returns whether the stage requires a document of this kind.
    pub(super) fn is_required(&self, document: &Document) -> bool {
        self.stage.required.contains(&document.kind)
    }

    /// Returns the outcome of a document, or `None` before it is examined.
    pub(super) fn outcome(&self, document: &Document) -> Option<&'a ExaminationOutcome<'a>> {
        self.case.examinations.get(document.document_id.as_str())
    }

    /// Returns the examination of a document, where there is one.
    pub(super) fn examination(&self, document: &Document) -> Option<&'a Examination> {
        match self.outcome(document) {
            Some(ExaminationOutcome::Examined(examination)) => Some(examination),
            _ => None,
        }
    }

    /// Returns whether the outcome of a document is final: it was examined, or
    /// refused for a reason that another attempt would not change.
    pub(super) fn is_final(&self, document: &Document) -> bool {
        match self.outcome(document) {
            Some(ExaminationOutcome::Examined(_)) => true,
            Some(ExaminationOutcome::Unavailable(reason)) => !reason.code.retryable(),
            None => false,
        }
    }

    /// Returns the examined documents in the order of the application.
    pub(super) fn examined(&self) -> impl Iterator<Item = (&'a Document, &'a Examination)> {
        let documents = self.case.application.documents.iter();
        documents.filter_map(|document| Some((document, self.examination(document)?)))
    }

    /// Returns the years in which a two-digit year of expiry is interpreted.
    pub(super) fn expiry_years(&self) -> ExpiryYears {
        ExpiryYears::from_rule(&self.programme.rules.expiry_window)
    }
}
