//! Pictures inside the page: which may be shown, and each of them once.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::view::View;
use crate::examination::{Evidence, EvidenceKind};
use crate::verdict::{DocumentEvidence, DocumentVerdict};

/// As an examination promises; larger ones are not embedded.
const PICTURE_BYTES: usize = 512 << 10;
/// What one page embeds in all; beyond, pictures are named and left out.
const PAGE_BYTES: usize = 8 << 20;

/// The pictures of a verdict, and which of them the page shows already.
pub(super) struct Gallery<'a> {
    evidence: BTreeMap<&'a str, &'a DocumentEvidence>,
    /// Ids of the masked copies of others.
    copies: BTreeSet<String>,
    bytes: &'a BTreeMap<String, Vec<u8>>,
    unmask: bool,
    shown: RefCell<Shown>,
}

#[derive(Default)]
struct Shown {
    numbers: BTreeMap<String, usize>,
    bytes: usize,
}

/// What stands where a picture is asked for.
pub(super) enum Figure {
    Picture(Box<Picture>),
    /// A sentence instead: shown above, withheld or missing.
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
    /// `tall`, `long` or neither, for the place that it takes.
    pub(super) shape: &'static str,
    pub(super) alt: String,
    pub(super) label: String,
    pub(super) caption: String,
}

enum Choice<'a> {
    Show(&'a DocumentEvidence),
    Withhold(&'a DocumentEvidence),
}

impl<'a> Gallery<'a> {
    pub(super) fn new(
        evidence: &'a [DocumentEvidence],
        bytes: &'a BTreeMap<String, Vec<u8>>,
        unmask: bool,
    ) -> Self {
        let copies = evidence.iter().filter_map(masked_id).collect();
        let evidence = evidence.iter().map(|one| (one.id.as_str(), one)).collect();
        Self { evidence, copies, bytes, unmask, shown: RefCell::default() }
    }

    /// Pictures of a document that nothing above has shown.
    pub(super) fn rest_of(&self, document: &DocumentVerdict) -> Vec<String> {
        let own = |one: &&&DocumentEvidence| one.document_id == document.document_id;
        let ids = self.evidence.values().filter(own).map(|one| one.id.clone());
        let shown = self.shown.borrow();
        let new = |id: &String| match self.choose(id) {
            Some(Choice::Show(one)) => !shown.numbers.contains_key(&one.id),
            Some(Choice::Withhold(_)) => true,
            None => false,
        };
        ids.filter(|id| !self.copies.contains(id) && new(id)).collect()
    }

    /// The picture itself, or its masked copy. A copy that is missing, that is
    /// its own original or that holds the same bytes protects nobody.
    fn choose(&self, id: &str) -> Option<Choice<'a>> {
        let one = *self.evidence.get(id)?;
        let Some(copy) = masked_id(one).filter(|_| !self.unmask) else {
            return Some(Choice::Show(one));
        };
        let bytes = |id: &str| self.bytes.get(id);
        let usable = copy != one.id
            && bytes(&copy).is_some()
            && bytes(&copy) != bytes(&one.id)
            && self.evidence.get(copy.as_str()).is_some_and(|copy| copy.evidence.masked.is_none());
        let copy = self.evidence.get(copy.as_str()).filter(|_| usable);
        Some(copy.map_or(Choice::Withhold(one), |copy| Choice::Show(copy)))
    }
}

fn masked_id(one: &DocumentEvidence) -> Option<String> {
    let masked = one.evidence.masked.as_ref()?;
    Some(format!("{}/{masked}", one.document_id))
}

