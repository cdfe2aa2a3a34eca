//! What people add to a PDF is seen and read, with and without appearances.

use super::sample_files::Pdf;
use super::*;

const HELVETICA: &str = "/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>";

/// A page of 300 by 200 points with annotations, a form of `entries`, and more objects.
fn annotated(annotations: &[&str], entries: &str, more: &[&str]) -> Vec<u8> {
    let mut pdf = Pdf::pages((300, 200), HELVETICA, &[""]);
    let mut numbers = Vec::new();
    for annotation in annotations {
        numbers.push(pdf.add(&format!("<</Type/Annot{annotation}>>")));
    }
    for object in more {
        pdf.add(object);
    }
    let all: String = numbers.iter().map(|number| format!("{number} 0 R ")).collect();
    pdf.replace(3, "/Parent", &format!("/Annots[{all}]/Parent"))
        .replace(1, "/Pages", &format!("/AcroForm<</Fields[{all}]{entries}>>/Pages"))
        .bytes()
}

fn text_of(file: &[u8]) -> String {
    open(file, &Limits::default()).unwrap().text().unwrap().layer.pages.join("\n")
}

/// Returns the shares of a drawn page in which no pixel is white: left, top, right, bottom.
fn inked(file: &[u8]) -> Option<[f64; 4]> {
    let rgb = only(file).rgb;
    let marked = rgb.enumerate_pixels().filter(|(_, _, pixel)| pixel.0.iter().any(|v| *v < 200));
    let (width, height) = (f64::from(rgb.width()), f64::from(rgb.height()));
    let bounds = |bounds: Option<[f64; 4]>, (x, y): (f64, f64)| {
        let [l, t, r, b] = bounds.unwrap_or([x, y, x, y]);
        Some([l.min(x), t.min(y), r.max(x), b.max(y)])
    };
    marked.map(|(x, y, _)| (f64::from(x) / width, f64::from(y) / height)).fold(None, bounds)
}

#[track_caller]
fn check_text(annotations: &[&str], entries: &str, text: &str) {
    assert_eq!(text_of(&annotated(annotations, entries, &[])), text);
}

const WIDGET: &str = "/Subtype/Widget/Rect[100 100 250 130]";

#[test]
fn values_of_fields_are_read_without_appearance() {
    for (field, text) in [
        ("/FT/Tx/V(LINDQVIST)/DA(/Helv 12 Tf 0 g)", "LINDQVIST"),
        ("/FT/Tx/V<feff04d80441043504 3b>/DA(/Helv 0 Tf)", "Әсел"),
        ("/FT/Tx/V<feff4e2d534ed55c>/Q 2", "中华한"),
        ("/FT/Tx/Ff 4096/V(First\\rSecond)/DA(/Helv 8 Tf 0 g)", "First\nSecond"),
        ("/FT/Tx/Ff 16777216/MaxLen 3/V(ABC)/DA(/Helv 9 Tf 0 g)", "A B C"),
        ("/FT/Tx/Ff 8192/V(secret)", "******"),
        ("/FT/Ch/Ff 131072/V(KZ)/Opt[[(KZ)(Kazakhstan)][(UZ)(Uzbekistan)]]", "Kazakhstan"),
        ("/FT/Ch/V[(Two)]/Opt[(One)(Two)(Three)]/TI 1/DA(/Helv 9 Tf 0 g)", "Two\nThree"),
        ("/FT/Btn/V/Yes/AS/Yes", "✔"),
        ("/FT/Btn/V/Off/AS/Off", ""),
        ("/FT/Btn/Ff 65536/MK<</CA(Send)>>", "Send"),
        ("/FT/Sig", ""),
        ("/FT/Tx/V(HIDDEN)/F 2", ""),
        ("/FT/Tx/V(NOT VIEWED)/F 32", ""),
    ] {
        check_text(&[&format!("{WIDGET}{field}")], "", text);
    }
}

#[test]
fn a_value_is_drawn_where_its_field_is() {
    let field = |more: &str| annotated(&[&format!("{WIDGET}/FT/Tx/V(LINDQVIST){more}")], "", &[]);
    for more in ["", "/Q 1", "/Q 2", "/MK<</R 180>>", "/DA(/Helv 0 Tf 1 0 0 rg)"] {
        let [left, top, right, bottom] = inked(&field(more)).unwrap();
        assert!(left >= 100.0 / 300.0 && right <= 250.0 / 300.0, "{more} {left} {right}");
        assert!(top >= 70.0 / 200.0 && bottom <= 100.0 / 200.0, "{more} {top} {bottom}");
    }
    let [left, ..] = inked(&field("/DA(/Helv 12 Tf)/Q 2")).unwrap();
    assert!(left > 0.5, "{left}");
    let turned = annotated(
        &["/Subtype/Widget/Rect[100 50 120 190]/FT/Tx/V(LINDQVIST)/MK<</R 90>>"],
        "",
        &[],
    );
    let [left, top, right, bottom] = inked(&turned).unwrap();
    assert!(bottom - top > 2.0 * (right - left), "{left} {top} {right} {bottom}");
}

#[test]
fn a_field_inherits_what_it_lacks() {
    let form = "/DA(/Helv 12 Tf 0 g)";
    let parent = "<</FT/Tx/V(Above)/Kids[5 0 R]>>";
    let file = annotated(&[&format!("{WIDGET}/Parent 6 0 R")], form, &[parent]);
    assert_eq!(text_of(&file), "Above");
    // a field that is above itself ends
    let file = annotated(&[&format!("{WIDGET}/Parent 6 0 R")], form, &["<</Parent 6 0 R>>"]);
    assert_eq!(text_of(&file), "");
}

