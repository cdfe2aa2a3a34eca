//! What a revision was judged from, so that it can be computed again.

use std::collections::BTreeMap;

use jiff::Timestamp;
use pipeline::application::Application;
use pipeline::reason::Reason;
use serde::{Deserialize, Serialize};

use super::connection::Registry;
use super::debug_fields::debug_fields;
use super::error::RegistryError;
use super::json;
use super::statement::sql;
use crate::object_keys::{ExaminationKey, RevisionKey};

/// What a revision was judged from, except the day and the programme, which its verdict
/// names. It is personal data, and is deleted with the revision.
#[derive(Clone, PartialEq, Deserialize)]
pub(crate) struct JudgedInputs {
    /// The application with its documents; for a document alone, with only that.
    pub(crate) application: Application,
    /// When it was received.
    pub(crate) received_at: Timestamp,
    /// Reasons for kinds that were guessed from file names, by document id.
    pub(crate) guessed_kinds: BTreeMap<String, Reason>,
    /// Outcomes by document id. A document without one was not examined yet.
    pub(crate) outcomes: BTreeMap<String, JudgedOutcome>,
}

debug_fields!(JudgedInputs: received_at);

/// The outcome for one document.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum JudgedOutcome {
    /// It was examined: the key of the examination.
    Examined(ExaminationKey),
    /// There is no examination, and why.
    Unavailable(Reason),
}

impl JudgedInputs {
    pub(super) fn to_text(&self) -> String {
        let Self { application, received_at, guessed_kinds, outcomes } = self;
        let application = json::to_application_value(application);
        json::to_text(&serde_json::json!({
            "application": application, "received_at": received_at,
            "guessed_kinds": guessed_kinds, "outcomes": outcomes,
        }))
    }
}

impl Registry {
    /// Returns what a revision was judged from; none for one of a version that did not
    /// store it.
    ///
    /// # Errors
    /// `Unavailable` or `Corrupt`.
    pub(crate) async fn judged_inputs(
        &self,
        revision: &RevisionKey<'_>,
    ) -> Result<Option<JudgedInputs>, RegistryError> {
        let text = "SELECT application_id, inputs FROM revisions
            WHERE application_id = $1 AND scope = $2 AND revision = $3";
        let row = sql("read the inputs of a revision", text)
            .text(revision.application)
            .text(revision.scope)
            .number(revision.revision.into())
            .fetch_first("revisions", &mut self.read().await?)
            .await?;
        row.map_or(Ok(None), |row| row.optional_json("inputs"))
    }
}
