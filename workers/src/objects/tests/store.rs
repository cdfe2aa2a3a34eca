//! Stores to test: an S3 server in this process, a folder, or one that the environment names.

use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::Duration;

use ::tests::services::garage::Garage;
use ::tests::services::s3::{S3Server, User};
use bytes::Bytes;
use pipeline::application::Object;
use tempfile::TempDir;

use super::super::{
    Buckets, Checksums, Download, DownloadedFile, Encryption, FetchError, Folder, FolderConfig,
    Limits, Objects, S3, S3Config,
};
use crate::portal::Portal;
use crate::runtime::secret::Secret;

pub(super) const SECRET: &str = "7c5f1e-never-printed";

/// A user with all rights: portal and operator in one.
pub(super) const OWNER: User =
    User { id: "owner", secret: SECRET, reads: &BUCKETS, writes: &BUCKETS };

/// A user with the rights of a worker.
pub(super) const WORKER: User = User {
    id: "worker",
    secret: SECRET,
    reads: &BUCKETS,
    writes: &["verdicts-portal", "evidence"],
};

pub(super) const BUCKETS: [&str; 3] = ["uploads-portal", "verdicts-portal", "evidence"];

pub(super) fn portal() -> Portal {
    Portal::default()
}

/// A store with its server and folder.
pub(super) struct Store {
    pub(super) objects: Objects,
    pub(super) server: Option<S3Server>,
    pub(super) folder: TempDir,
    uploads: String,
    /// Prefix of every key, so that tests can share a store.
    pub(super) prefix: String,
}

impl Store {
    pub(super) fn s3() -> Self {
        let server = server();
        let endpoint = server.endpoint();
        Self::open(
            |folder| S3::open(config(&endpoint, &OWNER, folder)).map(Objects::S3).unwrap(),
            Some(server),
        )
    }

    pub(super) fn folder() -> Self {
        Self::open(|folder| Objects::Folder(Folder::open(folder_config(folder)).unwrap()), None)
    }

    /// The store of `TEKSERU_TEST_S3="ENDPOINT REGION KEY_ID SECRET UPLOADS RESULTS"`,
    /// whose buckets exist and can be written; else a new Garage, whose program
    /// `TEKSERU_TEST_GARAGE` names.
    pub(super) fn named() -> Self {
        let named = std::env::var("TEKSERU_TEST_S3").unwrap_or_else(|_| garage());
        let parts: Vec<&str> = named.split_whitespace().collect();
        let [endpoint, region, id, secret, uploads, results] = parts[..] else {
            panic!("TEKSERU_TEST_S3 is not `ENDPOINT REGION KEY_ID SECRET UPLOADS RESULTS`")
        };
        let open = |folder| {
            let mut config = config(endpoint, &OWNER, folder);
            config.region = region.to_owned();
            config.access_key_id = id.to_owned();
            config.secret_access_key = Secret::new(secret.to_owned());
            config.buckets.uploads =
                format!("uploads-{{portal}},portal={uploads}").parse().unwrap();
            config.buckets.evidence = results.to_owned();
            config.limits = Limits::default();
            Objects::S3(S3::open(config).unwrap())
        };
        Self { uploads: uploads.to_owned(), ..Self::open(open, None) }
    }

    fn open(open: impl FnOnce(PathBuf) -> Objects, server: Option<S3Server>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let objects = open(folder.path().to_owned());
        let prefix = format!("test-{}/", uuid::Uuid::new_v4());
        Self { objects, server, folder, uploads: "uploads-portal".to_owned(), prefix }
    }

    pub(super) fn server(&self) -> &S3Server {
        self.server.as_ref().unwrap()
    }

    pub(super) fn object(&self, name: &str) -> Object {
        Object { bucket: self.uploads.clone(), key: self.key(name), version_id: None }
    }

    pub(super) fn key(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    /// Writes an upload.
    pub(super) async fn put_upload(&self, name: &str, bytes: &[u8]) -> Object {
        let object = self.object(name);
        self.objects
            .upload(&portal(), &object, Bytes::copy_from_slice(bytes), "image/jpeg")
            .await
            .unwrap();
        object
    }
}

pub(super) fn server() -> S3Server {
    S3Server::start(&[OWNER, WORKER], &BUCKETS)
}

/// One Garage for all tests; it ends with this process.
fn garage() -> String {
    static GARAGE: OnceLock<Garage> = OnceLock::new();
    let garage = GARAGE.get_or_init(|| {
        let program = Garage::program().expect("TEKSERU_TEST_S3 or TEKSERU_TEST_GARAGE is set");
        Garage::start(program, &[OWNER], &BUCKETS)
    });
    let (id, secret) = garage.key(OWNER.id);
    format!("{} us-east-1 {id} {secret} uploads-portal evidence", garage.endpoint())
}

pub(super) fn config(endpoint: &str, user: &User, temporary: PathBuf) -> S3Config {
    S3Config {
        endpoint: endpoint.to_owned(),
        region: "us-east-1".to_owned(),
        access_key_id: user.id.to_owned(),
        secret_access_key: Secret::new(user.secret.to_owned()),
        buckets: Buckets::default(),
        ca_file: None,
        checksums: Checksums::WhenRequired,
        encryption: Encryption::Bucket,
        temporary_folder: temporary,
        limits: limits(),
    }
}

pub(super) fn folder_config(root: PathBuf) -> FolderConfig {
    FolderConfig { temporary_folder: root.clone(), root, buckets: Buckets::default() }
}

/// Limits for a busy machine; a test of one limit sets only that one.
pub(super) fn limits() -> Limits {
    Limits { initial_backoff: Duration::from_millis(5), ..Limits::default() }
}

pub(super) fn whole(fetch: Result<Download, FetchError>) -> DownloadedFile {
    match fetch {
        Ok(Download::Complete(fetched)) => fetched,
        other => panic!("not fetched whole: {other:?}"),
    }
}

/// Returns bytes without short repetitions.
pub(super) fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_u32;
    let next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state.to_le_bytes()[0]
    };
    std::iter::repeat_with(next).take(length).collect()
}
