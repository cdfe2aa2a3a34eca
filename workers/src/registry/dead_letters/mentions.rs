//! Ids that a dead letter mentions which could not be parsed. It names no application; one
//! that mentions the id of a deleted application is about it, and is emptied with it.
//!
//! Bodies may be large and many. So the mentioned ids are stored when a letter is, as
//! hashes, and a deletion reads no body.

use std::collections::BTreeSet;

use jiff::Timestamp;
use pipeline::contract::message::MAX_MESSAGE;
use pipeline::digest::sha256;

use super::TABLE;
use super::words::{parts, words};
use crate::application_key::ApplicationKey;
use crate::portal::Portal;
use crate::registry::connection::{Dialect, Registry};
use crate::registry::error::RegistryError;
use crate::registry::page::Page;
use crate::registry::session::Session;
use crate::registry::statement::sql;

/// Most ids of one letter. No usable message has so many: it is smaller than they are.
const MOST: usize = 100_000;

/// Where a letter may mention ids.
pub(super) struct Content<'a> {
    pub(super) body: &'a [u8],
    pub(super) headers: &'a str,
    pub(super) message_id: Option<&'a str>,
    pub(super) routing_key: &'a str,
    pub(super) portal: Option<&'a Portal>,
}

/// The ids that a letter mentions.
pub(super) struct Mentions {
    ids: BTreeSet<String>,
    /// The portal whose ids they are.
    portal: Option<Portal>,
    /// Length of the body to be stored: all of it, unless it mentions too many ids.
    pub(super) length: usize,
}

impl Mentions {
    pub(super) fn of(content: &Content<'_>) -> Self {
        Self::at_most(MOST, content)
    }

    fn at_most(most: usize, content: &Content<'_>) -> Self {
        let mut length = content.body.len();
        let mut ids = words(content.body);
        if ids.len() > most {
            length = length.min(MAX_MESSAGE);
            ids = words(&content.body[..length]);
        }
        ids.extend(words(content.headers.as_bytes()));
        ids.extend(content.message_id.into_iter().flat_map(parts));
        ids.extend(parts(content.routing_key));
        Self { ids, portal: content.portal.cloned(), length }
    }

    /// Whether one of the ids is that of a deleted application of the portal. Which
    /// applications a letter of no portal is about is not looked up: nobody can use it, and it
    /// is discarded with the next one that is deleted under such an id, or when it is old.
    pub(super) async fn name_deleted(
        &self,
        session: &mut Session,
        dialect: Dialect,
    ) -> Result<bool, RegistryError> {
        let Some(portal) = &self.portal else { return Ok(false) };
        let text = match dialect {
            Dialect::Postgres => {
                "SELECT application_id FROM applications WHERE state = 'withdrawn' AND
                 application_id IN (SELECT json_array_elements_text(CAST($1 AS json))) LIMIT 1"
            }
            Dialect::Sqlite => {
                "SELECT application_id FROM applications WHERE state = 'withdrawn' AND
                 application_id IN (SELECT value FROM json_each($1)) LIMIT 1"
            }
        };
        let keys: Vec<String> = self.ids.iter().map(|id| key(Some(portal), id)).collect();
        let keys = serde_json::json!(keys).to_string();
        let find = sql("find a withdrawn application", text).text(&keys);
        Ok(find.fetch_first("applications", session).await?.is_some())
    }

    /// Stores the ids as those of a letter.
    pub(super) async fn store(
        &self,
        letter_id: &str,
        session: &mut Session,
        dialect: Dialect,
    ) -> Result<(), RegistryError> {
        let text = match dialect {
            Dialect::Postgres => {
                "INSERT INTO dead_letter_mentions (digest, letter_id)
                 SELECT json_array_elements_text(CAST($1 AS json)), $2 ON CONFLICT DO NOTHING"
            }
            Dialect::Sqlite => {
                "INSERT INTO dead_letter_mentions (digest, letter_id)
                 SELECT value, $2 FROM json_each($1) WHERE true ON CONFLICT DO NOTHING"
            }
        };
        let portal = self.portal.as_ref();
        let digests: Vec<String> = self.ids.iter().map(|id| digest(&key(portal, id))).collect();
        let digests = serde_json::json!(digests).to_string();
        sql("store the mentions of a dead letter", text)
            .text(&digests)
            .text(letter_id)
            .execute(session)
            .await?;
        Ok(())
    }
}

macro_rules! select_content {
    () => {
        "SELECT id, body, headers, message_id, routing_key, portal FROM dead_letters WHERE id = $1"
    };
}

/// Returns the text of an application's key; without a portal, what stands for all of them.
fn key(portal: Option<&Portal>, id: &str) -> String {
    format!("{}/{id}", portal.map_or("", Portal::as_str))
}

