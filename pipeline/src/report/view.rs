//! The context that all parts of the page share: texts, masks, pictures.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::gallery::Gallery;
use super::mask::{self, Scrub};
use crate::application::Applicant;
use crate::examination::FieldName;
use crate::kind::Kind;
use crate::reason::Reason;
use crate::status::Status;
use crate::texts::{Audience, Texts, VALUE_LIMIT, capital, visible};
use crate::verdict::{Body, Check, DocumentVerdict, Verdict};

/// A verdict together with texts, masks and pictures.
pub(super) struct View<'a> {
    pub(super) body: &'a Body,
    pub(super) applicant: Option<&'a Applicant>,
    pub(super) texts: &'a Texts,
    pub(super) unmask: bool,
    pub(super) gallery: Gallery<'a>,
    scrub: Scrub,
}

/// A value in a cell: plain, or a mask with a text for screen readers.
#[derive(Clone)]
pub(super) struct Value {
    pub(super) text: String,
    pub(super) spoken: Option<String>,
    /// The same text in parts, where letters of it are marked; else empty.
    pub(super) parts: Vec<Part>,
}

/// A part of a text, with or without a mark.
#[derive(Clone)]
pub(super) struct Part {
    pub(super) text: String,
    pub(super) is_marked: bool,
}

/// A status as a word and a CSS class.
#[derive(Clone)]
pub(super) struct Tag {
    pub(super) word: String,
    pub(super) class: &'static str,
}

impl<'a> View<'a> {
    pub(super) fn new(
        verdict: &'a Verdict,
        applicant: Option<&'a Applicant>,
        pictures: &'a BTreeMap<String, Vec<u8>>,
        texts: &'a Texts,
        unmask: bool,
    ) -> Self {
        let scrub = if unmask { Scrub::default() } else { Scrub::new(verdict, applicant) };
        let gallery = Gallery::new(&verdict.body.evidence, pictures, unmask);
        Self { body: &verdict.body, applicant, texts, unmask, gallery, scrub }
    }

    /// Prepares a text that a portal, a document or a person wrote: personal
    /// values are removed, hidden characters made visible, long texts cut.
    pub(super) fn untrusted(&self, text: &str) -> String {
        visible(&self.scrub.text(text), VALUE_LIMIT)
    }

    pub(super) fn text(&self, id: &str) -> String {
        self.texts.text(id)
    }

    pub(super) fn with(&self, id: &str, values: &[(&str, &str)]) -> String {
        let values: Vec<_> = values.iter().map(|(name, value)| (*name, (*value).into())).collect();
        self.texts.text_with(id, &values)
    }

    pub(super) fn counted(&self, id: &str, name: &str, count: i64) -> String {
        #[expect(clippy::cast_precision_loss, reason = "counts are small")]
        let count = crate::texts::number(count as f64);
        self.texts.text_with(id, &[(name, count)])
    }

    pub(super) fn date(&self, date: Date) -> String {
        self.texts.date(date)
    }

    pub(super) fn tag(&self, status: Status) -> Tag {
        Tag { word: self.texts.name("status", status.name()), class: status.name() }
    }

    pub(super) fn sentence(&self, reason: &Reason, audience: Audience) -> String {
        let mut reason = reason.clone();
        reason.params.values_mut().for_each(|value| self.scrub_value(value));
        self.texts.reason(&reason, audience)
    }

    fn scrub_value(&self, value: &mut serde_json::Value) {
        match value {
            serde_json::Value::String(text) if Kind::from_name(text).is_none() => {
                *text = self.scrub.text(text);
            }
            serde_json::Value::Array(all) => all.iter_mut().for_each(|one| self.scrub_value(one)),
            serde_json::Value::Object(_) => *value = self.scrub.text(&value.to_string()).into(),
            _ => {}
        }
    }

    /// Returns kind and id, as in `passport D-1`.
    pub(super) fn document(&self, document: &DocumentVerdict) -> String {
        let kind = self.texts.name("kind", document.kind.name());
        format!("{kind} {}", self.untrusted(&document.document_id))
    }

    /// Returns the name of the document that a check is about.
    pub(super) fn about(&self, check: &Check) -> String {
        let Some(id) = &check.document_id else { return capital(&self.text("report-whole")) };
        let document = self.body.documents.iter().find(|document| document.document_id == *id);
        capital(&document.map_or_else(|| self.untrusted(id), |document| self.document(document)))
    }

    /// Masks a personal field and shows any other field.
    pub(super) fn value(&self, name: FieldName, value: &str) -> Value {
        if self.unmask || !mask::is_personal(name) {
            return self.plain(value);
        }
        self.masked(mask::mask_field(name, value))
    }

    pub(super) fn plain(&self, value: &str) -> Value {
        Value { text: self.untrusted(value), spoken: None, parts: Vec::new() }
    }

    /// Adds a text for screen readers to a mask.
    pub(super) fn masked(&self, mask: String) -> Value {
        let spoken = match mask.chars().next() {
            None => None,
            Some('•') => Some(self.text("report-hidden")),
            Some(letter) => Some(self.with("report-begins", &[("letter", &letter.to_string())])),
        };
        Value { text: mask, spoken, parts: Vec::new() }
    }
}
