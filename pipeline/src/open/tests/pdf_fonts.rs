//! Pages are drawn with the letters of fonts that they do not contain.

use super::sample_files::Pdf;
use super::*;
use crate::fingerprint::exact::pixel_sha256;
use crate::kind::Kind;

/// A page that shows glyphs of these names in a font that is not there.
fn named(base_font: &str, names: &[String]) -> Vec<u8> {
    let differences: String = names.iter().map(|name| format!("/{name} ")).collect();
    let font = format!(
        "/Font<</F<</Type/Font/Subtype/TrueType/BaseFont/{base_font}/FirstChar 192/LastChar 223\
         /Widths[{}]/Encoding<</Type/Encoding/Differences[192 {differences}]>>>>>>",
        "600 ".repeat(32)
    );
    let codes: String = (0..names.len()).map(|i| format!("{:02x}", 192 + i)).collect();
    let content = format!("BT /F 24 Tf 10 40 Td <{codes}> Tj ET");
    Pdf::pages((300, 100), &font, &[&content]).bytes()
}

/// A page that shows codes in a composite font that is not there.
fn composite(ordering: &str, encoding: &str, codes: &str, to_unicode: Option<&str>) -> Vec<u8> {
    let maps = if to_unicode.is_some() { "/ToUnicode 5 0 R" } else { "" };
    let font = format!(
        "/Font<</F<</Type/Font/Subtype/Type0/BaseFont/Elsewhere/Encoding/{encoding}{maps}\
         /DescendantFonts[<</Type/Font/Subtype/CIDFontType2/BaseFont/Elsewhere/CIDSystemInfo\
         <</Registry(Adobe)/Ordering({ordering})/Supplement 2>>>>]>>>>"
    );
    let content = format!("BT /F 24 Tf 10 40 Td <{codes}> Tj ET");
    let mut pdf = Pdf::pages((300, 100), &font, &[&content]);
    pdf.add_stream("", to_unicode.unwrap_or_default().as_bytes());
    pdf.bytes()
}

fn utf_16(text: &str) -> String {
    text.encode_utf16().map(|unit| format!("{unit:04x}")).collect()
}

/// Opens and draws the only page; returns its text, whether letters are missing, and the
/// hash of its pixels.
fn drawn(file: &[u8]) -> (String, bool, String) {
    let opened = open(file, &Limits::default()).unwrap();
    let hash = pixel_sha256(&opened.picture(1).unwrap().rgb);
    (opened.text().unwrap().layer.pages.concat(), opened.lacks_letters(1), hash)
}

fn by_number(text: &str) -> Vec<String> {
    text.chars().map(|letter| format!("uni{:04X}", u32::from(letter))).collect()
}

#[test]
fn letters_of_missing_fonts_are_drawn() {
    let empty = pixel_sha256(&only(&Pdf::pages((300, 100), "", &[""]).bytes()).rgb);
    let standard = ["ArialMT", "Arial-BoldMT", "TimesNewRomanPSMT", "CourierNewPSMT", "Unknown"];
    let texts = ["Справка47", "Қазақстанәіһ", "Ελληνικά", "ZażółćGęśląJaźń", "საქართველო"];
    let mut hashes = std::collections::BTreeSet::from([empty]);
    for (font, text) in standard.into_iter().zip(texts) {
        let (read, lacking, hash) = drawn(&named(font, &by_number(text)));
        assert_eq!((read.as_str(), lacking), (text, false));
        assert!(hashes.insert(hash), "{text}");
    }
    let adobe = ["afii10034", "afii10087", "Zdotaccent", "Omega"].map(str::to_owned);
    assert_eq!(drawn(&named("ArialMT", &adobe)).0, "Рх\u{17b}Ω");
    assert!(!drawn(&named("ArialMT", &adobe)).1);
}

#[test]
fn chinese_japanese_and_korean_letters_are_drawn() {
    for (ordering, encoding, text) in [
        ("GB1", "UniGB-UCS2-H", "中华人民共和国"),
        ("Japan1", "UniJIS-UCS2-H", "日本国旅券ひらがな"),
        ("CNS1", "UniCNS-UCS2-H", "中華民國護照"),
        ("Korea1", "UniKS-UCS2-H", "대한민국"),
    ] {
        let (read, lacking, _) = drawn(&composite(ordering, encoding, &utf_16(text), None));
        assert_eq!((read.as_str(), lacking), (text, false));
    }
}

#[test]
fn codes_are_drawn_by_what_they_mean() {
    let map = |first: &str| {
        format!(
            "begincmap 1 begincodespacerange <0000> <ffff> endcodespacerange\n\
             1 beginbfrange <0003> <0006> <{first}> endbfrange endcmap"
        )
    };
    for (first, text) in [("0410", "АБВГ"), ("4e2d", "中丮丯丰"), ("ac00", "가각갂갃")]
    {
        let file = composite("Identity", "Identity-H", "0003000400050006", Some(&map(first)));
        let (read, lacking, _) = drawn(&file);
        assert_eq!((read.as_str(), lacking), (text, false));
    }
    let thai = composite("Identity", "Identity-H", "0003", Some(&map("0e01")));
    assert!(drawn(&thai).1);
    assert!(drawn(&composite("Identity", "Identity-H", "0024", None)).1);
}

#[test]
fn papers_whose_letters_are_not_drawn_have_a_reason_and_no_fingerprint() {
    let thai = named("ArialMT", &by_number("กขค"));
    let examination = crate::examine(&thai, Kind::Other, &Limits::default()).examination;
    let reasons = serde_json::to_value(&examination.reasons).unwrap();
    let expected = serde_json::json!([
        {"code": "FILE_LETTERS_NOT_DRAWN", "params": {"pages": [1]}}
    ]);
    assert_eq!(reasons, expected);
    assert!(examination.fingerprints.unwrap().pages.is_empty());
    let latin = named("ArialMT", &by_number("Abc"));
    let examination = crate::examine(&latin, Kind::Other, &Limits::default()).examination;
    assert!(examination.reasons.is_empty());
    assert_eq!(examination.fingerprints.unwrap().pages.len(), 1);
}

#[test]
fn different_papers_have_different_pixels() {
    let case = |name: &str| {
        drawn(
            &std::fs::read(format!("../fixtures/cases/pdf-font-not-embedded-{name}.pdf")).unwrap(),
        )
    };
    let (one, other) = (case("russian"), case("russian-other-text"));
    assert_ne!(one.2, other.2);
    assert!(!one.1 && !other.1);
}
