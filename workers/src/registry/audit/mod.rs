//! Who did what, append-only. Each row holds the hash of the row before it, so
//! a row that is changed, taken out or put between is found.

mod entry;

use jiff::Timestamp;

use super::session::Session;
use super::statement::{Row, instant, sql};
use super::{Dialect, Registry, RegistryError};

#[cfg(test)]
use entry::AuditRow;
pub(crate) use entry::{AuditEntry, AuditVerification};
use entry::{details_json, hash};

const TABLE: &str = "audit";

/// Appends within a transaction whose last act this is.
pub(super) async fn append(
    session: &mut Session,
    dialect: Dialect,
    at: Timestamp,
    entries: &[AuditEntry],
) -> Result<(), RegistryError> {
    const WHAT: &str = "write the audit";
    if entries.is_empty() {
        return Ok(());
    }
    let (mut number, mut previous) = head(session, Some(dialect)).await?;
    for entry in entries {
        // as it will be read back: what the database cannot hold is not hashed
        let entry = AuditEntry {
            actor: entry.actor.replace('\0', "\u{fffd}"),
            action: entry.action.replace('\0', "\u{fffd}"),
            application_id: entry.application_id.as_ref().map(|id| id.replace('\0', "\u{fffd}")),
            details: entry.details.clone(),
        };
        number += 1;
        let (at, details) = (instant(at), details_json(&entry));
        let next = hash(&previous, number, &at, &entry, &details);
        let text = "INSERT INTO audit
            (number, occurred_at, actor, action, application_id, details, previous_hash, hash)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        sql(WHAT, text)
            .number(number)
            .text(&at)
            .text(&entry.actor)
            .text(&entry.action)
            .maybe(entry.application_id.as_deref())
            .text(&details)
            .text(&previous)
            .text(&next)
            .run(session)
            .await?;
        previous = next;
    }
    let text = "UPDATE audit_head SET number = $1, hash = $2 WHERE id = 1";
    sql(WHAT, text).number(number).text(&previous).run(session).await?;
    Ok(())
}

/// The end of the chain; with a dialect, held until the transaction ends.
async fn head(
    session: &mut Session,
    hold: Option<Dialect>,
) -> Result<(i64, String), RegistryError> {
    const WHAT: &str = "read the audit's head";
    let text = match hold {
        Some(Dialect::Postgres) => "SELECT number, hash FROM audit_head WHERE id = 1 FOR UPDATE",
        _ => "SELECT number, hash FROM audit_head WHERE id = 1",
    };
    let row = sql(WHAT, text).first("audit_head", session).await?;
    let row = row.ok_or_else(|| RegistryError::internal(WHAT, "gone"))?;
    Ok((row.number("number")?, row.text("hash")?))
}

const PAGE: &str =
    "SELECT number, occurred_at, actor, action, application_id, details, previous_hash, hash
    FROM audit WHERE number > $1 ORDER BY number LIMIT $2";

impl Registry {
    /// Notes something that was done to no application.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn audit(
        &self,
        entry: &AuditEntry,
        at: Timestamp,
    ) -> Result<(), RegistryError> {
        let mut session = self.begin().await?;
        append(&mut session, self.dialect, at, std::slice::from_ref(entry)).await?;
        session.commit().await
    }

    /// Walks the chain from its first row to its head, and stops where it breaks.
    ///
    /// # Errors
    /// `Unavailable` or `Corrupt`.
    pub(crate) async fn verify_audit(&self) -> Result<AuditVerification, RegistryError> {
        const ROWS: i64 = 1000;
        let mut session = self.read().await?;
        // read first: rows added while we walk lie beyond it
        let (last, last_hash) = head(&mut session, None).await?;
        let (mut number, mut previous) = (0, String::new());
        let broken = |rows: i64, head: String| AuditVerification {
            rows: rows as u64,
            head,
            broken_at: Some(rows as u64 + 1),
        };
        while number < last {
            let page = sql("read the audit", PAGE).number(number).number(ROWS);
            let page = page.all(TABLE, &mut session).await?;
            if page.is_empty() {
                return Ok(broken(number, previous));
            }
            for row in &page {
                if number == last {
                    break;
                }
                match holds(row, number + 1, &previous)? {
                    Some(hash) => previous = hash,
                    None => return Ok(broken(number, previous)),
                }
                number += 1;
            }
        }
        let broken_at = (previous != last_hash).then_some(number as u64);
        Ok(AuditVerification { rows: number as u64, head: previous, broken_at })
    }

    /// A page of the audit after row `after`.
    ///
    /// # Errors
    /// `Unavailable` or `Corrupt`.
    #[cfg(test)]
    pub(crate) async fn audit_rows(
        &self,
        after: u64,
        limit: u32,
    ) -> Result<Vec<AuditRow>, RegistryError> {
        let page = sql("read the audit", PAGE).number(after as i64).number(limit.into());
        page.all(TABLE, &mut self.read().await?).await?.iter().map(audit_row).collect()
    }
}

/// The row's hash, where it follows the one before it.
fn holds(row: &Row, number: i64, previous: &str) -> Result<Option<String>, RegistryError> {
    let entry = entry(row)?;
    let found = row.text("hash")?;
    let expected = hash(previous, number, &row.text("occurred_at")?, &entry, &row.text("details")?);
    let follows = row.number("number")? == number && row.text("previous_hash")? == previous;
    Ok((follows && found == expected).then_some(found))
}

fn entry(row: &Row) -> Result<AuditEntry, RegistryError> {
    Ok(AuditEntry {
        actor: row.text("actor")?,
        action: row.text("action")?,
        application_id: row.maybe("application_id")?,
        details: super::json::read(&row.text("details")?).unwrap_or_default(),
    })
}

#[cfg(test)]
fn audit_row(row: &Row) -> Result<AuditRow, RegistryError> {
    let number = row.number("number")? as u64;
    Ok(AuditRow { number, occurred_at: row.instant("occurred_at")?, entry: entry(row)? })
}
