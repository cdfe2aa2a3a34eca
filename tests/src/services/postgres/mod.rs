//! A PostgreSQL of its own: a new cluster in a folder for temporary files, on
//! a private port of loopback, with a password.

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
use programs::{as_owner, in_folder, other_owner, output, programs, random};

/// Makes the cluster, and runs the server as its child, so that its process id
/// stays its own. Each line starts it or names the signal that ends it. No more
/// lines mean that the test process is gone, however it ended: then server and
/// folder go, too. The words behind the first three run a program as its owner.
const SUPERVISE: &str = r#"
trap '' HUP INT QUIT TERM
folder=$1; programs=$2; port=$3; shift 3
exec > "$folder/log" 2>&1
"$@" "$programs/initdb" -D "$folder/data" --username=tekseru \
    --auth=scram-sha-256 --pwfile="$folder/password" --encoding=UTF8 --locale=C
start() {
    "$@" "$programs/postgres" -D "$folder/data" -p "$port" -k "$folder" \
        -c listen_addresses=127.0.0.1 -c shared_buffers=16MB -c max_connections=400 \
        -c dynamic_shared_memory_type=mmap -c autovacuum=off &
    server=$!
}
runs() { case $(cut -d ' ' -f 3 "/proc/$server/stat") in '' | Z) false ;; esac }
# again and again: a signal that comes before the server listens for it is lost
end() { while runs; do kill "-$1" "$server"; sleep 0.1; done; }
while read -r word; do
    case $word in
        START) start "$@" ;;
        *) end "$word" ;;
    esac
done
[ -z "$server" ] || end QUIT
rm -rf "$folder"
"#;

const LIMIT: Duration = Duration::from_secs(60);

/// A server. Dropped, or when the test process ends, it is stopped and removed.
pub struct Postgres {
    folder: PathBuf,
    programs: PathBuf,
    port: u16,
    password: String,
    supervisor: Mutex<Child>,
    databases: AtomicU32,
}

impl Postgres {
    /// Makes a cluster and starts it.
    ///
    /// # Panics
    /// When PostgreSQL is not installed or does not start.
    #[must_use]
    pub fn start_new() -> Self {
        let folder = tempfile::Builder::new().prefix("tekseru-postgres-").tempdir();
        let folder = folder.expect("a folder").keep();
        let (programs, password, [port]) = (programs(), random(), free_ports());
        prepare(&folder, &password);
        let mut shell = Command::new("/bin/sh");
        shell.args(["-c", SUPERVISE, "postgres"]).arg(&folder).arg(&programs);
        shell.arg(port.to_string()).args(as_owner()).current_dir("/");
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

    /// Where the server's first database is, with name and password.
    #[must_use]
    pub fn url(&self) -> String {
        self.url_of("postgres")
    }

    /// Makes a database of its own; where it is.
    ///
    /// # Panics
    /// When the server is not running.
    #[must_use]
    pub fn fresh_database(&self) -> String {
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        self.psql("postgres", &format!("CREATE DATABASE {name}"));
        self.url_of(&name)
    }

    /// Runs SQL as an administrator by hand would.
    ///
    /// # Panics
    /// When it fails.
    pub fn psql(&self, database: &str, sql: &str) -> String {
        let mut psql = self.client("psql");
        psql.args(["-XqAt", "--set", "ON_ERROR_STOP=1", "--dbname", database, "--command", sql]);
        output(&mut psql)
    }

    /// What the server logged.
    #[must_use]
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }

    /// Starts it again, on the same port.
    ///
    /// # Panics
    /// When it does not start within a minute.
    pub fn start(&self) {
        self.say("START");
        wait_for("postgres to answer", LIMIT, || {
            let mut ask = self.client("pg_isready");
            let asked = ask.stdout(Stdio::null()).stderr(Stdio::null()).status();
            asked.expect("pg_isready starts").success().then_some(())
        });
    }

    /// Stops it as an operator would: transactions are rolled back, connections closed.
    ///
    /// # Panics
    /// When it does not end within a minute.
    pub fn stop(&self) {
        self.end("INT");
    }

    /// Ends it as a crash would.
    ///
    /// # Panics
    /// When it does not end within a minute.
    pub fn kill(&self) {
        self.end("KILL");
    }

    fn end(&self, signal: &str) {
        self.say(signal);
        // its orphans too: they notice on their own, and it cannot start before
        let data = self.folder.join("data");
        wait_for("postgres to end", LIMIT, || in_folder(&data).is_empty().then_some(()));
    }

    fn say(&self, word: &str) {
        let mut shell = self.supervisor.lock().expect("nothing here panics");
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

/// Gives folder and password to whom the server runs as.
fn prepare(folder: &Path, password: &str) {
    let file = folder.join("password");
    fs::write(&file, password).expect("the folder is ours");
    if let Some((user, group)) = other_owner() {
        for path in [folder, &file] {
            chown(path, Some(user), Some(group)).expect("root may");
        }
    }
}
