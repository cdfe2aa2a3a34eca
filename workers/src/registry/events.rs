//! Messages to be published, kept until the broker has confirmed them.

use jiff::Timestamp;

use super::record::shows;
use super::statement::{Row, sql};
use super::{LockedApplication, Registry, RegistryError};
use crate::runtime::traces::TraceContext;

/// A message to be published.
#[derive(Clone, PartialEq)]
pub(crate) struct OutgoingEvent {
    /// Of the CloudEvent; the same event has the same id.
    pub(crate) id: String,
    /// Whose.
    pub(crate) application_id: String,
    /// Where to.
    pub(crate) routing_key: String,
    /// The CloudEvent, JSON.
    pub(crate) body: String,
    /// The trace that it belongs to.
    pub(crate) trace: Option<TraceContext>,
    /// Scope and number of the revision that must be attached first.
    pub(crate) revision: Option<(String, u32)>,
}

shows!(OutgoingEvent: id, application_id, routing_key, revision);

/// A verdict's event goes out when what it points at is there, or something
/// newer in its place.
const UNSENT: &str = "
    SELECT e.id, e.application_id, e.routing_key, e.body, e.traceparent, e.scope, e.revision
    FROM events e
    WHERE e.sent_at IS NULL AND e.created_at <= $1
      AND ($2 IS NULL OR e.application_id = $2)
      AND (e.revision IS NULL OR EXISTS (
          SELECT 1 FROM revisions r
          WHERE r.application_id = e.application_id AND r.scope = e.scope
            AND r.revision >= e.revision AND r.attached_at IS NOT NULL))
    ORDER BY e.number LIMIT $3";

impl LockedApplication {
    /// Adds an event to be published; one with the same id stays as it is.
    /// On an erased application too: its end is told.
    ///
    /// # Errors
    /// `Unavailable`; `Internal` when it is another application's.
    pub(crate) async fn add_event(&mut self, event: &OutgoingEvent) -> Result<(), RegistryError> {
        const WHAT: &str = "add an event";
        if event.application_id != self.record.application_id {
            return Err(RegistryError::internal(WHAT, "another application's"));
        }
        let (scope, revision) = event.revision.as_ref().map(|(s, n)| (s.as_str(), *n)).unzip();
        let text = "INSERT INTO events
            (id, application_id, routing_key, body, traceparent, scope, revision, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING";
        sql(WHAT, text)
            .text(&event.id)
            .text(&event.application_id)
            .text(&event.routing_key)
            .text(&event.body)
            .maybe(event.trace.as_ref().map(ToString::to_string).as_deref())
            .maybe(scope)
            .maybe_number(revision.map(i64::from))
            .instant(self.now)
            .run(&mut self.session)
            .await?;
        Ok(())
    }
}

impl Registry {
    /// Events that may be published and were not, in the order in which they
    /// were added: of one application or of all, made at or before `older_than`.
    ///
    /// # Errors
    /// `Unavailable` or `Corrupt`.
    pub(crate) async fn unsent_events(
        &self,
        application_id: Option<&str>,
        limit: u32,
        older_than: Timestamp,
    ) -> Result<Vec<OutgoingEvent>, RegistryError> {
        let rows = sql("read events", UNSENT)
            .instant(older_than)
            .maybe(application_id)
            .number(limit.into())
            .all("events", &mut self.read().await?)
            .await?;
        rows.iter().map(event).collect()
    }

    /// Notes that the broker has confirmed an event. Its first instant stays.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn mark_sent(&self, id: &str, at: Timestamp) -> Result<(), RegistryError> {
        let text = "UPDATE events SET sent_at = $1 WHERE id = $2 AND sent_at IS NULL";
        let mark = sql("mark an event as sent", text).instant(at).text(id);
        mark.run(&mut self.write().await?).await?;
        Ok(())
    }
}

fn event(row: &Row) -> Result<OutgoingEvent, RegistryError> {
    let revision = match row.maybe_number("revision")? {
        Some(_) => Some((row.text("scope")?, row.count("revision")?)),
        None => None,
    };
    Ok(OutgoingEvent {
        id: row.text("id")?,
        application_id: row.text("application_id")?,
        routing_key: row.text("routing_key")?,
        body: row.text("body")?,
        trace: row.maybe("traceparent")?.and_then(|kept| kept.parse().ok()),
        revision,
    })
}
