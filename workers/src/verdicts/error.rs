//! Why an application could not be judged, or its verdict not attached.

use pipeline::judge::JudgeError;
use pipeline::report::ReportError;

use crate::application_key::ApplicationKey;
use crate::broker::PublishError;
use crate::objects::StoreError;
use crate::registry::RegistryError;

/// Why an application could not be judged, or its verdict not attached.
#[derive(Debug, thiserror::Error)]
pub(crate) enum VerdictError {
    /// The database failed.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// The object store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The broker did not confirm an event.
    #[error(transparent)]
    Publish(#[from] PublishError),
    /// No programme fits the application.
    #[error(transparent)]
    Judge(#[from] JudgeError),
    /// A stored verdict cannot be parsed.
    #[error("stored verdict of `{application}`, revision {revision}, cannot be parsed")]
    Stored {
        /// The application.
        application: ApplicationKey,
        /// The revision.
        revision: u32,
    },
    /// The report cannot be rendered.
    #[error(transparent)]
    Report(#[from] ReportError),
}
