//! The subject of a verdict: a whole application, or one document that came before it.

use std::collections::BTreeMap;

use jiff::civil::Date;
use pipeline::application::{Applicant, Application};
use pipeline::judge::JudgeError;
use pipeline::verdict::Body;
use pipeline::{Case, ExaminationOutcome};

use super::context::JudgeContext;
use crate::object_keys::ExaminationKey;
use crate::registry::{
    ApplicationRecord, ApplicationState, DocumentRecord, ExaminationState, JudgedInputs,
    JudgedOutcome,
};

/// The subject of a verdict.
pub(super) struct Subject {
    /// Empty for the application, else the id of one document.
    pub(super) scope: String,
    application: Application,
}

impl Subject {
    /// Returns the application if it was submitted and lists the document, else
    /// the document alone; nothing when neither is known.
    pub(super) fn find(record: &ApplicationRecord, document_id: Option<&str>) -> Option<Self> {
        let is_listed = |application: &Application| {
            let mut documents = application.documents.iter();
            document_id.is_none_or(|id| documents.any(|document| document.document_id == id))
        };
        let is_submitted = record.state == ApplicationState::Submitted;
        match &record.application {
            Some(application) if is_submitted && is_listed(application) => {
                Some(Self { scope: String::new(), application: application.clone() })
            }
            _ => Some(Self::document_alone(record, record.document(document_id?)?)),
        }
    }

    fn document_alone(record: &ApplicationRecord, document: &DocumentRecord) -> Self {
        let application = Application {
            application_id: record.key.id().to_owned(),
            stage: document.stage.clone(),
            accepted_at: None,
            applicant: Applicant::default(),
            documents: vec![document.document.clone()],
        };
        Self { scope: document.document.document_id.clone(), application }
    }

    /// Whether this is the whole application.
    pub(super) fn is_application(&self) -> bool {
        self.scope.is_empty()
    }

    /// Returns what the subject is judged from.
    pub(super) fn inputs(&self, record: &ApplicationRecord) -> JudgedInputs {
        let ids = self.application.documents.iter().map(|document| &document.document_id);
        let outcome = |id: &String| Some((id.clone(), judged_outcome(record.document(id)?)?));
        JudgedInputs {
            application: self.application.clone(),
            received_at: record.received_at,
            guessed_kinds: BTreeMap::new(),
            outcomes: ids.filter_map(outcome).collect(),
        }
    }

    /// Judges the subject for a day.
    pub(super) fn judge(
        &self,
        record: &ApplicationRecord,
        context: &JudgeContext<'_>,
        on: Date,
    ) -> Result<Body, JudgeError> {
        let case = Case {
            application: &self.application,
            examinations: examinations(record),
            guessed_kinds: BTreeMap::new(),
            programmes: context.programmes.all(),
            received_at: record.received_at,
            on,
        };
        if self.is_application() {
            pipeline::judge(&case)
        } else {
            pipeline::judge_single_document(&case)
        }
    }
}

fn judged_outcome(document: &DocumentRecord) -> Option<JudgedOutcome> {
    match document.known_state() {
        ExaminationState::Pending => None,
        ExaminationState::Examined(examination) => {
            Some(JudgedOutcome::Examined(ExaminationKey::from_examination(examination)))
        }
        ExaminationState::Unavailable(reason) => Some(JudgedOutcome::Unavailable(reason.clone())),
    }
}

fn examinations(record: &ApplicationRecord) -> BTreeMap<&str, ExaminationOutcome<'_>> {
    fn outcome(document: &DocumentRecord) -> Option<ExaminationOutcome<'_>> {
        match document.known_state() {
            ExaminationState::Pending => None,
            ExaminationState::Examined(examination) => {
                Some(ExaminationOutcome::Examined(examination))
            }
            ExaminationState::Unavailable(reason) => {
                Some(ExaminationOutcome::Unavailable(reason.clone()))
            }
        }
    }
    let documents = record.documents.iter();
    documents.filter_map(|d| Some((d.document.document_id.as_str(), outcome(d)?))).collect()
}
