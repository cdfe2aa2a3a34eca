//! Font objects for the letters that we set.

use hayro::hayro_syntax::object::ObjectIdentifier;

use super::syntax::{number, reference};
use crate::open::pdf::fonts::Face;

/// Returns the composite font of these letters, all of one face. Codes are Unicode; the font
/// program is found by its name.
pub(super) fn composite_font(letters: &[(Face, u16)], to_unicode: ObjectIdentifier) -> Vec<u8> {
    let name = letters[0].0.name();
    let widths: String = letters
        .iter()
        .map(|(face, code)| {
            let letter = char::from_u32(u32::from(*code));
            let width = letter.and_then(|letter| face.advance(letter)).unwrap_or(500.0);
            format!("{code}[{}]", number(width))
        })
        .collect();
    let to_unicode = reference(to_unicode);
    format!(
        "<</Type/Font/Subtype/Type0/BaseFont/{name}/Encoding/Identity-H/ToUnicode {to_unicode}\
         /DescendantFonts[<</Type/Font/Subtype/CIDFontType2/BaseFont/{name}/CIDSystemInfo\
         <</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/W[{widths}]>>]>>"
    )
    .into()
}

/// Maps every code to the character of the same number, in ranges that stay within one
/// first byte, at most 100 together (ISO 32000-1 9.10.3).
pub(super) fn to_unicode() -> String {
    let rows: Vec<String> =
        (0..=255).map(|row| format!("<{row:02x}00> <{row:02x}ff> <{row:02x}00>\n")).collect();
    let ranges: String = rows
        .chunks(100)
        .map(|rows| format!("{} beginbfrange\n{}endbfrange\n", rows.len(), rows.concat()))
        .collect();
    format!(
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n\
         /CMapName /Adobe-Identity-UCS def /CMapType 2 def\n\
         1 begincodespacerange <0000> <ffff> endcodespacerange\n\
         {ranges}endcmap CMapName currentdict /CMap defineresource pop end end\n"
    )
}
