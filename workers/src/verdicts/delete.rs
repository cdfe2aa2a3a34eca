//! The object store forgets what the registry let go of.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::timeout;

use crate::object_keys::{self, ExaminationKey};
use crate::objects::Objects;
use crate::registry::Registry;
use crate::worker::WorkError;

/// For one folder: its row is held meanwhile, and the database ends a
/// transaction that is idle for a minute. What is deleted by then stays deleted.
const PATIENCE: Duration = Duration::from_secs(15);

/// Empties folders that the registry says are to be forgotten. One that is
/// needed again meanwhile stays.
///
/// # Errors
/// The first failure of store or database, when every folder was tried: the
/// keeper does what is left.
pub(crate) async fn folders(
    registry: &Registry,
    objects: &Objects,
    folders: &[String],
) -> Result<(), WorkError> {
    let mut ended = Ok(());
    for folder in folders {
        let done = self::folder(registry, objects, folder).await;
        ended = ended.and(done);
    }
    ended
}

/// Empties one folder.
///
/// # Errors
/// When store or database fail.
pub(crate) async fn folder(
    registry: &Registry,
    objects: &Objects,
    folder: &str,
) -> Result<(), WorkError> {
    let Some(erasing) = registry.lock_deletion(folder).await? else { return Ok(()) };
    let emptied = async {
        let keys = objects.list(folder).await?;
        objects.delete(&keys).await
    };
    match timeout(PATIENCE, emptied).await {
        Ok(emptied) => emptied?,
        Err(_) => return Err(WorkError::Store(objects.timeout_error(folder))),
    }
    Ok(erasing.complete(Timestamp::now()).await?)
}

/// What was written of an application that is withdrawn, by whoever came late.
///
/// # Errors
/// When store or database fail.
pub(crate) async fn late(
    registry: &Registry,
    objects: &Objects,
    application_id: &str,
) -> Result<(), WorkError> {
    let folder = object_keys::application_folder(application_id);
    registry.request_deletion(&folder, Timestamp::now()).await?;
    folders(registry, objects, &[folder]).await
}

/// Pictures of an examination that nothing came to rest on.
///
/// # Errors
/// When store or database fail.
pub(crate) async fn unused(
    registry: &Registry,
    objects: &Objects,
    key: &ExaminationKey,
) -> Result<(), WorkError> {
    let folder = registry.release_examination(key, Timestamp::now()).await?;
    folders(registry, objects, folder.as_slice()).await
}
