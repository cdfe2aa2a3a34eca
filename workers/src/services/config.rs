//! Addresses of the services, from the command line or the environment.
//!
//! The whole configuration is checked before the first connection, and all
//! problems are reported together, by the names of their variables.

use std::path::PathBuf;

use clap::Args;

use crate::broker::{self, BrokerConfig};
use crate::cli::Failure;
use crate::objects::{Checksums, Encryption, Folder, FolderConfig, Limits, Objects, S3, S3Config};
use crate::registry;
use crate::runtime::process;
use crate::runtime::secret::Secret;
use crate::runtime::transport::Transport;
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
    /// Buckets of uploads; workers only read them
    #[arg(
        long,
        env = "TEKSERU_UPLOADS",
        value_name = "BUCKET",
        value_delimiter = ',',
        default_value = "uploads"
    )]
    pub(crate) uploads: Vec<String>,
    /// Bucket for verdicts, reports and evidence
    #[arg(long, env = "TEKSERU_RESULTS", value_name = "BUCKET", default_value = "results")]
    pub(crate) results: String,
    /// Folder for uploads while they are read; best in memory (tmpfs) [default: the system's]
    #[arg(long, env = "TEKSERU_TEMP", value_name = "DIR")]
    pub(crate) temp: Option<PathBuf>,
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

/// Collects the problems of a configuration.
#[derive(Default)]
pub(crate) struct ConfigProblems(Vec<String>);

impl ConfigProblems {
    /// Returns a required value; records a problem where it is missing.
    pub(crate) fn required<T: Clone>(
        &mut self,
        value: &Option<T>,
        name: &str,
        what: &str,
    ) -> Option<T> {
        if value.is_none() {
            self.0.push(format!("{name} is not set: {what}"));
        }
        value.clone()
    }

    /// Returns a required secret; records a problem where it is missing or cannot be used.
    fn secret(&mut self, source: &SecretSource<'_>, what: &str) -> Option<Secret> {
        match source.find() {
            Ok(found) => self.required(&found, source.name, what),
            Err(problem) => {
                self.0.push(problem);
                None
            }
        }
    }

    /// Returns an address; records a problem where it is missing, cannot be used, or others
    /// on the network could read what is sent there.
    fn address(
        &mut self,
        source: &SecretSource<'_>,
        what: &str,
        transport: fn(&Secret) -> Result<Transport, String>,
    ) -> Option<Secret> {
        let url = self.secret(source, what)?;
        if let Err(problem) = transport(&url) {
            self.0.push(format!("{}: {problem}", source.name));
            return None;
        }
        Some(url)
    }

    /// Records a problem where this process is root, which it needs for nothing: a fault in it
    /// would have every file and process of the machine.
    pub(crate) fn user(&mut self, may_be_root: bool) {
        if process::is_root() && !may_be_root {
            let problem = "this process is root: start it as a user of its own, or set \
                           TEKSERU_ALLOW_ROOT=true";
            self.0.push(problem.to_owned());
        }
    }

    /// Reads a file; records a problem where that fails.
    fn read_text(&mut self, file: &std::path::Path, name: &str) -> Option<String> {
        let text = std::fs::read_to_string(file);
        text.map_err(|error| self.0.push(format!("{name}: {}: {error}", file.display()))).ok()
    }

    /// Returns a store; records the problems where it cannot be used.
    fn record_all<T>(&mut self, opened: Result<T, crate::objects::StoreConfigError>) -> Option<T> {
        opened.map_err(|problems| self.0.extend(problems.0)).ok()
    }

    /// Ends the check of the configuration.
    ///
    /// # Errors
    /// When there are problems: all of them, one per line.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        if self.0.is_empty() { Ok(()) } else { Err(Failure::Usage(self.0.join("\n"))) }
    }
}

/// Runs one check of a configuration that is needed alone.
fn require<T>(check: impl FnOnce(&mut ConfigProblems) -> Option<T>) -> Result<T, Failure> {
    let mut problems = ConfigProblems::default();
    let checked = check(&mut problems);
    problems.finish()?;
    checked.ok_or_else(|| Failure::Usage("the configuration is incomplete".to_owned()))
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

    /// Returns the broker's configuration; records a problem where it is missing.
    pub(crate) fn config(&self, name: &str, problems: &mut ConfigProblems) -> Option<BrokerConfig> {
        let what = "the broker, as amqps://USER:PASSWORD@HOST:PORT/VHOST";
        let url = problems.address(&self.source(), what, broker::transport)?;
        let mut config = BrokerConfig::new(url, name);
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
        let (uploads, results) = (self.uploads.clone(), self.results.clone());
        if let Some(root) = self.store_folder.clone() {
            let folder = Folder::open(FolderConfig { root, uploads, results, temporary_folder });
            return problems.record_all(folder).map(Objects::Folder);
        }
        let what = "the object store, as https://HOST:PORT (or TEKSERU_STORE_FOLDER, a folder)";
        let endpoint = problems.required(&self.s3_endpoint, "TEKSERU_S3_ENDPOINT", what);
        let what = "the id of an access key that reads uploads and writes results";
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
            uploads,
            results,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_problems_are_reported_together() {
        let mut problems = ConfigProblems::default();
        assert_eq!(problems.required(&Some(1), "A", "the first"), Some(1));
        assert_eq!(problems.required(&None::<u8>, "B", "the second"), None);
        assert_eq!(problems.required(&None::<u8>, "C", "the third"), None);
        let report = problems.finish().unwrap_err().to_string();
        assert_eq!(report, "B is not set: the second\nC is not set: the third");
        assert!(ConfigProblems::default().finish().is_ok());
    }
}
