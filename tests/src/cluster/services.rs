//! The services of a cluster, and commands that use them.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock};
use std::thread;

use tempfile::TempDir;

use super::events::Event;
use super::store::Store;
use crate::services::postgres::Postgres;
use crate::services::rabbitmq::RabbitMq;
use crate::services::s3::{Faults, S3Server};

/// A broker, a database and a store for one test.
pub struct Cluster {
    /// The broker.
    pub broker: Arc<RabbitMq>,
    /// The database server.
    pub postgres: Arc<Postgres>,
    pub(super) store: Store,
    pub(super) vhost: String,
    pub(super) runtime: tokio::runtime::Runtime,
    /// Events that were taken out of the portal's queue so far.
    pub(super) events: Mutex<Vec<Event>>,
    /// The program of another version, while that is used.
    other_program: Option<PathBuf>,
    database: String,
    folder: TempDir,
}

impl Cluster {
    /// Starts a cluster on the broker and database servers that other tests use
    /// too, with its own virtual host and database.
    ///
    /// # Panics
    /// When a service does not start.
    #[must_use]
    pub fn start() -> Self {
        static SHARED: OnceLock<(Arc<RabbitMq>, Arc<Postgres>)> = OnceLock::new();
        let (broker, postgres) = SHARED.get_or_init(|| start_servers("")).clone();
        Self::with_servers(broker, postgres, None)
    }

    /// Starts a cluster whose tables another version of the program makes, which is used
    /// until [`Cluster::use_program`] names one.
    ///
    /// # Panics
    /// When a service does not start.
    #[must_use]
    pub fn start_with(other_program: &Path) -> Self {
        let (broker, postgres) = start_servers("");
        Self::with_servers(broker, postgres, Some(other_program.to_owned()))
    }

    /// Runs another version of the program from now on; `None`: that of this build.
    pub fn use_program(&mut self, other: Option<&Path>) {
        self.other_program = other.map(Path::to_owned);
    }

    /// Starts a cluster on its own servers, which the test may stop.
    ///
    /// # Panics
    /// When a service does not start.
    #[must_use]
    pub fn start_alone() -> Self {
        Self::start_with_settings("")
    }

    /// Starts a cluster on its own servers, with more arguments for that of the database.
    ///
    /// # Panics
    /// When a service does not start.
    #[must_use]
    pub fn start_with_settings(postgres: &str) -> Self {
        let (broker, postgres) = start_servers(postgres);
        Self::with_servers(broker, postgres, None)
    }

    /// Starts another cluster on the same servers, with its own virtual host, database and
    /// store.
    ///
    /// # Panics
    /// When a service does not start.
    #[must_use]
    pub fn beside(&self) -> Self {
        Self::with_servers(Arc::clone(&self.broker), Arc::clone(&self.postgres), None)
    }

    fn with_servers(
        broker: Arc<RabbitMq>,
        postgres: Arc<Postgres>,
        other_program: Option<PathBuf>,
    ) -> Self {
        let cluster = Self {
            vhost: broker.create_vhost(),
            database: postgres.create_database(),
            broker,
            postgres,
            store: Store::start(),
            folder: tempfile::tempdir().expect("a folder"),
            runtime: tokio::runtime::Runtime::new().expect("a runtime"),
            events: Mutex::default(),
            other_program,
        };
        cluster.succeed("operator", &["migrate"]);
        cluster
    }

    /// Returns the name of its virtual host at the broker.
    #[must_use]
    pub fn vhost(&self) -> &str {
        &self.vhost
    }

