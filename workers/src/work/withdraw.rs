//! An application is forgotten; a tombstone keeps late deliveries from bringing it back.

use super::WorkError;
use super::begin::{accept, take};
use super::see::Seen;
use super::story::Asked;
use crate::attach;
use crate::failpoint::reached;
use crate::objects::Objects;
use crate::places;
use crate::registry::{Erased, ExaminationKey, Registry};
use crate::services::Services;

/// Forgets an application because its portal says so.
///
/// # Errors
/// When the same id came with another content, or a service fails.
pub(super) async fn application(services: &Services, asked: &Asked<'_>) -> Result<(), WorkError> {
    let id = asked.application_id();
    let mut locked = services.registry.lock(id, asked.now).await?;
    take(&mut locked, asked).await?;
    let erased = locked.withdraw(asked.now, "portal").await?;
    accept(&mut locked, asked, 0).await?;
    locked.commit().await?;
    reached("withdrawn");
    finish(&services.registry, &services.objects, id, &erased).await?;
    attach::send(services, id).await
}

/// Deletes what the store holds of an application, and of examinations that nothing refers to.
///
/// # Errors
/// When the store fails.
pub(crate) async fn erase(
    objects: &Objects,
    application_id: &str,
    examinations: &[ExaminationKey],
) -> Result<(), WorkError> {
    let mut folders = vec![places::application(application_id)];
    folders.extend(examinations.iter().map(places::examination));
    for folder in folders {
        let keys = objects.list(&folder).await?;
        objects.delete(&keys).await?;
    }
    Ok(())
}

/// Erases what the registry let go of, and notes that it is done.
///
/// # Errors
/// When store or database fail: the keeper does it then.
pub(crate) async fn finish(
    registry: &Registry,
    objects: &Objects,
    application_id: &str,
    erased: &Erased,
) -> Result<(), WorkError> {
    erase(objects, application_id, &erased.examinations).await?;
    Ok(registry.mark_erased(application_id).await?)
}

/// A late message of a withdrawn application: whoever was interrupted before it may have left something.
///
/// # Errors
/// When the store fails.
pub(super) async fn erase_again(services: &Services, asked: &Asked<'_>) -> Result<(), WorkError> {
    erase(&services.objects, asked.application_id(), &[]).await
}

/// A document was looked at while its application was withdrawn.
///
/// # Errors
/// When a service fails.
pub(super) async fn erase_seen(
    services: &Services,
    asked: &Asked<'_>,
    seen: Seen,
) -> Result<(), WorkError> {
    let mut unused = Vec::new();
    if let Seen::Examined { examination, .. } = seen {
        let key = ExaminationKey::of(&examination);
        if services.registry.examination(&key).await?.is_none() {
            unused.push(key);
        }
    }
    erase(&services.objects, asked.application_id(), &unused).await
}