fn digest(key: &str) -> String {
    let mut digest = sha256(key.as_bytes());
    digest.truncate(24);
    digest
}

/// Empties and discards every unparsed letter of its portal, or of none, that mentions an
/// application's id and is not emptied yet. Its other mentions are deleted later: see [`Registry::complete_mentions`].
pub(in crate::registry) async fn discard_mentioning(
    application: &ApplicationKey,
    at: Timestamp,
    actor: &str,
    session: &mut Session,
) -> Result<(), RegistryError> {
    let text = "UPDATE dead_letters SET body = $2, headers = '{}', state = 'discarded',
            has_mentions = 0, resolved_at = $3, resolved_by = $4
        WHERE application_id IS NULL AND has_mentions = 1
          AND id IN (SELECT letter_id FROM dead_letter_mentions WHERE digest IN ($1, $5))";
    sql("discard dead letters about an application", text)
        .text(&digest(application))
        .bytes(b"")
        .instant(at)
        .text(actor)
        .text(&digest(&key(None, application.id())))
        .execute(session)
        .await?;
    Ok(())
}

impl Registry {
    /// Returns ids of unparsed letters whose mentions are not those of their bodies: letters
    /// of an earlier version, and those that were emptied since.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn letters_without_mentions(
        &self,
        page: Page,
    ) -> Result<Vec<String>, RegistryError> {
        let text = "SELECT id FROM dead_letters WHERE application_id IS NULL AND has_mentions = 0
            ORDER BY id LIMIT $1 OFFSET $2";
        let find = sql("find dead letters without mentions", text).page(page);
        let rows = find.fetch_all(TABLE, &mut self.read().await?).await?;
        rows.iter().map(|row| row.text("id")).collect()
    }

    /// Stores the mentions of one such letter; one about a deleted application is emptied.
    ///
    /// # Errors
    /// `Unavailable` or `Corrupt`.
    pub(crate) async fn complete_mentions(
        &self,
        id: &str,
        at: Timestamp,
    ) -> Result<(), RegistryError> {
        const ACTION: &str = "store the mentions of a dead letter";
        let mut session = self.begin().await?;
        let text = match self.dialect {
            Dialect::Postgres => concat!(select_content!(), " FOR UPDATE"),
            Dialect::Sqlite => select_content!(),
        };
        let row = sql(ACTION, text).text(id).fetch_first(TABLE, &mut session).await?;
        let Some(row) = row else { return session.commit().await };
        let body = row.bytes("body")?;
        let mentions = Mentions::of(&Content {
            body: &body,
            headers: &row.text("headers")?,
            message_id: row.optional_text("message_id")?.as_deref(),
            routing_key: &row.text("routing_key")?,
            portal: row.optional_portal()?.as_ref(),
        });
        let text = "DELETE FROM dead_letter_mentions WHERE letter_id = $1";
        sql(ACTION, text).text(id).execute(&mut session).await?;
        if mentions.name_deleted(&mut session, self.dialect).await? {
            let text = "UPDATE dead_letters SET body = $2, headers = '{}', state = 'discarded',
                has_mentions = 1, resolved_at = $3, resolved_by = 'maintenance' WHERE id = $1";
            let empty = sql(ACTION, text).text(id).bytes(b"").instant(at);
            empty.execute(&mut session).await?;
        } else {
            mentions.store(id, &mut session, self.dialect).await?;
            if let Some(beginning) = body.get(..mentions.length).filter(|b| b.len() < body.len()) {
                let text = "UPDATE dead_letters SET body = $2 WHERE id = $1";
                sql(ACTION, text).text(id).bytes(beginning).execute(&mut session).await?;
            }
            let text = "UPDATE dead_letters SET has_mentions = 1 WHERE id = $1";
            sql(ACTION, text).text(id).execute(&mut session).await?;
        }
        session.commit().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(most: usize, body: &str, ids: &[&str], length: usize) {
        let content = Content {
            body: body.as_bytes(),
            headers: r#"{"key":"h-1"}"#,
            message_id: Some("m-1"),
            routing_key: "r.1",
            portal: None,
        };
        let mut mentions = Mentions::at_most(most, &content);
        for id in ["h-1", "m-1", "r", "1", "r.1"] {
            assert!(mentions.ids.remove(id), "{id}");
        }
        assert_eq!(mentions.ids.iter().collect::<Vec<_>>(), ids);
        assert_eq!(mentions.length, length);
    }

    #[test]
    fn too_many_ids_cut_a_body() {
        check(1, r#""A-1""#, &["A-1"], 5);
        check(1, r#""A-1" "A-2""#, &["A-1", "A-2"], 11);
        let long = format!(r#""A-1"{}"A-2""#, " ".repeat(MAX_MESSAGE));
        check(2, &long, &["A-1", "A-2"], long.len());
        check(1, &long, &["A-1"], MAX_MESSAGE);
    }
}
