//! The same behaviour on both databases, each test in one of its own.

mod audit;
mod concurrency;
mod dead;
mod delete;
mod documents;
mod failures;
mod lanes_workers_counts;
mod outbox;
mod schema;

use std::ops::Deref;
use std::sync::OnceLock;

use ::tests::services::postgres::Postgres;
use jiff::Timestamp;
use pipeline::application::{Application, Document, Object};
use pipeline::examination::Examination;
use pipeline::kind::Kind;

use super::*;
use crate::object_keys::ExaminationKey;

/// A fresh, migrated database.
struct Place {
    registry: Registry,
    url: String,
    _folder: Option<tempfile::TempDir>,
}

impl Deref for Place {
    type Target = Registry;

    fn deref(&self) -> &Registry {
        &self.registry
    }
}

impl Place {
    async fn postgres() -> Self {
        Self::at(server().create_database(), None).await
    }

    async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        // characters that mean something in an address
        let url = format!("sqlite:{}", folder.path().join("a b?c#d%20.db").display());
        Self::at(url, Some(folder)).await
    }

    async fn at(url: String, folder: Option<tempfile::TempDir>) -> Self {
        let registry = Registry::connect(&url).await.unwrap();
        registry.migrate().await.unwrap();
        Self { registry, url, _folder: folder }
    }

    /// Statements by hand.
    async fn raw(&self, text: &'static str) {
        self.write().await.unwrap().raw("try", text).await.unwrap();
    }

    async fn count(&self, text: &'static str) -> i64 {
        let row = statement::sql("count", text).first("t", &mut self.read().await.unwrap()).await;
        row.unwrap().unwrap().number("n").unwrap()
    }

    async fn dead_letter(&self, id: &str) -> Result<Option<DeadLetter>, RegistryError> {
        let filter =
            DeadLetterFilter { id_prefix: Some(id.to_owned()), ..DeadLetterFilter::default() };
        Ok(self.dead_letters(&filter, 1).await?.pop())
    }

    /// An application with these passports, each examined.
    async fn examined(&self, id: &str, documents: &[&str]) {
        let mut locked = self.lock(id, at(0)).await.unwrap();
        locked.put_application(&application(id, documents), at(0), at(0)).await.unwrap();
        for document_id in documents {
            locked.put_document(&document(document_id), "petition", at(0)).await.unwrap();
            locked.put_examination_state(document_id, &examined(document_id)).await.unwrap();
        }
        locked.commit().await.unwrap();
    }
}

/// One for all tests of this process.
fn server() -> &'static Postgres {
    static SERVER: OnceLock<Postgres> = OnceLock::new();
    SERVER.get_or_init(Postgres::start_new)
}

/// Runs each test on both.
macro_rules! both {
    ($($name:ident)+) => {$(
        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                super::$name(super::Place::postgres().await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                super::$name(super::Place::sqlite().await).await;
            }
        }
    )+};
}
use both;

/// That many seconds after an arbitrary instant.
fn at(seconds: i64) -> Timestamp {
    Timestamp::from_microsecond(1_767_592_800_000_001 + seconds * 1_000_000).unwrap()
}

fn day(text: &str) -> jiff::civil::Date {
    text.parse().unwrap()
}

fn application(id: &str, documents: &[&str]) -> Application {
    let json = include_bytes!("../../../../pipeline/contract/examples/application.json");
    let example = Application::parse(json).unwrap();
    Application {
        application_id: id.to_owned(),
        documents: documents.iter().map(|id| document(id)).collect(),
        ..example
    }
}

fn document(id: &str) -> Document {
    Document {
        document_id: id.to_owned(),
        kind: Kind::Passport,
        unknown_kind: None,
        file: None,
        object: Some(Object { bucket: "uploads".into(), key: format!("k/{id}"), version_id: None }),
        media_type: Some("image/jpeg".to_owned()),
        sha256: None,
    }
}

fn examination(sha256: &str) -> Examination {
    let json = include_str!("../../../../pipeline/contract/examples/examination-passport.json");
    Examination { sha256: sha256.to_owned(), ..serde_json::from_str(json).unwrap() }
}

fn examined(sha256: &str) -> ExaminationState {
    ExaminationState::Examined(examination(sha256))
}

fn new_revision(scope: &str, digest: &str) -> NewRevision {
    NewRevision {
        scope: scope.to_owned(),
        digest: digest.to_owned(),
        judged_on: day("2026-01-05"),
        programme: "kz-dnr-2026".to_owned(),
        outcome: "warn".to_owned(),
        complete: true,
        verdict: format!(r#"{{"digest":"{digest}"}}"#),
        produced_at: at(0),
    }
}

fn event(application_id: &str, id: &str, revision: Option<(&str, u32)>) -> OutgoingEvent {
    OutgoingEvent {
        id: id.to_owned(),
        application_id: application_id.to_owned(),
        routing_key: "verdict.application".to_owned(),
        body: r#"{"specversion":"1.0"}"#.to_owned(),
        trace: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".parse().ok(),
        revision: revision.map(|(scope, number)| (scope.to_owned(), number)),
    }
}

fn command<'a>(id: &'a str, sha256: &'a str) -> CommandRef<'a> {
    CommandRef {
        source: "urn:portal",
        id,
        kind: "kz.tekseru.application.submitted.v1",
        sha256,
        application_id: Some("A-1"),
        received_at: at(0),
    }
}
