//! Writes a document again with new appearances.
//!
//! They are appended as an incremental update (ISO 32000-1 7.5.6), so that the rest stays
//! as it is. In an encrypted document the new objects would have to be encrypted too;
//! of such a document all objects are written again, without encryption.

use std::collections::{BTreeMap, BTreeSet};

use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::{Array, Dict, ObjectIdentifier};

use super::Place;
use super::appearance::Appearance;
use super::button::SYMBOLS;
use super::decrypted_objects::decrypted_objects;
use super::our_fonts::{composite_font, to_unicode};
use super::syntax::{number, reference, write_entries, write_value};
use crate::open::detect::find;
use crate::open::pdf::fonts::Face;

/// An annotation that gets an appearance.
pub(super) struct Change<'a> {
    pub(super) place: Place,
    pub(super) annotation: Dict<'a>,
    pub(super) appearance: Appearance,
}

/// Number of the first new object; the largest that a document may use is 8,388,607.
const FIRST_NEW: u32 = 8_000_000;

/// Returns the bytes of the changed document.
pub(super) fn write(pdf: &Pdf, untrusted: &[u8], changes: &[Change<'_>]) -> Vec<u8> {
    let mut writer = Writer { pdf, objects: BTreeMap::new(), next: FIRST_NEW };
    let resources = writer.add_resources(changes);
    let mut in_pages: BTreeMap<ObjectIdentifier, BTreeMap<usize, Vec<u8>>> = BTreeMap::new();
    for change in changes {
        let appearance = writer.add_appearance(&change.appearance, resources);
        let annotation = annotation(change, appearance);
        match change.place {
            Place::Object(id) => {
                writer.objects.insert(id, annotation);
            }
            Place::InPage { page, index } => {
                in_pages.entry(page).or_default().insert(index, annotation);
            }
        }
    }
    for (page, annotations) in &in_pages {
        writer.replace_in_page(*page, annotations);
    }
    if find(untrusted, b"/Encrypt").is_some() { writer.whole() } else { writer.update(untrusted) }
}

/// Writes the annotation with another appearance, which is in force in every state.
fn annotation(change: &Change<'_>, appearance: ObjectIdentifier) -> Vec<u8> {
    let mut out = b"<<".to_vec();
    write_entries(&mut out, &change.annotation, &[b"AP", b"AS", b"Rect"]);
    let rect = change.appearance.rect;
    let numbers = [rect.x0, rect.y0, rect.x1, rect.y1].map(number).join(" ");
    out.extend(format!("/Rect[{numbers}]/AP<</N {}>>>>", reference(appearance)).bytes());
    out
}

struct Writer<'a> {
    pdf: &'a Pdf,
    /// Objects that are new or replaced.
    objects: BTreeMap<ObjectIdentifier, Vec<u8>>,
    next: u32,
}

