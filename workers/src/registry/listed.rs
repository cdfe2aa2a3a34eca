//! Rows of many applications, of which some may be unreadable.

use super::error::RegistryError;
use super::statement::Row;

/// A row that cannot be read.
#[derive(Debug)]
pub(crate) struct UnreadableRow {
    /// Application that it belongs to.
    pub(crate) application_id: String,
    /// What cannot be read.
    pub(crate) error: RegistryError,
}

/// Rows in their order, apart from those that cannot be read.
#[derive(Debug)]
pub(crate) struct Listed<T> {
    pub(crate) rows: Vec<T>,
    pub(crate) unreadable: Vec<UnreadableRow>,
}

impl<T> Listed<T> {
    /// Returns how many rows there are, readable or not.
    pub(crate) fn len(&self) -> usize {
        self.rows.len() + self.unreadable.len()
    }

    /// Reads rows that have a column `application_id`.
    pub(super) fn read(rows: &[Row], read: fn(&Row) -> Result<T, RegistryError>) -> Self {
        let mut listed = Self { rows: Vec::new(), unreadable: Vec::new() };
        for row in rows {
            match read(row) {
                Ok(value) => listed.rows.push(value),
                Err(error) => {
                    let application_id = row.text("application_id").unwrap_or_default();
                    listed.unreadable.push(UnreadableRow { application_id, error });
                }
            }
        }
        listed
    }
}
