//! The SDK's client, with every limit set: by default most are not.

use aws_sdk_s3::config::retry::{RetryConfig, RetryPartition};
use aws_sdk_s3::config::timeout::TimeoutConfig;
use aws_sdk_s3::config::{
    BehaviorVersion, Credentials, Region, RequestChecksumCalculation, ResponseChecksumValidation,
    SharedHttpClient, StalledStreamProtectionConfig,
};
use aws_sdk_s3::{Client, Config};
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode};

use super::super::config::{Checksums, Limits, Problems, S3Config};

/// Connects to nothing yet.
pub(super) fn build(config: &S3Config) -> Result<Client, Problems> {
    let mut problems = config.problems();
    let authorities = authorities(config).unwrap_or_else(|problem| {
        problems.push(problem);
        None
    });
    if !problems.is_empty() {
        return Err(Problems(problems));
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
        // a store in trouble must not use up the retries of another
        .retry_partition(RetryPartition::new(config.endpoint.clone()))
        // it cuts healthy transfers and lets a dripping server drip on: see `pace`
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
        .connect_timeout(limits.connect)
        .read_timeout(limits.answer)
        .operation_attempt_timeout(limits.attempt)
        .operation_timeout(limits.operation)
        .build()
}

fn retries(limits: &Limits) -> RetryConfig {
    RetryConfig::standard()
        .with_max_attempts(limits.attempts)
        .with_initial_backoff(limits.first_pause)
}

fn http(authorities: Option<TrustStore>) -> Result<SharedHttpClient, Problems> {
    let context = TlsContext::builder().with_trust_store(authorities.unwrap_or_default());
    let context = context.build().map_err(|_| Problems(vec!["TLS cannot be set up".to_owned()]))?;
    let builder = aws_smithy_http_client::Builder::new();
    Ok(builder.tls_provider(Provider::rustls(CryptoMode::AwsLc)).tls_context(context).build_https())
}

/// A private authority is trusted instead of the public ones: nobody else should
/// vouch for the store that it vouches for.
fn authorities(config: &S3Config) -> Result<Option<TrustStore>, String> {
    let Some(path) = &config.ca_file else { return Ok(None) };
    let pem = std::fs::read(path)
        .map_err(|error| format!("certificates in `{}` cannot be read: {error}", path.display()))?;
    if !is_certificates(&pem) {
        return Err(format!("`{}` holds no certificates in PEM", path.display()));
    }
    Ok(Some(TrustStore::empty().with_pem_certificate(pem)))
}

/// The SDK panics on the first connection where they cannot be read.
fn is_certificates(pem: &[u8]) -> bool {
    use rustls_pki_types::{CertificateDer, pem::PemObject};
    let mut read = CertificateDer::pem_slice_iter(pem).peekable();
    read.peek().is_some() && read.all(|certificate| certificate.is_ok())
}
