//! Judges one application whose documents were examined, and writes its results.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use pipeline::Case;
use pipeline::examination::EvidencePicture;
use pipeline::verdict::{Envelope, Sandbox, Verdict};

use super::document_outcome::DocumentOutcome;
use super::state_folder::StateFolder;
use crate::cli::{Exit, Failure};
use crate::commands::application_folder::Submission;
use crate::commands::results::{Results, write_results};
use crate::verdicts::programmes::Programmes;
use crate::verdicts::report;

/// Judges the applications of one run, all by the same programmes and day.
pub(super) struct ApplicationJudge {
    pub(super) programmes: Programmes,
    pub(super) on: Date,
    pub(super) received_at: Timestamp,
    pub(super) unmask: bool,
    pub(super) sandbox: Sandbox,
    /// The folder with the results of earlier runs, if the caller names one.
    pub(super) state: Option<StateFolder>,
}

/// A verdict that was written to its folder.
pub(super) struct JudgedApplication {
    pub(super) verdict: Verdict,
    /// Remarks for the caller.
    pub(super) remarks: Vec<String>,
    /// `Input` when a file exists and cannot be read.
    pub(super) exit: Exit,
}

impl ApplicationJudge {
    /// Requires that a programme has the application's stage, before any document is examined.
    ///
    /// # Errors
    /// When no programme has the stage.
    pub(super) fn require_known_stage(&self, submission: &Submission) -> Result<(), Failure> {
        let stage = &submission.application.stage;
        let stages = || self.programmes.all().iter().flat_map(|programme| programme.stages.keys());
        if stages().any(|known| known == stage) {
            return Ok(());
        }
        let known: BTreeSet<&str> = stages().map(String::as_str).collect();
        let known = known.into_iter().collect::<Vec<_>>().join(", ");
        let folder = submission.folder.display();
        Err(Failure::Input(format!(
            "{folder}: no programme has the stage that application.json names; choose one of {known}"
        )))
    }

    /// Judges an application whose documents were all examined, and writes the results.
    ///
    /// # Errors
    /// When tekseru failed, the stage is unknown, or the results cannot be written.
    pub(super) fn judge_and_write(
        &self,
        submission: &Submission,
        outcomes: Vec<DocumentOutcome>,
    ) -> Result<JudgedApplication, Failure> {
        let name = submission.folder.display();
        if let Some(error) = outcomes.iter().find_map(DocumentOutcome::error) {
            return Err(Failure::Internal(format!(
                "{name}: {error}; run `tekseru doctor` to find the cause"
            )));
        }
        let body = pipeline::judge(&self.case(submission, &outcomes))
            .map_err(|error| Failure::Input(format!("{name}: {error}")))?;
        let mut verdict = Verdict::new(body, envelope(submission, &outcomes, self.sandbox));
        if let Some(state) = &self.state {
            verdict = state.store(submission, self.received_at, &outcomes, verdict)?;
        }
        self.write(submission, &outcomes, &verdict)?;

        let is_unreadable = outcomes.iter().any(DocumentOutcome::is_unreadable);
        let exit = if is_unreadable { Exit::Input } else { Exit::Success };
        let remarks = outcomes.into_iter().filter_map(DocumentOutcome::into_remark).collect();
        Ok(JudgedApplication { verdict, remarks, exit })
    }

    fn case<'a>(&'a self, submission: &'a Submission, outcomes: &'a [DocumentOutcome]) -> Case<'a> {
        let ids = submission.application.documents.iter().map(|d| d.document_id.as_str());
        Case {
            application: &submission.application,
            examinations: ids
                .zip(outcomes)
                .filter_map(|(id, outcome)| Some((id, outcome.for_judge()?)))
                .collect(),
            guessed_kinds: submission
                .notes
                .iter()
                .map(|(id, note)| (id.as_str(), note.clone()))
                .collect(),
            programmes: self.programmes.all(),
            received_at: self.received_at,
            on: self.on,
        }
    }

    fn write(
        &self,
        submission: &Submission,
        outcomes: &[DocumentOutcome],
        verdict: &Verdict,
    ) -> Result<(), Failure> {
        let name = submission.folder.display();
        let documents = &submission.application.documents;
        let pictures: Vec<(&str, &[EvidencePicture])> = documents
            .iter()
            .zip(outcomes)
            .map(|(document, outcome)| (document.document_id.as_str(), outcome.pictures()))
            .collect();
        let applicant = Some(&submission.application.applicant);
        let report = report::html(verdict, applicant, &by_evidence_id(&pictures), self.unmask)
            .map_err(|error| {
                Failure::Internal(format!("{name}: cannot make the report: {error}"))
            })?;
        let mut json = serde_json::to_string_pretty(verdict).map_err(|error| {
            Failure::Internal(format!("{name}: cannot serialize the verdict: {error}"))
        })?;
        json.push('\n');
        let results = Results { pictures, report: &report, verdict: &json };
        write_results(&submission.out, &results)
    }
}

/// Returns the part of a verdict that differs between runs.
fn envelope(submission: &Submission, outcomes: &[DocumentOutcome], sandbox: Sandbox) -> Envelope {
    let mut timings_ms = BTreeMap::new();
    for (document, outcome) in submission.application.documents.iter().zip(outcomes) {
        if let DocumentOutcome::Examined(result) = outcome {
            let id = &document.document_id;
            timings_ms.insert(format!("{id}.start"), result.timings.start);
            timings_ms.insert(format!("{id}.total"), result.timings.total);
        }
    }
    Envelope {
        revision: 1,
        previous_digest: None,
        produced_at: Some(Timestamp::now()),
        worker: concat!("tekseru/", env!("CARGO_PKG_VERSION"), " check").to_owned(),
        sandbox,
        timings_ms,
    }
}

/// Returns the pictures by the evidence ids of the verdict.
fn by_evidence_id(by_document: &[(&str, &[EvidencePicture])]) -> BTreeMap<String, Vec<u8>> {
    let mut by_id = BTreeMap::new();
    for (document, pictures) in by_document {
        for picture in *pictures {
            by_id.insert(format!("{document}/{}", picture.evidence.id), picture.bytes.clone());
        }
    }
    by_id
}
