//! Dead letters: messages that no worker could process, stored until an operator resolves them.

mod letter;
mod list;
mod mentions;
mod words;

use jiff::Timestamp;
use pipeline::contract::message::stable_id;

use super::audit::{self, AuditEntry};
use super::connection::{Dialect, Registry};
use super::error::RegistryError;
use super::record::ApplicationState;
use super::session::Session;
use super::statement::{Row, format_instant, sql};

use crate::portal::Portal;

pub(crate) use letter::{DeadLetter, DeadLetterFilter, DeadLetterState, ListedLetter, Resolution};
pub(super) use mentions::discard_mentioning;
use mentions::{Content, Mentions};

const TABLE: &str = "dead_letters";

impl Registry {
    /// Stores a dead letter and returns the id under which it is stored. One that
    /// waits under the same id stays as it is; where that one is resolved, the
    /// message failed again and is stored under another id. For a withdrawn
    /// application the letter is stored as discarded, without its content. Of a body
    /// that could not be parsed and mentions more than 100,000 ids, 256 KiB are stored.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn store_dead_letter(
        &self,
        letter: &DeadLetter,
    ) -> Result<String, RegistryError> {
        let mut session = self.begin().await?;
        let id = unresolved_id(&letter.id, &mut session).await?;
        let is_withdrawn =
            self.lock_and_check_withdrawn(letter.application.as_deref(), &mut session).await?;
        let mentions = letter.application.is_none().then(|| {
            Mentions::of(&Content {
                body: &letter.body,
                headers: &letter.headers,
                message_id: letter.message_id.as_deref(),
                routing_key: &letter.routing_key,
                portal: letter.portal.as_ref(),
            })
        });
        let is_withdrawn = match &mentions {
            Some(mentions) => mentions.name_deleted(&mut session, self.dialect).await?,
            None => is_withdrawn,
        };
        let length = mentions.as_ref().map_or(letter.body.len(), |mentions| mentions.length);
        let (headers, body) =
            if is_withdrawn { ("{}", &[][..]) } else { (&*letter.headers, &letter.body[..length]) };
        let state = if is_withdrawn { DeadLetterState::Discarded } else { letter.state };
        let text = "INSERT INTO dead_letters
            (id, queue, routing_key, message_type, message_id, application_id, document_id,
             code, attempt, headers, body, dead_lettered_at, state, resolved_at, resolved_by,
             portal, has_mentions)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 1)
            ON CONFLICT (id) DO NOTHING";
        let stored = sql("store a dead letter", text)
            .text(&id)
            .text(&letter.queue)
            .text(&letter.routing_key)
            .optional_text(letter.message_type.as_deref())
            .optional_text(letter.message_id.as_deref())
            .optional_text(letter.application.as_deref())
            .optional_text(letter.document_id.as_deref())
            .text(&letter.code)
            .number(letter.attempt.into())
            .text(headers)
            .bytes(body)
            .instant(letter.dead_lettered_at)
            .text(state.name())
            .optional_text(letter.resolved_at.map(format_instant).as_deref())
            .optional_text(letter.resolved_by.as_deref())
            .optional_text(letter.portal.as_ref().map(Portal::as_str))
            .execute(&mut session)
            .await?;
        if let Some(mentions) = mentions.filter(|_| stored == 1 && !is_withdrawn) {
            mentions.store(&id, &mut session, self.dialect).await?;
        }
        session.commit().await?;
        Ok(id)
    }

    /// Whether the application was withdrawn. Its row is locked, so that a
    /// concurrent withdrawal waits and finds the letter.
    async fn lock_and_check_withdrawn(
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
        let row = sql("find a withdrawn application", text)
            .text(id)
            .fetch_first("applications", session)
            .await?;
        let state = row.map(|row| row.text("state")).transpose()?;
        Ok(state.as_deref() == Some(ApplicationState::Withdrawn.name()))
    }

    /// Resolves a waiting dead letter and adds an entry to the audit. False where none waits under this id.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn resolve_dead_letter(
        &self,
        id: &str,
        resolution: Resolution,
        actor: &str,
        at: Timestamp,
    ) -> Result<bool, RegistryError> {
        const ACTION: &str = "resolve a dead letter";
        let state = DeadLetterState::from(resolution).name();
        let mut session = self.begin().await?;
        let text = "UPDATE dead_letters SET state = $1, resolved_at = $2, resolved_by = $3
            WHERE id = $4 AND state = 'waiting' RETURNING id, application_id, code";
        let row = sql(ACTION, text).text(state).instant(at).text(actor).text(id);
        let Some(row) = row.fetch_first(TABLE, &mut session).await? else {
            session.commit().await?;
            return Ok(false);
        };
        let application_id = row.optional_text("application_id")?;
        let entry =
            AuditEntry::new(actor, &format!("dead_letter.{state}"), application_id.as_deref())
                .with_detail(id)
                .with_detail(&row.text("code")?);
        audit::append(&mut session, self.dialect, at, &[entry]).await?;
        session.commit().await?;
        Ok(true)
    }
}

/// Returns the id, or the next one derived from it, that is not resolved.
async fn unresolved_id(id: &str, session: &mut Session) -> Result<String, RegistryError> {
    let text = "SELECT id, resolved_at FROM dead_letters WHERE id = $1";
    let mut candidate = id.to_owned();
    for times in 1.. {
        let row = sql("find a dead letter", text).text(&candidate).fetch_first(TABLE, session);
        let Some(row) = row.await? else { break };
        if row.optional_text("resolved_at")?.is_none() {
            break;
        }
        candidate = stable_id(&[id, &times.to_string()]);
    }
    Ok(candidate)
}

fn read_letter(row: &Row) -> Result<DeadLetter, RegistryError> {
    Ok(DeadLetter {
        id: row.text("id")?,
        portal: row.optional_portal()?,
        queue: row.text("queue")?,
        routing_key: row.text("routing_key")?,
        message_type: row.optional_text("message_type")?,
        message_id: row.optional_text("message_id")?,
        application: row.optional_application()?,
        document_id: row.optional_text("document_id")?,
        code: row.text("code")?,
        attempt: row.count("attempt")?,
        headers: row.text("headers")?,
        body: row.bytes("body")?,
        dead_lettered_at: row.instant("dead_lettered_at")?,
        state: row.word("state", DeadLetterState::from_name)?,
        resolved_at: row.optional_instant("resolved_at")?,
        resolved_by: row.optional_text("resolved_by")?,
    })
}
