//! The object store: uploads are fetched from it and results are written to it.
//! Either a store that speaks S3, or a folder.
//!
//! Nothing here relies on conditional writes: several stores ignore the
//! conditions silently. Keys and bodies of results are deterministic, so writing
//! twice is harmless. A write that failed may still be carried out, at any later time.

mod access_check;
mod buckets;
mod config;
mod download;
mod error;
mod folder;
mod location;
mod s3;
mod store;
mod temporary_file;
#[cfg(test)]
mod tests;

pub(crate) use access_check::{CheckResult, is_about_credentials, is_about_rights};
pub(crate) use buckets::{
    BucketNames, Buckets, DEFAULT_EVIDENCE, DEFAULT_UPLOADS, DEFAULT_VERDICTS,
};
pub(crate) use config::{Checksums, Encryption, FolderConfig, Limits, S3Config, StoreConfigError};
pub(crate) use download::{Download, DownloadedFile};
pub(crate) use error::{FetchError, StoreError};
pub(crate) use folder::Folder;
pub(crate) use location::ListedObject;
pub(crate) use s3::S3;
pub(crate) use store::Objects;

#[cfg(test)]
use access_check::AccessCheck;
#[cfg(test)]
use error::Cause;
#[cfg(test)]
use location::ObjectLocation;
