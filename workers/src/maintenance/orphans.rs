//! Pictures in the store that belong to no examination: whoever wrote them was
//! killed before it stored what it had seen, and nobody came back for it
//! because the application was withdrawn or the document replaced.
//!
//! Here they are only noted; a later round erases them, after another look
//! that whoever stores an examination cannot slip past.

use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use tracing::{error, info};

use crate::object_keys;
use crate::objects::ListedObject;
use crate::services::Services;
use crate::worker::WorkError;

/// Whoever writes pictures stores what it saw long before.
const OLD: SignedDuration = SignedDuration::from_hours(1);
/// From one look at the whole store to the next.
const EVERY: Duration = Duration::from_secs(24 * 60 * 60);
/// Kills at one step are rare. More of them, and more than of what is known,
/// and the registry is another than the one that the store was written for.
const MANY: usize = 20;

/// How far a look at the whole store has come.
#[derive(Default)]
pub(super) struct Strays {
    after: String,
    ended: Option<Instant>,
}

impl Strays {
    /// Looks at the next thousand results, and asks for the erasure of what
    /// belongs to nothing. True while there are more.
    ///
    /// # Errors
    /// When store or database fail; the same are looked at again.
    pub(super) async fn look(&mut self, services: &Services) -> Result<bool, WorkError> {
        if self.ended.is_some_and(|ended| ended.elapsed() < EVERY) {
            return Ok(false);
        }
        let page = services.objects.list_page(object_keys::EXAMINATIONS, &self.after).await?;
        let Some(last) = page.last() else {
            *self = Self { after: String::new(), ended: Some(Instant::now()) };
            return Ok(false);
        };
        let (known, strays) = sorted(services, &page).await?;
        if strays.len() > MANY && strays.len() > known {
            error!(
                strays = strays.len(),
                known,
                "Most pictures in the store are of examinations that the registry does not know; \
                 is it the right database? They stay"
            );
        } else {
            for stray in &strays {
                services.registry.request_deletion(stray, Timestamp::now()).await?;
            }
            if !strays.is_empty() {
                info!(folders = strays.len(), "Found pictures that belong to nothing");
            }
        }
        self.after.clone_from(&last.key);
        Ok(true)
    }
}

/// How many folders of a page hold pictures of what is known, and which are old and do not.
async fn sorted<'a>(
    services: &Services,
    page: &'a [ListedObject],
) -> Result<(usize, Vec<&'a str>), WorkError> {
    let before = Timestamp::now() - OLD;
    let (mut known, mut strays) = (0, Vec::new());
    for in_folder in page.chunk_by(|one, next| folder(one) == folder(next)) {
        let folder = folder(&in_folder[0]);
        // what is not named as we name it is not ours to erase
        if object_keys::parse_examination_folder(folder).is_none() {
            continue;
        }
        if services.registry.is_folder_in_use(folder).await? {
            known += 1;
        } else if in_folder.iter().all(|found| found.last_modified < before) {
            strays.push(folder);
        }
    }
    Ok((known, strays))
}

fn folder(found: &ListedObject) -> &str {
    found.key.rfind('/').map_or("", |end| &found.key[..=end])
}
