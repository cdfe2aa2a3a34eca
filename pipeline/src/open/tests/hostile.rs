use fixtures::tiff::{TiffPicture, tiff};
use image::{GrayImage, ImageFormat};
use serde_json::json;

use super::sample_files::{HEIC, Pdf, deflated, encoded, file, gif, picture, text_pdf};
use super::*;
use crate::reason::Code;

fn pdf_of(pages: usize) -> Vec<u8> {
    Pdf::pages((40, 40), "", &vec![""; pages]).bytes()
}

#[test]
fn empty_and_too_long_files_are_refused() {
    check_refused(b"", &Limits::default(), json!({"code": "FILE_EMPTY"}));
    let limits = Limits { bytes: 3, ..Limits::default() };
    let reason = json!({"code": "FILE_TOO_LARGE", "params": {"bytes": 4, "limit": 3}});
    check_refused(b"1234", &limits, reason);
}

#[test]
fn other_types_are_named() {
    let accepted = [
        "image/jpeg",
        "image/png",
        "image/webp",
        "image/gif",
        "image/bmp",
        "image/tiff",
        "image/heic",
        "application/pdf",
    ];
    for (content, detected) in
        [(b"8BPS\0\x01".as_slice(), "image/vnd.adobe.photoshop"), (b"\x01\x02", "unknown")]
    {
        let params = json!({"detected": detected, "accepted": accepted});
        let reason = json!({"code": "FILE_TYPE_UNSUPPORTED", "params": params});
        check_refused(content, &Limits::default(), reason);
    }
}

#[test]
fn a_file_cut_anywhere_is_truncated_or_unsupported() {
    let files = [
        file(ImageFormat::Jpeg),
        file(ImageFormat::Png),
        file(ImageFormat::WebP),
        file(ImageFormat::Tiff),
        file(ImageFormat::Bmp),
        gif(&picture()),
        HEIC.to_vec(),
        text_pdf().bytes(),
    ];
    for file in files {
        for share in [0.2, 0.5, 0.8, 0.97] {
            // of a PDF only the offset of its table is missing then: nothing is lost
            if file.starts_with(b"%PDF") && share > 0.9 {
                continue;
            }
            let cut = (file.len() as f64 * share) as usize;
            let code = pictures(&file[..cut], &Limits::default()).err().map(|reason| reason.code);
            assert_eq!(code, Some(Code::FileTruncated), "{:?} at {share}", detect(&file));
        }
    }
}

#[test]
fn damage_inside_is_corrupt() {
    let mut png = file(ImageFormat::Png);
    let at = png.windows(4).position(|w| w == b"IDAT").unwrap() + 8;
    png[at..at + 8].fill(0x55);
    check_refused(&png, &Limits::default(), json!({"code": "FILE_CORRUPT"}));
    let jpeg = b"\xff\xd8\xff\xdb\0\x04\0\0\xff\xd9";
    check_refused(jpeg, &Limits::default(), json!({"code": "FILE_CORRUPT"}));
    let no_page = text_pdf().replace(2, "/Kids[3 0 R]", "/Kids[]").replace(3, "/Contents", "/C");
    check_refused(&no_page.bytes(), &Limits::default(), json!({"code": "FILE_CORRUPT"}));
}

#[test]
fn a_too_large_size_is_refused_by_the_header() {
    let limits = Limits { pixels: 1500, side: 40, ..Limits::default() };
    let params = json!({"width": 48, "height": 32, "limit": 1500});
    let bomb = json!({"code": "FILE_PIXEL_BOMB", "params": params});
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP, ImageFormat::Tiff] {
        check_refused(&file(format), &limits, bomb.clone());
    }
    check_refused(&file(ImageFormat::Bmp), &limits, bomb.clone());
    check_refused(&gif(&picture()), &limits, bomb.clone());
    check_refused(HEIC, &limits, bomb);
    let long = encoded(&GrayImage::new(41, 1).into(), ImageFormat::Png);
    let params = json!({"width": 41, "height": 1, "limit": 40});
    check_refused(&long, &limits, json!({"code": "FILE_PIXEL_BOMB", "params": params}));
}

#[test]
fn a_header_with_gigapixels_allocates_nothing() {
    let mut png = file(ImageFormat::Png);
    png[16..24].copy_from_slice(&[0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff]);
    // the checksum of the header is wrong too
    let code = open(&png, &Limits::default()).err().map(|reason| reason.code);
    assert_eq!(code, Some(Code::FileCorrupt));
    let mut jpeg = file(ImageFormat::Jpeg);
    let frame = jpeg.windows(2).position(|w| w == [0xff, 0xc0]).unwrap();
    jpeg[frame + 5..frame + 9].fill(0xff);
    let params = json!({"width": 65_535, "height": 65_535, "limit": 50_000_000});
    check_refused(&jpeg, &Limits::default(), json!({"code": "FILE_PIXEL_BOMB", "params": params}));
}

