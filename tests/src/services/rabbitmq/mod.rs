//! A private RabbitMQ from the Debian package.
//!
//! It has its own node name, cookie, folders, ports and port mapper, and no
//! plugins. A new node is ready in 5 s, a restarted one in 3 s.

mod node;

use std::io::Write;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::Value;

use super::guard::Guard;
use super::{free_ports, wait_for};
use node::Node;

/// The file that operators import.
const DEFINITIONS: &str = "definitions.3x.json";
/// Users with the rights of one role each. The administrator is another user.
pub const USERS: [&str; 4] = ["portal", "worker", "maintenance", "operator"];
const ADMIN: &str = "guest";

/// A running node.
pub struct RabbitMq {
    node: Node,
    mapper: Mutex<Child>,
    server: Mutex<Child>,
    guard: Guard,
    vhosts: AtomicU32,
}

impl RabbitMq {
    /// Starts a node without virtual hosts for tests.
    ///
    /// # Panics
    /// When RabbitMQ is not installed or is not ready within two minutes.
    #[must_use]
    pub fn start() -> Self {
        let guard = Guard::new("tekseru-rabbitmq-");
        let node = Node::new(
            guard.folder(),
            free_ports(),
            &std::fs::read_to_string(deployed("rabbitmq.conf"))
                .expect("the file is part of the repository"),
        );
        let mapper = node.mapper().spawn().expect("epmd is installed");
        guard.watch("epmd", &mapper);
        let server = node.server().spawn().expect("rabbitmq-server is installed");
        guard.watch("beam", &server);
        let this = Self {
            node,
            mapper: Mutex::new(mapper),
            server: Mutex::new(server),
            guard,
            vhosts: AtomicU32::new(0),
        };
        this.await_ready();
        this
    }

    /// Creates a virtual host with the deployed definitions and users, and returns its name.
    ///
    /// # Panics
    /// When the definitions or users are refused.
    pub fn create_vhost(&self) -> String {
        let vhost = format!("t{}", self.vhosts.fetch_add(1, Ordering::Relaxed));
        self.import_deployed(&vhost);
        self.create_users(&vhost);
        vhost
    }

    /// Imports the deployed definitions for a virtual host, which may have them already.
    ///
    /// # Panics
    /// When they are refused.
    pub fn import_deployed(&self, vhost: &str) {
        self.import(&definitions(DEFINITIONS, vhost));
    }

    /// Imports definitions.
    ///
    /// # Panics
    /// When they are refused.
    pub fn import(&self, definitions: &Value) {
        let mut ctl =
            self.node.ctl().arg("import_definitions").spawn().expect("rabbitmqctl starts");
        let mut input = ctl.stdin.take().expect("the input is a pipe");
        input.write_all(definitions.to_string().as_bytes()).expect("rabbitmqctl reads");
        drop(input);
        let output = ctl.wait_with_output().expect("rabbitmqctl ends");
        assert!(output.status.success(), "{}", crate::text(&output.stderr));
    }

    /// Runs the deployed script that creates users, for a virtual host.
    fn create_users(&self, vhost: &str) {
        let mut script = self.node.in_environment(Command::new(deployed("users.sh")));
        script.env("VHOST", vhost).env("RABBITMQCTL", node::CTL);
        for user in USERS {
            script.env(format!("{}_PASSWORD", user.to_uppercase()), password(user));
        }
        let output = script.stdin(Stdio::null()).output().expect("the script starts");
        assert!(output.status.success(), "{}", crate::text(&output.stderr));
        // an import creates the virtual host without rights for the importing user
        self.ctl(&["set_permissions", "-p", vhost, ADMIN, ".*", ".*", ".*"]);
    }

    /// Returns the address at which a user connects.
    #[must_use]
    pub fn url(&self, user: &str, vhost: &str) -> String {
        format!("amqp://{user}:{}@127.0.0.1:{}/{vhost}", password(user), self.node.port())
    }

    /// Returns the address at which the administrator connects.
    #[must_use]
    pub fn admin_url(&self, vhost: &str) -> String {
        format!("amqp://{ADMIN}:{ADMIN}@127.0.0.1:{}/{vhost}", self.node.port())
    }

