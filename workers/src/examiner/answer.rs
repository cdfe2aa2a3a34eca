//! Validates a child's answer: it is untrusted, because the child decoded hostile bytes.

use std::collections::BTreeSet;

use pipeline::application::is_id;
use pipeline::digest::sha256;
use pipeline::examination::{Evidence, EvidencePicture, Examination};
use pipeline::examine::ExaminedFile;
use pipeline::kind::Kind;
use pipeline::open::Limits;

use super::answer_limits;
use super::protocol::unframe;

/// Far above what any file yields; prevents a faulty child from filling a report.
const MAX_PAGES: usize = 500;
const MAX_FACTS: usize = 1000;
const MAX_EVIDENCE: usize = 64;
/// The examiner's own limit on one picture.
const MAX_PICTURE: usize = 512 << 10;

/// A valid answer.
pub(super) struct Answer {
    pub(super) examined: ExaminedFile,
    /// Peak memory as the child reports it.
    pub(super) peak_mib: Option<f64>,
}

/// An answer that a correct child would not send; the reason is not needed.
#[derive(Debug, PartialEq)]
pub(super) struct InvalidAnswer;

/// Accepts an answer that is by this examiner, about these bytes, within bounds and
/// consistent.
pub(super) fn validate(
    body: &[u8],
    examiner: &str,
    untrusted: &[u8],
    kind: Kind,
    limits: &Limits,
) -> Result<Answer, InvalidAnswer> {
    let (head, rest) = unframe(body).ok_or(InvalidAnswer)?;
    let head = answer_limits::parse(head, limits).ok_or(InvalidAnswer)?;
    let examination = head.examination;
    let fits = examination.examiner == examiner
        && is_about(&examination, untrusted, kind)
        && is_within_bounds(&examination)
        && refers_to_pages(&examination)
        && examination.is_explained()
        && head.pictures.len() == examination.evidence.len();
    if !fits {
        return Err(InvalidAnswer);
    }
    let pictures = split_pictures(&examination, &head.pictures, rest)?;
    let peak_mib = head.peak_kib.map(|kib| pipeline::examination::round(kib as f64 / 1024.0, 1));
    Ok(Answer { examined: ExaminedFile { examination, pictures }, peak_mib })
}

