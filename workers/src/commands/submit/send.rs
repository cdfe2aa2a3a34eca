//! Uploads the documents of an application and sends its message.

use std::path::Path;

use bytes::Bytes;
use jiff::Timestamp;
use pipeline::application::{Application, Document, Object};
use pipeline::contract::commands::APPLICATION_SUBMITTED;
use pipeline::contract::message::CloudEvent;
use pipeline::digest::sha256;
use tokio::sync::watch;

use crate::application_key::ApplicationKey;
use crate::broker::{BrokerConfig, BrokerState, Exchange, Message, Publisher};
use crate::cli::Failure;
use crate::cli::files::{FileContent, read_file};
use crate::cli::text::escaped;
use crate::commands::application_folder::Submission;
use crate::objects::Objects;
use crate::portal::Portal;
use crate::runtime::traces::TraceContext;

/// Most bytes of a document to upload; the examination has its own limits.
const MAX_UPLOAD_BYTES: u64 = 256 << 20;

/// A portal: it writes uploads and sends messages.
pub(super) struct Client {
    objects: Objects,
    portal: Portal,
    /// Name of the sender, as a URI.
    source: String,
    /// None where messages are printed instead of sent.
    broker: Option<Broker>,
}

struct Broker {
    publisher: Publisher,
    state: watch::Receiver<BrokerState>,
}

impl Client {
    pub(super) fn new(
        objects: Objects,
        portal: Portal,
        source: String,
        broker: Option<&BrokerConfig>,
    ) -> Self {
        let broker = broker.map(|config| {
            let (state_sender, state) = watch::channel(BrokerState::default());
            Broker { publisher: Publisher::start(config, state_sender), state }
        });
        Self { objects, portal, source, broker }
    }

    pub(super) fn objects(&self) -> &Objects {
        &self.objects
    }

    /// Returns the key of an application of this portal.
    pub(super) fn key(&self, application: &Application) -> ApplicationKey {
        ApplicationKey::new(&self.portal, &application.application_id)
    }

    /// Uploads the documents and returns the application that names the uploads.
    ///
    /// # Errors
    /// When a file cannot be read, or the store fails.
    pub(super) async fn upload(&self, submission: &Submission) -> Result<Application, Failure> {
        let mut application = submission.application.clone();
        let id = &submission.application.application_id;
        for (document, file) in application.documents.iter_mut().zip(&submission.files) {
            let Some(path) = file else { continue };
            let bytes = read_document(path, &submission.folder)?;
            document.sha256 = Some(sha256(&bytes));
            document.file = None;
            let object = self.upload_object(id, document);
            document.object = Some(object.clone());
            let media_type = document.media_type.as_deref().unwrap_or("application/octet-stream");
            let uploaded =
                self.objects.upload(&self.portal, &object, Bytes::from(bytes), media_type).await;
            uploaded.map_err(Failure::internal)?;
        }
        Ok(application)
    }

    /// Returns an object whose key depends on the content: what a message names never changes.
    fn upload_object(&self, application_id: &str, document: &Document) -> Object {
        let hash = document.sha256.as_deref().unwrap_or_default();
        let short = &hash[..hash.len().min(16)];
        let key = format!("{application_id}/{}-{short}", document.document_id);
        self.objects.upload_object(&self.portal, &key)
    }

    /// Sends the message of an application; without a broker, returns its text.
    ///
    /// # Errors
    /// When the broker does not confirm the message.
    pub(super) async fn send(&self, application: &Application) -> Result<Option<String>, Failure> {
        let data = serde_json::to_value(application).map_err(Failure::internal)?;
        // an application that is sent again without a change has the same message id
        let id = sha256(format!("{}\n{data}", self.source).as_bytes())[..32].to_owned();
        let subject = Some(application.application_id.clone());
        let mut event =
            CloudEvent::new(APPLICATION_SUBMITTED, id.clone(), subject, Timestamp::now(), data);
        event.source = self.source.clone();
        let Some(broker) = &self.broker else { return Ok(Some(event.to_json())) };
        broker.publish(application, id, event.to_json()).await?;
        Ok(None)
    }
}

impl Broker {
    async fn publish(
        &self,
        application: &Application,
        id: String,
        event: String,
    ) -> Result<(), Failure> {
        // the trace has the id of the message
        let trace = format!("00-{id}-{}-01", &id[..16]);
        let mut message = Message::new(id, APPLICATION_SUBMITTED, event);
        message.headers.trace = TraceContext::parse(Some(&trace), None);
        let published = self.publisher.publish(Exchange::Intake, "application.submitted", &message);
        published.await.map_err(|error| {
            let because = self.state.borrow().problem_suffix();
            Failure::Internal(format!(
                "{}: not enqueued: {error}{because}; submit it again, this is safe",
                escaped(&application.application_id)
            ))
        })
    }
}

fn read_document(path: &Path, folder: &Path) -> Result<Vec<u8>, Failure> {
    let unusable = |why: String| Failure::Input(format!("{}: {why}", path.display()));
    match read_file(path, Some(folder), MAX_UPLOAD_BYTES) {
        Ok(FileContent::Bytes(bytes)) => Ok(bytes),
        Ok(FileContent::TooLarge { bytes }) => {
            Err(unusable(format!("has {bytes} bytes; at most {MAX_UPLOAD_BYTES} can be uploaded")))
        }
        Err(error) => Err(unusable(error.to_string())),
    }
}
