//! How much there is, for people who look at the whole.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::session::Session;
use super::statement::{Row, sql};
use super::{Registry, RegistryError};

/// Numbers of everything, and since when the oldest of what waits has waited.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// By state: `expected`, `submitted`, `withdrawn`.
    pub(crate) applications: BTreeMap<String, u64>,
    /// By what became of their files: `pending`, `examined`, `unavailable`.
    pub(crate) documents: BTreeMap<String, u64>,
    /// Revisions that are not attached.
    pub(crate) unattached_revisions: Backlog,
    /// Events that are not sent, those that wait for a revision included.
    pub(crate) unsent_events: Backlog,
    /// Dead letters that nobody has settled.
    pub(crate) dead_letters: Backlog,
    /// Folders that the object store has still to forget.
    pub(crate) pending_deletions: Backlog,
}

/// A heap of what waits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Backlog {
    /// How many.
    pub(crate) count: u64,
    /// Since when the first.
    pub(crate) oldest: Option<Timestamp>,
}

const WHAT: &str = "count";

impl Registry {
    /// Counts everything.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn counts(&self) -> Result<Counts, RegistryError> {
        let session = &mut self.read().await?;
        Ok(Counts {
            applications: by_name(
                session,
                "SELECT state AS name, COUNT(*) AS count FROM applications GROUP BY state",
            )
            .await?,
            documents: by_name(
                session,
                "SELECT examination_state AS name, COUNT(*) AS count FROM documents GROUP BY examination_state",
            )
            .await?,
            unattached_revisions: waiting(
                session,
                "SELECT COUNT(*) AS count, MIN(produced_at) AS oldest
                 FROM revisions WHERE attached_at IS NULL",
            )
            .await?,
            unsent_events: waiting(
                session,
                "SELECT COUNT(*) AS count, MIN(created_at) AS oldest
                 FROM events WHERE sent_at IS NULL",
            )
            .await?,
            dead_letters: waiting(
                session,
                "SELECT COUNT(*) AS count, MIN(dead_lettered_at) AS oldest
                 FROM dead_letters WHERE state = 'waiting'",
            )
            .await?,
            pending_deletions: waiting(
                session,
                "SELECT COUNT(*) AS count, MIN(requested_at) AS oldest
                 FROM deletions WHERE passes = 0",
            )
            .await?,
        })
    }
}

async fn by_name(
    session: &mut Session,
    text: &'static str,
) -> Result<BTreeMap<String, u64>, RegistryError> {
    let rows = sql(WHAT, text).all("applications", session).await?;
    rows.iter().map(|row| Ok((row.text("name")?, count(row)?))).collect()
}

async fn waiting(session: &mut Session, text: &'static str) -> Result<Backlog, RegistryError> {
    let row = sql(WHAT, text).first("counts", session).await?;
    let Some(row) = row else { return Ok(Backlog::default()) };
    Ok(Backlog { count: count(&row)?, oldest: row.maybe_instant("oldest")? })
}

fn count(row: &Row) -> Result<u64, RegistryError> {
    u64::try_from(row.number("count")?).map_err(|_| row.corrupt("count"))
}
