//! The pictures of a verdict: which of them may be shown, and each only once.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::verdict::{DocumentEvidence, DocumentVerdict};

/// The limit that an examination keeps; larger pictures are not embedded.
const PICTURE_BYTES: usize = 512 << 10;
/// Most bytes of pictures on one page; further pictures are named and left out.
const PAGE_BYTES: usize = 8 << 20;

/// The pictures of a verdict, and which of them the page already shows.
pub(super) struct Gallery<'a> {
    evidence: BTreeMap<&'a str, &'a DocumentEvidence>,
    /// Ids of pictures that are the masked copy of another.
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

/// Whether a picture may be shown, and which picture is shown for it.
pub(super) enum Choice<'a> {
    /// The picture itself or its masked copy.
    Show(&'a DocumentEvidence),
    /// Neither: the picture has no masked copy that can be used.
    Withhold(&'a DocumentEvidence),
}

/// The place of a picture on the page.
pub(super) enum Placement {
    /// Here, with its number and its bytes as a data URI.
    New { number: usize, data: String },
    /// Above, under this number.
    Shown { number: usize },
    /// Nowhere: its bytes are missing, too many or not a picture.
    Missing,
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

    /// Returns the pictures of a document that the page does not show yet.
    pub(super) fn not_shown(&self, document: &DocumentVerdict) -> Vec<String> {
        let own = |one: &&&DocumentEvidence| one.document_id == document.document_id;
        let ids = self.evidence.values().filter(own).map(|one| one.id.clone());
        let shown = self.shown.borrow();
        let is_new = |id: &String| match self.choose(id) {
            Some(Choice::Show(one)) => !shown.numbers.contains_key(&one.id),
            Some(Choice::Withhold(_)) => true,
            None => false,
        };
        ids.filter(|id| !self.is_masked_copy(id) && is_new(id)).collect()
    }

    pub(super) fn is_masked_copy(&self, id: &str) -> bool {
        self.copies.contains(id)
    }

    /// Chooses the picture itself or its masked copy. A copy that is missing, is
    /// its own original or has the same bytes as the original hides nothing.
    pub(super) fn choose(&self, id: &str) -> Option<Choice<'a>> {
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

    /// Gives the picture its place on the page.
    pub(super) fn place(&self, one: &DocumentEvidence) -> Placement {
        if let Some(number) = self.number(one) {
            return Placement::Shown { number };
        }
        let Some(data) = self.embed(one) else { return Placement::Missing };
        let mut shown = self.shown.borrow_mut();
        let number = shown.numbers.len() + 1;
        shown.numbers.insert(one.id.clone(), number);
        Placement::New { number, data }
    }

    /// Returns the number of a picture that the page shows already.
    pub(super) fn number(&self, one: &DocumentEvidence) -> Option<usize> {
        self.shown.borrow().numbers.get(&one.id).copied()
    }

    /// Returns the bytes of a picture as a data URI if they can be shown and fit on the page.
    pub(super) fn embed(&self, one: &DocumentEvidence) -> Option<String> {
        let mut shown = self.shown.borrow_mut();
        let data = self.bytes.get(&one.id).and_then(|bytes| data_uri(bytes))?;
        let fits = shown.bytes + data.len() <= PAGE_BYTES;
        fits.then(|| {
            shown.bytes += data.len();
            data
        })
    }
}

fn masked_id(one: &DocumentEvidence) -> Option<String> {
    let masked = one.evidence.masked.as_ref()?;
    Some(format!("{}/{masked}", one.document_id))
}

/// Recognises PNG and JPEG by their first bytes, whatever the examination says.
fn data_uri(bytes: &[u8]) -> Option<String> {
    let media_type = match bytes {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => "image/png",
        [0xff, 0xd8, 0xff, ..] => "image/jpeg",
        _ => return None,
    };
    let small = bytes.len() <= PICTURE_BYTES;
    small.then(|| format!("data:{media_type};base64,{}", STANDARD.encode(bytes)))
}
