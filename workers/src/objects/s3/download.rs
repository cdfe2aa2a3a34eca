//! Downloads that resume where they broke, and never mix two objects.
//!
//! The SDK retries requests, not bodies. The rest of a broken body is requested
//! by range, on the condition of the same ETag. Some stores ignore `If-Match`, so
//! ETag, version and length of every response are compared here as well.

use std::time::Duration;

use aws_sdk_s3::operation::get_object::GetObjectOutput;
use aws_sdk_s3::primitives::ByteStream;
use tokio::time::{Instant, sleep, timeout, timeout_at};

use super::sdk_error::{ErrorClass, SdkFailure};
use super::store::{S3, store_error};
use super::throughput::Throughput;
use crate::objects::config::Limits;
use crate::objects::download::Download;
use crate::objects::error::{Cause, FetchError};
use crate::objects::location::ObjectLocation;
use crate::objects::temporary_file::{TemporaryFile, Written};

/// The identity of the object in the last response.
struct Known {
    etag: Option<String>,
    version: Option<String>,
    length: u64,
}

struct Transfer<'a> {
    s3: &'a S3,
    location: &'a ObjectLocation,
    version: Option<&'a str>,
    max_bytes: u64,
    temporary: TemporaryFile,
    known: Option<Known>,
}

/// The end of one response.
enum Part {
    Complete,
    TooLarge { bytes: u64 },
    Broken(Cause),
}

impl S3 {
    pub(in crate::objects) async fn download(
        &self,
        location: &ObjectLocation,
        version: Option<&str>,
        max_bytes: u64,
    ) -> Result<Download, FetchError> {
        let temporary =
            TemporaryFile::create(&self.0.temporary_folder, max_bytes).map_err(FetchError::Disk)?;
        let transfer = Transfer { s3: self, location, version, max_bytes, temporary, known: None };
        timeout(self.0.limits.download_timeout, transfer.run())
            .await
            .unwrap_or_else(|_| Err(unavailable(location, Cause::TimedOut)))
    }
}

