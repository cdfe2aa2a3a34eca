//! A child's answer is input like any other: it was made next to hostile bytes.

use std::collections::BTreeSet;

use pipeline::application::is_id;
use pipeline::digest::sha256;
use pipeline::examination::{Evidence, EvidencePicture, Examination};
use pipeline::examine::ExaminedFile;
use pipeline::kind::Kind;
use pipeline::models;

use super::wire::{AnswerHead, unframe};

/// Far above what any file gives; keeps a broken child from filling a report.
const MAX_PAGES: usize = 500;
const MAX_FACTS: usize = 1000;
const MAX_EVIDENCE: usize = 64;
/// The examiner's own limit on one picture.
const MAX_PICTURE: usize = 512 << 10;

/// An answer that may be used.
pub(super) struct Answer {
    pub(super) examined: ExaminedFile,
    /// Most memory in use at once, as the child says.
    pub(super) peak_mib: Option<f64>,
}

/// An answer that a working child would not give; why is of no use to anyone.
#[derive(Debug, PartialEq)]
pub(super) struct Nonsense;

/// Accepts an answer that speaks of these bytes and keeps its promises.
pub(super) fn check(body: &[u8], untrusted: &[u8], kind: Kind) -> Result<Answer, Nonsense> {
    let (head, rest) = unframe(body).ok_or(Nonsense)?;
    let head: AnswerHead = serde_json::from_slice(head).map_err(|_| Nonsense)?;
    let examination = head.examination;
    let fits = speaks_of(&examination, untrusted, kind)
        && is_within_bounds(&examination)
        && places_exist(&examination)
        && head.pictures.len() == examination.evidence.len();
    if !fits {
        return Err(Nonsense);
    }
    let pictures = pictures(&examination, &head.pictures, rest)?;
    let peak_mib = head.peak_kib.map(|kib| pipeline::examination::round(kib as f64 / 1024.0, 1));
    Ok(Answer { examined: ExaminedFile { examination, pictures }, peak_mib })
}

fn speaks_of(examination: &Examination, untrusted: &[u8], kind: Kind) -> bool {
    examination.examiner == models::examiner()
        && examination.kind == kind
        && examination.bytes == untrusted.len() as u64
        && examination.sha256 == sha256(untrusted)
}

fn is_within_bounds(examination: &Examination) -> bool {
    examination.pages.len() <= MAX_PAGES
        && examination.pages.len() <= examination.page_count as usize
        && examination.fields.len() <= MAX_FACTS
        && examination.zones.len() <= MAX_FACTS
        && examination.reasons.len() <= MAX_FACTS
        && examination.evidence.len() <= MAX_EVIDENCE
}

fn places_exist(examination: &Examination) -> bool {
    let pages: BTreeSet<u32> = examination.pages.iter().map(|page| page.number).collect();
    let fields = examination.fields.iter().map(|field| field.page);
    let zones = examination.zones.iter().map(|zone| zone.page);
    let evidence = examination.evidence.iter().map(|evidence| evidence.page);
    fields.chain(zones).chain(evidence).all(|page| pages.contains(&page))
}

fn pictures(
    examination: &Examination,
    lengths: &[u32],
    mut rest: &[u8],
) -> Result<Vec<EvidencePicture>, Nonsense> {
    let mut ids = BTreeSet::new();
    let mut pictures = Vec::new();
    for (evidence, length) in examination.evidence.iter().zip(lengths) {
        let (bytes, after) = rest.split_at_checked(*length as usize).ok_or(Nonsense)?;
        rest = after;
        if !(ids.insert(&evidence.id) && shows(evidence, bytes)) {
            return Err(Nonsense);
        }
        pictures.push(EvidencePicture { evidence: evidence.clone(), bytes: bytes.to_vec() });
    }
    if rest.is_empty() { Ok(pictures) } else { Err(Nonsense) }
}

