//! A download that goes on where it broke, and never mixes two objects.
//!
//! The SDK retries requests, not bodies. A body that breaks is asked for again
//! from where it stopped, of the same ETag. Some stores ignore `If-Match`, so
//! every answer's ETag, version and length are compared here as well.

use std::time::Duration;

use aws_sdk_s3::operation::get_object::GetObjectOutput;
use aws_sdk_s3::primitives::ByteStream;
use tokio::time::{Instant, sleep, timeout, timeout_at};

use super::super::temporary::{Room, Temporary};
use super::super::{Fetch, FetchError, Limits, Place, Trouble};
use super::class::{Class, Met};
use super::pace::Pace;
use super::{S3, store_error};

/// What the first answer said of the object.
struct Known {
    etag: Option<String>,
    version: Option<String>,
    length: u64,
}

struct Download<'a> {
    s3: &'a S3,
    place: &'a Place,
    version: Option<&'a str>,
    most: u64,
    temporary: Temporary,
    known: Option<Known>,
}

enum Part {
    Whole,
    TooLarge { bytes: u64 },
    Broken(Trouble),
}

impl S3 {
    pub(in super::super) async fn download(
        &self,
        place: &Place,
        version: Option<&str>,
        most: u64,
    ) -> Result<Fetch, FetchError> {
        let temporary = Temporary::create(&self.0.temporary, most).map_err(FetchError::Disk)?;
        let download = Download { s3: self, place, version, most, temporary, known: None };
        timeout(self.0.limits.download, download.run())
            .await
            .unwrap_or_else(|_| Err(unavailable(place, Trouble::TimedOut)))
    }
}

impl Download<'_> {
    async fn run(mut self) -> Result<Fetch, FetchError> {
        let limits = &self.s3.0.limits;
        for broken in 0..=limits.resumptions {
            let trouble = match self.part().await? {
                Part::Whole => return self.finish().await,
                Part::TooLarge { bytes } => return Ok(Fetch::TooLarge { bytes }),
                Part::Broken(trouble) => trouble,
            };
            // without its key: the portal chose it, and may have put a name in it
            tracing::debug!(bytes = self.temporary.bytes(), %trouble, "Download broke");
            if broken == limits.resumptions {
                return Err(unavailable(self.place, trouble));
            }
            sleep(pause(limits, broken)).await;
        }
        Err(unavailable(self.place, Trouble::CutShort))
    }

    async fn part(&mut self) -> Result<Part, FetchError> {
        let from = self.resume_from();
        let answer = self.ask(from).await?;
        self.compare(&answer)?;
        let (from, length) = match extent(&answer, from) {
            Ok(extent) => extent,
            Err(odd) => {
                self.known = None;
                return Ok(Part::Broken(Trouble::Odd(odd)));
            }
        };
        if length > self.most {
            return Ok(Part::TooLarge { bytes: length });
        }
        if from == 0 {
            self.temporary.restart().await.map_err(FetchError::Disk)?;
        } else if self.known.as_ref().is_some_and(|known| known.length != length) {
            return Err(FetchError::Replaced(self.place.clone()));
        }
        self.known = Some(Known { etag: answer.e_tag, version: answer.version_id, length });
        self.read(answer.body, length).await
    }

    /// Without an ETag nothing tells that the rest belongs to the beginning.
    fn resume_from(&self) -> u64 {
        let bytes = self.temporary.bytes();
        let known =
            self.known.as_ref().filter(|known| known.etag.is_some() && bytes < known.length);
        known.map_or(0, |_| bytes)
    }

    async fn ask(&self, from: u64) -> Result<GetObjectOutput, FetchError> {
        let known = self.known.as_ref();
        let version = known.and_then(|known| known.version.as_deref()).or(self.version);
        let mut request =
            self.s3.0.client.get_object().bucket(&self.place.bucket).key(&self.place.key);
        request = request.set_version_id(version.map(str::to_owned));
        request = request.set_if_match(known.and_then(|known| known.etag.clone()));
        if from > 0 {
            request = request.range(format!("bytes={from}-"));
        }
        request.send().await.map_err(|error| fetch_error(self.place, &Met::from(&error)))
    }

    fn compare(&self, answer: &GetObjectOutput) -> Result<(), FetchError> {
        let other_bytes = self.known.as_ref().is_some_and(|known| known.etag != answer.e_tag);
        let asked = self.known.as_ref().and_then(|known| known.version.as_deref()).or(self.version);
        // stores without versions name none
        let other_version =
            answer.version_id.as_deref().zip(asked).is_some_and(|(is, asked)| is != asked);
        if other_bytes || other_version {
            return Err(FetchError::Replaced(self.place.clone()));
        }
        Ok(())
    }

    async fn read(&mut self, mut body: ByteStream, length: u64) -> Result<Part, FetchError> {
        let mut pace = Pace::new(&self.s3.0.limits, Instant::now());
        loop {
            let chunk = match timeout_at(pace.ends(), body.next()).await {
                Ok(Some(Ok(chunk))) => chunk,
                Ok(Some(Err(_))) => return Ok(Part::Broken(Trouble::CutShort)),
                Ok(None) if self.temporary.bytes() == length => return Ok(Part::Whole),
                Ok(None) => return Ok(Part::Broken(Trouble::CutShort)),
                Err(_) if pace.keeps(0, Instant::now()) => continue,
                Err(_) => return Ok(Part::Broken(Trouble::TooSlow)),
            };
            let written = self.temporary.write(&chunk).await.map_err(FetchError::Disk)?;
            if let Room::Over { bytes } = written {
                return Ok(Part::TooLarge { bytes });
            }
            if !pace.keeps(chunk.len() as u64, Instant::now()) {
                return Ok(Part::Broken(Trouble::TooSlow));
            }
        }
    }

    async fn finish(self) -> Result<Fetch, FetchError> {
        let (etag, version) = self.known.map_or((None, None), |known| (known.etag, known.version));
        self.temporary.finish(etag, version).await.map(Fetch::Whole).map_err(FetchError::Disk)
    }
}

/// Where the body of an answer begins, and the length of the whole object. A
/// store may ignore a range and send all of it.
fn extent(answer: &GetObjectOutput, asked: u64) -> Result<(u64, u64), &'static str> {
    let length = answer.content_length.and_then(|length| u64::try_from(length).ok());
    let length = length.ok_or("an answer without a length")?;
    let Some(range) = answer.content_range.as_deref().filter(|_| asked > 0) else {
        return Ok((0, length));
    };
    let whole = range.rsplit_once('/').and_then(|(_, whole)| whole.parse::<u64>().ok());
    let whole = whole.ok_or("an answer of unknown extent")?;
    let rest = whole.checked_sub(asked).filter(|rest| *rest == length);
    let rest =
        rest.filter(|_| range == format!("bytes {asked}-{}/{whole}", whole.saturating_sub(1)));
    rest.map(|_| (asked, whole)).ok_or("an answer of another extent")
}

fn pause(limits: &Limits, broken: u32) -> Duration {
    limits.first_pause.saturating_mul(1 << broken.min(6))
}

fn unavailable(place: &Place, trouble: Trouble) -> FetchError {
    FetchError::Unavailable { place: place.clone(), trouble }
}

fn fetch_error(place: &Place, met: &Met) -> FetchError {
    match met.class() {
        Class::Missing => FetchError::Missing(place.clone()),
        Class::Replaced => FetchError::Replaced(place.clone()),
        _ => FetchError::from(store_error(place, met)),
    }
}
