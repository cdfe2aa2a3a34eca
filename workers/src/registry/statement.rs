//! One statement with its values, and the rows that it returns.

use std::fmt::Write as _;

use jiff::{Timestamp, civil::Date};
use serde::de::DeserializeOwned;
use sqlx::any::{AnyArguments, AnyRow};
use sqlx::query::Query;
use sqlx::{Any, Decode, Row as _, Type};

use super::error::RegistryError;
use super::json::{self, Unread};
use super::page::Page;
use super::session::Session;
use crate::application_key::ApplicationKey;
use crate::object_keys::ExaminationKey;
use crate::portal::Portal;

/// A statement with its values.
pub(super) struct Statement {
    query: Query<'static, Any, AnyArguments>,
    action: &'static str,
    #[cfg(test)]
    text: &'static str,
}

/// Prepares a statement. `action` completes "registry could not …".
pub(super) fn sql(action: &'static str, text: &'static str) -> Statement {
    Statement {
        query: sqlx::query(text),
        action,
        #[cfg(test)]
        text,
    }
}

impl Statement {
    pub(super) fn text(self, value: &str) -> Self {
        self.optional_text(Some(value))
    }

    /// Binds text without its zero characters, which messages may hold and PostgreSQL refuses.
    pub(super) fn optional_text(self, value: Option<&str>) -> Self {
        let value = value.map(|text| text.replace('\0', "\u{fffd}"));
        Self { query: self.query.bind(value), ..self }
    }

    pub(super) fn number(self, value: i64) -> Self {
        Self { query: self.query.bind(value), ..self }
    }

    pub(super) fn optional_number(self, value: Option<i64>) -> Self {
        Self { query: self.query.bind(value), ..self }
    }

    pub(super) fn bytes(self, value: &[u8]) -> Self {
        Self { query: self.query.bind(value.to_vec()), ..self }
    }

    pub(super) fn instant(self, value: Timestamp) -> Self {
        self.text(&format_instant(value))
    }

    pub(super) fn optional_date(self, value: Option<Date>) -> Self {
        self.optional_text(value.map(|day| day.to_string()).as_deref())
    }

    /// Binds limit and offset, in this order.
    pub(super) fn page(self, page: Page) -> Self {
        self.number(page.limit.into()).number(page.offset.into())
    }

    /// Binds hash, kind and examiner, in this order.
    pub(super) fn examination_key(self, key: &ExaminationKey) -> Self {
        self.text(&key.sha256).text(key.kind.name()).text(&key.examiner)
    }

    /// Runs the statement and returns how many rows it changed.
    pub(super) async fn execute(self, session: &mut Session) -> Result<u64, RegistryError> {
        #[cfg(test)]
        session.check_plan(self.text).await;
        let Self { query, action, .. } = self;
        session
            .run(action, async |connection| query.execute(connection).await)
            .await
            .map(|result| result.rows_affected())
    }

    pub(super) async fn fetch_first(
        self,
        table: &'static str,
        session: &mut Session,
    ) -> Result<Option<Row>, RegistryError> {
        #[cfg(test)]
        session.check_plan(self.text).await;
        let Self { query, action, .. } = self;
        let row =
            session.run(action, async |connection| query.fetch_optional(connection).await).await?;
        Ok(row.map(|row| Row { row, table }))
    }

    pub(super) async fn fetch_all(
        self,
        table: &'static str,
        session: &mut Session,
    ) -> Result<Vec<Row>, RegistryError> {
        #[cfg(test)]
        session.check_plan(self.text).await;
        let Self { query, action, .. } = self;
        let rows =
            session.run(action, async |connection| query.fetch_all(connection).await).await?;
        Ok(rows.into_iter().map(|row| Row { row, table }).collect())
    }
}

/// Formats an instant as it is stored: with a fixed width, so that text sorts as time does.
pub(super) fn format_instant(value: Timestamp) -> String {
    let mut text = String::with_capacity(27);
    write!(text, "{value:.6}").expect("a String takes all text");
    text
}

/// One row. The first column of every SELECT identifies it in errors.
pub(super) struct Row {
    row: AnyRow,
    table: &'static str,
}

const APPLICATION: &str = "application_id";
const PORTAL: &str = "portal";

impl Row {
    fn get<'r, T>(&'r self, column: &'static str) -> Result<T, RegistryError>
    where
        T: Decode<'r, Any> + Type<Any>,
    {
        self.row.try_get(column).map_err(|_| self.corrupt(column))
    }