    /// Runs `rabbitmqctl` and returns its output.
    ///
    /// # Panics
    /// When it fails.
    pub fn ctl(&self, arguments: &[&str]) -> String {
        let output = self
            .node
            .ctl()
            .stdin(Stdio::null())
            .args(arguments)
            .output()
            .expect("rabbitmqctl starts");
        assert!(output.status.success(), "{arguments:?}: {}", crate::text(&output.stderr));
        crate::text(&output.stdout)
    }

    /// Runs a listing command of `rabbitmqctl` and returns its JSON rows.
    ///
    /// # Panics
    /// When it fails.
    pub fn list(&self, vhost: &str, arguments: &[&str]) -> Vec<Value> {
        let mut all = vec!["--formatter", "json", "-p", vhost];
        all.extend(arguments);
        serde_json::from_str(&self.ctl(&all)).expect("rabbitmqctl prints JSON")
    }

    /// Returns the number of messages in a queue, delivered ones included.
    ///
    /// # Panics
    /// When the queue does not exist.
    pub fn messages(&self, vhost: &str, queue: &str) -> u64 {
        let rows = self.list(vhost, &["list_queues", "name", "messages"]);
        let row = rows.iter().find(|row| row["name"] == queue).expect("the queue exists");
        row["messages"].as_u64().expect("a count")
    }

    /// Stops the broker inside its runtime.
    pub fn stop_app(&self) {
        self.ctl(&["stop_app"]);
    }

    /// Starts the broker inside its runtime.
    pub fn start_app(&self) {
        self.ctl(&["start_app"]);
        self.ctl(&["await_startup"]);
    }

    /// Kills the node, as a power failure does.
    ///
    /// # Panics
    /// When that fails.
    pub fn kill(&self) {
        let mut server = lock(&self.server);
        server.kill().expect("the node is killed");
        server.wait().expect("the node ends");
        self.guard.unwatch("beam");
    }

    /// Starts a node that was killed, with the data that it had stored.
    ///
    /// # Panics
    /// When it is not ready within two minutes.
    pub fn start_again(&self) {
        let mut server = lock(&self.server);
        *server = self.node.server().spawn().expect("rabbitmq-server is installed");
        self.guard.watch("beam", &server);
        drop(server);
        self.await_ready();
    }

    /// Suspends the node; its connections stay open.
    pub fn freeze(&self) {
        self.signal("STOP");
    }

    /// Resumes a frozen node.
    pub fn unfreeze(&self) {
        self.signal("CONT");
    }

    fn signal(&self, signal: &str) {
        super::signal(lock(&self.server).id(), signal);
    }

    /// Returns the log of the node.
    #[must_use]
    pub fn log(&self) -> String {
        self.node.log()
    }

    fn await_ready(&self) {
        wait_for("the node", Duration::from_secs(120), || {
            let ended = lock(&self.server).try_wait().expect("the node is a child");
            assert!(ended.is_none(), "the node ended: {}", self.node.log());
            self.node.listens().then_some(())
        });
        self.ctl(&["await_startup"]);
    }
}

impl Drop for RabbitMq {
    fn drop(&mut self) {
        for (name, process) in [("beam", &self.server), ("epmd", &self.mapper)] {
            let mut process = lock(process);
            let _ = process.kill();
            let _ = process.wait();
            self.guard.unwatch(name);
        }
    }
}

/// Returns the deployed definitions in a file, with another virtual host.
///
/// # Panics
/// When the file does not exist.
#[must_use]
pub fn definitions(file: &str, vhost: &str) -> Value {
    let text = std::fs::read_to_string(deployed(file)).expect("the file is part of the repository");
    let mut definitions: Value = serde_json::from_str(&text).expect("the file is JSON");
    definitions["vhosts"][0]["name"] = vhost.into();
    for rows in definitions.as_object_mut().expect("an object").values_mut() {
        for row in rows.as_array_mut().expect("rows") {
            if row.get("vhost").is_some() {
                row["vhost"] = vhost.into();
            }
        }
    }
    definitions
}

fn deployed(file: &str) -> PathBuf {
    crate::repository().join("deploy/rabbitmq").join(file)
}

/// Returns the password that a user has in tests.
#[must_use]
pub fn password(user: &str) -> String {
    format!("secret-of-{user}")
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
