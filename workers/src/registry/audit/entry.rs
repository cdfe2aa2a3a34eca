//! An entry of the audit, and its hash.

#[cfg(test)]
use jiff::Timestamp;
use pipeline::digest::sha256;

/// Something that was done. Holds ids and codes, no content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AuditEntry {
    /// A person's login, or a role of ours.
    pub(crate) actor: String,
    /// A word: `application.withdrawn`, `dead_letter.replayed`, …
    pub(crate) action: String,
    /// The application, where there is one.
    pub(crate) application_id: Option<String>,
    /// Ids and codes that say more.
    pub(crate) details: Vec<String>,
}

impl AuditEntry {
    /// An entry without codes.
    #[must_use]
    pub(crate) fn new(actor: &str, action: &str, application_id: Option<&str>) -> Self {
        Self {
            actor: actor.to_owned(),
            action: action.to_owned(),
            application_id: application_id.map(str::to_owned),
            details: Vec::new(),
        }
    }

    /// The same with one more code.
    #[must_use]
    pub(crate) fn with_detail(mut self, detail: &str) -> Self {
        self.details.push(detail.to_owned());
        self
    }
}

/// An entry with its place in the chain.
#[cfg(test)]
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AuditRow {
    /// From 1, without gaps.
    pub(crate) number: u64,
    /// When.
    pub(crate) occurred_at: Timestamp,
    /// What.
    pub(crate) entry: AuditEntry,
}

/// What walking the chain found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AuditVerification {
    /// Rows that hold.
    pub(crate) rows: u64,
    /// Hash of the last of them: kept elsewhere, it shows later that the chain
    /// up to it is still the same.
    pub(crate) head: String,
    /// Number of the first row that does not hold, or that is not there.
    pub(crate) broken_at: Option<u64>,
}

/// The row as it is hashed: a change of any column changes it.
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
