//! `tekseru recheck --examine`: has workers examine the uploads of applications again.

use jiff::Timestamp;
use pipeline::application::Document;
use pipeline::contract::message::stable_id;
use tokio::sync::watch;

use super::super::registry_access::{open_registry, operator_name, unknown};
use super::skipped::{RecheckError, Skipped};
use super::{Arguments, Pages};
use crate::application_key::ApplicationKey;
use crate::broker::{BrokerState, Exchange, Publisher};
use crate::cli::{Exit, Failure, Terminal};
use crate::objects::{FetchError, Objects};
use crate::portal::Portal;
use crate::registry::{ApplicationRecord, ApplicationState, AuditEntry, Registry};
use crate::runtime::process;
use crate::verdicts::event::EventOrigin;
use crate::worker::document_message;

/// The services that this needs.
struct Services {
    registry: Registry,
    objects: Objects,
    publisher: Publisher,
    state: watch::Receiver<BrokerState>,
}

pub(super) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let objects = arguments.store.require()?;
    let config = arguments.broker.require_service("tekseru recheck")?;
    let mut skipped = Skipped::default();
    let (applications, documents) = process::tokio_runtime()?.block_on(async {
        let registry = open_registry(&arguments.registry).await?;
        let (state_sender, state) = watch::channel(BrokerState::default());
        let publisher = Publisher::start(&config, state_sender);
        let services = Services { registry, objects, publisher, state };
        let (mut applications, mut documents) = (0, 0);
        let mut pages = Pages::default();
        while let Some(page) = pages.next(arguments, &services.registry).await? {
            for id in &page {
                let examined = services.examine(id, arguments.dry_run, terminal).await;
                let examined = skipped.check(&services.registry, id, examined, terminal).await?;
                let requested = examined.unwrap_or(0);
                applications += usize::from(requested > 0);
                documents += requested;
            }
        }
        Ok::<_, Failure>((applications, documents))
    })?;
    let line = if arguments.dry_run {
        format!("would examine {documents} documents of {applications} applications")
    } else {
        format!(
            "workers examine {documents} documents of {applications} applications; \
             verdicts follow"
        )
    };
    terminal.print(&line)?;
    skipped.finish(terminal)
}

impl Services {
    /// Sends a message for each upload of an application that is there, and returns how many.
    async fn examine(
        &self,
        id: &ApplicationKey,
        dry_run: bool,
        terminal: &mut Terminal,
    ) -> Result<usize, RecheckError> {
        let record = self.registry.find_application(id).await?.ok_or_else(|| unknown(id))?;
        if record.state != ApplicationState::Submitted {
            return Ok(0);
        }
        let mut present = Vec::new();
        for document in documents(&record) {
            if self.is_there(id.portal(), document).await? {
                present.push(document);
            } else {
                let document = &document.document_id;
                terminal.warn(&format!("{id}: the upload of {document} is gone; nothing changes"));
            }
        }
        if dry_run || present.is_empty() {
            return Ok(present.len());
        }
        let now = Timestamp::now();
        let mut locked = self.registry.lock(id, now).await?;
        locked.audit(AuditEntry::new(&operator_name(), "application.reexamined", Some(id)));
        locked.commit().await?;
        for document in &present {
            self.send(&record, document, now).await?;
        }
        Ok(present.len())
    }

    /// Whether the upload is in the store.
    async fn is_there(&self, portal: &Portal, document: &Document) -> Result<bool, RecheckError> {
        let Some(object) = &document.object else { return Ok(false) };
        // the smallest limit: the rest is not read
        match self.objects.fetch(portal, object, 0).await {
            Ok(_) => Ok(true),
            Err(FetchError::Missing(_)) => Ok(false),
            // this portal's bucket may refuse us, which says nothing about others
            Err(error) => Err(RecheckError::Application(error.into())),
        }
    }

    async fn send(
        &self,
        record: &ApplicationRecord,
        document: &Document,
        now: Timestamp,
    ) -> Result<(), Failure> {
        let application = &record.key;
        let stage = record.document(&document.document_id).map_or("", |known| &known.stage);
        let time = now.to_string();
        let id = stable_id(&["recheck", application, &document.document_id, &time]);
        // without the id of a command: see `ReceivedCommand::is_reexamination`
        let origin = EventOrigin { command_id: None, trace: None, time: now };
        let (routing_key, message) = document_message(id, application, stage, document, &origin);
        let published = self.publisher.publish(Exchange::Work, &routing_key, &message).await;
        published.map_err(|error| {
            let because = self.state.borrow().problem_suffix();
            Failure::internal(format!(
                "{application}: {} was not sent: {error}{because}; run it again",
                document.document_id
            ))
        })
    }
}

/// Returns the documents that the application lists now.
fn documents(record: &ApplicationRecord) -> impl Iterator<Item = &Document> {
    let listed = record.application.iter().flat_map(|application| &application.documents);
    let known = listed.filter_map(|document| record.document(&document.document_id));
    known.filter(|known| !known.is_replaced).map(|known| &known.document)
}
