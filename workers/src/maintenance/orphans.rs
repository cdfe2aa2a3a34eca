//! Orphans: pictures in the store that belong to no examination. The worker that
//! stored them was killed before it stored the examination, and no other worker
//! stored it later, because the application was withdrawn or the document replaced.
//!
//! Here their deletion is only requested. A later round deletes them after a
//! second check, which excludes a worker that stores the examination meanwhile.

use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use tracing::{error, info};

use crate::object_keys;
use crate::objects::ListedObject;
use crate::services::{ServiceError, Services};

/// Age from which a picture can be an orphan; a worker stores its examination long before.
const MIN_AGE: SignedDuration = SignedDuration::from_hours(1);
/// Time from one search of the whole store to the next.
const INTERVAL: Duration = Duration::from_secs(24 * 60 * 60);
/// Kills at exactly this step are rare. More orphans than this, and more than
/// known examinations: the registry is not the one that the store was written for.
const SUSPICIOUS: usize = 20;

/// The progress of one search of the whole store.
#[derive(Default)]
pub(super) struct OrphanSearch {
    after: String,
    completed_at: Option<Instant>,
}

impl OrphanSearch {
    /// Searches the next page of the store and requests the deletion of orphans.
    /// Returns true while there are more pages.
    ///
    /// # Errors
    /// When store or database fail; the next call searches the same page again.
    pub(super) async fn search_next(&mut self, services: &Services) -> Result<bool, ServiceError> {
        if self.completed_at.is_some_and(|at| at.elapsed() < INTERVAL) {
            return Ok(false);
        }
        let page = services.objects.list_page(object_keys::EXAMINATIONS, &self.after).await?;
        let Some(last) = page.last() else {
            *self = Self { after: String::new(), completed_at: Some(Instant::now()) };
            return Ok(false);
        };
        let now = services.registry.clock().await?;
        let (known, orphans) = find_orphans(services, &page, now).await?;
        if orphans.len() > SUSPICIOUS && orphans.len() > known {
            error!(
                orphans = orphans.len(),
                known,
                "The registry does not know most examinations in the store; nothing is deleted. \
                 Check the address of the database"
            );
        } else {
            for folder in &orphans {
                services.registry.request_deletion(folder, now).await?;
            }
            if !orphans.is_empty() {
                info!(
                    folders = orphans.len(),
                    "Found pictures that belong to no examination; their deletion is requested"
                );
            }
        }
        self.after.clone_from(&last.key);
        Ok(true)
    }
}

/// Returns how many folders of a page belong to known examinations, and the orphans.
async fn find_orphans<'a>(
    services: &Services,
    page: &'a [ListedObject],
    now: Timestamp,
) -> Result<(usize, Vec<&'a str>), ServiceError> {
    let newest = now - MIN_AGE;
    let (mut known, mut orphans) = (0, Vec::new());
    for objects in page.chunk_by(|one, next| folder(one) == folder(next)) {
        let folder = folder(&objects[0]);
        // a folder whose name we did not choose is not ours to delete
        if object_keys::parse_examination_folder(folder).is_none() {
            continue;
        }
        if services.registry.is_folder_in_use(folder).await? {
            known += 1;
        } else if objects.iter().all(|object| object.last_modified < newest) {
            orphans.push(folder);
        }
    }
    Ok((known, orphans))
}

fn folder(object: &ListedObject) -> &str {
    object.key.rfind('/').map_or("", |end| &object.key[..=end])
}
