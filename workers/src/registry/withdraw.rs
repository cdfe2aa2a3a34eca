//! Deleting an application: personal data is removed, its id stays as a
//! tombstone for late deliveries.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::audit::AuditEntry;
use super::dead_letters::discard_mentioning;
use super::deletions::{StoredKey, list_pending, release_examination, request_deletion};
use super::error::RegistryError;
use super::lock::LockedApplication;
use super::page::Page;
use super::record::ApplicationState;
use super::statement::sql;
use crate::object_keys;

/// Folders that are emptied while a portal waits for the answer to its command.
const MAX_FOLDERS: u32 = 100;

const ACTION: &str = "delete an application";

/// Removes all personal data, in the order that references allow. Commands
/// stay without the hash of their content, so that a repeated delivery is known.
const DELETE: [&str; 9] = [
    "DELETE FROM events WHERE application_id = $1",
    "DELETE FROM revisions WHERE application_id = $1",
    "DELETE FROM latest_checks WHERE application_id = $1",
    "DELETE FROM documents WHERE application_id = $1",
    "DELETE FROM former_examinations WHERE application_id = $1",
    "DELETE FROM replacements WHERE application_id = $1",
    "UPDATE commands SET sha256 = '' WHERE application_id = $1",
    "UPDATE dead_letters SET body = $2, headers = '{}' WHERE application_id = $1",
    "UPDATE applications SET state = 'withdrawn', stage = NULL, programme = NULL, body = NULL,
        accepted_on = NULL, due_on = NULL, next_judge_on = NULL, next_reminder_on = NULL,
        occurred_at = NULL
        WHERE application_id = $1",
];

impl LockedApplication {
    /// Deletes the application because it was withdrawn, and returns the folders
    /// to be deleted from the object store. Events added before are deleted too:
    /// add the event that reports the withdrawal afterwards. For an application
    /// that is deleted already, its folder is to be deleted again, with other
    /// pending ones.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn withdraw(
        &mut self,
        at: Timestamp,
        actor: &str,
    ) -> Result<Vec<String>, RegistryError> {
        self.delete(at, actor, "application.withdrawn").await
    }

    pub(super) async fn delete(
        &mut self,
        at: Timestamp,
        actor: &str,
        audit_action: &str,
    ) -> Result<Vec<String>, RegistryError> {
        let id = self.record.key.clone();
        let mut folders = vec![object_keys::application_folder(&id)];
        request_deletion(&mut self.session, &folders[0], at).await?;
        if self.record.state == ApplicationState::Withdrawn {
            return list_pending(&mut self.session, Page::first(MAX_FOLDERS), at).await;
        }
        let examinations = self.examination_keys().await?;
        self.discard_dead_letters(at, actor).await?;
        for text in DELETE {
            let statement = sql(ACTION, text).text(&id);
            let has_body = text.contains("$2");
            let statement = if has_body { statement.bytes(b"") } else { statement };
            statement.execute(&mut self.session).await?;
        }
        for key in examinations {
            folders.extend(release_examination(&mut self.session, &key, at).await?);
        }
        let text = "UPDATE applications SET received_at = $1, last_activity_at = $1
            WHERE application_id = $2";
        sql(ACTION, text).instant(at).text(&id).execute(&mut self.session).await?;
        self.audit(AuditEntry::new(actor, audit_action, Some(&id)));
        self.record.state = ApplicationState::Withdrawn;
        self.record.application = None;
        self.record.received_at = at;
        self.record.last_activity_at = at;
        self.record.documents.clear();
        self.has_deleted = true;
        Ok(folders)
    }

    /// Discards every waiting dead letter that is about the application, and empties those
    /// that could not be parsed.
    async fn discard_dead_letters(
        &mut self,
        at: Timestamp,
        actor: &str,
    ) -> Result<(), RegistryError> {
        let id = &self.record.key;
        let text = "UPDATE dead_letters
            SET state = 'discarded', resolved_at = $1, resolved_by = $2
            WHERE application_id = $3 AND state = 'waiting'";
        sql(ACTION, text).instant(at).text(actor).text(id).execute(&mut self.session).await?;
        discard_mentioning(id, at, actor, &mut self.session).await
    }

    /// Returns the keys of all its examinations, present and former. They are
    /// sorted, so that two deletions lock them in the same order.
    async fn examination_keys(&mut self) -> Result<BTreeSet<StoredKey>, RegistryError> {
        let text = "SELECT sha256, kind, examiner FROM documents
            WHERE application_id = $1 AND sha256 IS NOT NULL
              AND kind IS NOT NULL AND examiner IS NOT NULL
            UNION SELECT sha256, kind, examiner FROM former_examinations
            WHERE application_id = $1";
        let find = sql(ACTION, text).text(&self.record.key);
        let rows = find.fetch_all("documents", &mut self.session).await?;
        let keys = rows.iter().map(|row| {
            Ok(StoredKey {
                sha256: row.text("sha256")?,
                kind: row.text("kind")?,
                examiner: row.text("examiner")?,
            })
        });
        keys.collect()
    }
}
