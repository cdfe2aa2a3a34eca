//! A PostgreSQL server for tests: a new cluster in a temporary folder, on a
//! private port of loopback, with a password.

mod programs;

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use super::{free_ports, wait_for};
use programs::{as_owner, other_owner, output, processes_in, programs, random};

/// Creates the cluster and runs the server as a child process. Each line of the
/// input starts the server or names the signal that stops it. The input closes
/// when the test process ends for any reason; the script then stops the server
/// and removes the folder. The arguments after the first three run a program as
/// the owner of the cluster.
const SUPERVISE: &str = r#"
trap '' HUP INT QUIT TERM
folder=$1; programs=$2; port=$3; shift 3
exec > "$folder/log" 2>&1
"$@" "$programs/initdb" -D "$folder/data" --username=tekseru \
    --auth=scram-sha-256 --pwfile="$folder/password" --encoding=UTF8 --locale=C
start() {
    "$@" "$programs/postgres" -D "$folder/data" -p "$port" -k "$folder" \
        -c listen_addresses=127.0.0.1 -c shared_buffers=16MB -c max_connections=400 \
        -c dynamic_shared_memory_type=mmap -c autovacuum=off $SETTINGS &
    server=$!
}
runs() { case $(cut -d ' ' -f 3 "/proc/$server/stat") in '' | Z) false ;; esac }
# repeated: a signal that comes before the server handles it is lost
stop() { while runs; do kill "-$1" "$server"; sleep 0.1; done; }
while read -r word; do
    case $word in
        START) start "$@" ;;
        *) stop "$word" ;;
    esac
done
[ -z "$server" ] || stop QUIT
rm -rf "$folder"
"#;

const LIMIT: Duration = Duration::from_secs(60);

/// A server. It is stopped and removed when it is dropped or the test process ends.
pub struct Postgres {
    folder: PathBuf,
    programs: PathBuf,
    port: u16,
    password: String,
    supervisor: Mutex<Child>,
    databases: AtomicU32,
}

impl Postgres {
    /// Creates a cluster and starts the server.
    ///
    /// # Panics
    /// When PostgreSQL is not installed or does not start.
    #[must_use]
    pub fn start_new() -> Self {
        Self::start_with("")
    }

    /// Creates a cluster and starts the server with more arguments, separated by spaces.
    ///
    /// # Panics
    /// When PostgreSQL is not installed or does not start.
    #[must_use]
    pub fn start_with(settings: &str) -> Self {
        let folder = tempfile::Builder::new().prefix("tekseru-postgres-").tempdir();
        let folder = folder.expect("a folder").keep();
        let (programs, password, [port]) = (programs(), random(), free_ports());
        prepare(&folder, &password);
        let mut shell = Command::new("/bin/sh");
        shell.args(["-c", SUPERVISE, "postgres"]).arg(&folder).arg(&programs);
        shell.arg(port.to_string()).args(as_owner()).current_dir("/").env("SETTINGS", settings);
        shell.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let postgres = Self {
            supervisor: Mutex::new(shell.spawn().expect("a shell")),
            databases: AtomicU32::new(0),
            folder,
            programs,
            port,
            password,
        };
        postgres.start();
        postgres
    }

    /// Returns the address of the server's first database, with user and password.
    #[must_use]
    pub fn url(&self) -> String {
        self.url_of("postgres")
    }

    /// Creates a database and returns its address.
    ///
    /// # Panics
    /// When the server is not running.
    #[must_use]
    pub fn create_database(&self) -> String {
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        self.psql("postgres", &format!("CREATE DATABASE {name}"));
        self.url_of(&name)
    }

    /// Runs SQL with `psql` and returns its output.
    ///
    /// # Panics
    /// When it fails.
    pub fn psql(&self, database: &str, sql: &str) -> String {
        let mut psql = self.client("psql");
        psql.args(["-XqAt", "--set", "ON_ERROR_STOP=1", "--dbname", database, "--command", sql]);
        output(&mut psql)
    }

    /// Returns the log of the server.
    #[must_use]
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }

    /// Starts the server, always on the same port.
    ///
    /// # Panics
    /// When it does not start within a minute.
    pub fn start(&self) {
        self.send("START");
        wait_for("postgres to answer", LIMIT, || {
            let mut check = self.client("pg_isready");
            let status = check.stdout(Stdio::null()).stderr(Stdio::null()).status();
            status.expect("pg_isready starts").success().then_some(())
        });
    }

    /// Stops the server as an operator does: transactions are rolled back, connections closed.
    ///
    /// # Panics
    /// When it does not end within a minute.
    pub fn stop(&self) {
        self.stop_by("INT");
    }

    /// Kills the server, as a crash does.
    ///
    /// # Panics
    /// When it does not end within a minute.
    pub fn kill(&self) {
        self.stop_by("KILL");
    }

    fn stop_by(&self, signal: &str) {
        self.send(signal);
        // its children end by themselves, and the server cannot start before
        let data = self.folder.join("data");
        wait_for("postgres to end", LIMIT, || processes_in(&data).is_empty().then_some(()));
    }

    fn send(&self, word: &str) {
        let mut shell = self.supervisor.lock().expect("no thread panicked with the lock");
        let line = shell.stdin.as_mut().expect("its input is a pipe");
        writeln!(line, "{word}").expect("the shell reads");
    }

    fn url_of(&self, database: &str) -> String {
        format!("postgres://tekseru:{}@127.0.0.1:{}/{database}", self.password, self.port)
    }

    fn client(&self, program: &str) -> Command {
        let mut client = Command::new(self.programs.join(program));
        client.args(["--host=127.0.0.1", "--username=tekseru", "--port"]);
        client.arg(self.port.to_string()).env("PGPASSWORD", &self.password);
        client
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if let Ok(shell) = self.supervisor.get_mut() {
            drop(shell.stdin.take());
            let _ = shell.wait();
        }
    }
}

/// Makes the user of the server the owner of folder and password.
fn prepare(folder: &Path, password: &str) {
    let file = folder.join("password");
    fs::write(&file, password).expect("the folder exists");
    if let Some((user, group)) = other_owner() {
        for path in [folder, &file] {
            chown(path, Some(user), Some(group)).expect("root may change owners");
        }
    }
}
