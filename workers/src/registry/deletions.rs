//! Folders of the object store that are to be deleted, listed until they are.
//!
//! Each folder is emptied twice: a process may still have been writing there
//! the first time.

use jiff::{SignedDuration, Timestamp};

use super::connection::{Dialect, Registry};
use super::dead_letters::discard_mentioning;
use super::error::RegistryError;
use super::page::Page;
use super::prune::PRUNED;
use super::session::Session;
use super::statement::{Statement, sql};
use crate::object_keys::{self, ExaminationKey};

/// From the first pass to the second: a process that was writing during the
/// first has ended by then.
const SECOND_PASS_AFTER: SignedDuration = SignedDuration::from_hours(1);

const TABLE: &str = "deletions";

/// The deletion of one folder: its row is locked while the caller empties the folder.
pub(crate) struct FolderDeletion {
    session: Session,
    folder: String,
}

impl FolderDeletion {
    /// Records that the folder was emptied. With an application's folder go dead letters
    /// that quote its id and were stored while it was deleted.
    ///
    /// # Errors
    /// `Unavailable`: the folder is emptied again later.
    pub(crate) async fn complete(mut self, at: Timestamp) -> Result<(), RegistryError> {
        if let Some(id) = object_keys::parse_application_folder(&self.folder) {
            discard_mentioning(&id, at, "maintenance", &mut self.session).await?;
        }
        let text = "UPDATE deletions SET passes = passes + 1, last_pass_at = $2 WHERE folder = $1";
        sql("complete a deletion", text)
            .text(&self.folder)
            .instant(at)
            .execute(&mut self.session)
            .await?;
        self.session.commit().await
    }
}

/// The key of an examination as it is stored. Its kind may be one that this version does not
/// know.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct StoredKey {
    pub(super) sha256: String,
    pub(super) kind: String,
    pub(super) examiner: String,
}

impl StoredKey {
    /// Binds hash, kind and examiner, in this order.
    fn bind(&self, statement: Statement) -> Statement {
        statement.text(&self.sha256).text(&self.kind).text(&self.examiner)
    }
}

impl From<&ExaminationKey> for StoredKey {
    fn from(key: &ExaminationKey) -> Self {
        let (sha256, examiner) = (key.sha256.clone(), key.examiner.clone());
        Self { sha256, kind: key.kind.name().to_owned(), examiner }
    }
}

impl Registry {
    /// Returns folders to be emptied, oldest first: those requested at or before
    /// `older_than`, and those whose first pass was an hour before it.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn pending_deletions(
        &self,
        page: Page,
        older_than: Timestamp,
    ) -> Result<Vec<String>, RegistryError> {
        list_pending(&mut self.read().await?, page, older_than).await
    }

    /// Removes deletions whose second pass was an hour ago, at most 1,000, and returns how many.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn prune_deletions(&self, now: Timestamp) -> Result<u64, RegistryError> {
        let text = "DELETE FROM deletions WHERE folder IN (SELECT folder FROM deletions
            WHERE passes > 1 AND last_pass_at <= $1 ORDER BY last_pass_at LIMIT $2)";
        let prune = sql("prune deletions", text).instant(now - SECOND_PASS_AFTER);
        let prune = prune.number(PRUNED as i64);
        prune.execute(&mut self.write().await?).await
    }

    /// Locks the deletion of a folder; none where it was cancelled.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn lock_deletion(
        &self,
        folder: &str,
    ) -> Result<Option<FolderDeletion>, RegistryError> {
        const ACTION: &str = "lock a deletion";
        let mut session = self.begin().await?;
        let text = match self.dialect {
            Dialect::Postgres => "SELECT folder FROM deletions WHERE folder = $1 FOR UPDATE",
            Dialect::Sqlite => "SELECT folder FROM deletions WHERE folder = $1",
        };
        let row = sql(ACTION, text).text(folder).fetch_first(TABLE, &mut session).await?;
        if row.is_none() {
            session.commit().await?;
            return Ok(None);
        }
        // a transaction that stored the examination may have looked for a
        // deletion before this one was requested
        if is_folder_in_use(&mut session, folder).await? {
            let text = "DELETE FROM deletions WHERE folder = $1";
            sql(ACTION, text).text(folder).execute(&mut session).await?;
            session.commit().await?;
            return Ok(None);
        }
        Ok(Some(FolderDeletion { session, folder: folder.to_owned() }))
    }

    /// Requests that a folder be deleted; one that was deleted already is deleted again.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn request_deletion(
        &self,
        folder: &str,
        at: Timestamp,
    ) -> Result<(), RegistryError> {
        request_deletion(&mut self.write().await?, folder, at).await
    }

    /// Whether a folder holds the pictures of a stored examination.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn is_folder_in_use(&self, folder: &str) -> Result<bool, RegistryError> {
        is_folder_in_use(&mut self.read().await?, folder).await
    }

    /// Deletes an examination unless a document refers to it. Returns the folder
    /// of its pictures, whose deletion is then requested.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn release_examination(
        &self,
        key: &ExaminationKey,
        at: Timestamp,
    ) -> Result<Option<String>, RegistryError> {
        let mut session = self.begin().await?;
        let folder = release_examination(&mut session, &StoredKey::from(key), at).await?;
        session.commit().await?;
        Ok(folder)
    }
}