impl Transfer<'_> {
    async fn run(mut self) -> Result<Download, FetchError> {
        let limits = &self.s3.0.limits;
        for broken in 0..=limits.max_resumptions {
            let cause = match self.request_part().await? {
                Part::Complete => return self.finish().await,
                Part::TooLarge { bytes } => return Ok(Download::TooLarge { bytes }),
                Part::Broken(cause) => cause,
            };
            // without the key: the portal chose it, and it may contain a name
            tracing::debug!(bytes = self.temporary.bytes(), %cause, "Download broke");
            if broken == limits.max_resumptions {
                return Err(unavailable(self.location, cause));
            }
            sleep(backoff(limits, broken)).await;
        }
        Err(unavailable(self.location, Cause::Truncated))
    }

    async fn request_part(&mut self) -> Result<Part, FetchError> {
        let from = self.resume_from();
        let response = self.request(from).await?;
        self.check_is_same_object(&response)?;
        let (from, length) = match content_range(&response, from) {
            Ok(range) => range,
            Err(reason) => {
                self.known = None;
                return Ok(Part::Broken(Cause::InvalidResponse(reason)));
            }
        };
        if length > self.max_bytes {
            return Ok(Part::TooLarge { bytes: length });
        }
        if from == 0 {
            self.temporary.restart().await.map_err(FetchError::Disk)?;
        } else if self.known.as_ref().is_some_and(|known| known.length != length) {
            return Err(FetchError::Replaced(self.location.clone()));
        }
        self.known = Some(Known { etag: response.e_tag, version: response.version_id, length });
        self.read(response.body, length).await
    }

    /// Returns where to resume. Without an ETag the rest may belong to other bytes: from the start.
    fn resume_from(&self) -> u64 {
        let bytes = self.temporary.bytes();
        let known =
            self.known.as_ref().filter(|known| known.etag.is_some() && bytes < known.length);
        known.map_or(0, |_| bytes)
    }

    async fn request(&self, from: u64) -> Result<GetObjectOutput, FetchError> {
        let known = self.known.as_ref();
        let version = known.and_then(|known| known.version.as_deref()).or(self.version);
        let mut request =
            self.s3.0.client.get_object().bucket(&self.location.bucket).key(&self.location.key);
        request = request.set_version_id(version.map(str::to_owned));
        request = request.set_if_match(known.and_then(|known| known.etag.clone()));
        if from > 0 {
            request = request.range(format!("bytes={from}-"));
        }
        request.send().await.map_err(|error| fetch_error(self.location, &SdkFailure::from(&error)))
    }

    fn check_is_same_object(&self, response: &GetObjectOutput) -> Result<(), FetchError> {
        let other_bytes = self.known.as_ref().is_some_and(|known| known.etag != response.e_tag);
        let requested =
            self.known.as_ref().and_then(|known| known.version.as_deref()).or(self.version);
        // a store without versions sends none
        let other_version = response
            .version_id
            .as_deref()
            .zip(requested)
            .is_some_and(|(is, requested)| is != requested);
        if other_bytes || other_version {
            return Err(FetchError::Replaced(self.location.clone()));
        }
        Ok(())
    }

    async fn read(&mut self, mut body: ByteStream, length: u64) -> Result<Part, FetchError> {
        let mut throughput = Throughput::new(&self.s3.0.limits, Instant::now());
        loop {
            let chunk = match timeout_at(throughput.window_end(), body.next()).await {
                Ok(Some(Ok(chunk))) => chunk,
                Ok(Some(Err(_))) => return Ok(Part::Broken(Cause::Truncated)),
                Ok(None) if self.temporary.bytes() == length => return Ok(Part::Complete),
                Ok(None) => return Ok(Part::Broken(Cause::Truncated)),
                Err(_) if throughput.record(0, Instant::now()) => continue,
                Err(_) => return Ok(Part::Broken(Cause::TooSlow)),
            };
            let written = self.temporary.write(&chunk).await.map_err(FetchError::Disk)?;
            if let Written::TooLarge { bytes } = written {
                return Ok(Part::TooLarge { bytes });
            }
            if !throughput.record(chunk.len() as u64, Instant::now()) {
                return Ok(Part::Broken(Cause::TooSlow));
            }
        }
    }

    async fn finish(self) -> Result<Download, FetchError> {
        let (etag, version) = self.known.map_or((None, None), |known| (known.etag, known.version));
        self.temporary.finish(etag, version).await.map(Download::Complete).map_err(FetchError::Disk)
    }
}

/// Returns where the body of a response begins, and the length of the whole
/// object. A store may ignore the range and send the whole object.
fn content_range(response: &GetObjectOutput, requested: u64) -> Result<(u64, u64), &'static str> {
    let length = response.content_length.and_then(|length| u64::try_from(length).ok());
    let length = length.ok_or("a response without a length")?;
    let Some(range) = response.content_range.as_deref().filter(|_| requested > 0) else {
        return Ok((0, length));
    };
    let whole = range.rsplit_once('/').and_then(|(_, whole)| whole.parse::<u64>().ok());
    let whole = whole.ok_or("a response with an unknown range")?;
    let rest = whole.checked_sub(requested).filter(|rest| *rest == length);
    let rest =
        rest.filter(|_| range == format!("bytes {requested}-{}/{whole}", whole.saturating_sub(1)));
    rest.map(|_| (requested, whole)).ok_or("a response with another range")
}

fn backoff(limits: &Limits, broken: u32) -> Duration {
    limits.initial_backoff.saturating_mul(1 << broken.min(6))
}

fn unavailable(location: &ObjectLocation, cause: Cause) -> FetchError {
    FetchError::Unavailable { location: location.clone(), cause }
}

fn fetch_error(location: &ObjectLocation, failure: &SdkFailure) -> FetchError {
    match failure.classify() {
        ErrorClass::Missing => FetchError::Missing(location.clone()),
        ErrorClass::Replaced => FetchError::Replaced(location.clone()),
        _ => FetchError::from(store_error(location, failure)),
    }
}
