//! An S3 server in process: s3s on a folder, users with grants, faults on demand.
//!
//! Faults are laid over HTTP, outside the server's own code: they also meet
//! requests that it refuses, and every request is written down with the bytes
//! that were handed to the network for it.

mod access;
mod fault;
mod serve;

use std::net::SocketAddr;
use std::path::PathBuf;

use tempfile::TempDir;

pub use access::User;
pub use fault::{Fault, Faults, Seen};

use super::background::Background;

/// Stopped when dropped, with all that it stored.
pub struct S3Server {
    folder: TempDir,
    users: Vec<User>,
    faults: Faults,
    address: SocketAddr,
    running: Option<Background>,
}

impl S3Server {
    /// Starts on a free port with empty buckets.
    ///
    /// # Panics
    /// When it does not start.
    #[must_use]
    pub fn start(users: &[User], buckets: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder can be made");
        for bucket in buckets {
            std::fs::create_dir(folder.path().join(bucket)).expect("a bucket can be made");
        }
        let mut server = Self {
            folder,
            users: users.to_vec(),
            faults: Faults::default(),
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            running: None,
        };
        server.start_again();
        server
    }

    /// Starts on the same port with what was stored before.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start_again(&mut self) {
        self.stop();
        let service =
            serve::Service::new(self.folder.path(), self.users.clone(), self.faults.clone());
        let running = Background::start(self.address, |listener| service.serve(listener));
        self.address = running.address();
        self.running = Some(running);
    }

    /// Stops; every connection is cut.
    pub fn stop(&mut self) {
        self.running = None;
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// `http://host:port`.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Faults to lay, and requests that were seen.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    /// The file that holds an object.
    #[must_use]
    pub fn file(&self, bucket: &str, key: &str) -> PathBuf {
        self.folder.path().join(bucket).join(key)
    }
}

/// What a request is for, as S3 calls it.
fn operation(method: &hyper::Method, path: &str, query: &str) -> &'static str {
    let is_object =
        path.trim_start_matches('/').split_once('/').is_some_and(|(_, key)| !key.is_empty());
    match (method.as_str(), is_object) {
        ("GET", true) => "GetObject",
        ("GET", false) if query.contains("list-type=2") => "ListObjectsV2",
        ("HEAD", true) => "HeadObject",
        ("HEAD", false) => "HeadBucket",
        ("PUT", true) => "PutObject",
        ("DELETE", true) => "DeleteObject",
        ("POST", false) if query.contains("delete") => "DeleteObjects",
        _ => "Other",
    }
}
