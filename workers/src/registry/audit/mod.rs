//! The append-only audit. Each row holds the hash of the row before it, so a
//! row that is changed, removed or inserted is detected.

mod entry;

use jiff::Timestamp;

use super::connection::{Dialect, Registry};
use super::error::RegistryError;
use super::json;
use super::session::Session;
use super::statement::{Row, format_instant, sql};

pub(crate) use entry::{AuditEntry, AuditRow, AuditVerification};
use entry::{details_json, hash};

const TABLE: &str = "audit";

/// Appends entries as the last statements of a transaction.
pub(super) async fn append(
    session: &mut Session,
    dialect: Dialect,
    at: Timestamp,
    entries: &[AuditEntry],
) -> Result<(), RegistryError> {
    const ACTION: &str = "write the audit";
    if entries.is_empty() {
        return Ok(());
    }
    let (mut number, mut previous) = head(session, Some(dialect)).await?;
    for entry in entries {
        // hashed as it is read back: PostgreSQL refuses zero characters
        let entry = AuditEntry {
            actor: entry.actor.replace('\0', "\u{fffd}"),
            action: entry.action.replace('\0', "\u{fffd}"),
            application_id: entry.application_id.as_ref().map(|id| id.replace('\0', "\u{fffd}")),
            details: entry.details.clone(),
        };
        number += 1;
        let (at, details) = (format_instant(at), details_json(&entry));
        let next = hash(&previous, number, &at, &entry, &details);
        let text = "INSERT INTO audit
            (number, occurred_at, actor, action, application_id, details, previous_hash, hash)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        sql(ACTION, text)
            .number(number)
            .text(&at)
            .text(&entry.actor)
            .text(&entry.action)
            .optional_text(entry.application_id.as_deref())
            .text(&details)
            .text(&previous)
            .text(&next)
            .execute(session)
            .await?;
        previous = next;
    }
    let text = "UPDATE audit_head SET number = $1, hash = $2 WHERE id = 1";
    sql(ACTION, text).number(number).text(&previous).execute(session).await?;
    Ok(())
}

/// Returns the end of the chain. With a dialect, its row is locked until the transaction ends.
async fn head(
    session: &mut Session,
    lock: Option<Dialect>,
) -> Result<(i64, String), RegistryError> {
    const ACTION: &str = "read the audit's head";
    let text = match lock {
        Some(Dialect::Postgres) => "SELECT number, hash FROM audit_head WHERE id = 1 FOR UPDATE",
        _ => "SELECT number, hash FROM audit_head WHERE id = 1",
    };
    let row = sql(ACTION, text).fetch_first("audit_head", session).await?;
    let row = row.ok_or_else(|| RegistryError::internal(ACTION, "row is absent"))?;
    Ok((row.number("number")?, row.text("hash")?))
}

const SELECT_PAGE: &str =
    "SELECT number, occurred_at, actor, action, application_id, details, previous_hash, hash
    FROM audit WHERE number > $1 ORDER BY number LIMIT $2";

impl Registry {
    /// Appends an entry about an action outside a locked application.
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

    /// Verifies the chain from its first row to its head, and stops where it breaks.
    ///
    /// # Errors
    /// `Unavailable` or `Corrupt`.
    pub(crate) async fn verify_audit(&self) -> Result<AuditVerification, RegistryError> {
        const ROWS: i64 = 1000;
        let mut session = self.read().await?;
        // read first: rows that are added meanwhile come after it
        let (last, last_hash) = head(&mut session, None).await?;
        let (mut number, mut previous) = (0, String::new());
        let broken = |rows: i64, head: String| AuditVerification {
            rows: rows as u64,
            head,
            broken_at: Some(rows as u64 + 1),
        };
        while number < last {
            let page = sql("read the audit", SELECT_PAGE).number(number).number(ROWS);
            let page = page.fetch_all(TABLE, &mut session).await?;
            if page.is_empty() {
                return Ok(broken(number, previous));
            }
            for row in &page {
                if number == last {
                    break;
                }
                match verify_row(row, number + 1, &previous)? {
                    Some(hash) => previous = hash,
                    None => return Ok(broken(number, previous)),
                }
                number += 1;
            }
        }
        let broken_at = (previous != last_hash).then_some(number as u64);
        Ok(AuditVerification { rows: number as u64, head: previous, broken_at })
    }

    /// Returns number and hash of the last row; 0 and nothing where there is none.
    ///
    /// # Errors
    /// `Unavailable` or `Corrupt`.
    pub(crate) async fn audit_head(&self) -> Result<(u64, String), RegistryError> {
        let (number, hash) = head(&mut self.read().await?, None).await?;
        Ok((number as u64, hash))
    }

    /// Returns the hash of a row, if it exists.
    ///
    /// # Errors
    /// `Unavailable` or `Corrupt`.
    pub(crate) async fn audit_hash(&self, number: u64) -> Result<Option<String>, RegistryError> {
        let Ok(number) = i64::try_from(number) else { return Ok(None) };
        let row = sql("read the audit", "SELECT hash FROM audit WHERE number = $1").number(number);
        let row = row.fetch_first(TABLE, &mut self.read().await?).await?;
        row.map(|row| row.text("hash")).transpose()
    }

    /// Returns a page of the audit after row `after`.
    ///
    /// # Errors
    /// `Unavailable` or `Corrupt`.
    pub(crate) async fn audit_rows(
        &self,
        after: u64,
        limit: u32,
    ) -> Result<Vec<AuditRow>, RegistryError> {
        let page = sql("read the audit", SELECT_PAGE).number(after as i64).number(limit.into());
        page.fetch_all(TABLE, &mut self.read().await?).await?.iter().map(read_row).collect()
    }
}

/// Returns the hash of a row that follows the one before it; none where the chain breaks.
fn verify_row(row: &Row, number: i64, previous: &str) -> Result<Option<String>, RegistryError> {
    let entry = read_entry(row)?;
    let found = row.text("hash")?;
    let expected = hash(previous, number, &row.text("occurred_at")?, &entry, &row.text("details")?);
    let follows = row.number("number")? == number && row.text("previous_hash")? == previous;
    Ok((follows && found == expected).then_some(found))
}

fn read_entry(row: &Row) -> Result<AuditEntry, RegistryError> {
    Ok(AuditEntry {
        actor: row.text("actor")?,
        action: row.text("action")?,
        application_id: row.optional_text("application_id")?,
        details: json::parse(&row.text("details")?).unwrap_or_default(),
    })
}

fn read_row(row: &Row) -> Result<AuditRow, RegistryError> {
    let number = row.number("number")? as u64;
    Ok(AuditRow { number, occurred_at: row.instant("occurred_at")?, entry: read_entry(row)? })
}
