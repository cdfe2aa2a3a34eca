//! The pictures of fields: the whole zone above their table, one line in a cell.

use super::gallery::Choice;
use super::mask;
use super::pictures::Figure;
use super::view::View;
use crate::examination::Source;
use crate::texts::capital;
use crate::verdict::{DocumentEvidence, DocumentVerdict, VerdictField};

/// The picture of the line that a value was read from, or a sentence in its place.
pub(super) enum Line {
    Picture {
        data: String,
        width: u32,
        height: u32,
        alt: String,
    },
    /// The picture is shown above or missing.
    Instead {
        text: String,
        number: Option<usize>,
    },
}

impl View<'_> {
    /// Returns the pictures of the zones that the fields of a document come from.
    pub(super) fn zones(&self, document: &DocumentVerdict) -> Vec<Figure> {
        let ids: Vec<String> = zone_ids(document).cloned().collect();
        let figures = self.figures(&ids).into_iter();
        figures
            .map(|figure| match figure {
                Figure::Instead { number: Some(number), .. } => {
                    let text = self.with("report-zone-again", &[("number", &number.to_string())]);
                    Figure::Instead { text, number: Some(number) }
                }
                other => other,
            })
            .collect()
    }

    /// Returns the picture of the line of a field. A masked page has none for a
    /// personal field: a black box proves nothing.
    pub(super) fn line(&self, document: &DocumentVerdict, field: &VerdictField) -> Option<Line> {
        if !self.unmask && mask::is_personal(field.name) {
            return None;
        }
        let one = match self.gallery.choose(&line_id(document, field)?)? {
            Choice::Show(one) if !self.gallery.is_masked_copy(&one.id) => one,
            Choice::Show(_) | Choice::Withhold(_) => return None,
        };
        if let Some(number) = self.gallery.number(one) {
            let text = self.with("report-picture-again", &[("number", &number.to_string())]);
            return Some(Line::Instead { text, number: Some(number) });
        }
        Some(match self.gallery.embed(one) {
            Some(data) => Line::Picture {
                data,
                width: one.evidence.width,
                height: one.evidence.height,
                alt: self.line_alt(field, one),
            },
            None => Line::Instead { text: self.text("report-line-missing"), number: None },
        })
    }

    fn line_alt(&self, field: &VerdictField, one: &DocumentEvidence) -> String {
        let source = capital(&self.source(field.source));
        let name = self.texts.name("field", field.name.name());
        [source, name, self.place(one)].join(", ")
    }

    /// Returns the pictures of a document that neither the findings nor the fields show.
    pub(super) fn other_pictures(&self, document: &DocumentVerdict) -> Vec<String> {
        let mut ids = self.gallery.not_shown(document);
        ids.retain(|id| !is_of_fields(document, id) && !self.is_black_box(document, id));
        ids
    }

    /// Returns the pictures of a check without those that show nothing on this page.
    pub(super) fn shown_pictures(&self, ids: &[String]) -> Vec<String> {
        let documents = &self.body.documents;
        let is_box = |id: &String| documents.iter().any(|one| self.is_black_box(one, id));
        ids.iter().filter(|id| !is_box(id)).cloned().collect()
    }

    /// Whether the picture is a printed line that is masked completely.
    fn is_black_box(&self, document: &DocumentVerdict, id: &str) -> bool {
        let is_masked = matches!(
            self.gallery.choose(id),
            Some(Choice::Show(one)) if self.gallery.is_masked_copy(&one.id)
        );
        is_masked && id.starts_with(&format!("{}/visual-", document.document_id))
    }
}

fn is_of_fields(document: &DocumentVerdict, id: &str) -> bool {
    let mut lines = document.fields.iter().filter_map(|field| line_id(document, field));
    zone_ids(document).any(|zone| zone == id) || lines.any(|line| line == id)
}

fn zone_ids(document: &DocumentVerdict) -> impl Iterator<Item = &String> {
    let of_zone = document.fields.iter().filter(|field| field.source == Source::Mrz);
    of_zone.filter_map(|field| field.evidence.as_ref())
}

/// Returns the id of the picture of the line of a field. A field of the zone names
/// the whole zone; its own characters may have a picture too.
fn line_id(document: &DocumentVerdict, field: &VerdictField) -> Option<String> {
    match field.source {
        Source::Mrz => Some(format!("{}/zone-{}", document.document_id, field.name.name())),
        Source::Visual => field.evidence.clone(),
        _ => None,
    }
}
