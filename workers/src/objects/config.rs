//! Configuration of a store, checked before anything is connected.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use super::buckets::Buckets;
use crate::runtime::secret::Secret;
use crate::runtime::transport::Transport;

/// Configuration of a store that speaks S3.
#[derive(Clone)]
pub(crate) struct S3Config {
    /// `https://host[:port]`, without user or query; `http` on this machine only.
    pub(crate) endpoint: String,
    /// The region that the store is configured with; some stores refuse others.
    pub(crate) region: String,
    /// Id of the access key.
    pub(crate) access_key_id: String,
    /// Secret of the access key.
    pub(crate) secret_access_key: Secret,
    /// Its buckets.
    pub(crate) buckets: Buckets,
    /// Certificates of a private authority, PEM; trusted instead of the system's.
    pub(crate) ca_file: Option<PathBuf>,
    /// When checksums of S3 are used.
    pub(crate) checksums: Checksums,
    /// How the store is asked to encrypt results.
    pub(crate) encryption: Encryption,
    /// Folder for unlinked temporary files.
    pub(crate) temporary_folder: PathBuf,
    /// Limits on time and retries.
    pub(crate) limits: Limits,
}

/// Configuration of a folder on this machine.
#[derive(Clone, Debug)]
pub(crate) struct FolderConfig {
    /// Its subfolders are the buckets.
    pub(crate) root: PathBuf,
    /// Its buckets.
    pub(crate) buckets: Buckets,
    /// Folder for unlinked temporary files.
    pub(crate) temporary_folder: PathBuf,
}

/// When requests carry CRC checksums, and request them for responses. Many
/// stores refuse such requests, and every download is hashed anyway.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Checksums {
    /// Only where an operation requires them
    WhenRequired,
    /// Wherever an operation supports them
    WhenSupported,
}

/// How the store is asked to encrypt what is written (server-side encryption of S3).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Encryption {
    /// As the bucket says.
    #[default]
    Bucket,
    /// With keys of the store: `AES256`.
    Aes256,
    /// With keys of a key service: `aws:kms`, and the id of the key, or the service's own.
    Kms(Option<String>),
}

impl FromStr for Encryption {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "bucket" => Ok(Self::Bucket),
            "AES256" => Ok(Self::Aes256),
            "aws:kms" => Ok(Self::Kms(None)),
            _ => match text.strip_prefix("aws:kms:").filter(|key| !key.is_empty()) {
                Some(key) => Ok(Self::Kms(Some(key.to_owned()))),
                None => Err("write bucket, AES256, aws:kms or aws:kms:KEY".to_owned()),
            },
        }
    }
}

/// Limits on time and retries.
#[derive(Clone, Debug)]
pub(crate) struct Limits {
    /// To connect, including TLS.
    pub(crate) connect_timeout: Duration,
    /// From a request to the head of its response.
    pub(crate) read_timeout: Duration,
    /// For one attempt of a request, including sending, without the body of the response.
    pub(crate) attempt_timeout: Duration,
    /// For all attempts of a request.
    pub(crate) operation_timeout: Duration,
    /// Attempts of a request.
    pub(crate) max_attempts: u32,
    /// Pause after the first attempt; it doubles with every attempt.
    pub(crate) initial_backoff: Duration,
    /// For a whole download with all its resumptions.
    pub(crate) download_timeout: Duration,
    /// Time over which the throughput of a body is measured.
    pub(crate) throughput_window: Duration,
    /// Least bytes in each window; with fewer the body counts as broken.
    pub(crate) min_bytes_per_window: u64,
    /// How often a broken download is resumed.
    pub(crate) max_resumptions: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(5),
            read_timeout: Duration::from_secs(30),
            attempt_timeout: Duration::from_secs(60),
            operation_timeout: Duration::from_secs(180),
            max_attempts: 3,
            initial_backoff: Duration::from_millis(500),
            download_timeout: Duration::from_secs(600),
            throughput_window: Duration::from_secs(30),
            min_bytes_per_window: 30 * (16 << 10),
            max_resumptions: 3,
        }
    }
}

/// All problems of a store's configuration.
#[derive(Debug, thiserror::Error)]
#[error("object store is not configured: {}", .0.join("; "))]
pub(crate) struct StoreConfigError(pub(crate) Vec<String>);

impl S3Config {
    /// Returns how the connection to the store is protected.
    ///
    /// # Errors
    /// When it leads to another machine without TLS.
    pub(super) fn transport(&self) -> Result<Transport, String> {
        let (scheme, rest) = self.endpoint.split_once("://").unwrap_or_default();
        let authority = rest.split('/').next().unwrap_or_default();
        let host = match authority.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
            _ => authority,
        };
        Transport::to(host, scheme == "https").map_err(|problem| {
            format!(
                "TEKSERU_S3_ENDPOINT: {problem}: use https://, with TEKSERU_S3_CA for a private \
                 authority"
            )
        })
    }

    pub(super) fn problems(&self) -> Vec<String> {
        let mut problems = self.buckets.problems();
        if !is_endpoint(&self.endpoint) {
            // it may hold a password: not repeated
            problems
                .push("endpoint is not `https://host[:port]`, without user or query".to_owned());
        } else if let Err(problem) = self.transport() {
            problems.push(problem);
        }
        let named = [("region", self.region.as_str()), ("access key id", &self.access_key_id)];
        for (name, value) in
            named.into_iter().chain([("secret access key", self.secret_access_key.reveal())])
        {
            if value.trim() != value || value.is_empty() {
                problems.push(format!("{name} is empty or has spaces around it"));
            }
        }
        problems
    }
}

fn is_endpoint(text: &str) -> bool {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    host.is_some_and(|host| {
        !host.is_empty()
            && !host.starts_with([':', '/'])
            && host.chars().all(|c| !matches!(c, '@' | '?' | '#' | '\\') && c.is_ascii_graphic())
    })
}

impl fmt::Debug for S3Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let endpoint = if is_endpoint(&self.endpoint) { &self.endpoint } else { "unusable" };
        f.debug_struct("S3Config")
            .field("endpoint", &endpoint)
            .field("region", &self.region)
            .field("buckets", &self.buckets)
            .field("ca_file", &self.ca_file)
            .field("checksums", &self.checksums)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}
