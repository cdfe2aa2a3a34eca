//! Deletes from the object store what the registry no longer needs.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::timeout;

use super::VerdictError;
use crate::application_key::ApplicationKey;
use crate::object_keys::{self, ExaminationKey};
use crate::objects::Objects;
use crate::registry::Registry;

/// Time limit for one folder. Its row is locked meanwhile, and the database ends
/// a transaction that is idle for a minute. Objects deleted by then stay deleted.
const FOLDER_LIMIT: Duration = Duration::from_secs(15);

/// Deletes every object below some folders. A folder that is needed again
/// meanwhile stays.
///
/// # Errors
/// The first failure of store or database, after every folder was tried;
/// maintenance deletes the rest.
pub(crate) async fn delete_folders(
    registry: &Registry,
    objects: &Objects,
    folders: &[String],
) -> Result<(), VerdictError> {
    let mut result = Ok(());
    for folder in folders {
        let deleted = delete_folder(registry, objects, folder).await;
        result = result.and(deleted);
    }
    result
}

/// Deletes every object below one folder.
///
/// # Errors
/// When store or database fail.
pub(crate) async fn delete_folder(
    registry: &Registry,
    objects: &Objects,
    folder: &str,
) -> Result<(), VerdictError> {
    let Some(deletion) = registry.lock_deletion(folder).await? else { return Ok(()) };
    match timeout(FOLDER_LIMIT, objects.erase(folder)).await {
        Ok(deleted) => deleted?,
        Err(_) => return Err(VerdictError::Store(objects.timeout_error(folder))),
    }
    Ok(deletion.complete(Timestamp::now()).await?)
}

/// Deletes results that a late writer stored for a withdrawn application.
///
/// # Errors
/// When store or database fail.
pub(crate) async fn delete_results(
    registry: &Registry,
    objects: &Objects,
    application: &ApplicationKey,
) -> Result<(), VerdictError> {
    let folder = object_keys::application_folder(application);
    registry.request_deletion(&folder, Timestamp::now()).await?;
    delete_folders(registry, objects, &[folder]).await
}

/// Deletes the pictures of an examination that no document refers to.
///
/// # Errors
/// When store or database fail.
pub(crate) async fn delete_unused_evidence(
    registry: &Registry,
    objects: &Objects,
    key: &ExaminationKey,
) -> Result<(), VerdictError> {
    let folder = registry.release_examination(key, Timestamp::now()).await?;
    delete_folders(registry, objects, folder.as_slice()).await
}
