//! The table of documents with their outcomes, and pictures that have no other place.

use super::pictures::Figure;
use super::view::{Tag, View};
use crate::texts::capital;
use crate::verdict::DocumentVerdict;

/// The row of one document, and its pictures that the page does not show elsewhere.
pub(super) struct DocumentRow {
    pub(super) kind: String,
    pub(super) id: String,
    /// The portal's word for an unknown kind, whether only the file was checked, the name of the file.
    pub(super) notes: Vec<String>,
    pub(super) required: String,
    pub(super) tag: Tag,
    pub(super) pages: String,
    pub(super) media_type: String,
    pub(super) size: String,
    pub(super) sha256: String,
    pub(super) figures: Vec<Figure>,
}

impl View<'_> {
    pub(super) fn documents(&self) -> Vec<DocumentRow> {
        self.body.documents.iter().map(|document| self.row(document)).collect()
    }

    fn row(&self, document: &DocumentVerdict) -> DocumentRow {
        let examined = document.sha256.is_some();
        let pages = [
            ("examined", document.pages.len().to_string()),
            ("pages", document.page_count.to_string()),
        ];
        let pages: Vec<(&str, &str)> = pages.iter().map(|(name, n)| (*name, n.as_str())).collect();
        let required = if document.required { "report-required" } else { "report-not-required" };
        DocumentRow {
            kind: capital(&self.texts.name("kind", document.kind.name())),
            id: self.untrusted(&document.document_id),
            notes: self.notes(document),
            required: self.text(required),
            tag: self.tag(document.outcome),
            pages: if examined && document.page_count == 0 {
                String::new()
            } else if examined {
                self.with("report-pages-examined", &pages)
            } else {
                self.text("report-not-yet")
            },
            media_type: document
                .media_type
                .map_or_else(String::new, |media_type| self.texts.name("media", media_type.name())),
            size: document.bytes.map_or_else(String::new, |bytes| self.size(bytes)),
            sha256: document
                .sha256
                .as_ref()
                .map_or_else(String::new, |hash| self.untrusted(hash).chars().take(12).collect()),
            figures: self.figures(&self.other_pictures(document)),
        }
    }

    fn notes(&self, document: &DocumentVerdict) -> Vec<String> {
        let mut notes = Vec::new();
        if let Some(word) = &document.unknown_kind {
            notes.push(self.with("report-portal-word", &[("word", &self.untrusted(word))]));
        }
        let read = document.kind.is_read();
        if !document.pages.is_empty() && !read {
            notes.push(self.text("report-file-only"));
        }
        // a file name may be the name of a person
        notes.extend(document.file.iter().filter(|_| self.unmask).map(|file| self.untrusted(file)));
        notes
    }

    fn size(&self, bytes: u64) -> String {
        #[expect(clippy::cast_precision_loss, reason = "shown with three digits")]
        let kib = bytes as f64 / 1024.0;
        let (id, size) = match kib {
            k if k < 10.0 => ("report-size-kib", format!("{k:.1}")),
            k if k < 1000.0 => ("report-size-kib", format!("{k:.0}")),
            k => ("report-size-mib", format!("{:.1}", k / 1024.0)),
        };
        self.with(id, &[("number", &size)])
    }
}