#[test]
fn pages_are_counted_and_the_first_are_examined() {
    let limits = Limits { pages: 3, examined_pages: 2, ..Limits::default() };
    let reasons = |pages| {
        let file = pdf_of(pages);
        let opened = open(&file, &limits).unwrap();
        assert_eq!(opened.examined_pages(), 2);
        assert!(opened.picture(2).is_ok());
        assert_eq!(opened.picture(3).err().map(|r| r.code), Some(Code::FilePageUnreadable));
        assert_eq!(opened.text().unwrap().layer.pages.len(), 2);
        serde_json::to_value(opened.reasons()).unwrap()
    };
    assert_eq!(reasons(2), json!([]));
    let params = json!({"pages": 3, "examined": 2});
    assert_eq!(reasons(3), json!([{"code": "FILE_PAGES_NOT_EXAMINED", "params": params}]));
    let many = json!({"code": "FILE_TOO_MANY_PAGES", "params": {"pages": 4, "limit": 3}});
    let params = json!({"pages": 4, "examined": 2});
    let some = json!({"code": "FILE_PAGES_NOT_EXAMINED", "params": params});
    assert_eq!(reasons(4), json!([many, some]));
}

#[test]
fn an_encrypted_pdf_is_refused() {
    let filter = "/Encrypt<</Filter/Standard/V 2/R 3/Length 128/P -4/O<00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff>/U<00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff>>>/ID[<00><00>]";
    let locked = text_pdf().trailer(filter).bytes();
    check_refused(&locked, &Limits::default(), json!({"code": "FILE_ENCRYPTED"}));
}

#[test]
fn endless_streams_are_refused() {
    let mut pdf = Pdf::pages((40, 40), "", &[""]);
    pdf.add_stream("/Filter/FlateDecode", &deflated(&vec![b' '; 3_000_000]));
    let limits = Limits { unpacked_bytes: 1_000_000, ..Limits::default() };
    let reason = json!({"code": "FILE_UNPACK_BOMB", "params": {"limit": 1_000_000}});
    check_refused(&pdf.bytes(), &limits, reason);
}

#[test]
fn a_huge_page_is_drawn_small() {
    let pdf = Pdf::pages((2_000_000, 1_000_000), "", &[""]).bytes();
    let limits = Limits { drawn_pixels: 20_000, ..Limits::default() };
    let picture = pictures(&pdf, &limits).unwrap().remove(0);
    assert_eq!(picture.rgb.dimensions(), (200, 100));
}

#[test]
fn cyclic_page_trees_terminate() {
    let pdf = |kids| Pdf::pages((40, 40), "", &["", ""]).replace(2, "3 0 R 5 0 R", kids).bytes();
    for kids in ["3 0 R 2 0 R", "2 0 R 1 0 R 3 0 R", "3 0 R 3 0 R 3 0 R"] {
        assert_eq!(
            pictures(&pdf(kids), &Limits::default()).unwrap().len(),
            1 + usize::from(kids.contains('1'))
        );
    }
}

#[test]
fn a_form_that_draws_itself_terminates() {
    let mut pdf = Pdf::pages((40, 40), "/XObject<</A 5 0 R>>", &["/A Do"]);
    let form = "/Type/XObject/Subtype/Form/BBox[0 0 40 40]/Resources<</XObject<</A 5 0 R>>>>";
    pdf.add_stream(form, b"/A Do /A Do");
    let code = pictures(&pdf.bytes(), &Limits::default()).err().map(|reason| reason.code);
    assert_eq!(code, None);
}

#[test]
fn active_content_is_named_and_not_followed() {
    let pdf = text_pdf().replace(
        1,
        "/Type/Catalog",
        "/Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert)>>/Names<</EmbeddedFiles<<>>>>/AA<</C<</S/Launch/F(x)>>>>",
    );
    let file = pdf.bytes();
    let opened = open(&file, &Limits::default()).unwrap();
    let params = json!({"found": ["embedded_file", "javascript", "launch"]});
    let reasons = serde_json::to_value(opened.reasons()).unwrap();
    assert_eq!(reasons, json!([{"code": "FILE_ACTIVE_CONTENT", "params": params}]));
}

#[test]
fn one_bad_page_of_a_tiff_is_named() {
    let page = || TiffPicture::new((5, 4), 1, vec![0; 20]);
    let mut file = tiff(&[page(), page()]);
    // the last directory's entries begin with the width
    let width = file.windows(4).rposition(|w| w == [0, 1, 4, 0] || w == [0, 1, 3, 0]).unwrap();
    file[width..width + 2].fill(0xee);
    let opened = open(&file, &Limits::default()).unwrap();
    assert!(opened.picture(1).is_ok());
    let reason = serde_json::to_value(opened.picture(2).err().unwrap()).unwrap();
    assert_eq!(reason, json!({"code": "FILE_PAGE_UNREADABLE", "params": {"page": 2}}));
}
