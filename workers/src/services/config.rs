//! Where the services are, from the command line or the environment.
//!
//! Everything is checked before anything is connected, and every problem is
//! told at once, by the name of its variable.

use std::path::PathBuf;

use clap::Args;

use crate::broker::BrokerConfig;
use crate::cli::exit::Failure;
use crate::objects::{Checksums, Folder, FolderConfig, Limits, Objects, S3, S3Config};
use crate::runtime::secret::Secret;

/// The broker.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Broker")]
pub(crate) struct BrokerArguments {
    /// Address of the broker, as amqp://USER:PASSWORD@HOST:PORT/VHOST or amqps://…
    #[arg(long, env = "TEKSERU_AMQP_URL", hide_env_values = true, value_name = "URL")]
    pub(crate) amqp_url: Option<Secret>,
    /// Certificates that the broker's is signed by, as PEM [default: the system's]
    #[arg(long, env = "TEKSERU_AMQP_CA", value_name = "FILE")]
    pub(crate) amqp_ca: Option<PathBuf>,
}

/// The object store.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Object store")]
pub(crate) struct StoreArguments {
    /// Address of the S3-compatible store
    #[arg(long, env = "TEKSERU_S3_ENDPOINT", value_name = "URL")]
    pub(crate) s3_endpoint: Option<String>,
    /// Its region; some stores refuse any other than their own
    #[arg(long, env = "TEKSERU_S3_REGION", value_name = "NAME", default_value = "us-east-1")]
    pub(crate) s3_region: String,
    /// Id of the access key
    #[arg(long, env = "TEKSERU_S3_ACCESS_KEY_ID", hide_env_values = true, value_name = "ID")]
    pub(crate) s3_access_key_id: Option<String>,
    /// The access key's secret
    #[arg(long, env = "TEKSERU_S3_SECRET_ACCESS_KEY", hide_env_values = true, value_name = "KEY")]
    pub(crate) s3_secret_access_key: Option<Secret>,
    /// Certificates that the store's is signed by, as PEM [default: the system's]
    #[arg(long, env = "TEKSERU_S3_CA", value_name = "FILE")]
    pub(crate) s3_ca: Option<PathBuf>,
    /// When CRC checksums go with requests; many stores refuse them
    #[arg(
        long,
        env = "TEKSERU_S3_CHECKSUMS",
        value_name = "WHEN",
        value_enum,
        default_value = "when-required"
    )]
    pub(crate) s3_checksums: Checksums,
    /// A folder in place of a store: BUCKET/KEY below it
    #[arg(long, env = "TEKSERU_STORE_FOLDER", value_name = "DIR", conflicts_with = "s3_endpoint")]
    pub(crate) store_folder: Option<PathBuf>,
    /// Buckets that uploads may lie in; nothing is ever written there
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
    /// Folder for uploads while they are read; in memory (tmpfs) is best
    #[arg(long, env = "TEKSERU_TEMP", value_name = "DIR")]
    pub(crate) temp: Option<PathBuf>,
}

/// The registry.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Registry")]
pub(crate) struct RegistryArguments {
    /// Address of the database, as postgres://USER:PASSWORD@HOST/NAME or sqlite:FILE
    #[arg(long, env = "TEKSERU_DATABASE_URL", hide_env_values = true, value_name = "URL")]
    pub(crate) database_url: Option<Secret>,
}

/// What is missing on a command line, gathered.
#[derive(Default)]
pub(crate) struct Problems(Vec<String>);

impl Problems {
    /// A value that has to be there; its absence is noted.
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

    /// The text of a file that is named.
    fn text(&mut self, file: &std::path::Path, name: &str) -> Option<String> {
        let text = std::fs::read_to_string(file);
        text.map_err(|error| self.0.push(format!("{name}: {}: {error}", file.display()))).ok()
    }

    /// What was opened; what kept it from it is noted.
    fn all<T>(&mut self, opened: Result<T, crate::objects::Problems>) -> Option<T> {
        opened.map_err(|problems| self.0.extend(problems.0)).ok()
    }

    /// # Errors
    /// When anything was missing: all of it, a line each.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        if self.0.is_empty() { Ok(()) } else { Err(Failure::Usage(self.0.join("\n"))) }
    }
}

impl BrokerArguments {
    /// How to reach the broker; what is missing is noted.
    pub(crate) fn config(&self, name: &str, problems: &mut Problems) -> Option<BrokerConfig> {
        let what = "the broker, as amqp://USER:PASSWORD@HOST:PORT/VHOST";
        let url = problems.required(&self.amqp_url, "TEKSERU_AMQP_URL", what)?;
        let mut config = BrokerConfig::new(url, name);
        if let Some(file) = &self.amqp_ca {
            config.ca_certificates = problems.text(file, "TEKSERU_AMQP_CA");
        }
        Some(config)
    }
}

impl StoreArguments {
    /// The store, not connected yet; what is missing is noted.
    pub(crate) fn open(&self, problems: &mut Problems) -> Option<Objects> {
        let temporary = self.temp.clone().unwrap_or_else(std::env::temp_dir);
        let (uploads, results) = (self.uploads.clone(), self.results.clone());
        if let Some(root) = self.store_folder.clone() {
            let folder = Folder::open(FolderConfig { root, uploads, results, temporary });
            return problems.all(folder).map(Objects::Folder);
        }
        let what = "the object store, as https://HOST:PORT (or TEKSERU_STORE_FOLDER, a folder)";
        let endpoint = problems.required(&self.s3_endpoint, "TEKSERU_S3_ENDPOINT", what);
        let what = "the id of an access key that reads uploads and writes results";
        let id = problems.required(&self.s3_access_key_id, "TEKSERU_S3_ACCESS_KEY_ID", what);
        let what = "the secret of that key";
        let secret =
            problems.required(&self.s3_secret_access_key, "TEKSERU_S3_SECRET_ACCESS_KEY", what);
        let config = S3Config {
            endpoint: endpoint?,
            region: self.s3_region.clone(),
            access_key_id: id?,
            secret_access_key: secret?,
            uploads,
            results,
            ca_file: self.s3_ca.clone(),
            checksums: self.s3_checksums,
            temporary,
            limits: Limits::default(),
        };
        problems.all(S3::open(config)).map(Objects::S3)
    }
}

impl RegistryArguments {
    /// Address of the database; its absence is noted.
    pub(crate) fn url(&self, problems: &mut Problems) -> Option<Secret> {
        let what = "the database, as postgres://USER:PASSWORD@HOST/NAME or sqlite:FILE";
        problems.required(&self.database_url, "TEKSERU_DATABASE_URL", what)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_is_told_at_once() {
        let mut problems = Problems::default();
        assert_eq!(problems.required(&Some(1), "A", "the first"), Some(1));
        assert_eq!(problems.required(&None::<u8>, "B", "the second"), None);
        assert_eq!(problems.required(&None::<u8>, "C", "the third"), None);
        let told = problems.finish().unwrap_err().to_string();
        assert_eq!(told, "B is not set: the second\nC is not set: the third");
        assert!(Problems::default().finish().is_ok());
    }
}
