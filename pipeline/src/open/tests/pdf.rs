use image::imageops;

use super::sample_files::{Pdf, check_upright, picture, text_pdf};
use super::*;
use crate::examination::PageOrigin;

const WHOLE: &str = "288 0 0 192 0 0";

#[test]
fn an_embedded_scan_is_extracted_unchanged() {
    let Picture { page, rgb } = only(&Pdf::scan(&picture(), WHOLE, "", "").bytes());
    assert_eq!(page.origin, PageOrigin::EmbeddedScan);
    assert_eq!((page.dpi, page.rotation), (Some(12.0), 0));
    assert_eq!(rgb, picture());
}

#[test]
fn a_scan_is_rotated_by_its_matrix_and_page() {
    let upright = picture();
    let cases = [
        (imageops::rotate180(&upright), "-288 0 0 -192 288 192", 180, false),
        (imageops::flip_horizontal(&upright), "-288 0 0 192 288 0", 0, true),
        (imageops::flip_vertical(&upright), "288 0 0 -192 0 192", 180, true),
        (imageops::rotate270(&upright), "0 -192 288 0 0 192", 90, false),
        (imageops::rotate90(&upright), "0 192 -288 0 288 0", 270, false),
    ];
    for (stored, matrix, rotation, mirrored) in cases {
        let Picture { page, rgb } = only(&Pdf::scan(&stored, matrix, "", "").bytes());
        assert_eq!((page.rotation, page.mirrored, page.dpi), (rotation, mirrored, Some(12.0)));
        assert_eq!(rgb, upright, "{matrix}");
    }
    let turned = Pdf::scan(&imageops::rotate270(&upright), "192 0 0 288 0 0", "", "").replace(
        3,
        "[0 0 288 192]",
        "[0 0 192 288]/Rotate 90",
    );
    let Picture { page, rgb } = only(&turned.bytes());
    assert_eq!((page.origin, page.rotation), (PageOrigin::EmbeddedScan, 90));
    assert_eq!(rgb, upright);
}

#[test]
fn a_page_with_a_scan_invisible_text_and_a_background_counts_as_a_scan() {
    let text = "BT 3 Tr /F 12 Tf 20 100 Td (P<UTO) Tj ET";
    let file = Pdf::scan(&picture(), "280 0 0 188 4 2", "1 g 0 0 288 192 re f", text).bytes();
    let opened = open(&file, &Limits::default()).unwrap();
    assert_eq!(opened.picture(1).unwrap().page.origin, PageOrigin::EmbeddedScan);
    assert_eq!(opened.text().unwrap().layer.pages, ["P<UTO"]);
}

#[test]
fn a_page_with_more_than_a_scan_is_drawn() {
    let visible = "BT /F 12 Tf 20 100 Td (COPY) Tj ET";
    let cases = [
        (WHOLE, "", visible),
        (WHOLE, "", "1 0 0 rg 50 50 40 40 re f"),
        (WHOLE, "0 0 100 100 re W n", ""),
        (WHOLE, "", "q 100 0 0 100 0 0 cm /Scan Do Q"),
        ("200 0 0 150 20 20", "", ""),
        ("400 0 0 300 -20 -20", "", ""),
        ("288 30 -30 192 0 0", "", ""),
        ("288 0 0 180 0 6", "", ""),
    ];
    for (matrix, before, after) in cases {
        let Picture { page, rgb } = only(&Pdf::scan(&picture(), matrix, before, after).bytes());
        assert_eq!(page.origin, PageOrigin::Rendered, "{matrix} {before} {after}");
        assert_eq!((page.dpi, rgb.dimensions()), (Some(200.0), (800, 533)));
    }
}

#[test]
fn a_page_with_a_high_resolution_picture_is_drawn_at_that_resolution() {
    let fine = image::RgbImage::new(600, 400);
    // 144 by 96 points: 300 dots per inch
    let drawn = only(&Pdf::scan(&fine, "144 0 0 96 0 0", "", "").bytes());
    assert_eq!(drawn.page.dpi, Some(300.0));
    assert_eq!(drawn.rgb.dimensions(), (1200, 800));
}

