//! A store that speaks S3, path style, with fixed credentials and limits on everything.

mod class;
mod client;
mod fetch;
mod pace;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use aws_sdk_s3::Client;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::Object;
use bytes::Bytes;
use jiff::Timestamp;

use super::{Buckets, Found, Limits, Place, Problems, S3Config, StoreError, Trouble};
use class::{Class, Met};

/// The store; cheap to clone.
#[derive(Clone)]
pub(crate) struct S3(Arc<Inner>);

struct Inner {
    client: Client,
    endpoint: String,
    buckets: Buckets,
    temporary: PathBuf,
    limits: Limits,
}

impl S3 {
    /// Connects to nothing yet.
    ///
    /// # Errors
    /// Everything that is wrong with the configuration.
    pub(crate) fn open(config: S3Config) -> Result<Self, Problems> {
        let client = client::build(&config)?;
        let S3Config { endpoint, uploads, results, temporary, limits, .. } = config;
        let buckets = Buckets { uploads, results };
        Ok(Self(Arc::new(Inner { client, endpoint, buckets, temporary, limits })))
    }

    pub(super) fn buckets(&self) -> &Buckets {
        &self.0.buckets
    }

    /// Whether what is sent can be read by others on the way.
    pub(super) fn is_plain(&self) -> bool {
        let host = self.0.endpoint.strip_prefix("http://");
        host.is_some_and(|host| {
            !["127.", "localhost", "[::1]"].iter().any(|own| host.starts_with(own))
        })
    }

    pub(super) async fn write(
        &self,
        place: &Place,
        bytes: Bytes,
        media_type: &str,
    ) -> Result<(), StoreError> {
        let request = self.0.client.put_object().bucket(&place.bucket).key(&place.key);
        let sent = request.content_type(media_type).body(ByteStream::from(bytes)).send().await;
        sent.map(drop).map_err(|error| store_error(place, &Met::from(&error)))
    }

    pub(super) async fn remove(&self, place: &Place) -> Result<(), StoreError> {
        let request = self.0.client.delete_object().bucket(&place.bucket).key(&place.key);
        let Err(error) = request.send().await else { return Ok(()) };
        match Met::from(&error).class() {
            Class::Missing => Ok(()),
            _ => Err(store_error(place, &Met::from(&error))),
        }
    }

    pub(super) async fn page(&self, prefix: &str, after: &str) -> Result<Vec<Found>, StoreError> {
        let place = Place::new(&self.0.buckets.results, prefix);
        let request = self.0.client.list_objects_v2().bucket(&place.bucket).prefix(prefix);
        let after = (!after.is_empty()).then(|| after.to_owned());
        let page = request.set_start_after(after).send().await;
        let page = page.map_err(|error| store_error(&place, &Met::from(&error)))?;
        let found = |object: Object| {
            let changed =
                object.last_modified.and_then(|at| Timestamp::from_second(at.secs()).ok());
            // one without a time is as new as can be
            let changed = changed.unwrap_or(Timestamp::MAX);
            Some(Found { key: object.key?, changed })
        };
        Ok(page.contents.unwrap_or_default().into_iter().filter_map(found).collect())
    }

    pub(super) async fn list(&self, prefix: &str) -> Result<Vec<String>, StoreError> {
        let place = Place::new(&self.0.buckets.results, prefix);
        let request = self.0.client.list_objects_v2().bucket(&place.bucket).prefix(prefix);
        let mut pages = request.into_paginator().send();
        let mut keys = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| store_error(&place, &Met::from(&error)))?;
            keys.extend(
                page.contents.unwrap_or_default().into_iter().filter_map(|object| object.key),
            );
        }
        // stores promise an order, and some keep no promise
        keys.sort_unstable();
        Ok(keys)
    }
}

fn store_error(place: &Place, met: &Met) -> StoreError {
    let place = place.clone();
    match met.class() {
        Class::Refused(code) => StoreError::Refused { place, code },
        Class::Missing => StoreError::Unavailable { place, trouble: Trouble::Odd("not there") },
        Class::Replaced => {
            StoreError::Unavailable { place, trouble: Trouble::Odd("a condition was not met") }
        }
        Class::Unavailable(trouble) => StoreError::Unavailable { place, trouble },
    }
}

impl fmt::Debug for S3 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "S3({}, {:?})", self.0.endpoint, self.0.buckets)
    }
}
