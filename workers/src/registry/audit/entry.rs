//! An entry of the audit, and its hash.

#[cfg(test)]
use jiff::Timestamp;
use pipeline::digest::sha256;

/// Something that was done. Holds ids and codes, no content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AuditEntry {
    /// A person's login, or a role of ours.
    pub(crate) who: String,
    /// A word: `application.withdrawn`, `dead_letter.replayed`, …
    pub(crate) what: String,
    /// The application, where there is one.
    pub(crate) application_id: Option<String>,
    /// Ids and codes that say more.
    pub(crate) codes: Vec<String>,
}

impl AuditEntry {
    /// An entry without codes.
    #[must_use]
    pub(crate) fn new(who: &str, what: &str, application_id: Option<&str>) -> Self {
        Self {
            who: who.to_owned(),
            what: what.to_owned(),
            application_id: application_id.map(str::to_owned),
            codes: Vec::new(),
        }
    }

    /// The same with one more code.
    #[must_use]
    pub(crate) fn with(mut self, code: &str) -> Self {
        self.codes.push(code.to_owned());
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
    pub(crate) at: Timestamp,
    /// What.
    pub(crate) entry: AuditEntry,
}

/// What walking the chain found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Audited {
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
    codes: &str,
) -> String {
    let row = serde_json::json!([number, at, entry.who, entry.what, entry.application_id, codes]);
    sha256(format!("{previous}\n{row}").as_bytes())
}

pub(super) fn codes(entry: &AuditEntry) -> String {
    serde_json::json!(entry.codes).to_string()
}
