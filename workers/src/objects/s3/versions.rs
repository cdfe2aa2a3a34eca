//! Earlier versions of results: a bucket that keeps them keeps what was deleted.

use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use super::S3;
use super::sdk_error::{ErrorClass, SdkFailure};
use super::store::store_error;
use crate::objects::error::StoreError;
use crate::objects::location::ObjectLocation;

/// Versions that are deleted at the same time.
const AT_ONCE: usize = 8;

impl S3 {
    /// Deletes every version of every result that begins with `prefix`, and the marks of
    /// deleted ones. A store without versions has nothing to delete.
    ///
    /// # Errors
    /// When the store refuses or does not answer.
    pub(in crate::objects) async fn delete_versions(
        &self,
        prefix: &ObjectLocation,
    ) -> Result<(), StoreError> {
        let ObjectLocation { bucket, key } = prefix;
        let (mut key_marker, mut version_marker) = (None, None);
        loop {
            let request = self.0.client.list_object_versions().bucket(bucket).prefix(key);
            let request = request.set_key_marker(key_marker).set_version_id_marker(version_marker);
            let page = match request.send().await {
                Ok(page) => page,
                Err(error) => {
                    let failure = SdkFailure::from(&error);
                    if failure.is_not_implemented() {
                        return Ok(());
                    }
                    return Err(store_error(prefix, &failure));
                }
            };
            let versions = page.versions.unwrap_or_default().into_iter();
            let marks = page.delete_markers.unwrap_or_default().into_iter();
            let all = versions
                .map(|version| (version.key, version.version_id))
                .chain(marks.map(|mark| (mark.key, mark.version_id)));
            let all = all.filter_map(|(key, version)| Some((key?, version?)));
            let deletions = stream::iter(all.collect::<Vec<_>>())
                .map(|(key, version)| {
                    self.delete_version(ObjectLocation::new(bucket, &key), version)
                })
                .buffer_unordered(AT_ONCE);
            deletions.try_collect::<()>().await?;
            if page.is_truncated != Some(true) || page.next_key_marker.is_none() {
                return Ok(());
            }
            (key_marker, version_marker) = (page.next_key_marker, page.next_version_id_marker);
        }
    }

    async fn delete_version(
        &self,
        location: ObjectLocation,
        version: String,
    ) -> Result<(), StoreError> {
        let request = self.0.client.delete_object().bucket(&location.bucket).key(&location.key);
        let Err(error) = request.version_id(version).send().await else { return Ok(()) };
        let failure = SdkFailure::from(&error);
        match failure.classify() {
            ErrorClass::Missing => Ok(()),
            _ => Err(store_error(&location, &failure)),
        }
    }
}
