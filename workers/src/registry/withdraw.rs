//! An application is forgotten: what is personal goes, its name stays as a
//! tombstone that late deliveries find.

use std::collections::BTreeSet;

use jiff::Timestamp;
use pipeline::application::{Kind, Object};
use serde::{Deserialize, Serialize};

use super::audit::AuditEntry;
use super::lock::keyed;
use super::records::State;
use super::sql::{instant, sql};
use super::{ExaminationKey, Locked, Registry, RegistryError, json};

/// What the object store must forget of an erased application.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Erased {
    /// Scope and digest of each verdict there was.
    pub(crate) verdicts: Vec<(String, String)>,
    /// Its documents.
    pub(crate) documents: Vec<String>,
    /// Uploads, as the portal put them.
    pub(crate) uploads: Vec<Object>,
    /// Examinations that no other application refers to.
    pub(crate) examinations: Vec<ExaminationKey>,
}

const WHAT: &str = "erase an application";

/// Everything with a person in it, in the order that references allow. Commands
/// stay, so that a repeated delivery is known as one; what they said does not.
const ERASE: [&str; 7] = [
    "DELETE FROM events WHERE application_id = $1",
    "DELETE FROM revisions WHERE application_id = $1",
    "DELETE FROM documents WHERE application_id = $1",
    "DELETE FROM replacements WHERE application_id = $1",
    "UPDATE commands SET sha256 = '' WHERE application_id = $1",
    "UPDATE dead_letters SET body = $2, headers = '{}' WHERE application_id = $1",
    "UPDATE applications SET state = 'withdrawn', stage = NULL, programme = NULL, body = NULL,
        accepted_on = NULL, due_on = NULL, next_judge_on = NULL, next_reminder_on = NULL
        WHERE application_id = $1",
];

/// Of those candidates, one at a time: held first, then looked at by a
/// statement of its own, which sees what others have committed meanwhile.
const HOLD: &str = "UPDATE examinations SET sha256 = sha256
    WHERE sha256 = $1 AND kind = $2 AND examiner = $3";
const ERASE_EXAMINATION: &str = "DELETE FROM examinations
    WHERE sha256 = $1 AND kind = $2 AND examiner = $3 AND NOT EXISTS (
        SELECT 1 FROM documents d WHERE d.sha256 = examinations.sha256
        AND d.kind = examinations.kind AND d.examiner = examinations.examiner)";

impl Locked {
    /// Erases the application at its applicant's wish. Events added before are
    /// erased as well: tell its end afterwards. Said again of an erased
    /// application, it gives what the object store was not yet said to have
    /// forgotten (see [`Registry::mark_erased`]).
    ///
    /// # Errors
    /// `Unavailable` or `Corrupt`.
    pub(crate) async fn withdraw(
        &mut self,
        at: Timestamp,
        who: &str,
    ) -> Result<Erased, RegistryError> {
        self.erase(at, who, "application.withdrawn").await
    }

    pub(super) async fn erase(
        &mut self,
        at: Timestamp,
        who: &str,
        word: &str,
    ) -> Result<Erased, RegistryError> {
        let id = self.record.application_id.clone();
        if self.record.state == State::Withdrawn {
            return Ok(pending(self, &id).await?.unwrap_or_default());
        }
        let mut erased = self.holdings().await?;
        for text in ERASE {
            let statement = sql(WHAT, text).text(&id);
            let takes_bytes = text.contains("$2");
            let statement = if takes_bytes { statement.bytes(b"") } else { statement };
            statement.run(&mut self.session).await?;
        }
        let settle = "UPDATE dead_letters SET state = 'discarded', settled_at = $1, settled_by = $2
            WHERE application_id = $3 AND state = 'waiting'";
        sql(WHAT, settle).instant(at).text(who).text(&id).run(&mut self.session).await?;
        let mut unused = Vec::new();
        for key in std::mem::take(&mut erased.examinations) {
            keyed(sql(WHAT, HOLD), &key).run(&mut self.session).await?;
            if keyed(sql(WHAT, ERASE_EXAMINATION), &key).run(&mut self.session).await? == 1 {
                unused.push(key);
            }
        }
        erased.examinations = unused;
        let touch = "UPDATE applications SET received_at = $1, touched_at = $1
            WHERE application_id = $2";
        sql(WHAT, touch).instant(at).text(&id).run(&mut self.session).await?;
        let keep = "INSERT INTO erasures (application_id, body, erased_at) VALUES ($1, $2, $3)";
        let keep = sql(WHAT, keep).text(&id).text(&json::text(&erased)).text(&instant(at));
        keep.run(&mut self.session).await?;
        self.note(AuditEntry::new(who, word, Some(&id)));
        self.record.state = State::Withdrawn;
        self.record.application = None;
        self.record.received_at = at;
        self.record.documents.clear();
        self.erased = true;
        Ok(erased)
    }

