//! Revisions that are attached later, and who is asked to do so.

use jiff::{SignedDuration, Timestamp};
use tokio::sync::mpsc;

use crate::application_key::ApplicationKey;

/// An application with a revision that waits, and the end of the wait.
pub(crate) type Attachment = (ApplicationKey, Timestamp);

/// The wait of incomplete applications. By default there is none.
#[derive(Default)]
pub(crate) struct Later {
    interval: SignedDuration,
    requests: Option<mpsc::UnboundedSender<Attachment>>,
}

impl Later {
    /// Returns a wait of this length, and the requests to attach after it.
    pub(crate) fn new(interval: SignedDuration) -> (Self, mpsc::UnboundedReceiver<Attachment>) {
        let (requests, receiver) = mpsc::unbounded_channel();
        (Self { interval, requests: Some(requests) }, receiver)
    }

    /// Returns the least time between two revisions of an incomplete application.
    pub(crate) fn interval(&self) -> SignedDuration {
        self.interval
    }

    /// Whether revisions may wait.
    pub(crate) fn is_used(&self) -> bool {
        self.interval.is_positive()
    }

    /// Requests that an application's revision be attached at an instant.
    pub(crate) fn request(&self, application: &ApplicationKey, at: Timestamp) {
        let requests = self.requests.iter();
        // without a receiver `tekseru maintain` attaches it
        requests.for_each(|requests| drop(requests.send((application.clone(), at))));
    }
}
