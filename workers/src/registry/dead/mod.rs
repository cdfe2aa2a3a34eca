//! Messages that no worker could finish, kept until a person settles them.

mod letter;

use jiff::Timestamp;
use pipeline::contract::message::stable_id;

use super::audit::{self, AuditEntry};
use super::record::ApplicationState;
use super::session::Session;
use super::statement::{Row, instant, sql};
use super::{Dialect, Registry, RegistryError};

pub(crate) use letter::{DeadLetter, DeadLetterFilter, DeadLetterState, Resolution};

const TABLE: &str = "dead_letters";

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, queue, routing_key, message_type, message_id, application_id, document_id,
             code, attempt, headers, body, dead_lettered_at, state, resolved_at, resolved_by
             FROM dead_letters ",
            $rest
        )
    };
}

impl Registry {
    /// Keeps a dead letter, and gives the id under which it is. One that waits
    /// under its id stays as it is; where somebody has settled that one, it died
    /// again and is another. Of an erased application only that it died is kept,
    /// and nothing is left to settle.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn store_dead_letter(
        &self,
        letter: &DeadLetter,
    ) -> Result<String, RegistryError> {
        let mut session = self.begin().await?;
        let id = unsettled(&letter.id, &mut session).await?;
        let erased = self.is_erased(letter.application_id.as_deref(), &mut session).await?;
        let (headers, body) =
            if erased { ("{}", &[][..]) } else { (&*letter.headers, &*letter.body) };
        let state = if erased { DeadLetterState::Discarded } else { letter.state };
        let text = "INSERT INTO dead_letters
            (id, queue, routing_key, message_type, message_id, application_id, document_id,
             code, attempt, headers, body, dead_lettered_at, state, resolved_at, resolved_by)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
            ON CONFLICT (id) DO NOTHING";
        sql("bury a dead letter", text)
            .text(&id)
            .text(&letter.queue)
            .text(&letter.routing_key)
            .maybe(letter.message_type.as_deref())
            .maybe(letter.message_id.as_deref())
            .maybe(letter.application_id.as_deref())
            .maybe(letter.document_id.as_deref())
            .text(&letter.code)
            .number(letter.attempt.into())
            .text(headers)
            .bytes(body)
            .instant(letter.dead_lettered_at)
            .text(state.name())
            .maybe(letter.resolved_at.map(instant).as_deref())
            .maybe(letter.resolved_by.as_deref())
            .run(&mut session)
            .await?;
        session.commit().await?;
        Ok(id)
    }

    /// Holds the application's row, so that whoever erases it finds the letter.
    async fn is_erased(
        &self,
        application_id: Option<&str>,
        session: &mut Session,
    ) -> Result<bool, RegistryError> {
        let Some(id) = application_id else { return Ok(false) };
        let text = match self.dialect {
            Dialect::Postgres => {
                "SELECT application_id, state FROM applications WHERE application_id = $1 FOR UPDATE"
            }
            Dialect::Sqlite => {
                "SELECT application_id, state FROM applications WHERE application_id = $1"
            }
        };
        let row = sql("look for a tombstone", text).text(id).first("applications", session).await?;
        let state = row.map(|row| row.text("state")).transpose()?;
        Ok(state.as_deref() == Some(ApplicationState::Withdrawn.name()))
    }

    /// Dead letters, oldest first.
    ///
    /// # Errors
    /// `Unavailable` or `Corrupt`.
    pub(crate) async fn dead_letters(
        &self,
        filter: &DeadLetterFilter,
        limit: u32,
    ) -> Result<Vec<DeadLetter>, RegistryError> {
        const TEXT: &str = select!(
            "WHERE ($1 IS NULL OR state = $1) AND ($2 IS NULL OR code = $2)
               AND ($3 IS NULL OR queue = $3) AND ($4 IS NULL OR application_id = $4)
               AND ($5 IS NULL OR dead_lettered_at >= $5) AND ($6 IS NULL OR dead_lettered_at < $6)
               AND ($8 IS NULL OR substr(id, 1, length($8)) = $8)
             ORDER BY dead_lettered_at, id LIMIT $7"
        );
        let rows = sql("list dead letters", TEXT)
            .maybe(filter.state.map(DeadLetterState::name))
            .maybe(filter.code.as_deref())
            .maybe(filter.queue.as_deref())
            .maybe(filter.application_id.as_deref())
            .maybe(filter.since.map(instant).as_deref())
            .maybe(filter.until.map(instant).as_deref())
            .number(limit.into())
            .maybe(filter.id_prefix.as_deref())
            .all(TABLE, &mut self.read().await?)
            .await?;
        rows.iter().map(letter).collect()
    }

    /// Settles a waiting dead letter and notes who did. False where none waits under this id.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn resolve_dead_letter(
        &self,
        id: &str,
        settled: Resolution,
        who: &str,
        at: Timestamp,
    ) -> Result<bool, RegistryError> {
        const WHAT: &str = "settle a dead letter";
        let state = DeadLetterState::from(settled).name();
        let mut session = self.begin().await?;
        let text = "UPDATE dead_letters SET state = $1, resolved_at = $2, resolved_by = $3
            WHERE id = $4 AND state = 'waiting' RETURNING id, application_id, code";
        let row = sql(WHAT, text).text(state).instant(at).text(who).text(id);
        let Some(row) = row.first(TABLE, &mut session).await? else {
            session.commit().await?;
            return Ok(false);
        };
        let of = row.maybe("application_id")?;
        let entry = AuditEntry::new(who, &format!("dead_letter.{state}"), of.as_deref())
            .with_detail(id)
            .with_detail(&row.text("code")?);
        audit::append(&mut session, self.dialect, at, &[entry]).await?;
        session.commit().await?;
        Ok(true)
    }
}

/// The id itself, or the next one made of it that nobody has settled.
async fn unsettled(id: &str, session: &mut Session) -> Result<String, RegistryError> {
    let text = "SELECT id, resolved_at FROM dead_letters WHERE id = $1";
    let mut candidate = id.to_owned();
    for times in 1.. {
        let row = sql("look for a dead letter", text).text(&candidate).first(TABLE, session);
        let Some(row) = row.await? else { break };
        if row.maybe("resolved_at")?.is_none() {
            break;
        }
        candidate = stable_id(&[id, &times.to_string()]);
    }
    Ok(candidate)
}

fn letter(row: &Row) -> Result<DeadLetter, RegistryError> {
    let state = DeadLetterState::from_name(&row.text("state")?);
    Ok(DeadLetter {
        id: row.text("id")?,
        queue: row.text("queue")?,
        routing_key: row.text("routing_key")?,
        message_type: row.maybe("message_type")?,
        message_id: row.maybe("message_id")?,
        application_id: row.maybe("application_id")?,
        document_id: row.maybe("document_id")?,
        code: row.text("code")?,
        attempt: row.count("attempt")?,
        headers: row.text("headers")?,
        body: row.bytes("body")?,
        dead_lettered_at: row.instant("dead_lettered_at")?,
        state: state.ok_or_else(|| row.corrupt("state"))?,
        resolved_at: row.maybe_instant("resolved_at")?,
        resolved_by: row.maybe("resolved_by")?,
    })
}
