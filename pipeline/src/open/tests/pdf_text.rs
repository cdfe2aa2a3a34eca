//! The text of PDFs.

use super::sample_files::Pdf;
use super::*;

const TYPE_3: &[u8] =
    include_bytes!("../../../../fixtures/cases/pdf-type3-glyphs-without-names.pdf");
const JAPAN_1: &[u8] =
    include_bytes!("../../../../fixtures/cases/pdf-embedded-japan1-without-to-unicode.pdf");

/// A standard font.
const HELVETICA: &str = "/F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>";

fn read(file: &[u8]) -> PdfText {
    open(file, &Limits::default()).unwrap().text().unwrap()
}

/// Checks the text of one page with these resources and content, and that it is readable.
#[track_caller]
fn check(resources: &str, content: &str, text: &str) {
    let read = read(&Pdf::pages((288, 192), resources, &[content]).bytes());
    assert_eq!(read.layer.pages, [text]);
    assert_eq!(read.unreadable, None);
}

#[track_caller]
fn check_shown(content: &str, text: &str) {
    check(&format!("/Font<<{HELVETICA}>>"), &format!("BT /F 12 Tf {content} ET"), text);
}

/// A font with codes of two bytes of this encoding and collection.
fn composite(encoding: &str, ordering: &str, entries: &str) -> String {
    format!(
        "/Font<</F<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/{encoding}{entries}\
         /DescendantFonts[<</Type/Font/Subtype/CIDFontType0/BaseFont/X/DW 1000\
         /CIDSystemInfo<</Registry(Adobe)/Ordering({ordering})/Supplement 2>>>>]>>>>"
    )
}

#[test]
fn glyphs_with_numbers_for_names_have_their_characters() {
    let read = read(TYPE_3);
    assert_eq!(read.layer.pages, ["Police clearance No 4711"]);
    assert_eq!(read.unreadable, None);
}

#[test]
fn glyphs_of_a_collection_have_its_characters() {
    let embedded = read(JAPAN_1);
    assert_eq!(embedded.layer.pages, ["Certificate 4711 Almaty"]);
    assert_eq!(embedded.unreadable, None);
    let shown = |code: &str| format!("BT /F 12 Tf 20 100 Td <{code}> Tj ET");
    check(&composite("90ms-RKSJ-H", "Japan1", ""), &shown("938c8b9e41"), "東京A");
    check(&composite("UniGB-UCS2-H", "GB1", ""), &shown("53174EAC"), "北京");
    check(&composite("GBK-EUC-H", "GB1", ""), &shown("b1b1bea9"), "北京");
    check(&composite("KSCms-UHC-H", "Korea1", ""), &shown("bcadbfef"), "서울");
    check(&composite("ETen-B5-H", "CNS1", ""), &shown("a578a55f"), "台北");
    check(&composite("UniAKR-UTF16-H", "KR", ""), &shown("C11CC6B8"), "서울");
    // the encoding numbers the glyphs, whatever the font says
    check(&composite("UniGB-UCS2-H", "CNS1", ""), &shown("53174EAC"), "北京");
}

#[test]
fn letters_without_a_known_meaning_are_told_with_their_pages() {
    let unknown = composite("Identity-H", "Identity", "");
    let shown = "BT /F 12 Tf 20 100 Td <000300040005> Tj ET";
    let read = read(&Pdf::pages((288, 192), &unknown, &["", shown, shown]).bytes());
    assert_eq!(read.layer.pages, ["", "", ""]);
    let reason = serde_json::to_value(read.unreadable.unwrap()).unwrap();
    let expected = serde_json::json!({"code": "FILE_TEXT_UNREADABLE", "params": {"pages": [2, 3]}});
    assert_eq!((&reason["code"], &reason["params"]), (&expected["code"], &expected["params"]));
}

#[test]
fn to_unicode_without_a_meaning_is_told() {
    for characters in ["FFFD", "0000", "", "FDD0"] {
        let mut pdf = Pdf::pages(
            (288, 192),
            &composite("Identity-H", "Identity", "/ToUnicode 5 0 R"),
            &["BT /F 12 Tf 20 100 Td <000300040005> Tj ET"],
        );
        let map = format!(
            "3 beginbfrange <0003> <0005> [<{characters}><{characters}><{characters}>] endbfrange"
        );
        pdf.add_stream("", map.as_bytes());
        let read = read(&pdf.bytes());
        assert_eq!(read.layer.pages, [""], "{characters}");
        assert!(read.unreadable.is_some(), "{characters}");
    }
}