impl View<'_> {
    /// The pictures of these ids: each in full where it comes first, by its number later.
    pub(super) fn figures(&self, ids: &[String]) -> Vec<Figure> {
        let mut seen = BTreeSet::new();
        ids.iter().filter(|id| seen.insert(*id)).filter_map(|id| self.figure(id)).collect()
    }

    fn figure(&self, id: &str) -> Option<Figure> {
        let one = match self.gallery.choose(id)? {
            Choice::Withhold(one) => return Some(self.instead("report-picture-withheld", one)),
            Choice::Show(one) => one,
        };
        let mut shown = self.gallery.shown.borrow_mut();
        if let Some(number) = shown.numbers.get(&one.id) {
            let text = self.with("report-picture-again", &[("number", &number.to_string())]);
            return Some(Figure::Instead { text, number: Some(*number) });
        }
        let data = self.gallery.bytes.get(&one.id).and_then(|bytes| data_uri(bytes));
        let Some(data) = data.filter(|data| shown.bytes + data.len() <= PAGE_BYTES) else {
            return Some(self.instead("report-picture-missing", one));
        };
        let number = shown.numbers.len() + 1;
        shown.numbers.insert(one.id.clone(), number);
        shown.bytes += data.len();
        Some(Figure::Picture(Box::new(self.picture(number, data, one))))
    }

    fn instead(&self, id: &str, one: &DocumentEvidence) -> Figure {
        let name = format!("{}, {}", self.what(&one.evidence), self.place(one));
        Figure::Instead { text: self.with(id, &[("name", &name)]), number: None }
    }

    fn picture(&self, number: usize, data: String, one: &DocumentEvidence) -> Picture {
        let evidence = &one.evidence;
        let mut caption = vec![self.what(evidence), self.place(one)];
        if self.gallery.copies.contains(&one.id) {
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

    fn what(&self, evidence: &Evidence) -> String {
        self.text(match evidence.kind {
            _ if evidence.id.starts_with("zone") => "report-picture-zone",
            _ if evidence.id.starts_with("visual") => "report-picture-visual",
            _ if evidence.id == "portrait" => "report-picture-portrait",
            _ if evidence.id == "portrait-crop" => "report-picture-portrait-crop",
            EvidenceKind::Crop => "report-picture-crop",
            EvidenceKind::Overlay => "report-picture-overlay",
        })
    }

    fn place(&self, one: &DocumentEvidence) -> String {
        let document = self.body.documents.iter().find(|d| d.document_id == one.document_id);
        let name = document
            .map_or_else(|| self.said(&one.document_id), |document| self.document(document));
        let page = one.evidence.page.to_string();
        self.with("report-picture-of", &[("document", &name), ("page", &page)])
    }

    /// What somebody who cannot see the picture would want to know, from the facts.
    fn alt(&self, one: &DocumentEvidence) -> String {
        let mut alt = vec![format!("{}, {}.", self.what(&one.evidence), self.place(one))];
        let document = self.body.documents.iter().find(|d| d.document_id == one.document_id);
        let Some(document) = document else { return alt.remove(0) };
        let measures = document.portrait.iter().flat_map(|portrait| &portrait.measures);
        let millimetres = measures.filter(|(_, measure)| measure.unit == "mm").take(8);
        let measured: Vec<String> = millimetres
            .map(|(name, measure)| {
                format!("{} {:.1} mm", self.said(&self.texts.name("measure", name)), measure.value)
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

    fn shows(&self, asked: &str, shown: &str) -> bool {
        matches!(self.gallery.choose(asked), Some(Choice::Show(one)) if one.id == shown)
    }
}

/// A portrait stands beside its text; a line of a zone may be wider than a telephone.
fn shape(width: u32, height: u32) -> &'static str {
    match f64::from(width) / f64::from(height.max(1)) {
        ratio if ratio < 1.5 => "tall",
        ratio if ratio > 3.0 => "long",
        _ => "wide",
    }
}

/// PNG and JPEG by their own first bytes, whatever the examination calls them.
fn data_uri(bytes: &[u8]) -> Option<String> {
    let media_type = match bytes {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => "image/png",
        [0xff, 0xd8, 0xff, ..] => "image/jpeg",
        _ => return None,
    };
    let small = bytes.len() <= PICTURE_BYTES;
    small.then(|| format!("data:{media_type};base64,{}", STANDARD.encode(bytes)))
}