async fn is_folder_in_use(session: &mut Session, folder: &str) -> Result<bool, RegistryError> {
    let Some((sha256, kind)) = object_keys::parse_examination_folder(folder) else {
        return Ok(false);
    };
    let text = "SELECT sha256, examiner FROM examinations WHERE sha256 = $1 AND kind = $2";
    let find = sql("find an examination", text).text(sha256).text(kind.name());
    for row in find.fetch_all("examinations", session).await? {
        let (sha256, examiner) = (sha256.to_owned(), row.text("examiner")?);
        let key = ExaminationKey { sha256, kind, examiner };
        if object_keys::examination_folder(&key) == folder {
            return Ok(true);
        }
    }
    Ok(false)
}

pub(super) async fn list_pending(
    session: &mut Session,
    page: Page,
    older_than: Timestamp,
) -> Result<Vec<String>, RegistryError> {
    let text = "SELECT folder FROM deletions
        WHERE (passes = 0 AND requested_at <= $1) OR (passes = 1 AND last_pass_at <= $2)
        ORDER BY requested_at, folder LIMIT $3 OFFSET $4";
    let rows = sql("list deletions", text)
        .instant(older_than)
        .instant(older_than - SECOND_PASS_AFTER)
        .page(page)
        .fetch_all(TABLE, session)
        .await?;
    rows.iter().map(|row| row.text("folder")).collect()
}

pub(super) async fn request_deletion(
    session: &mut Session,
    folder: &str,
    at: Timestamp,
) -> Result<(), RegistryError> {
    let text = "INSERT INTO deletions (folder, requested_at) VALUES ($1, $2)
        ON CONFLICT (folder) DO UPDATE SET requested_at = $2, passes = 0, last_pass_at = NULL";
    sql("request a deletion", text).text(folder).instant(at).execute(session).await?;
    Ok(())
}

/// Deletes an examination that no document refers to, and requests that its
/// pictures be deleted. The first statement locks its row, inserting one where
/// there is none; the second then sees the documents that other transactions
/// have committed meanwhile.
pub(super) async fn release_examination(
    session: &mut Session,
    key: &StoredKey,
    at: Timestamp,
) -> Result<Option<String>, RegistryError> {
    const ACTION: &str = "release an examination";
    let text = "INSERT INTO examinations (sha256, kind, examiner, body, stored_at)
        VALUES ($1, $2, $3, '', $4)
        ON CONFLICT (sha256, kind, examiner) DO UPDATE SET sha256 = excluded.sha256";
    key.bind(sql(ACTION, text)).instant(at).execute(session).await?;
    let text = "DELETE FROM examinations WHERE sha256 = $1 AND kind = $2 AND examiner = $3
        AND NOT EXISTS (
            SELECT 1 FROM documents d WHERE d.sha256 = examinations.sha256
            AND d.kind = examinations.kind AND d.examiner = examinations.examiner)
        AND NOT EXISTS (
            SELECT 1 FROM former_examinations f WHERE f.sha256 = examinations.sha256
            AND f.kind = examinations.kind AND f.examiner = examinations.examiner)";
    if key.bind(sql(ACTION, text)).execute(session).await? == 0 {
        return Ok(None);
    }
    let folder = object_keys::folder_of_examination(&key.sha256, &key.kind, &key.examiner);
    request_deletion(session, &folder, at).await?;
    Ok(Some(folder))
}

/// Cancels the deletion of the pictures of an examination whose row is locked.
/// Returns whether one was requested or done: then the pictures are to be
/// written again.
pub(super) async fn cancel_deletion(
    session: &mut Session,
    key: &ExaminationKey,
) -> Result<bool, RegistryError> {
    let cancel = sql("cancel a deletion", "DELETE FROM deletions WHERE folder = $1")
        .text(&object_keys::examination_folder(key));
    Ok(cancel.execute(session).await? > 0)
}
