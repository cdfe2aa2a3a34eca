//! An S3 server in the test process: s3s on a folder, users with access rights,
//! faults on demand.
//!
//! Faults are injected into HTTP, outside the server's own code, so they also
//! apply to requests that it refuses. Every request is recorded with the number
//! of bytes that were handed to the network for it.

mod access;
mod fault;
mod serve;

use std::net::SocketAddr;
use std::path::PathBuf;

use tempfile::TempDir;

pub use access::User;
pub use fault::{Fault, Faults, ReceivedRequest};

use super::background::Background;

/// A running server. Dropping it stops it and deletes what it stored.
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
        let folder = tempfile::tempdir().expect("a folder can be created");
        for bucket in buckets {
            std::fs::create_dir(folder.path().join(bucket)).expect("a bucket can be created");
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

    /// Starts on the same port with the objects that were stored before.
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

    /// Stops and closes every connection.
    pub fn stop(&mut self) {
        self.running = None;
    }

    /// Returns the address on which it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns `http://host:port`.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns its faults and received requests.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    /// Returns the file in which an object is stored.
    #[must_use]
    pub fn file(&self, bucket: &str, key: &str) -> PathBuf {
        self.folder.path().join(bucket).join(key)
    }
}

/// Returns the S3 name of the operation of a request.
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