#[test]
fn a_drawn_page_is_upright() {
    let blocks = "1 0 0 rg 0 96 144 96 re f 0 1 0 rg 144 96 144 96 re f 0 0 1 rg 0 0 288 96 re f";
    let page = only(&Pdf::pages((288, 192), "", &[blocks]).bytes());
    check_upright(&page.rgb);
    let turned = "1 0 0 rg 0 0 96 144 re f 0 1 0 rg 0 144 96 144 re f 0 0 1 rg 96 0 96 288 re f";
    let turned = Pdf::pages((192, 288), "", &[turned]).replace(3, "/Parent", "/Rotate 90/Parent");
    let page = only(&turned.bytes());
    assert_eq!(page.page.rotation, 90);
    check_upright(&page.rgb);
}

#[test]
fn text_keeps_its_words_and_lines() {
    let file = text_pdf().bytes();
    let text = open(&file, &Limits::default()).unwrap().text().unwrap().layer;
    assert_eq!(text.pages, ["Police clearance\nno record"]);
    assert!(!text.truncated);
    let limits = Limits { text_bytes: 10, ..Limits::default() };
    let text = open(&file, &limits).unwrap().text().unwrap().layer;
    assert_eq!((text.pages, text.truncated), (vec!["Police cle".to_owned()], true));
}

#[test]
fn a_unit_of_the_page_may_be_longer_than_a_point() {
    let page = Pdf::pages((288, 192), "", &["0 0 100 100 re f"]);
    let drawn = only(&page.replace(3, "/Parent", "/UserUnit 2/Parent").bytes());
    assert_eq!((drawn.page.dpi, drawn.rgb.dimensions()), (Some(200.0), (1600, 1066)));
    let scan = Pdf::scan(&picture(), WHOLE, "", "").replace(3, "/Parent", "/UserUnit 4/Parent");
    assert_eq!(only(&scan.bytes()).page.dpi, Some(3.0));
}

#[test]
fn one_huge_picture_refuses_its_page_alone() {
    let limits = Limits { pixels: 10_000, ..Limits::default() };
    let large = image::RgbImage::new(200, 200);
    let mut pdf = Pdf::pages((288, 192), "/XObject<</Scan 7 0 R>>", &["", "/Scan Do"]);
    pdf.add_stream(
        "/Type/XObject/Subtype/Image/Width 200/Height 200/BitsPerComponent 8/ColorSpace/DeviceRGB/Filter/FlateDecode",
        &super::sample_files::deflated(large.as_raw()),
    );
    let file = pdf.bytes();
    let opened = open(&file, &limits).unwrap();
    assert!(opened.picture(1).is_ok());
    let code = opened.picture(2).err().map(|reason| reason.code);
    assert_eq!(code, Some(crate::reason::Code::FilePixelBomb));
}

#[test]
fn words_after_the_end_and_a_lost_line_end_are_no_damage() {
    let whole = text_pdf().bytes();
    let words = b"-- \nThis object was scanned by 2 objectors.\n".as_slice();
    assert_eq!(only(&[&whole, words].concat()).page.origin, PageOrigin::Rendered);
    assert_eq!(only(whole.trim_ascii_end()).page.origin, PageOrigin::Rendered);
    let linearized = std::fs::read("../fixtures/cases/pdf-linearized-without-last-line-end.pdf");
    assert_eq!(only(&linearized.unwrap()).page.origin, PageOrigin::Rendered);
}

#[test]
fn a_page_of_many_patterns_looks_the_same_in_parts() {
    let cell = "/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 300 300]/XStep 900/YStep 900";
    let file = |count: usize| {
        let fill = "/Pattern cs /P scn 10 10 268 172 re f ".repeat(count);
        let mut pdf = Pdf::pages((288, 192), "/Pattern<</P 5 0 R>>", &[&fill]);
        let content = "1 0 0 rg 20 20 90 90 re f 0 0 1 rg 120 60 m 280 60 l 200 180 l f";
        pdf.add_stream(&format!("{cell}/Resources<<>>"), content.as_bytes());
        pdf.bytes()
    };
    // a hundred pages of 1.7 MB need two parts
    let (one, parts) = (only(&file(1)).rgb, only(&file(100)).rgb);
    let differences = one.as_raw().iter().zip(parts.as_raw()).filter(|(a, b)| a.abs_diff(**b) > 2);
    let share = differences.count() as f64 / one.as_raw().len() as f64;
    assert!(share < 0.01, "{share}");
}

#[test]
fn junk_before_the_header_is_skipped() {
    let file = [b"HTTP/1.1 200 OK\r\n\r\n".as_slice(), &text_pdf().bytes()].concat();
    assert_eq!(only(&file).page.origin, PageOrigin::Rendered);
}
