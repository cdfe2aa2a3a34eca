//! An entry of the audit, and its hash.

use jiff::Timestamp;
use pipeline::digest::sha256;

/// An action and who did it. Holds ids and codes, no content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AuditEntry {
    /// An operator as the kernel knows them, or a role of this program.
    pub(crate) actor: String,
    /// The action: `application.withdrawn`, `dead_letter.replayed`, …
    pub(crate) action: String,
    /// The application, where there is one.
    pub(crate) application_id: Option<String>,
    /// Ids and codes of the action.
    pub(crate) details: Vec<String>,
}

impl AuditEntry {
    /// Creates an entry without details.
    #[must_use]
    pub(crate) fn new(actor: &str, action: &str, application_id: Option<&str>) -> Self {
        Self {
            actor: actor.to_owned(),
            action: action.to_owned(),
            application_id: application_id.map(str::to_owned),
            details: Vec::new(),
        }
    }

    /// Adds a detail.
    #[must_use]
    pub(crate) fn with_detail(mut self, detail: &str) -> Self {
        self.details.push(detail.to_owned());
        self
    }
}

/// An entry with its number in the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AuditRow {
    /// From 1, without gaps.
    pub(crate) number: u64,
    /// When it happened.
    pub(crate) occurred_at: Timestamp,
    /// The entry.
    pub(crate) entry: AuditEntry,
}

/// Result of verifying the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AuditVerification {
    /// Number of valid rows.
    pub(crate) rows: u64,
    /// Hash of the last of them. Kept elsewhere, it proves later that the chain
    /// up to this row is unchanged.
    pub(crate) head: String,
    /// Number of the first row that is invalid or absent.
    pub(crate) broken_at: Option<u64>,
}

/// Returns the hash of a row, which covers the value of every column.
pub(super) fn hash(
    previous: &str,
    number: i64,
    at: &str,
    entry: &AuditEntry,
    details: &str,
) -> String {
    let row =
        serde_json::json!([number, at, entry.actor, entry.action, entry.application_id, details]);
    sha256(format!("{previous}\n{row}").as_bytes())
}

pub(super) fn details_json(entry: &AuditEntry) -> String {
    serde_json::json!(entry.details).to_string()
}
