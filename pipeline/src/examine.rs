//! One upload, looked at: the whole way from bytes to facts.

use crate::digest::sha256;
use crate::examination::{EvidencePicture, Examination, Fingerprints};
use crate::kind::Kind;
use crate::open::{Limits, Opened, Picture, open};
use crate::passport::Reading;
use crate::portrait::MeasuredPortrait;
use crate::reason::{Code, Reason};
use crate::{fingerprint, models, passport, portrait};

/// Facts, and the pictures that show them.
pub struct Examined {
    /// The facts.
    pub examination: Examination,
    /// The bytes of `examination.evidence`, in its order.
    pub pictures: Vec<EvidencePicture>,
}

/// Looks at one upload. A poor file is an answer: `examination.reasons` says why.
#[must_use]
pub fn examine(untrusted: &[u8], kind: Kind, limits: &Limits) -> Examined {
    match open(untrusted, limits) {
        Ok(opened) => look(untrusted, kind, &opened),
        Err(reason) => {
            Examined { examination: unreadable(untrusted, kind, reason), pictures: Vec::new() }
        }
    }
}

/// The examination of a file that could not be opened.
#[must_use]
pub fn unreadable(untrusted: &[u8], kind: Kind, reason: Reason) -> Examination {
    Examination {
        examiner: models::examiner().to_owned(),
        kind,
        sha256: sha256(untrusted),
        bytes: untrusted.len() as u64,
        media_type: None,
        page_count: 0,
        pages: Vec::new(),
        fields: Vec::new(),
        zones: Vec::new(),
        portrait: None,
        fingerprints: None,
        text: None,
        exif: None,
        reasons: vec![reason],
        evidence: Vec::new(),
    }
}

/// One page in memory at a time: thirty scans would not fit.
fn look(untrusted: &[u8], kind: Kind, opened: &Opened<'_>) -> Examined {
    let mut seen = Seen::default();
    for number in 1..=opened.examined_pages() {
        match opened.picture(number) {
            Ok(picture) => seen.page(kind, picture),
            Err(reason) => seen.unreadable.push((number, reason)),
        }
    }
    if let (Some(measured), Some(quality)) = (&mut seen.measured, opened.jpeg_quality()) {
        measured.set_jpeg_quality(quality);
    }
    let mut examination = unreadable(untrusted, kind, Reason::new(Code::FileCorrupt));
    examination.reasons = opened.reasons().to_vec();
    examination.reasons.extend(seen.page_reasons());
    examination.media_type = Some(opened.media_type());
    examination.page_count = opened.page_count();
    examination.exif = opened.exif();
    examination.text = opened.text();
    seen.into_examined(kind, examination)
}

/// What the pages of one file show.
#[derive(Default)]
struct Seen {
    pages: Vec<crate::examination::Page>,
    fingerprints: Vec<crate::examination::PageFingerprint>,
    readings: Vec<Reading>,
    measured: Option<MeasuredPortrait>,
    unreadable: Vec<(u32, Reason)>,
}

impl Seen {
    fn page(&mut self, kind: Kind, picture: Picture) {
        self.fingerprints.push(fingerprint::page(&picture));
        match kind {
            Kind::Passport => self.readings.push(passport::read(&picture)),
            Kind::Portrait => self.portrait(&picture),
            _ => {}
        }
        self.pages.push(picture.page);
    }

    /// A scan may have an empty page before the portrait: the first with a face counts.
    fn portrait(&mut self, picture: &Picture) {
        let found = |measured: &MeasuredPortrait| !measured.portrait.faces.is_empty();
        if !self.measured.as_ref().is_some_and(found) {
            let measured = portrait::measure(picture);
            if self.measured.is_none() || found(&measured) {
                self.measured = Some(measured);
            }
        }
    }

    /// When no page opens, each way in which they do not; else which ones do not.
    fn page_reasons(&self) -> Vec<Reason> {
        if self.pages.is_empty() {
            let mut reasons: Vec<Reason> = Vec::new();
            for (_, reason) in &self.unreadable {
                if !reasons.iter().any(|known| known.code == reason.code) {
                    reasons.push(reason.clone());
                }
            }
            return reasons;
        }
        let page = |number| Reason::new(Code::FilePageUnreadable).with("page", number);
        self.unreadable.iter().map(|(number, _)| page(*number)).collect()
    }

    fn into_examined(self, kind: Kind, mut examination: Examination) -> Examined {
        let mut pictures = Vec::new();
        let opened = !self.pages.is_empty();
        if opened {
            let sha256 = examination.sha256.clone();
            examination.fingerprints = Some(Fingerprints { sha256, pages: self.fingerprints });
        }
        examination.pages = self.pages;
        if kind == Kind::Passport && opened {
            let reading = passport::best(self.readings);
            examination.fields = reading.fields;
            examination.zones = reading.zones;
            examination.reasons.extend(reading.reasons);
            pictures = reading.evidence;
        }
        if let Some(measured) = self.measured {
            examination.portrait = Some(measured.portrait);
            examination.reasons.extend(measured.reasons);
            pictures = measured.evidence;
        }
        examination.evidence = pictures.iter().map(|picture| picture.evidence.clone()).collect();
        Examined { examination, pictures }
    }
}
