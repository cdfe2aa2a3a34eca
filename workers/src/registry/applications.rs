//! Which applications ask for attention.

use jiff::civil::Date;

use super::statement::sql;
use super::{LockedApplication, Registry, RegistryError};

const TABLE: &str = "applications";

/// The days on which an application asks for attention.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Schedule {
    /// Last day of the authority's review.
    pub(crate) due_on: Option<Date>,
    /// Local day of application.
    pub(crate) accepted_on: Option<Date>,
    /// Next day that changes something in the verdict.
    pub(crate) next_judge_on: Option<Date>,
    /// Next day on which the authority is reminded.
    pub(crate) next_reminder_on: Option<Date>,
}

/// Which submitted applications are meant; what is none holds for all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SubmittedFilter {
    /// Of this stage.
    pub(crate) stage: Option<String>,
    /// Last judged by this rule set.
    pub(crate) programme: Option<String>,
}

impl LockedApplication {
    /// Sets the days on which the application asks for attention, and takes
    /// away those that are not given.
    ///
    /// # Errors
    /// `Unavailable`; `Internal` when it was withdrawn.
    pub(crate) async fn set_schedule(&mut self, schedule: &Schedule) -> Result<(), RegistryError> {
        const WHAT: &str = "schedule an application";
        self.ensure_active(WHAT)?;
        let text = "UPDATE applications SET due_on = $1, accepted_on = $2, next_judge_on = $3,
            next_reminder_on = $4 WHERE application_id = $5";
        sql(WHAT, text)
            .date(schedule.due_on)
            .date(schedule.accepted_on)
            .date(schedule.next_judge_on)
            .date(schedule.next_reminder_on)
            .text(&self.record.application_id)
            .run(&mut self.session)
            .await?;
        self.record.schedule = schedule.clone();
        Ok(())
    }
}

impl Registry {
    /// Ids of applications that are to be judged again or reminded of by `today`,
    /// a page at a time: those after `after_id`, empty for the first page.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn due_applications(
        &self,
        today: Date,
        after_id: &str,
        limit: u32,
    ) -> Result<Vec<String>, RegistryError> {
        let text = "SELECT application_id FROM applications
            WHERE (next_judge_on <= $1 OR next_reminder_on <= $1)
              AND state <> 'withdrawn' AND application_id > $2
            ORDER BY application_id LIMIT $3";
        let rows = sql("look for due applications", text)
            .date(Some(today))
            .text(after_id)
            .number(limit.into())
            .all(TABLE, &mut self.read().await?)
            .await?;
        rows.iter().map(|row| row.text("application_id")).collect()
    }

    /// Ids of submitted applications after `after_id`, a page at a time.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn submitted_ids(
        &self,
        after_id: &str,
        limit: u32,
        filter: &SubmittedFilter,
    ) -> Result<Vec<String>, RegistryError> {
        let text = "SELECT application_id FROM applications
            WHERE state = 'submitted' AND application_id > $1
              AND ($2 IS NULL OR stage = $2) AND ($3 IS NULL OR programme = $3)
            ORDER BY application_id LIMIT $4";
        let rows = sql("list applications", text)
            .text(after_id)
            .maybe(filter.stage.as_deref())
            .maybe(filter.programme.as_deref())
            .number(limit.into())
            .all(TABLE, &mut self.read().await?)
            .await?;
        rows.iter().map(|row| row.text("application_id")).collect()
    }
}