#[test]
fn a_changed_value_replaces_its_appearance_where_the_form_says_so() {
    let file = |form: &str| {
        let content = "BT /F 12 Tf 2 7 Td (OLD) Tj ET";
        let appearance = format!(
            "<</Type/XObject/Subtype/Form/BBox[0 0 150 30]/Resources<<{HELVETICA}>>/Length {}>>\n\
             stream\n{content}\nendstream",
            content.len()
        );
        let field = format!("{WIDGET}/FT/Tx/V(NEW)/AP<</N 6 0 R>>");
        annotated(&[&field], form, &[&appearance])
    };
    assert_eq!(text_of(&file("/NeedAppearances true")), "NEW");
    assert_eq!(text_of(&file("")), "OLD");
}

#[test]
fn notes_and_marks_are_seen() {
    let rect = "/Rect[100 50 200 150]";
    for (annotation, text) in [
        ("/Subtype/FreeText/Contents(Signed by hand)/DA(/Helv 9 Tf 1 0 0 rg)", "Signed by hand"),
        ("/Subtype/Stamp/Name/NotApproved", "NOT APPROVED"),
        ("/Subtype/Square/C[1 0 0]", ""),
        ("/Subtype/Circle/IC[0 0 1]", ""),
        ("/Subtype/Ink/InkList[[110 60 150 140 190 60]]/C[0 0 1]", ""),
        ("/Subtype/Line/L[110 60 190 140]", ""),
        ("/Subtype/Polygon/Vertices[110 60 190 60 150 140]/C[0]", ""),
        ("/Subtype/PolyLine/Vertices[110 60 190 60 150 140]/C[0]", ""),
        ("/Subtype/Highlight/QuadPoints[110 140 190 140 110 60 190 60]/C[1 0 0]", ""),
        ("/Subtype/StrikeOut/QuadPoints[110 140 190 140 110 60 190 60]", ""),
        ("/Subtype/Underline/QuadPoints[110 140 190 140 110 60 190 60]", ""),
    ] {
        let file = annotated(&[&format!("{annotation}{rect}")], "", &[]);
        assert_eq!(text_of(&file), text, "{annotation}");
        let [left, top, right, bottom] = inked(&file).expect(annotation);
        let inside = left > 0.32 && right < 0.68 && top > 0.24 && bottom < 0.76;
        assert!(inside, "{annotation} {left} {top} {right} {bottom}");
        let hidden = annotated(&[&format!("{annotation}{rect}/F 2")], "", &[]);
        assert_eq!((text_of(&hidden), inked(&hidden)), (String::new(), None), "{annotation}");
    }
    // what has neither extent nor content
    for annotation in ["/Subtype/Ink", "/Subtype/Highlight", "/Subtype/Popup", "/Subtype/Link"] {
        assert_eq!(inked(&annotated(&[&format!("{annotation}{rect}")], "", &[])), None);
    }
}

#[test]
fn a_page_with_a_note_over_its_scan_is_not_only_a_scan() {
    let note = "/Annots[<</Subtype/FreeText/Rect[20 20 200 60]/Contents(COPY)>>]/Parent";
    let scan = Pdf::scan(&sample_files::picture(), "288 0 0 192 0 0", "", "");
    let file = scan.replace(3, "/Parent", note).bytes();
    assert_eq!(only(&file).page.origin, crate::examination::PageOrigin::Rendered);
    assert_eq!(text_of(&file), "COPY");
}

#[test]
fn files_of_other_programs_show_their_values() {
    let case = |name: &str| std::fs::read(format!("../fixtures/cases/pdf-{name}.pdf")).unwrap();
    for (name, text) in [
        ("form-value-without-appearance", "LINDQVIST"),
        ("free-text-without-appearance", "Signed by hand 2026"),
        ("form-value-encrypted", "Ивановна Әсел"),
        ("form-value-object-stream", "IN OBJECT STREAM"),
    ] {
        let file = case(name);
        assert!(text_of(&file).contains(text), "{name}: {}", text_of(&file));
        // a second row of ink below the first line of print
        let [_, top, _, bottom] = inked(&file).unwrap();
        assert!(bottom > top, "{name}");
    }
}

#[test]
fn a_form_that_only_one_program_shows_is_named() {
    let codes = |catalog: &str| -> Vec<&str> {
        let file = Pdf::pages((40, 40), "", &[""]).replace(1, "/Pages", catalog).bytes();
        let opened = open(&file, &Limits::default()).unwrap();
        opened.reasons().iter().map(|reason| reason.code.name()).collect()
    };
    let both = ["FILE_ACTIVE_CONTENT", "FILE_FORM_NOT_DRAWN"];
    assert_eq!(codes("/AcroForm<</XFA(x)/Fields[]>>/Pages"), both);
    let needs = "/NeedsRendering true/AcroForm<</XFA(x)/Fields[3 0 R]>>/Pages";
    assert_eq!(codes(needs), both);
    assert_eq!(codes("/AcroForm<</XFA(x)/Fields[3 0 R]>>/Pages"), both[..1]);
    assert_eq!(codes("/AcroForm<</Fields[]>>/Pages"), [""; 0]);
}
