//! Pictures on the page, with their captions and texts for screen readers.

use std::collections::BTreeSet;

use super::gallery::{Choice, Placement};
use super::view::View;
use crate::examination::{Evidence, EvidenceKind};
use crate::verdict::DocumentEvidence;

/// A picture on the page, or a sentence in its place.
pub(super) enum Figure {
    Picture(Box<Picture>),
    /// The picture is shown above, withheld or missing.
    Instead {
        text: String,
        number: Option<usize>,
    },
}

pub(super) struct Picture {
    pub(super) number: usize,
    pub(super) data: String,
    pub(super) width: u32,
    pub(super) height: u32,
    /// `tall`, `wide` or `long`: chooses its place beside or below the text.
    pub(super) shape: &'static str,
    pub(super) alt: String,
    pub(super) label: String,
    pub(super) caption: String,
}

impl View<'_> {
    /// Returns the pictures with these ids. Each is shown where it comes first;
    /// later places refer to its number.
    pub(super) fn figures(&self, ids: &[String]) -> Vec<Figure> {
        let mut seen = BTreeSet::new();
        ids.iter().filter(|id| seen.insert(*id)).filter_map(|id| self.figure(id)).collect()
    }

    fn figure(&self, id: &str) -> Option<Figure> {
        let one = match self.gallery.choose(id)? {
            Choice::Withhold(one) => return Some(self.instead("report-picture-withheld", one)),
            Choice::Show(one) => one,
        };
        Some(match self.gallery.place(one) {
            Placement::New { number, data } => {
                Figure::Picture(Box::new(self.picture(number, data, one)))
            }
            Placement::Shown { number } => {
                let text = self.with("report-picture-again", &[("number", &number.to_string())]);
                Figure::Instead { text, number: Some(number) }
            }
            Placement::Missing => self.instead("report-picture-missing", one),
        })
    }

    fn instead(&self, id: &str, one: &DocumentEvidence) -> Figure {
        let name = format!("{}, {}", self.content(&one.evidence), self.place(one));
        Figure::Instead { text: self.with(id, &[("name", &name)]), number: None }
    }

    fn picture(&self, number: usize, data: String, one: &DocumentEvidence) -> Picture {
        let evidence = &one.evidence;
        let mut caption = vec![self.content(evidence), self.place(one)];
        if self.gallery.is_masked_copy(&one.id) {
            caption.push(self.text("report-picture-masked"));
        }
        Picture {
            number,
            data,
            width: evidence.width,
            height: evidence.height,
            shape: shape(evidence.width, evidence.height),
            alt: self.alt(one),
            label: self.with("report-picture", &[("number", &number.to_string())]),
            caption: caption.join(", "),
        }
    }

    fn content(&self, evidence: &Evidence) -> String {
        self.text(match evidence.kind {
            _ if evidence.id.starts_with("zone") => "report-picture-zone",
            _ if evidence.id.starts_with("visual") => "report-picture-visual",
            _ if evidence.id == "portrait" => "report-picture-portrait",
            _ if evidence.id == "portrait-crop" => "report-picture-portrait-crop",
            EvidenceKind::Crop => "report-picture-crop",
            EvidenceKind::Overlay => "report-picture-overlay",
        })
    }

    pub(super) fn place(&self, one: &DocumentEvidence) -> String {
        let document = self.body.documents.iter().find(|d| d.document_id == one.document_id);
        let name = document
            .map_or_else(|| self.untrusted(&one.document_id), |document| self.document(document));
        let page = one.evidence.page.to_string();
        self.with("report-picture-of", &[("document", &name), ("page", &page)])
    }

    /// Describes the picture for a screen reader: measures and fields that it shows.
    fn alt(&self, one: &DocumentEvidence) -> String {
        let mut alt = vec![format!("{}, {}.", self.content(&one.evidence), self.place(one))];
        let document = self.body.documents.iter().find(|d| d.document_id == one.document_id);
        let Some(document) = document else { return alt.remove(0) };
        let measures = document.portrait.iter().flat_map(|portrait| &portrait.measures);
        let millimetres = measures.filter(|(_, measure)| measure.unit == "mm").take(8);
        let measured: Vec<String> = millimetres
            .map(|(name, measure)| {
                format!(
                    "{} {:.1} mm",
                    self.untrusted(&self.texts.name("measure", name)),
                    measure.value
                )
            })
            .collect();
        if one.evidence.kind == EvidenceKind::Overlay && !measured.is_empty() {
            let list = measured.join(", ");
            alt.push(self.with("report-picture-alt-measured", &[("list", &list)]));
        }
        let of_picture =
            |evidence: &Option<String>| evidence.as_ref().is_some_and(|id| self.shows(id, &one.id));
        let read: Vec<String> = document
            .fields
            .iter()
            .filter(|field| of_picture(&field.evidence))
            .map(|field| (field.name, self.date_or_value(field.name, &field.value)))
            .filter(|(_, value)| value.spoken.is_none())
            .take(12)
            .map(|(name, value)| {
                format!("{} {}", self.texts.name("field", name.name()), value.text)
            })
            .collect();
        if !read.is_empty() {
            alt.push(self.with("report-picture-alt-read", &[("list", &read.join(", "))]));
        }
        alt.join(" ")
    }

    fn shows(&self, requested: &str, shown: &str) -> bool {
        matches!(self.gallery.choose(requested), Some(Choice::Show(one)) if one.id == shown)
    }
}

/// A portrait is placed beside its text; a line of a zone may be wider than a telephone.
fn shape(width: u32, height: u32) -> &'static str {
    match f64::from(width) / f64::from(height.max(1)) {
        ratio if ratio < 1.5 => "tall",
        ratio if ratio > 3.0 => "long",
        _ => "wide",
    }
}
