//! Classifying errors of the SDK: one pure function.

use std::error::Error;

use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};

use crate::objects::error::Cause;

/// An error of the SDK without address, headers and body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum SdkFailure {
    /// The request could not be built from its arguments.
    InvalidRequest,
    /// A time limit was exceeded.
    TimedOut,
    /// No connection, or it broke.
    Connection(String),
    /// A response of the store.
    Response { status: u16, code: String },
}

/// The class of an error, by what the caller does next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ErrorClass {
    Missing,
    Replaced,
    Refused(String),
    Unavailable(Cause),
}

impl SdkFailure {
    /// Whether the store does not know this operation.
    pub(super) fn is_not_implemented(&self) -> bool {
        matches!(self, Self::Response { status: 501, .. })
    }

    /// Classifies the failure. An unknown response counts as temporary: one retry
    /// too many does no harm, but a document that is given up too early is lost
    /// to its reviewer.
    pub(super) fn classify(&self) -> ErrorClass {
        let (status, code) = match self {
            Self::InvalidRequest => {
                return ErrorClass::Refused("request cannot be built".to_owned());
            }
            Self::TimedOut => return ErrorClass::Unavailable(Cause::TimedOut),
            Self::Connection(cause) => {
                return ErrorClass::Unavailable(Cause::Connection(cause.clone()));
            }
            Self::Response { status, code } => (*status, code.as_str()),
        };
        match (status, code) {
            (404, "NoSuchBucket") => ErrorClass::Refused(code.to_owned()),
            // without a code it comes from a gateway that cannot reach its store
            (404, "NoSuchKey" | "NoSuchVersion" | "NotFound") => ErrorClass::Missing,
            // the latest version is a delete marker
            (405, "MethodNotAllowed") => ErrorClass::Missing,
            // the object has become shorter than the range
            (412 | 416, _) => ErrorClass::Replaced,
            // a wrong clock, here or there, is temporary
            (403, "RequestTimeTooSkewed") => ErrorClass::Unavailable(response(status, code)),
            (301 | 307 | 308 | 401 | 403, "") => ErrorClass::Refused(format!("status {status}")),
            (301 | 307 | 308 | 401 | 403, _) => ErrorClass::Refused(code.to_owned()),
            (400, code) if REFUSALS.contains(&code) => ErrorClass::Refused(code.to_owned()),
            // from a gateway: the object has the same size next time
            (413, _) => ErrorClass::Refused(format!("status {status}")),
            (501, _) => ErrorClass::Refused("NotImplemented".to_owned()),
            _ => ErrorClass::Unavailable(response(status, code)),
        }
    }
}

/// Codes of status 400 about the configuration or the key.
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

fn response(status: u16, code: &str) -> Cause {
    Cause::Response { status, code: code.to_owned() }
}

impl<E: ProvideErrorMetadata> From<&SdkError<E, HttpResponse>> for SdkFailure {
    fn from(error: &SdkError<E, HttpResponse>) -> Self {
        match error {
            SdkError::ConstructionFailure(_) => Self::InvalidRequest,
            SdkError::TimeoutError(_) => Self::TimedOut,
            SdkError::DispatchFailure(failure) if failure.is_timeout() => Self::TimedOut,
            SdkError::DispatchFailure(failure) => Self::Connection(
                failure.as_connector_error().map_or_else(String::new, |e| deepest_cause(e)),
            ),
            SdkError::ResponseError(response) => read_response(response.raw(), ""),
            SdkError::ServiceError(service) => {
                read_response(service.raw(), service.err().code().unwrap_or_default())
            }
            _ => Self::Connection("unknown".to_owned()),
        }
    }
}

fn read_response(response: &HttpResponse, code: &str) -> SdkFailure {
    // the code comes from outside and goes into logs
    let code = code.chars().filter(char::is_ascii_alphanumeric).take(64).collect();
    SdkFailure::Response { status: response.status().as_u16(), code }
}

/// Returns the deepest cause: "connection refused", "unknown issuer".
pub(super) fn deepest_cause(error: &(dyn Error + 'static)) -> String {
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
    fn responses_are_classified_by_what_the_caller_does_next() {
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
            let failure = SdkFailure::Response { status, code: code.to_owned() };
            assert_eq!(name(&failure), class, "{status} {code}");
        }
        assert_eq!(name(&SdkFailure::TimedOut), "unavailable");
        assert_eq!(name(&SdkFailure::Connection("reset".to_owned())), "unavailable");
        assert_eq!(name(&SdkFailure::InvalidRequest), "refused");
    }

    fn name(failure: &SdkFailure) -> &'static str {
        match failure.classify() {
            ErrorClass::Missing => "missing",
            ErrorClass::Replaced => "replaced",
            ErrorClass::Refused(_) => "refused",
            ErrorClass::Unavailable(_) => "unavailable",
        }
    }
}
