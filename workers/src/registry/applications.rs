//! Finding applications.

use super::connection::Registry;
use super::error::RegistryError;
use super::statement::{Row, sql};
use crate::application_key::ApplicationKey;

const TABLE: &str = "applications";

/// Selects submitted applications; an absent condition is true for all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SubmittedFilter {
    /// Stage of the application.
    pub(crate) stage: Option<String>,
    /// Programme of the latest verdict.
    pub(crate) programme: Option<String>,
}

impl Registry {
    /// Returns submitted applications after `after`, a page at a time.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn submitted_ids(
        &self,
        after: &str,
        limit: u32,
        filter: &SubmittedFilter,
    ) -> Result<Vec<ApplicationKey>, RegistryError> {
        let text = "SELECT application_id FROM applications
            WHERE state = 'submitted' AND application_id > $1
              AND ($2 IS NULL OR stage = $2) AND ($3 IS NULL OR programme = $3)
            ORDER BY application_id LIMIT $4";
        let rows = sql("list applications", text)
            .text(after)
            .optional_text(filter.stage.as_deref())
            .optional_text(filter.programme.as_deref())
            .number(limit.into())
            .fetch_all(TABLE, &mut self.read().await?)
            .await?;
        rows.iter().map(Row::application).collect()
    }

    /// Whether there is a row of an application. Nothing of it is read.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn is_known(
        &self,
        application: &ApplicationKey,
    ) -> Result<bool, RegistryError> {
        let text = "SELECT application_id FROM applications WHERE application_id = $1";
        let find = sql("find an application", text).text(application);
        Ok(find.fetch_first(TABLE, &mut self.read().await?).await?.is_some())
    }

    /// Returns how many documents an application has.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn count_documents(
        &self,
        application: &ApplicationKey,
    ) -> Result<u32, RegistryError> {
        let text = "SELECT COUNT(*) AS count FROM documents WHERE application_id = $1";
        let count = sql("count documents", text).text(application);
        let row = count.fetch_first("documents", &mut self.read().await?).await?;
        row.map_or(Ok(0), |row| row.count("count"))
    }
}
