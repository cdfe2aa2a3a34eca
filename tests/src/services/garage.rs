//! One node of Garage, a store for production. `TEKSERU_TEST_GARAGE` names its
//! program.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_s3::{Client, Config};
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use tokio::runtime::Runtime;

use super::free_ports;
use super::guard::Guard;
use super::s3::User;
use super::wait_for;

const LIMIT: Duration = Duration::from_secs(60);
const REGION: &str = "us-east-1";

/// A node with buckets and keys. It is stopped and removed when it is dropped or
/// the test process ends.
pub struct Garage {
    program: PathBuf,
    guard: Guard,
    node: Child,
    port: u16,
    /// Names of users; the position of a name gives its key.
    users: Vec<&'static str>,
    runtime: Runtime,
}

impl Garage {
    /// Returns the program that the environment names.
    #[must_use]
    pub fn program() -> Option<PathBuf> {
        std::env::var_os("TEKSERU_TEST_GARAGE").map(PathBuf::from)
    }

    /// Starts a node with these users and buckets.
    ///
    /// # Panics
    /// When it does not start.
    #[must_use]
    pub fn start(program: PathBuf, users: &[User], buckets: &[&str]) -> Self {
        let guard = Guard::new("tekseru-garage-");
        let [s3, rpc] = free_ports();
        fs::write(guard.folder().join("garage.toml"), configuration(&guard, s3, rpc))
            .expect("the folder exists");
        let log = File::create(guard.folder().join("log")).expect("the folder exists");
        let mut server = command(&program, &guard);
        server.args(["server", "--single-node"]).stdin(Stdio::null());
        server.stdout(log.try_clone().expect("a handle")).stderr(log);
        let node = server.spawn().expect("garage starts");
        guard.watch("garage", &node);
        let names = users.iter().map(|user| user.id).collect();
        let runtime = Runtime::new().expect("a runtime");
        let garage = Self { program, guard, node, port: s3, users: names, runtime };
        wait_for("garage to answer", LIMIT, || garage.run(&["status"]));
        for bucket in buckets {
            garage.must_run(&["bucket", "create", bucket]);
        }
        for user in users {
            garage.add_user(user, buckets);
        }
        garage
    }

    fn add_user(&self, user: &User, buckets: &[&str]) {
        let (id, secret) = self.key(user.id);
        self.must_run(&["key", "import", "--yes", "-n", user.id, &id, &secret]);
        for bucket in buckets {
            for (right, granted) in [("--read", user.reads), ("--write", user.writes)] {
                if granted.contains(bucket) {
                    self.must_run(&["bucket", "allow", right, bucket, "--key", user.id]);
                }
            }
        }
    }

    /// Returns `http://host:port`.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Returns access key id and secret of a user, in the form that Garage requires.
    ///
    /// # Panics
    /// When the user does not exist.
    #[must_use]
    pub fn key(&self, user: &str) -> (String, String) {
        let number = self.users.iter().position(|name| *name == user).expect("a user") + 1;
        (format!("GK{number:024x}"), format!("{number:064x}"))
    }

    /// Returns the bytes of an object, if it exists.
    ///
    /// # Panics
    /// When the store fails.
    #[must_use]
    pub fn get(&self, user: &str, bucket: &str, key: &str) -> Option<Vec<u8>> {
        self.runtime.block_on(async {
            let answer = self.client(user).get_object().bucket(bucket).key(key).send().await;
            match answer {
                Ok(object) => Some(object.body.collect().await.expect("the whole body").to_vec()),
                Err(error) if error.as_service_error().is_some_and(|e| e.is_no_such_key()) => None,
                Err(error) => panic!("{error:?}"),
            }
        })
    }

    /// Lists the keys that begin with a prefix, in order.
    ///
    /// # Panics
    /// When the store fails.
    #[must_use]
    pub fn list(&self, user: &str, bucket: &str, prefix: &str) -> Vec<String> {
        self.runtime.block_on(async {
            let request = self.client(user).list_objects_v2().bucket(bucket).prefix(prefix);
            let mut pages = request.into_paginator().send();
            let mut keys = Vec::new();
            while let Some(page) = pages.next().await {
                let objects = page.expect("a page").contents.unwrap_or_default();
                keys.extend(objects.into_iter().filter_map(|object| object.key));
            }
            keys
        })
    }

    fn client(&self, user: &str) -> Client {
        let (id, secret) = self.key(user);
        let http = aws_smithy_http_client::Builder::new()
            .tls_provider(Provider::rustls(CryptoMode::Ring))
            .build_https();
        let config = Config::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .endpoint_url(self.endpoint())
            .region(Region::new(REGION))
            .credentials_provider(Credentials::new(id, secret, None, None, "tests"))
            .http_client(http)
            .force_path_style(true);
        Client::from_conf(config.build())
    }

    fn must_run(&self, arguments: &[&str]) {
        assert!(self.run(arguments).is_some(), "garage refuses {arguments:?}");
    }

    fn run(&self, arguments: &[&str]) -> Option<()> {
        let mut command = command(&self.program, &self.guard);
        let output = command.args(arguments).stdin(Stdio::null()).output().expect("garage starts");
        output.status.success().then_some(())
    }
}

impl Drop for Garage {
    fn drop(&mut self) {
        let _ = self.node.kill();
        let _ = self.node.wait();
        self.guard.unwatch("garage");
    }
}

fn command(program: &PathBuf, guard: &Guard) -> Command {
    let mut command = Command::new(program);
    command.arg("-c").arg(guard.folder().join("garage.toml"));
    command
}

fn configuration(guard: &Guard, s3: u16, rpc: u16) -> String {
    let folder = guard.folder().display();
    format!(
        r#"
metadata_dir = "{folder}/meta"
data_dir = "{folder}/data"
db_engine = "sqlite"
replication_factor = 1
rpc_bind_addr = "127.0.0.1:{rpc}"
rpc_public_addr = "127.0.0.1:{rpc}"
rpc_secret = "{:064x}"

[s3_api]
s3_region = "{REGION}"
api_bind_addr = "127.0.0.1:{s3}"
"#,
        std::process::id()
    )
}
