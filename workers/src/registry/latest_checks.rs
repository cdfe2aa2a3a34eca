//! `latest` copies that are to be compared with the newest revision once no earlier
//! write can still arrive.

use jiff::{SignedDuration, Timestamp};

use super::connection::Registry;
use super::error::RegistryError;
use super::statement::sql;
use crate::application_key::ApplicationKey;

/// From a write to the check: a write that was given up has arrived by then, or never will.
const CHECK_AFTER: SignedDuration = SignedDuration::from_hours(1);

const TABLE: &str = "latest_checks";

/// One requested check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LatestCheck {
    /// Application that the copies are about.
    pub(crate) application: ApplicationKey,
    /// Empty for the application, else the id of one document.
    pub(crate) scope: String,
    due_at: Timestamp,
}

impl Registry {
    /// Requests a check an hour after `at`, in place of an earlier one.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn request_latest_check(
        &self,
        application: &ApplicationKey,
        scope: &str,
        at: Timestamp,
    ) -> Result<(), RegistryError> {
        let text = "INSERT INTO latest_checks (application_id, scope, due_at) VALUES ($1, $2, $3)
            ON CONFLICT (application_id, scope) DO UPDATE SET due_at = $3";
        sql("request a check", text)
            .text(application)
            .text(scope)
            .instant(at + CHECK_AFTER)
            .execute(&mut self.write().await?)
            .await?;
        Ok(())
    }

    /// Returns checks that are due, oldest first.
    ///
    /// # Errors
    /// `Unavailable` or `Corrupt`.
    pub(crate) async fn due_latest_checks(
        &self,
        limit: u32,
        now: Timestamp,
    ) -> Result<Vec<LatestCheck>, RegistryError> {
        let text = "SELECT application_id, scope, due_at FROM latest_checks WHERE due_at <= $1
            ORDER BY due_at LIMIT $2";
        let find = sql("list checks", text).instant(now).number(limit.into());
        let rows = find.fetch_all(TABLE, &mut self.read().await?).await?;
        let read = |row: &super::statement::Row| {
            Ok(LatestCheck {
                application: row.application()?,
                scope: row.text("scope")?,
                due_at: row.instant("due_at")?,
            })
        };
        rows.iter().map(read).collect()
    }

    /// Removes a check, unless it was requested again meanwhile.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn complete_latest_check(
        &self,
        check: &LatestCheck,
    ) -> Result<(), RegistryError> {
        let text =
            "DELETE FROM latest_checks WHERE application_id = $1 AND scope = $2 AND due_at = $3";
        sql("complete a check", text)
            .text(&check.application)
            .text(&check.scope)
            .instant(check.due_at)
            .execute(&mut self.write().await?)
            .await?;
        Ok(())
    }
}