#[test]
fn a_mark_without_a_meaning_in_a_text_is_not_told() {
    let fonts = format!(
        "/Font<<{HELVETICA}/G<</Type/Font/Subtype/Type3/FontMatrix[.001 0 0 .001 0 0]\
         /FirstChar 1/LastChar 1/Widths[600]/Encoding<</Differences[1/mark]>>>>>>"
    );
    check(&fonts, "BT /G 12 Tf 20 100 Td <01> Tj /F 12 Tf ( item) Tj ET", "item");
}

#[test]
fn words_are_parted_by_places() {
    check_shown("20 100 Td [(cer) 20 (tificate) -300 (of) -60 (fice)] TJ", "certificate office");
    check_shown(
        "20 100 Td (Surname:) Tj 0 -20 Td (Given:) Tj 54 20 Td (ROE) Tj",
        "Surname: ROE\nGiven:",
    );
    check_shown("4 Tc 20 100 Td (SPACED) Tj", "SPACED");
    check_shown("20 100 Td (bold) Tj 0.4 0 Td (bold) Tj", "bold");
    check_shown("0 1 -1 0 100 20 Tm (turned text) Tj", "turned text");
    check_shown(".8 .6 -.6 .8 20 20 Tm (COPY of it) Tj", "COPY of it");
}

#[test]
fn what_content_stands_for_is_its_text() {
    check_shown("20 100 Td /Span <</ActualText <FEFF0416>>> BDC (xyz) Tj EMC ( end) Tj", "Ж end");
    check_shown("20 100 Td 3 Tr (over a scan) Tj", "over a scan");
    check_shown("20 100 Td (page) Tj 900 0 Td (outside) Tj", "page");
}

#[test]
fn letters_of_a_missing_font_are_read_as_they_are_drawn() {
    check("", "BT /F 12 Tf 20 100 Td (no font) Tj ET", "no font");
}

#[test]
fn layers_that_are_off_have_no_text() {
    let resources = format!("/Font<<{HELVETICA}>>/Properties<</A 5 0 R/B 6 0 R>>");
    let content = "BT /F 12 Tf 20 100 Td /OC /A BDC (on) Tj EMC /OC /B BDC ( off) Tj EMC ET";
    let mut pdf = Pdf::pages((288, 192), &resources, &[content]).replace(
        1,
        "/Pages 2 0 R",
        "/Pages 2 0 R/OCProperties<</OCGs[5 0 R 6 0 R]/D<</OFF[6 0 R]>>>>",
    );
    pdf.add("<</Type/OCG/Name(a)>>");
    pdf.add("<</Type/OCG/Name(b)>>");
    assert_eq!(read(&pdf.bytes()).layer.pages, ["on"]);
}

#[test]
fn appearances_and_nested_forms_have_text() {
    let form = "/Type/XObject/Subtype/Form/BBox[0 0 200 50]";
    let mut pdf = Pdf::pages((288, 192), "/XObject<</X 5 0 R>>", &["/X Do"]).replace(
        3,
        "/Contents",
        "/Annots[<</Type/Annot/Subtype/Stamp/Rect[20 20 220 70]/AP<</N 6 0 R>>>>\
         <</Type/Annot/Subtype/Stamp/F 2/Rect[20 20 220 70]/AP<</N 6 0 R>>>>]/Contents",
    );
    let font = format!("{form}/Resources<</Font<<{HELVETICA}>>/XObject<</X 5 0 R>>>>");
    // a form that shows itself ends at a depth
    pdf.add_stream(&font, b"BT /F 12 Tf 20 150 Td (form) Tj ET /X Do");
    pdf.add_stream(&font, b"BT /F 12 Tf 2 5 Td (stamp) Tj ET");
    assert_eq!(read(&pdf.bytes()).layer.pages, ["form\nstamp"]);
}

#[test]
fn forms_that_multiply_end_with_a_cut_text() {
    let mut pdf = Pdf::pages((288, 192), "/XObject<</X 5 0 R>>", &["/X Do"]);
    for next in 6..30 {
        let form = format!(
            "/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X {next} 0 R>>>>"
        );
        pdf.add_stream(&form, "/X Do ".repeat(20).as_bytes());
    }
    assert!(read(&pdf.bytes()).layer.truncated);
}
