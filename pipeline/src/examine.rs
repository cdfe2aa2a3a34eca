//! Examines one upload: from bytes to facts.

use crate::digest::sha256;
use crate::examination::{EvidencePicture, Examination, Fingerprints, Page, PageFingerprint, Seen};
use crate::kind::Kind;
use crate::open::{Limits, OpenedFile, Picture, open};
use crate::passport::PassportReading;
use crate::portrait::MeasuredPortrait;
use crate::reason::{Code, Reason};
use crate::{examiner, fingerprint, passport, portrait};

/// The examination of a file, with its evidence pictures.
pub struct ExaminedFile {
    /// The facts.
    pub examination: Examination,
    /// The bytes of `examination.evidence`, in its order.
    pub pictures: Vec<EvidencePicture>,
}

/// Examines one upload. An unusable file is a result, not an error:
/// `examination.reasons` states why.
#[must_use]
pub fn examine(untrusted: &[u8], kind: Kind, limits: &Limits) -> ExaminedFile {
    match open(untrusted, limits) {
        Ok(opened) => examine_pages(untrusted, kind, &opened),
        Err(reason) => {
            ExaminedFile { examination: unreadable(untrusted, kind, reason), pictures: Vec::new() }
        }
    }
}

/// Returns the examination of a file that could not be opened.
#[must_use]
pub fn unreadable(untrusted: &[u8], kind: Kind, reason: Reason) -> Examination {
    unreadable_by(examiner::name(), untrusted, kind, reason)
}

/// Returns the examination of a file that the examiner of this name could not open.
#[must_use]
pub fn unreadable_by(examiner: &str, untrusted: &[u8], kind: Kind, reason: Reason) -> Examination {
    bare(examiner, untrusted, kind, Seen::nothing(reason))
}

/// Returns an examination with pages, or reasons why there are none, and nothing else.
fn bare(examiner: &str, untrusted: &[u8], kind: Kind, seen: Seen) -> Examination {
    let (pages, reasons) = seen.into_parts();
    Examination {
        examiner: examiner.to_owned(),
        kind,
        sha256: sha256(untrusted),
        bytes: untrusted.len() as u64,
        media_type: None,
        page_count: u32::try_from(pages.len()).unwrap_or(u32::MAX),
        pages,
        fields: Vec::new(),
        zones: Vec::new(),
        portrait: None,
        fingerprints: None,
        text: None,
        exif: None,
        reasons,
        evidence: Vec::new(),
    }
}

/// Examines page by page: the pictures of thirty scans would not fit in memory.
fn examine_pages(untrusted: &[u8], kind: Kind, opened: &OpenedFile<'_>) -> ExaminedFile {
    let mut found = PageFindings::default();
    for number in 1..=opened.examined_pages() {
        match opened.picture(number) {
            Ok(picture) => found.add_page(kind, picture, opened.lacks_letters(number)),
            Err(reason) => found.unreadable.push((number, reason)),
        }
    }
    if let (Some(measured), Some(quality)) = (&mut found.measured, opened.jpeg_quality()) {
        measured.set_jpeg_quality(quality);
    }
    found.into_examined_file(untrusted, kind, opened)
}

/// The findings on the pages of one file.
#[derive(Default)]
struct PageFindings {
    pages: Vec<Page>,
    fingerprints: Vec<PageFingerprint>,
    readings: Vec<PassportReading>,
    measured: Option<MeasuredPortrait>,
    unreadable: Vec<(u32, Reason)>,
    /// Numbers of pages whose pictures lack letters.
    lacking_letters: Vec<u32>,
}

impl PageFindings {
    fn add_page(&mut self, kind: Kind, picture: Picture, lacks_letters: bool) {
        if lacks_letters {
            // without its letters another paper looks the same
            self.lacking_letters.push(picture.page.number);
        } else {
            self.fingerprints.push(fingerprint::fingerprint_page(&picture));
        }
        match kind {
            Kind::Passport => self.readings.push(passport::read(&picture)),
            Kind::Portrait => self.measure_portrait(&picture),
            _ => {}
        }
        self.pages.push(picture.page);
    }

    /// Keeps the first page with a face: a scan may have an empty page before it.
    fn measure_portrait(&mut self, picture: &Picture) {
        let has_face = |measured: &MeasuredPortrait| !measured.portrait.faces.is_empty();
        if !self.measured.as_ref().is_some_and(has_face) {
            let measured = portrait::measure(picture);
            if self.measured.is_none() || has_face(&measured) {
                self.measured = Some(measured);
            }
        }
    }

    fn into_examined_file(
        self,
        untrusted: &[u8],
        kind: Kind,
        opened: &OpenedFile<'_>,
    ) -> ExaminedFile {
        let bare = bare(examiner::name(), untrusted, kind, Seen::new(self.pages, self.unreadable));
        let has_pages = !bare.pages.is_empty();
        let mut reasons = opened.reasons().to_vec();
        reasons.extend(bare.reasons);
        if !self.lacking_letters.is_empty() {
            let pages = self.lacking_letters;
            reasons.push(Reason::new(Code::FileLettersNotDrawn).with("pages", pages));
        }
        let passport = if kind == Kind::Passport && has_pages {
            passport::merge_pages(self.readings)
        } else {
            PassportReading::default()
        };
        reasons.extend(passport.reasons);
        let (portrait, pictures) = match self.measured {
            Some(measured) => {
                reasons.extend(measured.reasons);
                (Some(measured.portrait), measured.evidence)
            }
            None => (None, passport.evidence),
        };
        let text = opened.text();
        reasons.extend(text.as_ref().and_then(|text| text.unreadable.clone()));
        let examination = Examination {
            media_type: Some(opened.media_type()),
            page_count: opened.page_count(),
            fields: passport.fields,
            zones: passport.zones,
            portrait,
            fingerprints: has_pages
                .then(|| Fingerprints { sha256: bare.sha256.clone(), pages: self.fingerprints }),
            text: text.map(|text| text.layer),
            exif: opened.exif(),
            reasons,
            evidence: pictures.iter().map(|picture| picture.evidence.clone()).collect(),
            ..bare
        };
        ExaminedFile { examination, pictures }
    }
}