    /// What there is of the application outside its row, each examination of it a candidate.
    async fn holdings(&mut self) -> Result<Erased, RegistryError> {
        let id = &self.record.application_id;
        let text = "SELECT scope, digest FROM revisions WHERE application_id = $1
            ORDER BY scope, revision";
        let rows = sql(WHAT, text).text(id).all("revisions", &mut self.session).await?;
        let verdicts = rows
            .iter()
            .map(|row| Ok((row.text("scope")?, row.text("digest")?)))
            .collect::<Result<_, RegistryError>>()?;
        let text = "SELECT sha256, kind, examiner FROM documents
            WHERE application_id = $1 AND sha256 IS NOT NULL";
        let rows = sql(WHAT, text).text(id).all("documents", &mut self.session).await?;
        // sorted, so that two that erase hold them in the same order
        let mut examinations = BTreeSet::new();
        for row in rows {
            examinations.insert(ExaminationKey {
                sha256: row.text("sha256")?,
                kind: Kind::from_name(&row.text("kind")?).ok_or_else(|| row.corrupt("kind"))?,
                examiner: row.text("examiner")?,
            });
        }
        let documents = &self.record.documents;
        Ok(Erased {
            verdicts,
            documents: documents.iter().map(|d| d.document.document_id.clone()).collect(),
            uploads: documents.iter().filter_map(|d| d.document.object.clone()).collect(),
            examinations: examinations.into_iter().collect(),
        })
    }
}

async fn pending(locked: &mut Locked, id: &str) -> Result<Option<Erased>, RegistryError> {
    let text = "SELECT application_id, body FROM erasures WHERE application_id = $1";
    let row = sql(WHAT, text).text(id).first("erasures", &mut locked.session).await?;
    row.map(|row| json::read(&row.text("body")?).ok_or_else(|| row.corrupt("body"))).transpose()
}

impl Registry {
    /// What the object store has still to forget, oldest first: of applications
    /// erased at or before `older_than`.
    ///
    /// # Errors
    /// `Unavailable` or `Corrupt`.
    pub(crate) async fn unerased(
        &self,
        limit: u32,
        older_than: Timestamp,
    ) -> Result<Vec<(String, Erased)>, RegistryError> {
        let text = "SELECT application_id, body FROM erasures WHERE erased_at <= $1
            ORDER BY erased_at, application_id LIMIT $2";
        let find = sql(WHAT, text).instant(older_than).number(limit.into());
        let rows = find.all("erasures", &mut self.read().await?).await?;
        rows.iter()
            .map(|row| {
                let erased = json::read(&row.text("body")?).ok_or_else(|| row.corrupt("body"))?;
                Ok((row.text("application_id")?, erased))
            })
            .collect()
    }

    /// Notes that the object store has forgotten an erased application.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn mark_erased(&self, application_id: &str) -> Result<(), RegistryError> {
        let text = "DELETE FROM erasures WHERE application_id = $1";
        sql(WHAT, text).text(application_id).run(&mut self.write().await?).await?;
        Ok(())
    }
}
