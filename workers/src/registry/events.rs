//! Outgoing events, stored until the broker has confirmed them.

use jiff::Timestamp;

use super::connection::{Dialect, Registry};
use super::debug_fields::debug_fields;
use super::error::RegistryError;
use super::listed::Listed;
use super::lock::LockedApplication;
use super::page::Page;
use super::statement::{Row, sql};
use crate::application_key::ApplicationKey;
use crate::runtime::traces::TraceContext;

/// An event to be published.
#[derive(Clone, PartialEq)]
pub(crate) struct OutgoingEvent {
    /// Id of the CloudEvent; the same event has the same id.
    pub(crate) id: String,
    /// Application that it is about.
    pub(crate) application: ApplicationKey,
    /// Its routing key, without the portal in front.
    pub(crate) routing_key: String,
    /// The CloudEvent, JSON.
    pub(crate) body: String,
    /// Trace that it belongs to.
    pub(crate) trace: Option<TraceContext>,
    /// Scope and number of the revision that is to be attached first.
    pub(crate) revision: Option<(String, u32)>,
}

debug_fields!(OutgoingEvent: id, application, routing_key, revision);

/// The event of a verdict is sent after its revision, or a later one, is attached. A condition
/// follows.
macro_rules! select_unsent {
    ($condition:literal) => {
        concat!(
            "SELECT e.id, e.application_id, e.routing_key, e.body, e.traceparent, e.scope,
                    e.revision
             FROM events e
             WHERE e.sent_at IS NULL AND e.created_at <= $1
               AND (e.revision IS NULL OR EXISTS (
                   SELECT 1 FROM revisions r
                   WHERE r.application_id = e.application_id AND r.scope = e.scope
                     AND r.revision >= e.revision AND r.attached_at IS NOT NULL))
               AND ",
            $condition,
            " ORDER BY e.number LIMIT $3 OFFSET $4"
        )
    };
}

impl LockedApplication {
    /// Adds an event to be published; one with the same id stays as it is.
    /// Works for a withdrawn application too: its withdrawal is reported.
    ///
    /// # Errors
    /// `Unavailable`; `Internal` when it is about another application.
    pub(crate) async fn add_event(&mut self, event: &OutgoingEvent) -> Result<(), RegistryError> {
        const ACTION: &str = "add an event";
        if event.application != self.record.key {
            return Err(RegistryError::internal(ACTION, "event of another application"));
        }
        let (scope, revision) = event.revision.as_ref().map(|(s, n)| (s.as_str(), *n)).unzip();
        let text = "INSERT INTO events
            (id, application_id, routing_key, body, traceparent, scope, revision, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING";
        sql(ACTION, text)
            .text(&event.id)
            .text(&event.application)
            .text(&event.routing_key)
            .text(&event.body)
            .optional_text(event.trace.as_ref().map(ToString::to_string).as_deref())
            .optional_text(scope)
            .optional_number(revision.map(i64::from))
            .instant(self.now)
            .execute(&mut self.session)
            .await?;
        Ok(())
    }
}

impl Registry {
    /// Returns events of an application that can be sent and were not, in the order in which
    /// they were added, at or before `older_than`.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn unsent_events_of(
        &self,
        application: &ApplicationKey,
        page: Page,
        older_than: Timestamp,
    ) -> Result<Listed<OutgoingEvent>, RegistryError> {
        let find = sql("read events", select_unsent!("e.application_id = $2"));
        let find = find.instant(older_than).text(application).page(page);
        let rows = find.fetch_all("events", &mut self.read().await?).await?;
        Ok(Listed::read(&rows, read_event))
    }

    /// Returns such events of all applications, but for those of some portals.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn unsent_events(
        &self,
        except: &[String],
        page: Page,
        older_than: Timestamp,
    ) -> Result<Listed<OutgoingEvent>, RegistryError> {
        let text = match self.dialect {
            Dialect::Postgres => select_unsent!(
                "split_part(e.application_id, '/', 1) NOT IN
                 (SELECT json_array_elements_text(CAST($2 AS json)))"
            ),
            Dialect::Sqlite => select_unsent!(
                "substr(e.application_id, 1, instr(e.application_id, '/') - 1) NOT IN
                 (SELECT value FROM json_each($2))"
            ),
        };
        let except = serde_json::json!(except).to_string();
        let find = sql("read events", text).instant(older_than).text(&except).page(page);
        let rows = find.fetch_all("events", &mut self.read().await?).await?;
        Ok(Listed::read(&rows, read_event))
    }

    /// Marks an event as confirmed by the broker. The first instant is kept.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn mark_sent(&self, id: &str, at: Timestamp) -> Result<(), RegistryError> {
        let text = "UPDATE events SET sent_at = $1 WHERE id = $2 AND sent_at IS NULL";
        let mark = sql("mark an event as sent", text).instant(at).text(id);
        mark.execute(&mut self.write().await?).await?;
        Ok(())
    }
}

pub(super) fn read_event(row: &Row) -> Result<OutgoingEvent, RegistryError> {
    let revision = match row.optional_number("revision")? {
        Some(_) => Some((row.text("scope")?, row.count("revision")?)),
        None => None,
    };
    Ok(OutgoingEvent {
        id: row.text("id")?,
        application: row.application()?,
        routing_key: row.text("routing_key")?,
        body: row.text("body")?,
        trace: row.optional_text("traceparent")?.and_then(|text| text.parse().ok()),
        revision,
    })
}
