//! An application is forgotten: what is personal goes, its name stays as a
//! tombstone that late deliveries find.

use std::collections::BTreeSet;

use jiff::Timestamp;
use pipeline::kind::Kind;

use super::audit::AuditEntry;
use super::deletions::{list_pending, release_examination, request};
use super::record::ApplicationState;
use super::statement::sql;
use super::{Dialect, LockedApplication, RegistryError};
use crate::object_keys::{self, ExaminationKey};

/// As many folders as are emptied while a portal waits.
const SOME: u32 = 100;

const WHAT: &str = "erase an application";

/// Everything with a person in it, in the order that references allow. Commands
/// stay, so that a repeated delivery is known as one; what they said does not.
const ERASE: [&str; 8] = [
    "DELETE FROM events WHERE application_id = $1",
    "DELETE FROM revisions WHERE application_id = $1",
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

/// Letters that could not be read name no application; where their body quotes
/// the id, they are about it.
macro_rules! quoted {
    ($place:literal) => {
        concat!(
            "UPDATE dead_letters SET body = $2, headers = '{}', state = 'discarded',
             resolved_at = $3, resolved_by = $4 WHERE application_id IS NULL AND ",
            $place,
            " > 0"
        )
    };
}

impl LockedApplication {
    /// Erases the application at its applicant's wish, and gives the folders
    /// that the object store is to forget. Events added before are erased as
    /// well: tell its end afterwards. Said again of an erased application, its
    /// folder is to be forgotten again, with what else waits to be.
    ///
    /// # Errors
    /// `Unavailable` or `Corrupt`.
    pub(crate) async fn withdraw(
        &mut self,
        at: Timestamp,
        who: &str,
    ) -> Result<Vec<String>, RegistryError> {
        self.erase(at, who, "application.withdrawn").await
    }

    pub(super) async fn erase(
        &mut self,
        at: Timestamp,
        who: &str,
        word: &str,
    ) -> Result<Vec<String>, RegistryError> {
        let id = self.record.application_id.clone();
        let mut folders = vec![object_keys::application_folder(&id)];
        request(&mut self.session, &folders[0], at).await?;
        if self.record.state == ApplicationState::Withdrawn {
            return list_pending(&mut self.session, SOME, at).await;
        }
        let examinations = self.holdings().await?;
        self.erase_letters(at, who).await?;
        for text in ERASE {
            let statement = sql(WHAT, text).text(&id);
            let takes_bytes = text.contains("$2");
            let statement = if takes_bytes { statement.bytes(b"") } else { statement };
            statement.run(&mut self.session).await?;
        }
        for key in examinations {
            folders.extend(release_examination(&mut self.session, &key, at).await?);
        }
        let touch = "UPDATE applications SET received_at = $1, last_activity_at = $1
            WHERE application_id = $2";
        sql(WHAT, touch).instant(at).text(&id).run(&mut self.session).await?;
        self.note(AuditEntry::new(who, word, Some(&id)));
        self.record.state = ApplicationState::Withdrawn;
        self.record.application = None;
        self.record.received_at = at;
        self.record.last_activity_at = at;
        self.record.documents.clear();
        self.erased = true;
        Ok(folders)
    }

    /// Dead letters about it: none is left to settle.
    async fn erase_letters(&mut self, at: Timestamp, who: &str) -> Result<(), RegistryError> {
        let id = &self.record.application_id;
        let settle =
            "UPDATE dead_letters SET state = 'discarded', resolved_at = $1, resolved_by = $2
            WHERE application_id = $3 AND state = 'waiting'";
        sql(WHAT, settle).instant(at).text(who).text(id).run(&mut self.session).await?;
        let quoted = match self.dialect {
            Dialect::Postgres => quoted!("position($1 in body)"),
            Dialect::Sqlite => quoted!("instr(body, $1)"),
        };
        let id = format!("\"{id}\"");
        let statement = sql(WHAT, quoted).bytes(id.as_bytes()).bytes(b"").instant(at).text(who);
        statement.run(&mut self.session).await?;
        Ok(())
    }

    /// Every examination that it rests or rested on, sorted, so that two that
    /// erase hold them in the same order.
    async fn holdings(&mut self) -> Result<BTreeSet<ExaminationKey>, RegistryError> {
        let text = "SELECT sha256, kind, examiner FROM documents
            WHERE application_id = $1 AND sha256 IS NOT NULL
            UNION SELECT sha256, kind, examiner FROM former_examinations
            WHERE application_id = $1";
        let find = sql(WHAT, text).text(&self.record.application_id);
        let rows = find.all("documents", &mut self.session).await?;
        rows.iter()
            .map(|row| {
                Ok(ExaminationKey {
                    sha256: row.text("sha256")?,
                    kind: Kind::from_name(&row.text("kind")?).ok_or_else(|| row.corrupt("kind"))?,
                    examiner: row.text("examiner")?,
                })
            })
            .collect()
    }
}