impl Writer<'_> {
    fn add(&mut self, object: Vec<u8>) -> ObjectIdentifier {
        let id = ObjectIdentifier::new(self.next, 0);
        self.next += 1;
        self.objects.insert(id, object);
        id
    }

    fn add_stream(&mut self, entries: &str, data: &[u8]) -> ObjectIdentifier {
        let head = format!("<<{entries}/Length {}>>\nstream\n", data.len());
        self.add([head.as_bytes(), data, b"\nendstream"].concat())
    }

    fn add_appearance(
        &mut self,
        appearance: &Appearance,
        resources: ObjectIdentifier,
    ) -> ObjectIdentifier {
        let bounds = appearance.bounds;
        let bounds = [bounds.x0, bounds.y0, bounds.x1, bounds.y1].map(number).join(" ");
        let matrix = appearance.matrix.as_coeffs().map(number).join(" ");
        let entries = format!(
            "/Type/XObject/Subtype/Form/BBox[{bounds}]/Matrix[{matrix}]/Resources {}",
            reference(resources)
        );
        let state = if appearance.multiplies { "/Multiply gs\n" } else { "" };
        let opacity = format!("/Opacity{} gs\n", percent(appearance.opacity));
        let content = [state.as_bytes(), opacity.as_bytes(), &appearance.content].concat();
        self.add_stream(&entries, &content)
    }

    /// Adds the resources of all appearances: fonts with the widths of the letters that
    /// are shown, and graphics states.
    fn add_resources(&mut self, changes: &[Change<'_>]) -> ObjectIdentifier {
        let letters: BTreeSet<(Face, u16)> =
            changes.iter().flat_map(|change| change.appearance.letters.iter().copied()).collect();
        let to_unicode = self.add_stream("", to_unicode().as_bytes());
        let mut fonts = format!("/{SYMBOLS}<</Type/Font/Subtype/Type1/BaseFont/ZapfDingbats>>");
        let letters: Vec<(Face, u16)> = letters.into_iter().collect();
        for letters in letters.chunk_by(|a, b| a.0 == b.0) {
            let face = letters[0].0;
            let font = self.add(composite_font(letters, to_unicode));
            fonts.push_str(&format!("/{} {}", face.name(), reference(font)));
        }
        let opacities: BTreeSet<u32> =
            changes.iter().map(|change| percent(change.appearance.opacity)).collect();
        let opacities = opacities.into_iter().map(|percent| {
            let share = number(f64::from(percent) / 100.0);
            format!("/Opacity{percent}<</ca {share}/CA {share}>>")
        });
        let states = opacities.collect::<String>();
        self.add(
            format!("<</Font<<{fonts}>>/ExtGState<</Multiply<</BM/Multiply>>{states}>>>>").into(),
        )
    }

    fn replace_in_page(&mut self, id: ObjectIdentifier, annotations: &BTreeMap<usize, Vec<u8>>) {
        let Some(page) = self.pdf.xref().get::<Dict<'_>>(id) else { return };
        let Some(array) = page.get::<Array<'_>>("Annots") else { return };
        let mut out = b"<<".to_vec();
        write_entries(&mut out, &page, &[b"Annots"]);
        out.extend(b"/Annots[");
        for (index, item) in array.raw_iter().enumerate() {
            match annotations.get(&index) {
                Some(changed) => out.extend(changed),
                None => write_value(&mut out, &item),
            }
            out.push(b' ');
        }
        out.extend(b"]>>");
        self.objects.insert(id, out);
    }

    /// Returns the document with an update at its end.
    fn update(self, untrusted: &[u8]) -> Vec<u8> {
        let previous = previous_table(untrusted);
        let mut out = untrusted.to_vec();
        out.push(b'\n');
        let previous = format!("/Prev {previous}");
        write_file(&mut out, &self.objects, self.pdf.xref().root_id(), &previous);
        out
    }

    /// Returns a document of all objects.
    fn whole(self) -> Vec<u8> {
        let mut objects = decrypted_objects(self.pdf);
        objects.extend(self.objects);
        let mut out = b"%PDF-1.7\n".to_vec();
        write_file(&mut out, &objects, self.pdf.xref().root_id(), "");
        out
    }
}

fn percent(opacity: f64) -> u32 {
    (opacity * 100.0).round() as u32
}

/// Writes objects, their cross-reference table and a trailer.
fn write_file(
    out: &mut Vec<u8>,
    objects: &BTreeMap<ObjectIdentifier, Vec<u8>>,
    root: ObjectIdentifier,
    entries: &str,
) {
    let mut table = String::from("xref\n0 1\n0000000000 65535 f \n");
    for (id, object) in objects {
        let (object_number, generation) = (id.obj_number, id.gen_number);
        table.push_str(&format!("{object_number} 1\n{:010} {generation:05} n \n", out.len()));
        out.extend(format!("{object_number} {generation} obj\n").bytes());
        out.extend(object);
        out.extend(b"\nendobj\n");
    }
    let start = out.len();
    let size = FIRST_NEW + u32::try_from(objects.len()).unwrap_or(0);
    let root = reference(root);
    let trailer =
        format!("trailer\n<</Root {root}/Size {size}{entries}>>\nstartxref\n{start}\n%%EOF\n");
    out.extend(table.bytes().chain(trailer.bytes()));
}

/// Returns the offset of the table that is in force. Where none is stated, 0: no table
/// is there, so that the reader searches for the objects, as it did before.
fn previous_table(untrusted: &[u8]) -> u64 {
    let marker = b"startxref";
    let last = untrusted.windows(marker.len()).rposition(|window| window == marker);
    let digits = last.map_or(&[][..], |at| untrusted[at + marker.len()..].trim_ascii_start());
    let digits = &digits[..digits.iter().take_while(|byte| byte.is_ascii_digit()).count()];
    std::str::from_utf8(digits).ok().and_then(|digits| digits.parse().ok()).unwrap_or(0)
}