    /// Adds a second portal, named `other`, as an operator does, and returns its name.
    ///
    /// # Panics
    /// When the broker refuses it.
    pub fn add_portal(&self) -> &'static str {
        const NAME: &str = "other";
        let password = self.scratch("password");
        fs::write(&password, crate::services::rabbitmq::password(NAME)).expect("a file");
        let password = password.to_str().expect("UTF-8");
        let vhost = &self.vhost;
        let arguments = ["--vhost", vhost, "--password-file", password, "--only", "definitions"];
        let added = self.succeed("operator", &[&["portal", "add", NAME], &arguments[..]].concat());
        self.broker.import(&serde_json::from_str(&added).expect("definitions are JSON"));
        NAME
    }

    /// Returns `tekseru` with the access rights of a portal, `worker`, `maintenance`
    /// or `operator`.
    #[must_use]
    pub fn tekseru(&self, role: &str) -> Command {
        let mut command = match &self.other_program {
            Some(program) => crate::tekseru_at(program),
            None => crate::tekseru(),
        };
        let (id, secret) = self.store.key(role);
        command
            .env("TEKSERU_AMQP_URL", self.broker.url(role, &self.vhost))
            .env("TEKSERU_S3_ENDPOINT", self.store.endpoint())
            .env("TEKSERU_S3_ACCESS_KEY_ID", id)
            .env("TEKSERU_S3_SECRET_ACCESS_KEY", secret)
            .env("TEKSERU_TEMP", self.folder.path())
            // build machines run tests as root
            .env("TEKSERU_ALLOW_ROOT", "true");
        if ["worker", "maintenance", "operator"].contains(&role) {
            command.env("TEKSERU_DATABASE_URL", &self.database);
        }
        command
    }

    /// Returns the environment of a role as lines for a shell.
    #[must_use]
    pub fn exports(&self, role: &str) -> String {
        let command = self.tekseru(role);
        let is_ours = |name: &&OsStr| name.to_string_lossy().starts_with("TEKSERU_");
        let set = command.get_envs().filter(|(name, _)| is_ours(name));
        set.filter_map(|(name, value)| {
            Some(format!("export {}='{}'\n", name.to_string_lossy(), value?.to_string_lossy()))
        })
        .collect()
    }

    /// Runs a command to its end.
    ///
    /// # Panics
    /// When it does not start.
    #[must_use]
    pub fn run(&self, role: &str, arguments: &[&str]) -> Output {
        self.tekseru(role).args(arguments).output().expect("tekseru starts")
    }

    /// Runs a command that must succeed and returns its output.
    ///
    /// # Panics
    /// When it fails.
    pub fn succeed(&self, role: &str, arguments: &[&str]) -> String {
        let output = self.run(role, arguments);
        assert!(output.status.success(), "{arguments:?}: {}", crate::text(&output.stderr));
        crate::text(&output.stdout)
    }

    /// Returns a path for a test's own files.
    #[must_use]
    pub fn scratch(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Returns the logs of all processes of this cluster.
    #[must_use]
    pub fn logs(&self) -> String {
        let entries = fs::read_dir(self.folder.path()).expect("the folder exists");
        let logs = entries
            .filter_map(Result::ok)
            .filter(|entry| entry.path().extension().is_some_and(|e| e == "log"));
        logs.map(|entry| fs::read_to_string(entry.path()).unwrap_or_default()).collect()
    }

    /// Returns the in-process store.
    ///
    /// # Panics
    /// When the tests run on another store.
    pub fn store(&self) -> MutexGuard<'_, S3Server> {
        self.store.in_process()
    }

    /// Returns the faults of the in-process store.
    ///
    /// # Panics
    /// When the tests run on another store.
    #[must_use]
    pub fn faults(&self) -> Faults {
        self.store().faults().clone()
    }

    /// Runs SQL on the registry and returns rows as `psql` prints them.
    #[must_use]
    pub fn sql(&self, query: &str) -> String {
        let (_, name) = self.database.rsplit_once('/').expect("the address of a database");
        self.postgres.psql(name, query).trim().to_owned()
    }
}

/// Starts both servers at the same time; that of the database with more arguments.
fn start_servers(settings: &str) -> (Arc<RabbitMq>, Arc<Postgres>) {
    let broker = thread::spawn(RabbitMq::start);
    let postgres = Postgres::start_with(settings);
    (Arc::new(broker.join().expect("RabbitMQ starts")), Arc::new(postgres))
}
