//! What an error of the SDK means for us: one pure function.

use std::error::Error;

use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};

use super::super::errors::Trouble;

/// What is left of an SDK error: no address, no header, no body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Met {
    /// The request could not be built from what it was given.
    Unsendable,
    /// A limit on time.
    TimedOut,
    /// No connection, or it broke.
    Connection(String),
    /// An answer of the store.
    Answer { status: u16, code: String },
}

/// What the caller does next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Missing,
    Replaced,
    Refused(String),
    Unavailable(Trouble),
}

impl Met {
    /// Unknown answers count as passing: a retry too many ends by itself, a
    /// document given up too early is lost to its reviewer.
    pub(super) fn class(&self) -> Class {
        let (status, code) = match self {
            Self::Unsendable => return Class::Refused("request cannot be built".to_owned()),
            Self::TimedOut => return Class::Unavailable(Trouble::TimedOut),
            Self::Connection(cause) => {
                return Class::Unavailable(Trouble::Connection(cause.clone()));
            }
            Self::Answer { status, code } => (*status, code.as_str()),
        };
        match (status, code) {
            (404, "NoSuchBucket") => Class::Refused(code.to_owned()),
            // without a code it comes from a gateway that has lost its store
            (404, "NoSuchKey" | "NoSuchVersion" | "NotFound") => Class::Missing,
            // the latest version is a mark that it was deleted
            (405, "MethodNotAllowed") => Class::Missing,
            // what was begun has become shorter
            (412 | 416, _) => Class::Replaced,
            // clocks are mended, ours or theirs
            (403, "RequestTimeTooSkewed") => Class::Unavailable(trouble(status, code)),
            (301 | 307 | 308 | 401 | 403, "") => Class::Refused(format!("status {status}")),
            (301 | 307 | 308 | 401 | 403, _) => Class::Refused(code.to_owned()),
            (400, code) if REFUSALS.contains(&code) => Class::Refused(code.to_owned()),
            // from a gateway: it is as large the next time
            (413, _) => Class::Refused(format!("status {status}")),
            (501, _) => Class::Refused("NotImplemented".to_owned()),
            _ => Class::Unavailable(trouble(status, code)),
        }
    }
}

/// Codes of status 400 that tell of our configuration or the key.
const REFUSALS: [&str; 9] = [
    "AuthorizationHeaderMalformed",
    "EntityTooLarge",
    "ExpiredToken",
    "IllegalLocationConstraintException",
    "InvalidAccessKeyId",
    "InvalidBucketName",
    "InvalidToken",
    "KeyTooLongError",
    "NotSignedUp",
];

fn trouble(status: u16, code: &str) -> Trouble {
    Trouble::Answer { status, code: code.to_owned() }
}

impl<E: ProvideErrorMetadata> From<&SdkError<E, HttpResponse>> for Met {
    fn from(error: &SdkError<E, HttpResponse>) -> Self {
        match error {
            SdkError::ConstructionFailure(_) => Self::Unsendable,
            SdkError::TimeoutError(_) => Self::TimedOut,
            SdkError::DispatchFailure(failure) if failure.is_timeout() => Self::TimedOut,
            SdkError::DispatchFailure(failure) => Self::Connection(
                failure.as_connector_error().map_or_else(String::new, |e| deepest(e)),
            ),
            SdkError::ResponseError(response) => answer(response.raw(), ""),
            SdkError::ServiceError(service) => {
                answer(service.raw(), service.err().code().unwrap_or_default())
            }
            _ => Self::Connection("unknown".to_owned()),
        }
    }
}

fn answer(response: &HttpResponse, code: &str) -> Met {
    // the code comes from outside and goes into logs
    let code = code.chars().filter(char::is_ascii_alphanumeric).take(64).collect();
    Met::Answer { status: response.status().as_u16(), code }
}

/// The cause that began it: "connection refused", "unknown issuer".
pub(super) fn deepest(error: &(dyn Error + 'static)) -> String {
    let mut cause = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string().chars().filter(|c| !c.is_control()).take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_mean_what_the_caller_does_next() {
        for (status, code, class) in [
            (404, "NoSuchKey", "missing"),
            (404, "NoSuchVersion", "missing"),
            (404, "NotFound", "missing"),
            (405, "MethodNotAllowed", "missing"),
            (404, "", "unavailable"),
            (404, "SomethingElse", "unavailable"),
            (404, "NoSuchBucket", "refused"),
            (412, "PreconditionFailed", "replaced"),
            (416, "InvalidRange", "replaced"),
            (301, "PermanentRedirect", "refused"),
            (307, "TemporaryRedirect", "refused"),
            (401, "", "refused"),
            (403, "", "refused"),
            (403, "AccessDenied", "refused"),
            (403, "InvalidAccessKeyId", "refused"),
            (403, "SignatureDoesNotMatch", "refused"),
            (403, "InvalidObjectState", "refused"),
            (403, "RequestTimeTooSkewed", "unavailable"),
            (400, "AuthorizationHeaderMalformed", "refused"),
            (400, "ExpiredToken", "refused"),
            (400, "RequestTimeout", "unavailable"),
            (400, "BadDigest", "unavailable"),
            (400, "", "unavailable"),
            (409, "OperationAborted", "unavailable"),
            (429, "TooManyRequests", "unavailable"),
            (500, "InternalError", "unavailable"),
            (413, "", "refused"),
            (501, "NotImplemented", "refused"),
            (502, "", "unavailable"),
            (503, "SlowDown", "unavailable"),
            (200, "", "unavailable"),
        ] {
            let met = Met::Answer { status, code: code.to_owned() };
            assert_eq!(name(&met), class, "{status} {code}");
        }
        assert_eq!(name(&Met::TimedOut), "unavailable");
        assert_eq!(name(&Met::Connection("reset".to_owned())), "unavailable");
        assert_eq!(name(&Met::Unsendable), "refused");
    }

    fn name(met: &Met) -> &'static str {
        match met.class() {
            Class::Missing => "missing",
            Class::Replaced => "replaced",
            Class::Refused(_) => "refused",
            Class::Unavailable(_) => "unavailable",
        }
    }
}
