//! The object store forgets what the registry let go of.

use jiff::Timestamp;

use crate::objects::Objects;
use crate::places;
use crate::registry::{ExaminationKey, Registry};
use crate::work::WorkError;

/// Empties folders that the registry says are to be forgotten. One that is
/// needed again meanwhile stays.
///
/// # Errors
/// When store or database fail: the keeper does it then.
pub(crate) async fn folders(
    registry: &Registry,
    objects: &Objects,
    folders: &[String],
) -> Result<(), WorkError> {
    for folder in folders {
        let Some(erasing) = registry.erasing(folder).await? else { continue };
        let keys = objects.list(folder).await?;
        objects.delete(&keys).await?;
        erasing.done(Timestamp::now()).await?;
    }
    Ok(())
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
    let folder = places::application(application_id);
    registry.ask_erasure(&folder, Timestamp::now()).await?;
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
    let folder = registry.let_go(key, Timestamp::now()).await?;
    folders(registry, objects, folder.as_slice()).await
}
