//! A whole cluster for a test: broker, database and store of its own, and the
//! built `tekseru` in every role.

mod events;
mod process;
mod store;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use crate::services::postgres::Postgres;
use crate::services::rabbitmq::RabbitMq;
use crate::services::s3::{Faults, S3Server};
use crate::services::wait_for;
pub use events::{Event, TRACEPARENT, TRACESTATE};
pub use process::Process;
use store::Store;

/// For what takes seconds on an idle machine.
pub const LIMIT: Duration = Duration::from_secs(120);
/// Environment in which the delays of the retry levels are a thousandth as long.
pub const SHORT_RETRIES: [(&str, &str); 1] = [("TEKSERU_RETRY_SCALE", "0.001")];

/// Services, and who uses them.
pub struct Cluster {
    /// The broker.
    pub broker: Arc<RabbitMq>,
    /// The database's server.
    pub postgres: Arc<Postgres>,
    store: Store,
    vhost: String,
    database: String,
    folder: TempDir,
    runtime: tokio::runtime::Runtime,
    events: Mutex<Vec<Event>>,
}

impl Cluster {
    /// With broker and database servers that other tests use too, each its own part of them.
    ///
    /// # Panics
    /// When a service does not start.
    #[must_use]
    pub fn start() -> Self {
        static SHARED: OnceLock<(Arc<RabbitMq>, Arc<Postgres>)> = OnceLock::new();
        let (broker, postgres) = SHARED.get_or_init(servers).clone();
        Self::on(broker, postgres)
    }

    /// With servers of its own, that may be stopped.
    ///
    /// # Panics
    /// When a service does not start.
    #[must_use]
    pub fn start_alone() -> Self {
        let (broker, postgres) = servers();
        Self::on(broker, postgres)
    }

    fn on(broker: Arc<RabbitMq>, postgres: Arc<Postgres>) -> Self {
        let cluster = Self {
            vhost: broker.vhost(),
            database: postgres.fresh_database(),
            broker,
            postgres,
            store: Store::start(),
            folder: tempfile::tempdir().expect("a folder"),
            runtime: tokio::runtime::Runtime::new().expect("a runtime"),
            events: Mutex::default(),
        };
        cluster.succeed("operator", &["migrate"]);
        cluster
    }

    /// `tekseru` as one of `portal`, `worker`, `keeper`, `operator`.
    #[must_use]
    pub fn tekseru(&self, role: &str) -> Command {
        let mut command = crate::tekseru();
        let (id, secret) = self.store.key(role == "portal");
        command
            .env("TEKSERU_AMQP_URL", self.broker.url(role, &self.vhost))
            .env("TEKSERU_S3_ENDPOINT", self.store.endpoint())
            .env("TEKSERU_S3_ACCESS_KEY_ID", id)
            .env("TEKSERU_S3_SECRET_ACCESS_KEY", secret)
            .env("TEKSERU_TEMP", self.folder.path());
        if role != "portal" {
            command.env("TEKSERU_DATABASE_URL", &self.database);
        }
        command
    }

    /// Who is meant by each variable, as lines that a shell reads.
    #[must_use]
    pub fn exports(&self, role: &str) -> String {
        let command = self.tekseru(role);
        let ours = |name: &&std::ffi::OsStr| name.to_string_lossy().starts_with("TEKSERU_");
        let set = command.get_envs().filter(|(name, _)| ours(name));
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

    /// Runs a command that has to succeed; what it printed.
    ///
    /// # Panics
    /// When it fails.
    pub fn succeed(&self, role: &str, arguments: &[&str]) -> String {
        let output = self.run(role, arguments);
        assert!(output.status.success(), "{arguments:?}: {}", crate::text(&output.stderr));
        crate::text(&output.stdout)
    }

    /// A worker with one slot a lane, ready.
    #[must_use]
    pub fn worker(&self, name: &str) -> Process {
        self.worker_with(name, &[], &[])
    }

    /// A worker with more on its command line and in its environment, ready.
    #[must_use]
    pub fn worker_with(
        &self,
        name: &str,
        arguments: &[&str],
        environment: &[(&str, &str)],
    ) -> Process {
        let mut worker = self.starting_worker(name, arguments, environment);
        worker.ready();
        worker
    }

    /// A worker that was only started.
    #[must_use]
    pub fn starting_worker(
        &self,
        name: &str,
        arguments: &[&str],
        environment: &[(&str, &str)],
    ) -> Process {
        let mut command = self.tekseru("worker");
        command.args(["work", "--slots", "1", "--listen", "127.0.0.1:0", "--name", name]);
        command.args(arguments).envs(environment.iter().copied());
        Process::start(&command, self.log(name))
    }

    /// A keeper, ready.
    #[must_use]
    pub fn keeper(&self, name: &str) -> Process {
        self.keeper_with(name, &[])
    }

    /// A keeper with more in its environment, ready.
    #[must_use]
    pub fn keeper_with(&self, name: &str, environment: &[(&str, &str)]) -> Process {
        let mut command = self.tekseru("keeper");
        command.args(["keep", "--every", "1", "--listen", "127.0.0.1:0", "--name", name]);
        command.envs(environment.iter().copied());
        let mut keeper = Process::start(&command, self.log(name));
        keeper.ready();
        keeper
    }

    fn log(&self, name: &str) -> PathBuf {
        self.folder.path().join(format!("{name}.log"))
    }

    /// Everything that any process of this cluster has logged.
    #[must_use]
    pub fn logs(&self) -> String {
        let entries = fs::read_dir(self.folder.path()).expect("it is ours");
        let logs = entries
            .filter_map(Result::ok)
            .filter(|entry| entry.path().extension().is_some_and(|e| e == "log"));
        logs.map(|entry| fs::read_to_string(entry.path()).unwrap_or_default()).collect()
    }

    /// The store, where it is the one in process.
    ///
    /// # Panics
    /// When the tests run on another.
    pub fn store(&self) -> MutexGuard<'_, S3Server> {
        self.store.in_process()
    }

