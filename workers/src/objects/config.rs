//! What a store needs to know, checked before anything is connected to.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use crate::runtime::secret::Secret;

/// Which buckets are for what.
#[derive(Clone, Debug)]
pub(crate) struct Buckets {
    /// May be read; nothing else is.
    pub(crate) uploads: Vec<String>,
    /// Verdicts, reports and evidence.
    pub(crate) results: String,
}

/// An S3-compatible store.
#[derive(Clone)]
pub(crate) struct S3Config {
    /// `https://host[:port]`, without user or query.
    pub(crate) endpoint: String,
    /// Must be the store's own name for it; some refuse others.
    pub(crate) region: String,
    /// Who we are.
    pub(crate) access_key_id: String,
    /// And how we prove it.
    pub(crate) secret_access_key: Secret,
    /// Buckets that may be read.
    pub(crate) uploads: Vec<String>,
    /// The bucket for results.
    pub(crate) results: String,
    /// Certificates of a private authority, PEM; trusted instead of the system's.
    pub(crate) ca_file: Option<PathBuf>,
    /// Whether checksums beside our own are asked for.
    pub(crate) checksums: Checksums,
    /// Where unlinked temporary files are made.
    pub(crate) temporary: PathBuf,
    /// How long anything may take.
    pub(crate) limits: Limits,
}

/// A folder of buckets on this machine.
#[derive(Clone, Debug)]
pub(crate) struct FolderConfig {
    /// Buckets are folders in it.
    pub(crate) root: PathBuf,
    /// Buckets that may be read.
    pub(crate) uploads: Vec<String>,
    /// The bucket for results.
    pub(crate) results: String,
    /// Where unlinked temporary files are made.
    pub(crate) temporary: PathBuf,
}

/// When CRC checksums go with requests and are asked of answers. Many stores
/// refuse requests that carry them; what is fetched is hashed by us anyway.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Checksums {
    /// Only where an operation cannot do without
    WhenRequired,
    /// Wherever an operation can
    WhenSupported,
}

/// How long anything may take, and how often it is tried.
#[derive(Clone, Debug)]
pub(crate) struct Limits {
    /// To connect, TLS included.
    pub(crate) connect: Duration,
    /// From a request to the head of its answer.
    pub(crate) answer: Duration,
    /// One try of a request, sending included; not the body of the answer.
    pub(crate) attempt: Duration,
    /// All tries of a request.
    pub(crate) operation: Duration,
    /// Tries of a request, and the first pause between them.
    pub(crate) attempts: u32,
    /// Doubles with every try.
    pub(crate) first_pause: Duration,
    /// A whole download with every resumption.
    pub(crate) download: Duration,
    /// In each window of this length …
    pub(crate) window: Duration,
    /// … at least so many bytes come, or the body counts as broken.
    pub(crate) bytes_in_window: u64,
    /// How often a broken body is gone on with.
    pub(crate) resumptions: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            answer: Duration::from_secs(30),
            attempt: Duration::from_secs(60),
            operation: Duration::from_secs(180),
            attempts: 3,
            first_pause: Duration::from_millis(500),
            download: Duration::from_secs(600),
            window: Duration::from_secs(30),
            bytes_in_window: 30 * (16 << 10),
            resumptions: 3,
        }
    }
}

/// Everything that is wrong with a configuration.
#[derive(Debug, thiserror::Error)]
#[error("the object store is not configured: {}", .0.join("; "))]
pub(crate) struct Problems(pub(crate) Vec<String>);

impl S3Config {
    pub(super) fn problems(&self) -> Vec<String> {
        let mut problems = bucket_problems(&self.uploads, &self.results);
        if !is_endpoint(&self.endpoint) {
            // it may hold a password: not repeated
            problems
                .push("endpoint is not `https://host[:port]`, without user or query".to_owned());
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

pub(super) fn bucket_problems(uploads: &[String], results: &str) -> Vec<String> {
    let mut problems = Vec::new();
    for bucket in uploads.iter().map(String::as_str).chain([results]) {
        if !is_bucket(bucket) {
            problems.push(format!("`{}` is no name of a bucket", bucket.escape_debug()));
        }
    }
    if uploads.is_empty() {
        problems.push("no bucket for uploads".to_owned());
    }
    if uploads.iter().any(|bucket| bucket == results) {
        problems.push("results would be written among uploads".to_owned());
    }
    problems
}

fn is_bucket(name: &str) -> bool {
    (1..=255).contains(&name.len())
        && !name.starts_with('.')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
}

impl fmt::Debug for S3Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let endpoint = if is_endpoint(&self.endpoint) { &self.endpoint } else { "unusable" };
        f.debug_struct("S3Config")
            .field("endpoint", &endpoint)
            .field("region", &self.region)
            .field("uploads", &self.uploads)
            .field("results", &self.results)
            .field("ca_file", &self.ca_file)
            .field("checksums", &self.checksums)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}
