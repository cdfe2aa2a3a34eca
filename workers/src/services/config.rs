//! Addresses of the services, from the command line or the environment.
//!
//! The whole configuration is checked before the first connection, and all
//! problems are reported together, by the names of their variables.

use std::path::PathBuf;

use clap::Args;

use super::config_problems::{ConfigProblems, require};
use crate::broker::{self, BrokerConfig};
use crate::cli::Failure;
use crate::objects::{
    BucketNames, Buckets, Checksums, DEFAULT_EVIDENCE, DEFAULT_UPLOADS, DEFAULT_VERDICTS,
    Encryption, Folder, FolderConfig, Limits, Objects, S3, S3Config,
};
use crate::registry;
use crate::runtime::secret::Secret;
use crate::services::secrets::SecretSource;

/// Arguments for the broker.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Broker")]
pub(crate) struct BrokerArguments {
    /// Address of the broker: amqps://USER:PASSWORD@HOST:PORT/VHOST; amqp:// on this machine only
    #[arg(long, env = "TEKSERU_AMQP_URL", hide_env_values = true, value_name = "URL")]
    amqp_url: Option<Secret>,
    /// File that contains that address, so that it is in no environment
    #[arg(long, env = "TEKSERU_AMQP_URL_FILE", value_name = "FILE")]
    amqp_url_file: Option<PathBuf>,
    /// PEM file with the certificate authorities of the broker [default: the system's]
    #[arg(long, env = "TEKSERU_AMQP_CA", value_name = "FILE")]
    pub(crate) amqp_ca: Option<PathBuf>,
    /// Users of the broker whose messages are ours: of workers, maintenance and operators.
    /// Every other user is a portal
    #[arg(
        long,
        env = "TEKSERU_SERVICE_USERS",
        value_name = "NAME",
        value_delimiter = ',',
        default_values = ["worker", "maintenance", "operator"]
    )]
    service_users: Vec<String>,
}

/// Arguments for the object store.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Object store")]
pub(crate) struct StoreArguments {
    /// Address of the S3-compatible store: https://HOST:PORT; http:// on this machine only
    #[arg(long, env = "TEKSERU_S3_ENDPOINT", value_name = "URL")]
    pub(crate) s3_endpoint: Option<String>,
    /// Region of the store; some stores accept only their own region
    #[arg(long, env = "TEKSERU_S3_REGION", value_name = "NAME", default_value = "us-east-1")]
    pub(crate) s3_region: String,
    /// Id of the access key
    #[arg(long, env = "TEKSERU_S3_ACCESS_KEY_ID", hide_env_values = true, value_name = "ID")]
    pub(crate) s3_access_key_id: Option<String>,
    /// Secret of the access key
    #[arg(long, env = "TEKSERU_S3_SECRET_ACCESS_KEY", hide_env_values = true, value_name = "KEY")]
    s3_secret_access_key: Option<Secret>,
    /// File that contains that secret
    #[arg(long, env = "TEKSERU_S3_SECRET_ACCESS_KEY_FILE", value_name = "FILE")]
    s3_secret_access_key_file: Option<PathBuf>,
    /// PEM file with the certificate authorities of the store [default: the system's]
    #[arg(long, env = "TEKSERU_S3_CA", value_name = "FILE")]
    pub(crate) s3_ca: Option<PathBuf>,
    /// When to send CRC checksums; many stores refuse them
    #[arg(
        long,
        env = "TEKSERU_S3_CHECKSUMS",
        value_name = "WHEN",
        value_enum,
        default_value = "when-required"
    )]
    pub(crate) s3_checksums: Checksums,
    /// Encryption that is asked for what is written: bucket (as the bucket says), AES256,
    /// aws:kms or aws:kms:KEY
    #[arg(long, env = "TEKSERU_S3_ENCRYPTION", value_name = "HOW", default_value = "bucket")]
    pub(crate) s3_encryption: Encryption,
    /// Folder to use instead of a store; objects are files DIR/BUCKET/KEY
    #[arg(long, env = "TEKSERU_STORE_FOLDER", value_name = "DIR", conflicts_with = "s3_endpoint")]
    pub(crate) store_folder: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) buckets: BucketArguments,
    /// Folder for uploads while they are read; best in memory (tmpfs) [default: the system's]
    #[arg(long, env = "TEKSERU_TEMP", value_name = "DIR")]
    pub(crate) temp: Option<PathBuf>,
}

/// Names of buckets.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Object store")]
pub(crate) struct BucketArguments {
    /// Buckets of uploads, one for each portal; NAME=BUCKET for those with another name
    #[arg(
        long,
        env = "TEKSERU_UPLOADS",
        value_name = "NAMES",
        default_value = DEFAULT_UPLOADS
    )]
    uploads: BucketNames,
    /// Buckets of verdicts and reports, one for each portal
    #[arg(long, env = "TEKSERU_VERDICTS", value_name = "NAMES", default_value = DEFAULT_VERDICTS)]
    verdicts: BucketNames,
    /// Bucket of evidence, which no portal reads
    #[arg(long, env = "TEKSERU_EVIDENCE", value_name = "BUCKET", default_value = DEFAULT_EVIDENCE)]
    evidence: String,
}

impl BucketArguments {
    /// Returns the buckets, which are not checked yet.
    pub(crate) fn names(&self) -> Buckets {
        let Self { uploads, verdicts, evidence } = self.clone();
        Buckets { uploads, verdicts, evidence }
    }
}