    /// Returns the error for a column that cannot be read.
    pub(super) fn corrupt(&self, column: &'static str) -> RegistryError {
        RegistryError::Corrupt { table: self.table, id: self.id(), column }
    }

    /// Returns the error for a column that holds what only a later version knows.
    pub(super) fn unknown(&self, column: &'static str) -> RegistryError {
        RegistryError::Unknown { table: self.table, id: self.id(), column }
    }

    fn id(&self) -> String {
        let id = self.row.try_get::<String, _>(0);
        id.unwrap_or_else(|_| {
            self.row.try_get::<i64, _>(0).map(|n| n.to_string()).unwrap_or_default()
        })
    }

    /// Reads a column of JSON.
    pub(super) fn json<T: DeserializeOwned>(
        &self,
        column: &'static str,
    ) -> Result<T, RegistryError> {
        self.optional_json(column)?.ok_or_else(|| self.corrupt(column))
    }

    pub(super) fn optional_json<T: DeserializeOwned>(
        &self,
        column: &'static str,
    ) -> Result<Option<T>, RegistryError> {
        let Some(text) = self.optional_text(column)? else { return Ok(None) };
        json::parse(&text).map(Some).map_err(|unread| match unread {
            Unread::Damaged => self.corrupt(column),
            Unread::Unknown => self.unknown(column),
        })
    }

    /// Reads a column with a word of a closed list.
    pub(super) fn word<T>(
        &self,
        column: &'static str,
        from_name: fn(&str) -> Option<T>,
    ) -> Result<T, RegistryError> {
        from_name(&self.text(column)?).ok_or_else(|| self.unknown(column))
    }

    pub(super) fn text(&self, column: &'static str) -> Result<String, RegistryError> {
        self.get(column)
    }

    pub(super) fn optional_text(
        &self,
        column: &'static str,
    ) -> Result<Option<String>, RegistryError> {
        self.get(column)
    }

    /// Returns the key of the application that the row is about.
    pub(super) fn application(&self) -> Result<ApplicationKey, RegistryError> {
        self.optional_application()?.ok_or_else(|| self.corrupt(APPLICATION))
    }

    /// Returns the key of the application that the row is about, if it is about one.
    pub(super) fn optional_application(&self) -> Result<Option<ApplicationKey>, RegistryError> {
        let text = self.optional_text(APPLICATION)?;
        text.map(|text| text.parse().map_err(|_| self.corrupt(APPLICATION))).transpose()
    }

    /// Returns the portal that the row is about, if it is about one.
    pub(super) fn optional_portal(&self) -> Result<Option<Portal>, RegistryError> {
        let text = self.optional_text(PORTAL)?;
        text.map(|text| text.parse().map_err(|_| self.corrupt(PORTAL))).transpose()
    }

    pub(super) fn number(&self, column: &'static str) -> Result<i64, RegistryError> {
        self.get(column)
    }

    pub(super) fn optional_number(
        &self,
        column: &'static str,
    ) -> Result<Option<i64>, RegistryError> {
        self.get(column)
    }

    pub(super) fn count(&self, column: &'static str) -> Result<u32, RegistryError> {
        u32::try_from(self.number(column)?).map_err(|_| self.corrupt(column))
    }

    pub(super) fn flag(&self, column: &'static str) -> Result<bool, RegistryError> {
        Ok(self.number(column)? != 0)
    }

    pub(super) fn bytes(&self, column: &'static str) -> Result<Vec<u8>, RegistryError> {
        self.get(column)
    }

    pub(super) fn instant(&self, column: &'static str) -> Result<Timestamp, RegistryError> {
        self.text(column)?.parse().map_err(|_| self.corrupt(column))
    }

    pub(super) fn optional_instant(
        &self,
        column: &'static str,
    ) -> Result<Option<Timestamp>, RegistryError> {
        self.parse_optional(column)
    }

    pub(super) fn date(&self, column: &'static str) -> Result<Date, RegistryError> {
        self.text(column)?.parse().map_err(|_| self.corrupt(column))
    }

    pub(super) fn optional_date(
        &self,
        column: &'static str,
    ) -> Result<Option<Date>, RegistryError> {
        self.parse_optional(column)
    }

    fn parse_optional<T: std::str::FromStr>(
        &self,
        column: &'static str,
    ) -> Result<Option<T>, RegistryError> {
        let text = self.optional_text(column)?;
        text.map(|text| text.parse().map_err(|_| self.corrupt(column))).transpose()
    }
}