    /// Faults of the store in process.
    ///
    /// # Panics
    /// When the tests run on another.
    #[must_use]
    pub fn faults(&self) -> Faults {
        self.store().faults().clone()
    }

    /// A result, if it is there.
    #[must_use]
    pub fn result(&self, key: &str) -> Option<Vec<u8>> {
        self.store.read(key)
    }

    /// Everything below a folder of the results, by key.
    #[must_use]
    pub fn results(&self, prefix: &str) -> Vec<String> {
        self.store.list(prefix)
    }

    /// The newest verdict that is attached; of one document where it came alone.
    #[must_use]
    pub fn verdict(&self, application: &str) -> Option<Value> {
        let key = format!("applications/{application}/latest/verdict.json");
        // a file that is being written is looked at again
        serde_json::from_slice(&self.result(&key)?).ok()
    }

    /// Waits for a verdict of an application that fulfils a condition.
    ///
    /// # Panics
    /// When there is none within the limit.
    pub fn await_verdict(&self, application: &str, met: impl Fn(&Value) -> bool) -> Value {
        let since = Instant::now();
        loop {
            if let Some(verdict) = self.verdict(application).filter(&met) {
                return verdict;
            }
            assert!(since.elapsed() < LIMIT, "no verdict of {application}:\n{}", self.logs());
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Waits for a verdict that speaks of every document: each was looked at or
    /// will not be until somebody mends what is said of it.
    ///
    /// # Panics
    /// When there is none within the limit.
    pub fn await_settled(&self, application: &str) -> Value {
        self.await_verdict(application, |verdict| {
            let checks = verdict["body"]["checks"].as_array().map(Vec::as_slice);
            let opens = checks.unwrap_or_default().iter().filter(|c| c["id"] == "file.opens");
            let statuses: Vec<&Value> = opens.map(|check| &check["status"]).collect();
            !statuses.is_empty() && statuses.iter().all(|status| *status != "not_run")
        })
    }

    /// Waits for a complete verdict.
    ///
    /// # Panics
    /// When there is none within the limit.
    pub fn await_complete(&self, application: &str) -> Value {
        self.await_verdict(application, |verdict| verdict["body"]["complete"] == true)
    }

    /// Uploads and enqueues, without waiting.
    ///
    /// # Panics
    /// When that fails.
    pub fn submit(&self, folder: &Path) {
        self.succeed("portal", &["submit", folder.to_str().expect("UTF-8")]);
    }

    /// A folder for a test's own files.
    #[must_use]
    pub fn scratch(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// What `rabbitmqctl` says of a queue's length, given out or not.
    #[must_use]
    pub fn messages(&self, queue: &str) -> u64 {
        self.broker.messages(&self.vhost, queue)
    }

    /// Waits until nothing is in the lanes nor on its way back to them.
    ///
    /// # Panics
    /// When that takes longer than the limit.
    pub fn await_empty(&self) {
        wait_for("empty queues", LIMIT, || {
            let rows = self.broker.list(&self.vhost, &["list_queues", "name", "messages"]);
            let open = |row: &&Value| {
                let name = row["name"].as_str().unwrap_or_default();
                name.starts_with("work.") || name.starts_with("retry.")
            };
            rows.iter().filter(open).all(|row| row["messages"] == 0).then_some(())
        });
    }

    /// Asks the registry in SQL; rows as `psql` prints them.
    #[must_use]
    pub fn sql(&self, query: &str) -> String {
        let (_, name) = self.database.rsplit_once('/').expect("an address of a database");
        self.postgres.psql(name, query).trim().to_owned()
    }
}

/// Two servers start at the same time.
fn servers() -> (Arc<RabbitMq>, Arc<Postgres>) {
    let broker = thread::spawn(RabbitMq::start);
    let postgres = Postgres::start_new();
    (Arc::new(broker.join().expect("RabbitMQ starts")), Arc::new(postgres))
}
