//! The same behaviour on both databases. Each test has a database of its own.

mod attachments;
mod audit;
mod clock;
mod concurrency;
mod dead_letters;
mod delete;
mod documents;
mod failures;
mod lanes_workers_counts;
mod later_words;
mod latest_checks;
mod mentions;
mod migrate;
mod migration;
pub(super) mod plans;
mod revisions_and_events;
mod schema;
mod unreadable;
mod version_7;

use std::ops::Deref;
use std::sync::{LazyLock, OnceLock};

use ::tests::services::postgres::Postgres;
use jiff::Timestamp;
use pipeline::application::{Application, Document, Object};
use pipeline::examination::Examination;
use pipeline::kind::Kind;
use pipeline::reason::{Code, Reason};

use super::connection::Dialect;
use super::*;
use crate::application_key::ApplicationKey;
use crate::object_keys::ExaminationKey;
use crate::portal::Portal;

/// A fresh, migrated database.
struct TestDatabase {
    registry: Registry,
    url: String,
    folder: Option<tempfile::TempDir>,
}

impl Deref for TestDatabase {
    type Target = Registry;

    fn deref(&self) -> &Registry {
        &self.registry
    }
}

impl TestDatabase {
    async fn postgres() -> Self {
        Self::at(server().create_database(), None).await
    }

    async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        // characters with a meaning in a URL
        let url = format!("sqlite:{}", folder.path().join("a b?c#d%20.db").display());
        Self::at(url, Some(folder)).await
    }

    async fn at(url: String, folder: Option<tempfile::TempDir>) -> Self {
        let database = Self::empty_at(url, folder).await;
        database.migrate().await.unwrap();
        database
    }

    /// A database without tables.
    async fn empty_at(url: String, folder: Option<tempfile::TempDir>) -> Self {
        Self { registry: Registry::connect(&url).await.unwrap(), url, folder }
    }

    /// Runs statements as an administrator would.
    async fn run_raw(&self, text: &'static str) {
        self.write().await.unwrap().run_raw("try", text).await.unwrap();
    }

    /// Adds what a later migration writes about itself: its number, and from which version on
    /// programs can use the tables.
    async fn add_version(&self, (version, usable_from): (u32, u32)) {
        let text = "INSERT INTO tekseru_schema (version, usable_from) VALUES ($1, $2)";
        let add = statement::sql("try", text).number(version.into()).number(usable_from.into());
        add.execute(&mut self.write().await.unwrap()).await.unwrap();
    }

    /// Deletes an application that had expired, without a limit; none where it is kept.
    async fn delete_expired(
        &self,
        id: &str,
        before: Timestamp,
        at: Timestamp,
        actor: &str,
    ) -> Result<Option<Vec<String>>, RegistryError> {
        match self.registry.delete_expired(&key(id), before, at, actor, u32::MAX).await? {
            Expiry::Deleted(folders) => Ok(Some(folders)),
            Expiry::Kept => Ok(None),
            Expiry::LimitReached => panic!("{id}"),
        }
    }

    async fn lock(&self, id: &str, now: Timestamp) -> Result<LockedApplication, RegistryError> {
        self.registry.lock(&key(id), now).await
    }

    async fn lock_to_delete(
        &self,
        id: &str,
        now: Timestamp,
    ) -> Result<LockedApplication, RegistryError> {
        self.registry.lock_to_delete(&key(id), now).await
    }

    async fn find_application(&self, id: &str) -> Result<Option<ApplicationRecord>, RegistryError> {
        self.registry.find_application(&key(id)).await
    }

    async fn latest_revision(
        &self,
        id: &str,
        scope: &str,
    ) -> Result<Option<Revision>, RegistryError> {
        self.registry.latest_revision(&key(id), scope).await
    }

    async fn revision(
        &self,
        id: &str,
        scope: &str,
        number: u32,
    ) -> Result<Option<Revision>, RegistryError> {
        self.registry.revision(&key(id), scope, number).await
    }

    async fn request_latest_check(
        &self,
        id: &str,
        scope: &str,
        now: Timestamp,
    ) -> Result<(), RegistryError> {
        self.registry.request_latest_check(&key(id), scope, now).await
    }

    async fn revisions(&self, id: &str) -> Result<Vec<Revision>, RegistryError> {
        self.registry.revisions(&key(id)).await
    }

    async fn mark_attached(
        &self,
        id: &str,
        scope: &str,
        revision: u32,
        now: Timestamp,
    ) -> Result<(), RegistryError> {
        self.registry.mark_attached(&key(id), scope, revision, now).await
    }

    async fn count(&self, text: &'static str) -> i64 {
        plans::leave_out(text);
        let row =
            statement::sql("count", text).fetch_first("t", &mut self.read().await.unwrap()).await;
        row.unwrap().unwrap().number("n").unwrap()
    }

    /// Stores an application with these passports, each examined.
    async fn store_examined(&self, id: &str, documents: &[&str]) {
        let mut locked = self.lock(id, at(0)).await.unwrap();
        locked.put_application(&application(id, documents), at(0), at(0)).await.unwrap();
        for document_id in documents {
            locked.put_document(&document(document_id), "petition", at(0)).await.unwrap();
            locked.put_examination_state(document_id, &examined(document_id)).await.unwrap();
        }
        locked.commit().await.unwrap();
    }
}

