//! Limits on what a child may say about a file: every text, every list, and the whole.
//!
//! They are far above what any file yields. A child that a document took over could
//! otherwise fill the database, every verdict and every report.

use pipeline::open::Limits;
use serde_json::Value;

use super::protocol::AnswerHead;

/// Bytes of one text, except the text that a PDF contains; a line of print has at most 256
/// characters.
const MAX_TEXT: usize = 4 << 10;
/// Entries of one list, and members of one object.
const MAX_ENTRIES: usize = 1000;
/// Lists and objects within each other; an examination has seven.
const MAX_DEPTH: usize = 16;
/// Bytes of the whole without the text that a PDF contains.
const MAX_WHOLE: u64 = 1 << 20;

/// Parses the head of an answer that stays within the limits.
pub(super) fn parse(head: &[u8], limits: &Limits) -> Option<AnswerHead> {
    // JSON writes a line feed, a quote or a backslash of the text as two bytes
    let whole = limits.text_bytes.saturating_mul(2).saturating_add(MAX_WHOLE);
    if head.len() as u64 > whole {
        return None;
    }
    let mut head: AnswerHead = serde_json::from_slice(head).ok()?;
    let text = head.examination.text.take();
    if let Some(text) = &text {
        let bytes = text.pages.iter().map(|page| page.len() as u64).sum::<u64>();
        if bytes > limits.text_bytes || text.pages.len() > MAX_ENTRIES {
            return None;
        }
    }
    // as it would be stored, so that a field that is added later is limited too
    let rest = serde_json::to_value(&head).ok()?;
    head.examination.text = text;
    is_within_limits(&rest, MAX_DEPTH).then_some(head)
}

fn is_within_limits(value: &Value, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => true,
        Value::String(text) => text.len() <= MAX_TEXT,
        Value::Array(list) => {
            list.len() <= MAX_ENTRIES && list.iter().all(|entry| is_within_limits(entry, depth))
        }
        Value::Object(members) => {
            let fits = |(name, value): (&String, &Value)| {
                name.len() <= MAX_TEXT && is_within_limits(value, depth)
            };
            members.len() <= MAX_ENTRIES && members.iter().all(fits)
        }
    }
}

#[cfg(test)]
mod tests {
    use pipeline::examination::{Measure, Portrait, TextLayer};
    use pipeline::examine::unreadable_by;
    use pipeline::kind::Kind;
    use pipeline::reason::{Code, Reason};
    use serde_json::json;

    use super::*;

    fn head(change: impl FnOnce(&mut AnswerHead)) -> AnswerHead {
        let reason = Reason::new(Code::FileTypeUnsupported);
        let examination = unreadable_by("this examiner", b"", Kind::Cv, reason);
        let mut head = AnswerHead { examination, pictures: Vec::new(), peak_kib: None };
        change(&mut head);
        head
    }

    fn is_accepted(head: &AnswerHead) -> bool {
        let bytes = serde_json::to_vec(head).unwrap();
        parse(&bytes, &Limits::default())
            .is_some_and(|parsed| serde_json::to_vec(&parsed).unwrap() == bytes)
    }

    /// Whether an answer is accepted whose first reason has this parameter.
    fn accepts_param(param: Value) -> bool {
        is_accepted(&head(|head| {
            head.examination.reasons[0].params.insert("name".to_owned(), param);
        }))
    }

    fn measures(name: &str, count: usize) -> Portrait {
        let value = Measure {
            value: 1.0,
            unit: "mm".to_owned(),
            interval: None,
            quality: None,
            confidence: 1.0,
        };
        let measure = |i| (format!("{name}{i}"), value.clone());
        Portrait { measures: (0..count).map(measure).collect(), ..Portrait::default() }
    }

    #[test]
    fn each_text_is_limited() {
        assert!(accepts_param("x".repeat(MAX_TEXT).into()));
        assert!(!accepts_param("x".repeat(MAX_TEXT + 1).into()));
        assert!(!accepts_param(json!([{ "deep": "x".repeat(MAX_TEXT + 1) }])));
        let named = |length: usize| {
            is_accepted(&head(|head| {
                head.examination.portrait = Some(measures(&"x".repeat(length), 1));
            }))
        };
        assert!(named(MAX_TEXT - 1) && !named(MAX_TEXT));
    }

    #[test]
    fn each_list_is_limited() {
        assert!(accepts_param(vec![0; MAX_ENTRIES].into()));
        assert!(!accepts_param(vec![0; MAX_ENTRIES + 1].into()));
        let measured = |count| {
            is_accepted(&head(|head| head.examination.portrait = Some(measures("m", count))))
        };
        assert!(measured(MAX_ENTRIES) && !measured(MAX_ENTRIES + 1));
        assert!(!is_accepted(&head(|head| head.pictures = vec![0; MAX_ENTRIES + 1])));
        let nested = (0..MAX_DEPTH).fold(Value::Null, |inner, _| vec![inner].into());
        assert!(!accepts_param(nested));
    }

    #[test]
    fn the_text_of_a_pdf_has_its_own_limit() {
        let limit = usize::try_from(Limits::default().text_bytes).unwrap();
        let with_text = |pages: Vec<String>| {
            is_accepted(&head(|head| {
                head.examination.text = Some(TextLayer { pages, truncated: true });
            }))
        };
        // each line feed takes two bytes
        assert!(with_text(vec!["\n".repeat(limit)]));
        assert!(!with_text(vec!["x".repeat(limit), "x".to_owned()]));
        assert!(!with_text(vec![String::new(); MAX_ENTRIES + 1]));
    }

    #[test]
    fn the_whole_is_limited() {
        let with_reasons = |count: usize| {
            is_accepted(&head(|head| {
                let long = Reason::new(Code::FileCorrupt).with("name", "x".repeat(MAX_TEXT));
                head.examination.reasons = vec![long; count];
            }))
        };
        assert!(with_reasons(200));
        assert!(!with_reasons(900), "each text and list is within its limit");
    }
}
