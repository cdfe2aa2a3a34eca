//! Lists of dead letters, a page at a time and without their content.

use super::{DeadLetter, DeadLetterFilter, DeadLetterState, ListedLetter, TABLE, read_letter};
use crate::registry::connection::Registry;
use crate::registry::error::RegistryError;
use crate::registry::statement::{Row, format_instant, sql};

/// The columns of a list; a condition follows. `length` of a stored body does not read it.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, portal, queue, routing_key, message_type, message_id, application_id,
                    document_id, code, attempt, CAST(length(body) AS BIGINT) AS bytes,
                    dead_lettered_at, state, resolved_at, resolved_by
             FROM dead_letters ",
            $rest
        )
    };
}

const SELECT: &str = select!(
    "WHERE ($1 IS NULL OR state = $1) AND ($2 IS NULL OR code = $2)
       AND ($3 IS NULL OR queue = $3) AND ($4 IS NULL OR application_id = $4)
       AND ($5 IS NULL OR dead_lettered_at >= $5) AND ($6 IS NULL OR dead_lettered_at < $6)
       AND (dead_lettered_at, id) > ($8, $9)
     ORDER BY dead_lettered_at, id LIMIT $7"
);

/// In the order of the ids, which are hexadecimal: no id with this beginning comes after the
/// beginning and a `g`.
const SELECT_BEGINNING: &str = select!("WHERE id >= $1 AND id < $2 ORDER BY id LIMIT $3");

const SELECT_ONE: &str = "
    SELECT id, portal, queue, routing_key, message_type, message_id, application_id, document_id, code,
           attempt, headers, body, dead_lettered_at, state, resolved_at, resolved_by
    FROM dead_letters WHERE id = $1";

impl Registry {
    /// Returns a page of dead letters after `after`, oldest first.
    ///
    /// # Errors
    /// `Unavailable` or `Corrupt`.
    pub(crate) async fn list_dead_letters(
        &self,
        filter: &DeadLetterFilter,
        after: Option<&ListedLetter>,
        limit: u32,
    ) -> Result<Vec<ListedLetter>, RegistryError> {
        let rows = sql("list dead letters", SELECT)
            .optional_text(filter.state.map(DeadLetterState::name))
            .optional_text(filter.code.as_deref())
            .optional_text(filter.queue.as_deref())
            .optional_text(filter.application.as_deref())
            .optional_text(filter.since.map(format_instant).as_deref())
            .optional_text(filter.until.map(format_instant).as_deref())
            .number(limit.into())
            .text(&after.map_or_else(String::new, |last| format_instant(last.dead_lettered_at)))
            .text(after.map_or("", |last| &last.id))
            .fetch_all(TABLE, &mut self.read().await?)
            .await?;
        rows.iter().map(read_listed).collect()
    }

    /// Returns dead letters whose ids begin so.
    ///
    /// # Errors
    /// `Unavailable` or `Corrupt`.
    pub(crate) async fn dead_letters_beginning(
        &self,
        beginning: &str,
        limit: u32,
    ) -> Result<Vec<ListedLetter>, RegistryError> {
        let rows = sql("find dead letters", SELECT_BEGINNING)
            .text(beginning)
            .text(&format!("{beginning}g"))
            .number(limit.into())
            .fetch_all(TABLE, &mut self.read().await?)
            .await?;
        let listed = rows.iter().map(read_listed).collect::<Result<Vec<_>, _>>()?;
        // the database may compare by the rules of a language
        Ok(listed.into_iter().filter(|letter| letter.id.starts_with(beginning)).collect())
    }

    /// Returns a dead letter with its content.
    ///
    /// # Errors
    /// `Unavailable` or `Corrupt`.
    pub(crate) async fn dead_letter(&self, id: &str) -> Result<Option<DeadLetter>, RegistryError> {
        let find = sql("read a dead letter", SELECT_ONE).text(id);
        let row = find.fetch_first(TABLE, &mut self.read().await?).await?;
        row.map(|row| read_letter(&row)).transpose()
    }
}

fn read_listed(row: &Row) -> Result<ListedLetter, RegistryError> {
    Ok(ListedLetter {
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
        bytes: row.number("bytes")?.unsigned_abs(),
        dead_lettered_at: row.instant("dead_lettered_at")?,
        state: row.word("state", DeadLetterState::from_name)?,
        resolved_at: row.optional_instant("resolved_at")?,
        resolved_by: row.optional_text("resolved_by")?,
    })
}
