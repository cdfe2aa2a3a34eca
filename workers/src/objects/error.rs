//! Errors of the object store, by what the caller does next.

use std::fmt;
use std::io;

use super::location::ObjectLocation;

/// Why an upload was not fetched.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FetchError {
    /// The object does not exist, or not yet: an upload may arrive after its message.
    #[error("object `{0}` does not exist")]
    Missing(ObjectLocation),
    /// The object has other bytes, or another version, than was requested or begun.
    #[error("object `{0}` was replaced while it was read")]
    Replaced(ObjectLocation),
    /// It is refused until an operator or the portal fixes something.
    #[error("object `{location}` may not be read: {code}")]
    Refused {
        /// The object.
        location: ObjectLocation,
        /// The store's code, or a reason of this program.
        code: String,
    },
    /// It may succeed later.
    #[error("object `{location}` could not be read: {cause}")]
    Unavailable {
        /// The object.
        location: ObjectLocation,
        /// What failed.
        cause: Cause,
    },
    /// The disk for temporary files failed.
    #[error("temporary file of an upload failed: {0}")]
    Disk(io::Error),
}

/// Why a result was not written, read, listed or deleted.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    /// It is refused until an operator fixes something.
    #[error("object store refused `{location}`: {code}")]
    Refused {
        /// The object.
        location: ObjectLocation,
        /// The store's code, or a reason of this program.
        code: String,
    },
    /// The object is larger than the caller accepts.
    #[error("object `{location}` is too large: {bytes} bytes")]
    TooLarge {
        /// The object.
        location: ObjectLocation,
        /// Its length, or how much of it was received.
        bytes: u64,
    },
    /// It may succeed later.
    #[error("object store is unavailable for `{location}`: {cause}")]
    Unavailable {
        /// The object.
        location: ObjectLocation,
        /// What failed.
        cause: Cause,
    },
    /// The disk for temporary files failed.
    #[error("temporary file failed: {0}")]
    Disk(io::Error),
}

/// The cause of a failed call. Holds no address and no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    /// No response within the limits.
    TimedOut,
    /// No connection, or it broke; the deepest cause in words.
    Connection(String),
    /// A response that reports an error.
    Response {
        /// HTTP status.
        status: u16,
        /// The store's code; empty where it sent none.
        code: String,
    },
    /// A response that is invalid, with its fault.
    InvalidResponse(&'static str),
    /// Fewer bytes in a window than the least that is accepted.
    TooSlow,
    /// The body ended before its length.
    Truncated,
    /// A failure of the file system.
    Disk(io::ErrorKind),
}

impl StoreError {
    /// Whether the same call may succeed later without an operator.
    pub(crate) fn may_pass(&self) -> bool {
        matches!(self, Self::Unavailable { .. } | Self::Disk(_))
    }

    /// Returns the error for a key that a store cannot hold.
    pub(super) fn invalid_key(location: ObjectLocation) -> Self {
        Self::Refused { location, code: "key is invalid".to_owned() }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TimedOut => f.write_str("no answer in time"),
            Self::Connection(cause) => write!(f, "connection failed: {cause}"),
            Self::Response { status, code } if code.is_empty() => write!(f, "status {status}"),
            Self::Response { status, code } => write!(f, "status {status} {code}"),
            Self::InvalidResponse(reason) => f.write_str(reason),
            Self::TooSlow => f.write_str("transfer was too slow"),
            Self::Truncated => f.write_str("body ended before its length"),
            Self::Disk(kind) => write!(f, "{kind}"),
        }
    }
}

/// A location that is refused for writing is refused for reading too.
impl From<StoreError> for FetchError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Refused { location, code } => Self::Refused { location, code },
            StoreError::TooLarge { location, .. } => {
                Self::Unavailable { location, cause: Cause::InvalidResponse("too large") }
            }
            StoreError::Unavailable { location, cause } => Self::Unavailable { location, cause },
            StoreError::Disk(error) => Self::Disk(error),
        }
    }
}

/// A result that is replaced while it is read can be read again.
impl From<FetchError> for StoreError {
    fn from(error: FetchError) -> Self {
        match error {
            FetchError::Missing(location) => {
                Self::Unavailable { location, cause: Cause::InvalidResponse("it does not exist") }
            }
            FetchError::Replaced(location) => Self::Unavailable {
                location,
                cause: Cause::InvalidResponse("it was replaced while it was read"),
            },
            FetchError::Refused { location, code } => Self::Refused { location, code },
            FetchError::Unavailable { location, cause } => Self::Unavailable { location, cause },
            FetchError::Disk(error) => Self::Disk(error),
        }
    }
}