fn is_about(examination: &Examination, untrusted: &[u8], kind: Kind) -> bool {
    examination.kind == kind
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

fn refers_to_pages(examination: &Examination) -> bool {
    let pages: BTreeSet<u32> = examination.pages.iter().map(|page| page.number).collect();
    let fields = examination.fields.iter().map(|field| field.page);
    let zones = examination.zones.iter().map(|zone| zone.page);
    let evidence = examination.evidence.iter().map(|evidence| evidence.page);
    fields.chain(zones).chain(evidence).all(|page| pages.contains(&page))
}

fn split_pictures(
    examination: &Examination,
    lengths: &[u32],
    mut rest: &[u8],
) -> Result<Vec<EvidencePicture>, InvalidAnswer> {
    let mut ids = BTreeSet::new();
    let mut pictures = Vec::new();
    for (evidence, length) in examination.evidence.iter().zip(lengths) {
        let (bytes, after) = rest.split_at_checked(*length as usize).ok_or(InvalidAnswer)?;
        rest = after;
        if !(ids.insert(&evidence.id) && matches_evidence(evidence, bytes)) {
            return Err(InvalidAnswer);
        }
        pictures.push(EvidencePicture { evidence: evidence.clone(), bytes: bytes.to_vec() });
    }
    if rest.is_empty() { Ok(pictures) } else { Err(InvalidAnswer) }
}

/// The id becomes a file name, so it must be plain; the bytes must match type and digest.
fn matches_evidence(evidence: &Evidence, bytes: &[u8]) -> bool {
    let has_signature = match evidence.media_type.as_str() {
        "image/png" => bytes.starts_with(b"\x89PNG\r\n\x1a\n"),
        "image/jpeg" => bytes.starts_with(b"\xff\xd8\xff"),
        _ => false,
    };
    is_id(&evidence.id)
        && has_signature
        && bytes.len() <= MAX_PICTURE
        && evidence.sha256 == sha256(bytes)
}

#[cfg(test)]
mod tests {
    use pipeline::examination::{EvidenceKind, Page, PageOrigin};
    use pipeline::examine::unreadable_by;
    use pipeline::reason::{Code, Reason};

    use super::*;
    use crate::examiner::protocol::{AnswerHead, write_answer};

    const DOCUMENT: &[u8] = b"a document";
    const EXAMINER: &str = "this examiner";
    const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\nand so on";

    fn head() -> AnswerHead {
        let mut examination = unreadable_by(
            EXAMINER,
            DOCUMENT,
            Kind::Passport,
            Reason::new(Code::FileTypeUnsupported),
        );
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

    fn validated(head: &AnswerHead, picture: &[u8]) -> Result<Answer, InvalidAnswer> {
        let mut body = Vec::new();
        write_answer(&mut body, head, &[picture.to_vec()]).unwrap();
        accept(unframe(&body).unwrap().0)
    }

    fn accept(body: &[u8]) -> Result<Answer, InvalidAnswer> {
        validate(body, EXAMINER, DOCUMENT, Kind::Passport, &Limits::default())
    }

    #[track_caller]
    fn check_refused(corrupt: impl FnOnce(&mut AnswerHead)) {
        let mut head = head();
        corrupt(&mut head);
        assert!(validated(&head, PICTURE).is_err());
    }

    #[test]
    fn a_valid_answer_is_accepted() {
        let answer = validated(&head(), PICTURE).unwrap();
        assert_eq!(answer.examined.pictures[0].bytes, PICTURE);
        assert_eq!(answer.peak_mib, Some(2.0));
    }

    #[test]
    fn an_answer_about_another_document_is_refused() {
        check_refused(|head| head.examination.sha256 = sha256(b"another"));
        check_refused(|head| head.examination.bytes += 1);
        check_refused(|head| head.examination.kind = Kind::Cv);
        check_refused(|head| head.examination.examiner = "another".to_owned());
    }

    #[test]
    fn counts_out_of_bounds_are_refused() {
        check_refused(|head| head.examination.page_count = 0);
        check_refused(|head| {
            head.examination.reasons = vec![Reason::new(Code::FileCorrupt); MAX_FACTS + 1];
        });
        check_refused(|head| head.examination.evidence[0].page = 2);
    }

    #[test]
    fn a_text_that_no_document_has_is_refused() {
        check_refused(|head| head.examination.evidence[0].masked = Some("x".repeat(5000)));
        check_refused(|head| {
            let reason = Reason::new(Code::FileCorrupt).with("name", "x".repeat(30 << 20));
            head.examination.reasons.push(reason);
        });
    }

    #[test]
    fn an_answer_with_neither_a_page_nor_a_reason_is_refused() {
        let without_page = |reasons: Vec<Reason>| {
            let mut head = head();
            head.examination.pages.clear();
            head.examination.evidence.clear();
            head.examination.reasons = reasons;
            head.pictures.clear();
            let mut body = Vec::new();
            write_answer(&mut body, &head, &[]).unwrap();
            accept(unframe(&body).unwrap().0).is_ok()
        };
        assert!(without_page(vec![Reason::new(Code::FileCorrupt)]));
        assert!(!without_page(Vec::new()));
        assert!(!without_page(vec![Reason::new(Code::FileActiveContent)]));
    }

    #[test]
    fn evidence_that_does_not_match_its_description_is_refused() {
        check_refused(|head| head.examination.evidence[0].id = "../../verdict".to_owned());
        check_refused(|head| head.examination.evidence[0].media_type = "text/html".to_owned());
        check_refused(|head| head.examination.evidence[0].sha256 = sha256(b"another"));
        check_refused(|head| head.examination.evidence.clear());
        check_refused(|head| head.pictures[0] -= 1);
        check_refused(|head| head.pictures[0] = u32::MAX);
        check_refused(|head| {
            let twice = head.examination.evidence[0].clone();
            head.examination.evidence.push(twice);
            head.pictures.push(0);
        });
        assert!(validated(&head(), b"<script>").is_err());
    }

    #[test]
    fn garbage_is_refused() {
        for garbage in [&b""[..], b"abc", b"\xff\xff\xff\xff", b"\x02\0\0\0{}", &[0; 64]] {
            assert!(accept(garbage).is_err());
        }
    }
}