/// The id becomes a file name; the bytes are what they are said to be.
fn shows(evidence: &Evidence, bytes: &[u8]) -> bool {
    let starts = match evidence.media_type.as_str() {
        "image/png" => bytes.starts_with(b"\x89PNG\r\n\x1a\n"),
        "image/jpeg" => bytes.starts_with(b"\xff\xd8\xff"),
        _ => false,
    };
    is_id(&evidence.id) && starts && bytes.len() <= MAX_PICTURE && evidence.sha256 == sha256(bytes)
}

#[cfg(test)]
mod tests {
    use pipeline::examination::{EvidenceKind, Page, PageOrigin};
    use pipeline::examine::unreadable;
    use pipeline::reason::{Code, Reason};

    use super::*;
    use crate::examiner::wire::write_answer;

    const DOCUMENT: &[u8] = b"a document";
    const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\nand so on";

    fn head() -> AnswerHead {
        let mut examination =
            unreadable(DOCUMENT, Kind::Passport, Reason::new(Code::FileTypeUnsupported));
        examination.page_count = 1;
        examination.pages.push(Page {
            number: 1,
            width: 10,
            height: 10,
            dpi: None,
            rotation: 0,
            mirrored: false,
            origin: PageOrigin::Image,
        });
        examination.evidence.push(Evidence {
            id: "zone-1".to_owned(),
            kind: EvidenceKind::Crop,
            page: 1,
            polygon: Vec::new(),
            media_type: "image/png".to_owned(),
            width: 1,
            height: 1,
            sha256: sha256(PICTURE),
            masked: None,
        });
        AnswerHead { examination, pictures: vec![PICTURE.len() as u32], peak_kib: Some(2048) }
    }

    fn checked(head: &AnswerHead, picture: &[u8]) -> Result<Answer, Nonsense> {
        let mut said = Vec::new();
        write_answer(&mut said, head, &[picture.to_vec()]).unwrap();
        check(unframe(&said).unwrap().0, DOCUMENT, Kind::Passport)
    }

    #[track_caller]
    fn refused(spoil: impl FnOnce(&mut AnswerHead)) {
        let mut head = head();
        spoil(&mut head);
        assert!(checked(&head, PICTURE).is_err());
    }

    #[test]
    fn a_sound_answer_is_taken() {
        let answer = checked(&head(), PICTURE).unwrap();
        assert_eq!(answer.examined.pictures[0].bytes, PICTURE);
        assert_eq!(answer.peak_mib, Some(2.0));
    }

    #[test]
    fn an_answer_about_something_else_is_refused() {
        refused(|head| head.examination.sha256 = sha256(b"another"));
        refused(|head| head.examination.bytes += 1);
        refused(|head| head.examination.kind = Kind::Cv);
        refused(|head| head.examination.examiner = "another".to_owned());
    }

    #[test]
    fn more_than_there_can_be_is_refused() {
        refused(|head| head.examination.page_count = 0);
        refused(|head| {
            head.examination.reasons = vec![Reason::new(Code::FileCorrupt); MAX_FACTS + 1];
        });
        refused(|head| head.examination.evidence[0].page = 2);
    }

    #[test]
    fn evidence_that_is_not_what_it_says_is_refused() {
        refused(|head| head.examination.evidence[0].id = "../../verdict".to_owned());
        refused(|head| head.examination.evidence[0].media_type = "text/html".to_owned());
        refused(|head| head.examination.evidence[0].sha256 = sha256(b"another"));
        refused(|head| head.examination.evidence.clear());
        refused(|head| head.pictures[0] -= 1);
        refused(|head| head.pictures[0] = u32::MAX);
        refused(|head| {
            let twice = head.examination.evidence[0].clone();
            head.examination.evidence.push(twice);
            head.pictures.push(0);
        });
        assert!(checked(&head(), b"<script>").is_err());
    }

    #[test]
    fn garbage_is_refused() {
        for garbage in [&b""[..], b"abc", b"\xff\xff\xff\xff", b"\x02\0\0\0{}", &[0; 64]] {
            assert!(check(garbage, DOCUMENT, Kind::Passport).is_err());
        }
    }
}
