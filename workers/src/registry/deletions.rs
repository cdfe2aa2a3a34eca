//! What the object store must forget, until it has.
//!
//! An examination's row and the erasure of its pictures exclude each other:
//! both change only while the row is held, so whoever stores an examination
//! learns that its pictures were erased after they were written.

use jiff::{SignedDuration, Timestamp};

use super::lock::keyed;
use super::session::Session;
use super::statement::sql;
use super::{Dialect, Registry, RegistryError};
use crate::object_keys::{self, ExaminationKey};

/// After which a folder is erased once more: whoever wrote there when it was
/// erased the first time has ended since.
const AGAIN: SignedDuration = SignedDuration::from_hours(1);

const WHAT: &str = "note what is to be forgotten";

/// A folder of the object store, held while it is emptied.
pub(crate) struct FolderDeletion {
    session: Session,
    folder: String,
}

impl FolderDeletion {
    /// The store has forgotten it.
    ///
    /// # Errors
    /// `Unavailable`: it is emptied again later.
    pub(crate) async fn complete(mut self, at: Timestamp) -> Result<(), RegistryError> {
        let text = "UPDATE deletions SET passes = passes + 1, last_pass_at = $2 WHERE folder = $1";
        sql(WHAT, text).text(&self.folder).instant(at).run(&mut self.session).await?;
        self.session.commit().await
    }
}

impl Registry {
    /// Folders to be emptied, oldest first: those asked for at or before
    /// `older_than`, and those emptied once an hour before it.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn pending_deletions(
        &self,
        limit: u32,
        older_than: Timestamp,
    ) -> Result<Vec<String>, RegistryError> {
        list_pending(&mut self.read().await?, limit, older_than).await
    }

    /// Takes folders off the list that were emptied twice, the second time an hour before.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn prune_deletions(&self, now: Timestamp) -> Result<u64, RegistryError> {
        let text = "DELETE FROM deletions WHERE passes > 1 AND last_pass_at <= $1";
        sql(WHAT, text).instant(now - AGAIN).run(&mut self.write().await?).await
    }

    /// Holds a folder that is to be emptied; none where that was called off.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn lock_deletion(
        &self,
        folder: &str,
    ) -> Result<Option<FolderDeletion>, RegistryError> {
        let mut session = self.begin().await?;
        let text = match self.dialect {
            Dialect::Postgres => "SELECT folder FROM deletions WHERE folder = $1 FOR UPDATE",
            Dialect::Sqlite => "SELECT folder FROM deletions WHERE folder = $1",
        };
        let row = sql(WHAT, text).text(folder).first("deletions", &mut session).await?;
        if row.is_none() {
            session.commit().await?;
            return Ok(None);
        }
        // somebody may have stored it who looked for an erasure before this one was asked for
        if is_folder_in_use(&mut session, folder).await? {
            let text = "DELETE FROM deletions WHERE folder = $1";
            sql(WHAT, text).text(folder).run(&mut session).await?;
            session.commit().await?;
            return Ok(None);
        }
        Ok(Some(FolderDeletion { session, folder: folder.to_owned() }))
    }

    /// Asks that a folder be emptied, again where it was.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn request_deletion(
        &self,
        folder: &str,
        at: Timestamp,
    ) -> Result<(), RegistryError> {
        request(&mut self.write().await?, folder, at).await
    }

    /// Whether a folder holds the pictures of an examination that is stored.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn is_folder_in_use(&self, folder: &str) -> Result<bool, RegistryError> {
        is_folder_in_use(&mut self.read().await?, folder).await
    }

    /// What was examined is needed by nobody, as far as the caller knows: the
    /// folder of its pictures where that is so, and they are to be erased.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn release_examination(
        &self,
        key: &ExaminationKey,
        at: Timestamp,
    ) -> Result<Option<String>, RegistryError> {
        let mut session = self.begin().await?;
        let folder = release_examination(&mut session, key, at).await?;
        session.commit().await?;
        Ok(folder)
    }
}

async fn is_folder_in_use(session: &mut Session, folder: &str) -> Result<bool, RegistryError> {
    let Some((sha256, kind)) = object_keys::parse_examination_folder(folder) else {
        return Ok(false);
    };
    let text = "SELECT sha256, examiner FROM examinations WHERE sha256 = $1 AND kind = $2";
    let find = sql("look for an examination", text).text(sha256).text(kind.name());
    for row in find.all("examinations", session).await? {
        let (sha256, examiner) = (sha256.to_owned(), row.text("examiner")?);
        if object_keys::examination_folder(&ExaminationKey { sha256, kind, examiner }) == folder {
            return Ok(true);
        }
    }
    Ok(false)
}

pub(super) async fn list_pending(
    session: &mut Session,
    limit: u32,
    older_than: Timestamp,
) -> Result<Vec<String>, RegistryError> {
    let text = "SELECT folder FROM deletions
        WHERE (passes = 0 AND requested_at <= $1) OR (passes = 1 AND last_pass_at <= $2)
        ORDER BY requested_at, folder LIMIT $3";
    let find = sql(WHAT, text).instant(older_than).instant(older_than - AGAIN);
    let rows = find.number(limit.into()).all("deletions", session).await?;
    rows.iter().map(|row| row.text("folder")).collect()
}

pub(super) async fn request(
    session: &mut Session,
    folder: &str,
    at: Timestamp,
) -> Result<(), RegistryError> {
    let text = "INSERT INTO deletions (folder, requested_at) VALUES ($1, $2)
        ON CONFLICT (folder) DO UPDATE SET requested_at = $2, passes = 0, last_pass_at = NULL";
    sql(WHAT, text).text(folder).instant(at).run(session).await?;
    Ok(())
}

/// Erases an examination that nothing refers to, and asks that its pictures be.
/// Its row is held first, one made for the purpose where there is none, and
/// then looked at by a statement of its own, which sees what others have
/// committed meanwhile.
pub(super) async fn release_examination(
    session: &mut Session,
    key: &ExaminationKey,
    at: Timestamp,
) -> Result<Option<String>, RegistryError> {
    let text = "INSERT INTO examinations (sha256, kind, examiner, body, stored_at)
        VALUES ($1, $2, $3, '', $4)
        ON CONFLICT (sha256, kind, examiner) DO UPDATE SET sha256 = excluded.sha256";
    keyed(sql(WHAT, text), key).instant(at).run(session).await?;
    let text = "DELETE FROM examinations WHERE sha256 = $1 AND kind = $2 AND examiner = $3
        AND NOT EXISTS (
            SELECT 1 FROM documents d WHERE d.sha256 = examinations.sha256
            AND d.kind = examinations.kind AND d.examiner = examinations.examiner)
        AND NOT EXISTS (
            SELECT 1 FROM former_examinations f WHERE f.sha256 = examinations.sha256
            AND f.kind = examinations.kind AND f.examiner = examinations.examiner)";
    if keyed(sql(WHAT, text), key).run(session).await? == 0 {
        return Ok(None);
    }
    let folder = object_keys::examination_folder(key);
    request(session, &folder, at).await?;
    Ok(Some(folder))
}

/// Whether the pictures of an examination that is stored now, and held, were
/// erased or were to be: whoever stores it writes them again.
pub(super) async fn cancel_deletion(
    session: &mut Session,
    key: &ExaminationKey,
) -> Result<bool, RegistryError> {
    let text = "DELETE FROM deletions WHERE folder = $1";
    let called_off =
        sql(WHAT, text).text(&object_keys::examination_folder(key)).run(session).await?;
    Ok(called_off > 0)
}