/// Arguments for the registry.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Registry")]
pub(crate) struct RegistryArguments {
    /// Address of the database: postgres://USER:PASSWORD@HOST/NAME?sslmode=verify-full, or
    /// sqlite:FILE; without sslmode on this machine only
    #[arg(long, env = "TEKSERU_DATABASE_URL", hide_env_values = true, value_name = "URL")]
    database_url: Option<Secret>,
    /// File that contains that address
    #[arg(long, env = "TEKSERU_DATABASE_URL_FILE", value_name = "FILE")]
    database_url_file: Option<PathBuf>,
}

impl BrokerArguments {
    fn source(&self) -> SecretSource<'_> {
        let (value, file) = (self.amqp_url.as_ref(), self.amqp_url_file.as_deref());
        SecretSource { name: "TEKSERU_AMQP_URL", value, file }
    }

    /// Whether nobody names a broker.
    pub(crate) fn is_absent(&self) -> bool {
        matches!(self.source().find(), Ok(None))
    }

    /// Returns the broker's configuration for a command that needs only the broker.
    ///
    /// # Errors
    /// When it is missing or cannot be used.
    pub(crate) fn require(&self, name: &str) -> Result<BrokerConfig, Failure> {
        require(|problems| self.config(name, problems))
    }

    /// Returns the broker's configuration for a command whose messages workers take as ours.
    ///
    /// # Errors
    /// When it is missing or cannot be used, or its user is that of a portal.
    pub(crate) fn require_service(&self, name: &str) -> Result<BrokerConfig, Failure> {
        require(|problems| {
            let config = self.config(name, problems)?;
            problems.service_user(&config);
            Some(config)
        })
    }

    /// Returns the broker's configuration; records a problem where it is missing.
    pub(crate) fn config(&self, name: &str, problems: &mut ConfigProblems) -> Option<BrokerConfig> {
        let what = "the broker, as amqps://USER:PASSWORD@HOST:PORT/VHOST";
        let url = problems.address(&self.source(), what, broker::transport)?;
        let mut config = BrokerConfig::new(url, name);
        config.senders.service_users.clone_from(&self.service_users);
        if let Some(file) = &self.amqp_ca {
            config.ca_certificates = problems.read_text(file, "TEKSERU_AMQP_CA");
        }
        Some(config)
    }
}

impl StoreArguments {
    /// Returns the store for a command that needs only the store.
    ///
    /// # Errors
    /// When its configuration is missing or cannot be used.
    pub(crate) fn require(&self) -> Result<Objects, Failure> {
        require(|problems| self.open(problems))
    }

    /// Returns the store, which is not connected yet; records a problem where it is missing.
    pub(crate) fn open(&self, problems: &mut ConfigProblems) -> Option<Objects> {
        let temporary_folder = self.temp.clone().unwrap_or_else(std::env::temp_dir);
        let buckets = self.buckets.names();
        problems.former_names();
        if let Some(root) = self.store_folder.clone() {
            let folder = Folder::open(FolderConfig { root, buckets, temporary_folder });
            return problems.record_all(folder).map(Objects::Folder);
        }
        let what = "the object store, as https://HOST:PORT (or TEKSERU_STORE_FOLDER, a folder)";
        let endpoint = problems.required(&self.s3_endpoint, "TEKSERU_S3_ENDPOINT", what);
        let what = "the id of an access key that reads uploads and writes verdicts and evidence";
        let id = problems.required(&self.s3_access_key_id, "TEKSERU_S3_ACCESS_KEY_ID", what);
        let what = "the secret of that key";
        let secret = problems.secret(
            &SecretSource {
                name: "TEKSERU_S3_SECRET_ACCESS_KEY",
                value: self.s3_secret_access_key.as_ref(),
                file: self.s3_secret_access_key_file.as_deref(),
            },
            what,
        );
        let config = S3Config {
            endpoint: endpoint?,
            region: self.s3_region.clone(),
            access_key_id: id?,
            secret_access_key: secret?,
            buckets,
            ca_file: self.s3_ca.clone(),
            checksums: self.s3_checksums,
            encryption: self.s3_encryption.clone(),
            temporary_folder,
            limits: Limits::default(),
        };
        problems.record_all(S3::open(config)).map(Objects::S3)
    }
}

impl RegistryArguments {
    fn source(&self) -> SecretSource<'_> {
        let (value, file) = (self.database_url.as_ref(), self.database_url_file.as_deref());
        SecretSource { name: "TEKSERU_DATABASE_URL", value, file }
    }

    /// Whether nobody names a database.
    pub(crate) fn is_absent(&self) -> bool {
        matches!(self.source().find(), Ok(None))
    }

    /// Returns the address of the database for a command that needs only the database.
    ///
    /// # Errors
    /// When it is missing.
    pub(crate) fn require_url(&self) -> Result<Secret, Failure> {
        require(|problems| self.url(problems))
    }

    /// Returns the address of the database; records a problem where it is missing.
    pub(crate) fn url(&self, problems: &mut ConfigProblems) -> Option<Secret> {
        let what = "the database, as postgres://USER:PASSWORD@HOST/NAME?sslmode=verify-full \
                    or sqlite:FILE";
        problems.address(&self.source(), what, registry::transport)
    }
}