/// One server for all tests of this process.
fn server() -> &'static Postgres {
    static SERVER: OnceLock<Postgres> = OnceLock::new();
    SERVER.get_or_init(Postgres::start_new)
}

/// Runs each test on both databases.
macro_rules! both {
    ($($name:ident)+) => {$(
        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                super::$name(super::TestDatabase::postgres().await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                super::$name(super::TestDatabase::sqlite().await).await;
            }
        }
    )+};
}
use both;

/// The version of the tables that this program makes.
const NEWEST: u32 = super::schema::POSTGRES.len() as u32;

/// Returns the instant that many seconds after an arbitrary one.
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
        inputs: inputs(),
        produced_at: at(0),
        attach_at: None,
    }
}

fn inputs() -> JudgedInputs {
    let mut application = application("A-1", &["D-1", "D-2", "D-3"]);
    application.documents[2].kind = Kind::Other;
    application.documents[2].unknown_kind = Some("visa".to_owned());
    let key = ExaminationKey::from_examination(&examination("aa"));
    let missing = Reason::new(Code::FileNotFound);
    JudgedInputs {
        application,
        received_at: at(7),
        guessed_kinds: [("D-2".to_owned(), Reason::new(Code::FileCorrupt))].into(),
        outcomes: [
            ("D-1".to_owned(), JudgedOutcome::Examined(key)),
            ("D-2".to_owned(), JudgedOutcome::Unavailable(missing)),
        ]
        .into(),
    }
}

/// Compares as `PORTAL/ID`, or as the `ID` of the portal `portal`.
impl PartialEq<&str> for ApplicationKey {
    fn eq(&self, other: &&str) -> bool {
        *self == key(other)
    }
}

/// Returns the key of an application of the portal `portal`.
fn key(id: &str) -> ApplicationKey {
    id.parse().unwrap()
}

fn event(application_id: &str, id: &str, revision: Option<(&str, u32)>) -> OutgoingEvent {
    OutgoingEvent {
        id: id.to_owned(),
        application: key(application_id),
        routing_key: "verdict.application".to_owned(),
        body: r#"{"specversion":"1.0"}"#.to_owned(),
        trace: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".parse().ok(),
        revision: revision.map(|(scope, number)| (scope.to_owned(), number)),
    }
}

fn command<'a>(id: &'a str, sha256: &'a str) -> CommandRef<'a> {
    static APPLICATION: LazyLock<ApplicationKey> = LazyLock::new(|| key("A-1"));
    CommandRef {
        source: "urn:portal",
        id,
        kind: "kz.tekseru.application.submitted.v1",
        sha256,
        application: &APPLICATION,
        received_at: at(0),
    }
}
