//! Numbers of applications and documents, and of everything that waits.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::connection::Registry;
use super::error::RegistryError;
use super::session::Session;
use super::statement::{Row, sql};

/// Numbers of applications and documents by state, and the backlogs: reads an index of every
/// application and document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// By state: `expected`, `submitted`, `withdrawn`.
    pub(crate) applications: BTreeMap<String, u64>,
    /// By state of their examination: `pending`, `examined`, `unavailable`.
    pub(crate) documents: BTreeMap<String, u64>,
    /// What waits.
    pub(crate) backlogs: Backlogs,
}

/// Everything that waits: as much as waits is read, and nothing of what is done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Backlogs {
    /// Revisions that are not attached.
    pub(crate) unattached_revisions: Backlog,
    /// Events that are not sent, including those that wait for a revision.
    pub(crate) unsent_events: Backlog,
    /// Dead letters that nobody has resolved.
    pub(crate) dead_letters: Backlog,
    /// Folders of the object store that are still to be deleted.
    pub(crate) pending_deletions: Backlog,
}

/// Number and age of items that wait.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Backlog {
    /// How many wait.
    pub(crate) count: u64,
    /// Since when the oldest waits.
    pub(crate) oldest: Option<Timestamp>,
}

const ACTION: &str = "count";

impl Registry {
    /// Counts everything.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn counts(&self) -> Result<Counts, RegistryError> {
        let session = &mut self.read().await?;
        Ok(Counts {
            applications: count_by_name(
                session,
                "SELECT state AS name, COUNT(*) AS count FROM applications GROUP BY state",
            )
            .await?,
            documents: count_by_name(
                session,
                "SELECT examination_state AS name, COUNT(*) AS count
                 FROM documents GROUP BY examination_state",
            )
            .await?,
            backlogs: backlogs(session).await?,
        })
    }

    /// Counts what waits.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn backlogs(&self) -> Result<Backlogs, RegistryError> {
        backlogs(&mut self.read().await?).await
    }
}

async fn backlogs(session: &mut Session) -> Result<Backlogs, RegistryError> {
    Ok(Backlogs {
        unattached_revisions: backlog(
            session,
            "SELECT COUNT(*) AS count, MIN(produced_at) AS oldest
             FROM revisions WHERE attached_at IS NULL",
        )
        .await?,
        unsent_events: backlog(
            session,
            "SELECT COUNT(*) AS count, MIN(created_at) AS oldest
             FROM events WHERE sent_at IS NULL",
        )
        .await?,
        dead_letters: backlog(
            session,
            "SELECT COUNT(*) AS count, MIN(dead_lettered_at) AS oldest
             FROM dead_letters WHERE state = 'waiting'",
        )
        .await?,
        pending_deletions: backlog(
            session,
            "SELECT COUNT(*) AS count, MIN(requested_at) AS oldest
             FROM deletions WHERE passes = 0",
        )
        .await?,
    })
}

async fn count_by_name(
    session: &mut Session,
    text: &'static str,
) -> Result<BTreeMap<String, u64>, RegistryError> {
    let rows = sql(ACTION, text).fetch_all("applications", session).await?;
    rows.iter().map(|row| Ok((row.text("name")?, read_count(row)?))).collect()
}

async fn backlog(session: &mut Session, text: &'static str) -> Result<Backlog, RegistryError> {
    let row = sql(ACTION, text).fetch_first("counts", session).await?;
    let Some(row) = row else { return Ok(Backlog::default()) };
    Ok(Backlog { count: read_count(&row)?, oldest: row.optional_instant("oldest")? })
}

fn read_count(row: &Row) -> Result<u64, RegistryError> {
    u64::try_from(row.number("count")?).map_err(|_| row.corrupt("count"))
}
