//! One statement with its values, run inside a limit, and the rows it gives.

use std::fmt::Write as _;
use std::time::Duration;

use jiff::{Timestamp, civil::Date};
use sqlx::any::{AnyArguments, AnyRow};
use sqlx::query::Query;
use sqlx::{Any, Decode, Row as _, Type};

use super::error::RegistryError;
use super::session::Session;

/// Longer than the server's own limits, so that a living server answers first.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);

/// A statement with its values.
pub(super) struct Sql {
    query: Query<'static, Any, AnyArguments>,
    what: &'static str,
}

/// `what` completes "registry could not …".
pub(super) fn sql(what: &'static str, text: &'static str) -> Sql {
    Sql { query: sqlx::query(text), what }
}

impl Sql {
    pub(super) fn text(self, value: &str) -> Self {
        self.maybe(Some(value))
    }

    /// Postgres takes no zero characters, and what came by message may hold them.
    pub(super) fn maybe(self, value: Option<&str>) -> Self {
        let value = value.map(|text| text.replace('\0', "\u{fffd}"));
        Self { query: self.query.bind(value), ..self }
    }

    pub(super) fn number(self, value: i64) -> Self {
        Self { query: self.query.bind(value), ..self }
    }

    pub(super) fn maybe_number(self, value: Option<i64>) -> Self {
        Self { query: self.query.bind(value), ..self }
    }

    pub(super) fn bytes(self, value: &[u8]) -> Self {
        Self { query: self.query.bind(value.to_vec()), ..self }
    }

    pub(super) fn instant(self, value: Timestamp) -> Self {
        self.text(&instant(value))
    }

    pub(super) fn date(self, value: Option<Date>) -> Self {
        self.maybe(value.map(|day| day.to_string()).as_deref())
    }

    /// How many rows it changed.
    pub(super) async fn run(self, session: &mut Session) -> Result<u64, RegistryError> {
        let Self { query, what } = self;
        session
            .within(what, async |connection| query.execute(connection).await)
            .await
            .map(|done| done.rows_affected())
    }

    pub(super) async fn first(
        self,
        table: &'static str,
        session: &mut Session,
    ) -> Result<Option<Row>, RegistryError> {
        let Self { query, what } = self;
        let row =
            session.within(what, async |connection| query.fetch_optional(connection).await).await?;
        Ok(row.map(|row| Row { row, table }))
    }

    pub(super) async fn all(
        self,
        table: &'static str,
        session: &mut Session,
    ) -> Result<Vec<Row>, RegistryError> {
        let Self { query, what } = self;
        let rows =
            session.within(what, async |connection| query.fetch_all(connection).await).await?;
        Ok(rows.into_iter().map(|row| Row { row, table }).collect())
    }
}

/// The form in which instants are stored: of one width, so that text sorts as time does.
pub(super) fn instant(value: Timestamp) -> String {
    let mut text = String::with_capacity(27);
    write!(text, "{value:.6}").expect("a String takes all text");
    text
}

/// One row. The first column of every SELECT is what names it in errors.
pub(super) struct Row {
    row: AnyRow,
    table: &'static str,
}

impl Row {
    fn get<'r, T>(&'r self, column: &'static str) -> Result<T, RegistryError>
    where
        T: Decode<'r, Any> + Type<Any>,
    {
        self.row.try_get(column).map_err(|_| self.corrupt(column))
    }

    pub(super) fn corrupt(&self, column: &'static str) -> RegistryError {
        let id = self.row.try_get::<String, _>(0);
        let id = id.unwrap_or_else(|_| {
            self.row.try_get::<i64, _>(0).map(|n| n.to_string()).unwrap_or_default()
        });
        RegistryError::Corrupt { table: self.table, id, column }
    }

    pub(super) fn text(&self, column: &'static str) -> Result<String, RegistryError> {
        self.get(column)
    }

    pub(super) fn maybe(&self, column: &'static str) -> Result<Option<String>, RegistryError> {
        self.get(column)
    }

    pub(super) fn number(&self, column: &'static str) -> Result<i64, RegistryError> {
        self.get(column)
    }

    pub(super) fn maybe_number(&self, column: &'static str) -> Result<Option<i64>, RegistryError> {
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

    pub(super) fn maybe_instant(
        &self,
        column: &'static str,
    ) -> Result<Option<Timestamp>, RegistryError> {
        self.parsed(column)
    }

    pub(super) fn date(&self, column: &'static str) -> Result<Date, RegistryError> {
        self.text(column)?.parse().map_err(|_| self.corrupt(column))
    }

    pub(super) fn maybe_date(&self, column: &'static str) -> Result<Option<Date>, RegistryError> {
        self.parsed(column)
    }

    fn parsed<T: std::str::FromStr>(
        &self,
        column: &'static str,
    ) -> Result<Option<T>, RegistryError> {
        let text = self.maybe(column)?;
        text.map(|text| text.parse().map_err(|_| self.corrupt(column))).transpose()
    }
}
