//! The client of the SDK, with every limit set: most have no default.

use aws_sdk_s3::config::retry::{RetryConfig, RetryPartition};
use aws_sdk_s3::config::timeout::TimeoutConfig;
use aws_sdk_s3::config::{
    BehaviorVersion, Credentials, Region, RequestChecksumCalculation, ResponseChecksumValidation,
    SharedHttpClient, StalledStreamProtectionConfig,
};
use aws_sdk_s3::{Client, Config};
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode};

use crate::objects::config::{Checksums, Limits, S3Config, StoreConfigError};

/// Builds the client without connecting.
pub(super) fn build(config: &S3Config) -> Result<Client, StoreConfigError> {
    let mut problems = config.problems();
    let authorities = private_authority(config).unwrap_or_else(|problem| {
        problems.push(problem);
        None
    });
    if !problems.is_empty() {
        return Err(StoreConfigError(problems));
    }
    let secret = config.secret_access_key.reveal();
    let credentials = Credentials::new(&config.access_key_id, secret, None, None, "configuration");
    let (request, response) = checksums(config.checksums);
    let built = Config::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .endpoint_url(&config.endpoint)
        .region(Region::new(config.region.clone()))
        .credentials_provider(credentials)
        .force_path_style(true)
        .request_checksum_calculation(request)
        .response_checksum_validation(response)
        .timeout_config(timeouts(&config.limits))
        .retry_config(retries(&config.limits))
        // a store that fails must not use up the retries of another
        .retry_partition(RetryPartition::new(config.endpoint.clone()))
        // it ends healthy transfers and accepts a server that sends byte by byte: see `throughput`
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .http_client(http(authorities)?)
        .build();
    Ok(Client::from_conf(built))
}

fn checksums(when: Checksums) -> (RequestChecksumCalculation, ResponseChecksumValidation) {
    match when {
        Checksums::WhenRequired => {
            (RequestChecksumCalculation::WhenRequired, ResponseChecksumValidation::WhenRequired)
        }
        Checksums::WhenSupported => {
            (RequestChecksumCalculation::WhenSupported, ResponseChecksumValidation::WhenSupported)
        }
    }
}

fn timeouts(limits: &Limits) -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(limits.connect_timeout)
        .read_timeout(limits.read_timeout)
        .operation_attempt_timeout(limits.attempt_timeout)
        .operation_timeout(limits.operation_timeout)
        .build()
}

fn retries(limits: &Limits) -> RetryConfig {
    RetryConfig::standard()
        .with_max_attempts(limits.max_attempts)
        .with_initial_backoff(limits.initial_backoff)
}

fn http(authorities: Option<TrustStore>) -> Result<SharedHttpClient, StoreConfigError> {
    let context = TlsContext::builder().with_trust_store(authorities.unwrap_or_default());
    let context =
        context.build().map_err(|_| StoreConfigError(vec!["TLS cannot be set up".to_owned()]))?;
    let builder = aws_smithy_http_client::Builder::new();
    Ok(builder.tls_provider(Provider::rustls(CryptoMode::Ring)).tls_context(context).build_https())
}

/// Returns the certificates of a private authority, which replace the public ones:
/// no other authority should certify this store.
fn private_authority(config: &S3Config) -> Result<Option<TrustStore>, String> {
    let Some(path) = &config.ca_file else { return Ok(None) };
    let pem = std::fs::read(path)
        .map_err(|error| format!("certificates in `{}` cannot be read: {error}", path.display()))?;
    if !is_certificates(&pem) {
        return Err(format!("`{}` has no certificates in PEM", path.display()));
    }
    Ok(Some(TrustStore::empty().with_pem_certificate(pem)))
}

/// Checks certificates, because the SDK panics on the first connection when they are invalid.
fn is_certificates(pem: &[u8]) -> bool {
    use rustls_pki_types::{CertificateDer, pem::PemObject};
    let mut read = CertificateDer::pem_slice_iter(pem).peekable();
    read.peek().is_some() && read.all(|certificate| certificate.is_ok())
}
