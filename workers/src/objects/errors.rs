//! What can go wrong, split by what the caller does next.

use std::fmt;
use std::io;

use super::Place;

/// Why an upload was not fetched.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FetchError {
    /// Not there, or not yet: uploads may lag behind their messages.
    #[error("no object at `{0}`")]
    Missing(Place),
    /// Other bytes, or another version, than were asked for or begun with.
    #[error("object `{0}` was replaced while it was read")]
    Replaced(Place),
    /// It will be refused again until an operator or the portal mends something.
    #[error("object `{place}` may not be read: {code}")]
    Refused {
        /// What was asked for.
        place: Place,
        /// The store's code, or a reason of ours.
        code: String,
    },
    /// It may pass.
    #[error("the store did not give `{place}`: {trouble}")]
    Unavailable {
        /// What was asked for.
        place: Place,
        /// What was met.
        trouble: Trouble,
    },
    /// Our own temporary space.
    #[error("the temporary file of an upload failed: {0}")]
    Disk(io::Error),
}

/// Why a result was not written, read, listed or removed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    /// It will be refused again until an operator mends something.
    #[error("the store refused `{place}`: {code}")]
    Refused {
        /// What was asked for.
        place: Place,
        /// The store's code, or a reason of ours.
        code: String,
    },
    /// Larger than the caller wants.
    #[error("object `{place}` is too large: {bytes} bytes")]
    TooLarge {
        /// What was asked for.
        place: Place,
        /// Its length, or how much of it had come.
        bytes: u64,
    },
    /// It may pass.
    #[error("the store did not answer for `{place}`: {trouble}")]
    Unavailable {
        /// What was asked for.
        place: Place,
        /// What was met.
        trouble: Trouble,
    },
    /// Our own temporary space.
    #[error("a temporary file failed: {0}")]
    Disk(io::Error),
}

/// What was met when a store did not do as asked. Holds no address and no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// No answer within the limits.
    TimedOut,
    /// No connection, or it broke; the deepest cause in words.
    Connection(String),
    /// An answer that tells of trouble.
    Answer {
        /// HTTP status.
        status: u16,
        /// The store's code; empty where it gave none.
        code: String,
    },
    /// An answer that is no good one; what is wrong with it.
    Odd(&'static str),
    /// Fewer bytes in a while than are worth waiting for.
    TooSlow,
    /// The body ended before its length.
    CutShort,
    /// A folder's own failure.
    Disk(io::ErrorKind),
}

impl StoreError {
    /// Whether the same call may succeed later without anybody's help.
    pub(crate) fn may_pass(&self) -> bool {
        matches!(self, Self::Unavailable { .. } | Self::Disk(_))
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TimedOut => f.write_str("no answer in time"),
            Self::Connection(cause) => write!(f, "connection failed: {cause}"),
            Self::Answer { status, code } if code.is_empty() => write!(f, "status {status}"),
            Self::Answer { status, code } => write!(f, "status {status} {code}"),
            Self::Odd(what) => f.write_str(what),
            Self::TooSlow => f.write_str("it came too slowly"),
            Self::CutShort => f.write_str("it ended before its length"),
            Self::Disk(kind) => write!(f, "{kind}"),
        }
    }
}

/// A place that is refused is refused for reading too.
impl From<StoreError> for FetchError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Refused { place, code } => Self::Refused { place, code },
            StoreError::TooLarge { place, .. } => {
                Self::Unavailable { place, trouble: Trouble::Odd("too large") }
            }
            StoreError::Unavailable { place, trouble } => Self::Unavailable { place, trouble },
            StoreError::Disk(error) => Self::Disk(error),
        }
    }
}

/// A result that is replaced while it is read can be read again.
impl From<FetchError> for StoreError {
    fn from(error: FetchError) -> Self {
        match error {
            FetchError::Missing(place) => {
                Self::Unavailable { place, trouble: Trouble::Odd("not there") }
            }
            FetchError::Replaced(place) => {
                Self::Unavailable { place, trouble: Trouble::Odd("replaced while it was read") }
            }
            FetchError::Refused { place, code } => Self::Refused { place, code },
            FetchError::Unavailable { place, trouble } => Self::Unavailable { place, trouble },
            FetchError::Disk(error) => Self::Disk(error),
        }
    }
}
