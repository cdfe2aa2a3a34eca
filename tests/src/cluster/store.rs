//! The object store of a cluster: one in the test process, into which tests
//! inject faults, or Garage, if the environment names it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};

use crate::services::garage::Garage;
use crate::services::s3::{S3Server, User};

const PORTAL: User = User {
    id: "portal",
    secret: "secret-of-portal",
    reads: &["uploads-portal", "verdicts-portal"],
    writes: &["uploads-portal"],
};
/// A second portal, which a cluster has after [`super::services::Cluster::add_portal`].
const OTHER: User = User {
    id: "other",
    secret: "secret-of-other",
    reads: &["uploads-other", "verdicts-other"],
    writes: &["uploads-other"],
};
const WORKER: User = User {
    id: "worker",
    secret: "secret-of-worker",
    reads: &BUCKETS,
    writes: &["verdicts-portal", "verdicts-other", EVIDENCE],
};
const USERS: [User; 3] = [PORTAL, OTHER, WORKER];
const BUCKETS: [&str; 5] =
    ["uploads-portal", "verdicts-portal", "uploads-other", "verdicts-other", EVIDENCE];
const EVIDENCE: &str = "evidence";

/// Returns the bucket that has a result of the first portal.
fn bucket_of(key: &str) -> &'static str {
    if key.starts_with("applications/") { "verdicts-portal" } else { EVIDENCE }
}

pub(super) enum Store {
    InProcess(Mutex<S3Server>),
    Garage(Box<Garage>),
}

impl Store {
    pub(super) fn start() -> Self {
        match Garage::program() {
            Some(program) => Self::Garage(Box::new(Garage::start(program, &USERS, &BUCKETS))),
            None => Self::InProcess(Mutex::new(S3Server::start(&USERS, &BUCKETS))),
        }
    }

    pub(super) fn endpoint(&self) -> String {
        match self {
            Self::InProcess(_) => self.in_process().endpoint(),
            Self::Garage(garage) => garage.endpoint(),
        }
    }

    /// Returns access key id and secret of a portal, or of every other role.
    pub(super) fn key(&self, role: &str) -> (String, String) {
        let user = USERS.iter().find(|user| user.id == role).unwrap_or(&WORKER);
        match self {
            Self::InProcess(_) => (user.id.to_owned(), user.secret.to_owned()),
            Self::Garage(garage) => garage.key(user.id),
        }
    }

    pub(super) fn in_process(&self) -> MutexGuard<'_, S3Server> {
        match self {
            Self::InProcess(server) => server.lock().expect("no thread panicked with the lock"),
            Self::Garage(_) => panic!("this test needs the in-process store"),
        }
    }

    /// Returns a result, if it exists; one of an application of the first portal.
    pub(super) fn read(&self, key: &str) -> Option<Vec<u8>> {
        match self {
            // the file itself: the server may be stopped or inject a fault
            Self::InProcess(_) => fs::read(self.in_process().file(bucket_of(key), key)).ok(),
            Self::Garage(garage) => garage.get(WORKER.id, bucket_of(key), key),
        }
    }

    /// Lists the keys of results that begin with a prefix, in order: of the evidence and of
    /// the first portal's verdicts.
    pub(super) fn list(&self, prefix: &str) -> Vec<String> {
        let mut keys = self.list_bucket(EVIDENCE, prefix);
        keys.extend(self.list_bucket("verdicts-portal", prefix));
        keys.sort();
        keys
    }

    /// Lists the keys of one bucket that begin with a prefix, in order.
    pub(super) fn list_bucket(&self, bucket: &str, prefix: &str) -> Vec<String> {
        if let Self::Garage(garage) = self {
            return garage.list(WORKER.id, bucket, prefix);
        }
        let root = self.in_process().file(bucket, "");
        let mut found = Vec::new();
        collect_files(&root.join(prefix), &mut found);
        let key = |path: &PathBuf| {
            path.strip_prefix(&root)
                .expect("files are below the root")
                .to_string_lossy()
                .into_owned()
        };
        let mut keys: Vec<String> = found.iter().map(key).collect();
        keys.sort();
        keys
    }
}

fn collect_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        // the server's metadata files begin with a dot
        let is_metadata = entry.file_name().to_string_lossy().starts_with('.');
        match path.is_dir() {
            true => collect_files(&path, found),
            false if !is_metadata => found.push(path),
            false => {}
        }
    }
}
