//! The store and its operations except downloads.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use aws_sdk_s3::Client;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{Object, ServerSideEncryption};
use bytes::Bytes;
use jiff::Timestamp;

use super::client;
use super::sdk_error::{ErrorClass, SdkFailure};
use crate::objects::buckets::Buckets;
use crate::objects::config::{Encryption, Limits, S3Config, StoreConfigError};
use crate::objects::error::{Cause, StoreError};
use crate::objects::location::{ListedObject, ObjectLocation};
use crate::runtime::transport::Transport;

/// The store; cheap to clone.
#[derive(Clone)]
pub(crate) struct S3(pub(super) Arc<Inner>);

pub(super) struct Inner {
    pub(super) client: Client,
    endpoint: String,
    transport: Transport,
    pub(super) buckets: Buckets,
    pub(super) temporary_folder: PathBuf,
    pub(super) limits: Limits,
    encryption: Encryption,
}

impl S3 {
    /// Opens the store without connecting to it.
    ///
    /// # Errors
    /// All problems of the configuration.
    pub(crate) fn open(config: S3Config) -> Result<Self, StoreConfigError> {
        let client = client::build(&config)?;
        let transport = config.transport().map_err(|problem| StoreConfigError(vec![problem]))?;
        let S3Config { endpoint, buckets, temporary_folder, limits, encryption, .. } = config;
        let inner =
            Inner { client, endpoint, transport, buckets, temporary_folder, limits, encryption };
        Ok(Self(Arc::new(inner)))
    }

    pub(in crate::objects) fn buckets(&self) -> &Buckets {
        &self.0.buckets
    }

    /// Returns how the connection is protected.
    pub(in crate::objects) fn transport(&self) -> Transport {
        self.0.transport
    }

    pub(in crate::objects) async fn write(
        &self,
        location: &ObjectLocation,
        bytes: Bytes,
        media_type: &str,
    ) -> Result<(), StoreError> {
        let request = self.0.client.put_object().bucket(&location.bucket).key(&location.key);
        let request = match &self.0.encryption {
            Encryption::Bucket => request,
            Encryption::Aes256 => request.server_side_encryption(ServerSideEncryption::Aes256),
            Encryption::Kms(key) => request
                .server_side_encryption(ServerSideEncryption::AwsKms)
                .set_ssekms_key_id(key.clone()),
        };
        let sent = request.content_type(media_type).body(ByteStream::from(bytes)).send().await;
        sent.map(drop).map_err(|error| store_error(location, &SdkFailure::from(&error)))
    }

    pub(in crate::objects) async fn remove(
        &self,
        location: &ObjectLocation,
    ) -> Result<(), StoreError> {
        let request = self.0.client.delete_object().bucket(&location.bucket).key(&location.key);
        let Err(error) = request.send().await else { return Ok(()) };
        match SdkFailure::from(&error).classify() {
            ErrorClass::Missing => Ok(()),
            _ => Err(store_error(location, &SdkFailure::from(&error))),
        }
    }

    pub(in crate::objects) async fn list_page(
        &self,
        prefix: &ObjectLocation,
        after: &str,
    ) -> Result<Vec<ListedObject>, StoreError> {
        let request = self.0.client.list_objects_v2().bucket(&prefix.bucket).prefix(&prefix.key);
        let after = (!after.is_empty()).then(|| after.to_owned());
        let page = request.set_start_after(after).send().await;
        let page = page.map_err(|error| store_error(prefix, &SdkFailure::from(&error)))?;
        let listed = |object: Object| {
            let last_modified =
                object.last_modified.and_then(|at| Timestamp::from_second(at.secs()).ok());
            // an object without a time counts as new
            let last_modified = last_modified.unwrap_or(Timestamp::MAX);
            Some(ListedObject { key: object.key?, last_modified })
        };
        Ok(page.contents.unwrap_or_default().into_iter().filter_map(listed).collect())
    }

    pub(in crate::objects) async fn list(
        &self,
        prefix: &ObjectLocation,
    ) -> Result<Vec<String>, StoreError> {
        let request = self.0.client.list_objects_v2().bucket(&prefix.bucket).prefix(&prefix.key);
        let mut pages = request.into_paginator().send();
        let mut keys = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| store_error(prefix, &SdkFailure::from(&error)))?;
            keys.extend(
                page.contents.unwrap_or_default().into_iter().filter_map(|object| object.key),
            );
        }
        // S3 defines the order, but not every store keeps it
        keys.sort_unstable();
        Ok(keys)
    }
}

pub(super) fn store_error(location: &ObjectLocation, failure: &SdkFailure) -> StoreError {
    let location = location.clone();
    match failure.classify() {
        ErrorClass::Refused(code) => StoreError::Refused { location, code },
        ErrorClass::Missing => {
            StoreError::Unavailable { location, cause: Cause::InvalidResponse("it does not exist") }
        }
        ErrorClass::Replaced => StoreError::Unavailable {
            location,
            cause: Cause::InvalidResponse("a condition was not met"),
        },
        ErrorClass::Unavailable(cause) => StoreError::Unavailable { location, cause },
    }
}

impl fmt::Debug for S3 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "S3({}, {:?})", self.0.endpoint, self.0.buckets)
    }
}
