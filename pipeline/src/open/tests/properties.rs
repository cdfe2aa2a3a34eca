use image::ImageFormat;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use super::sample_files::{HEIC, Pdf, file, gif, picture, text_pdf};
use super::tiff::REDUCED_ONLY;
use super::*;
use crate::examination::Examination;
use crate::examine::examine;
use crate::kind::Kind;
use crate::reason::Code;
use crate::status::Status;

fn small() -> Limits {
    Limits {
        bytes: 1_000_000,
        pixels: 100_000,
        side: 2_000,
        drawn_pixels: 20_000,
        drawn_dpi: 30.0,
        pages: 4,
        examined_pages: 3,
        unpacked_bytes: 4_000_000,
        text_bytes: 1_000,
        ..Limits::default()
    }
}

/// Opens and examines everything; the results respect the limits, and there is a
/// page or the reason why there is none.
fn check_within_limits(untrusted: &[u8]) {
    let limits = small();
    let Examination { pages, reasons, .. } = examine(untrusted, Kind::Other, &limits).examination;
    let about_file = reasons.iter().filter(|reason| reason.code.name().starts_with("FILE_"));
    let mut grave = about_file.filter(|reason| reason.code.status() >= Status::Unsure);
    if pages.is_empty() {
        assert!(grave.next().is_some(), "neither a page nor a reason: {reasons:?}");
    } else {
        assert!(grave.all(|reason| reason.code == Code::FileTooManyPages), "{reasons:?}");
    }
    let Ok(opened) = open(untrusted, &limits) else { return };
    assert!(opened.page_count() > 0);
    for number in 1..=opened.examined_pages() {
        let Ok(Picture { page, rgb }) = opened.picture(number) else { continue };
        assert_eq!((page.number, page.width, page.height), (number, rgb.width(), rgb.height()));
        assert!(u64::from(page.width) * u64::from(page.height) <= limits.pixels);
        assert!(page.width.max(page.height) <= limits.side);
    }
    let text = opened.text();
    assert!(text.is_none_or(|text| text.layer.pages.concat().len() as u64 <= limits.text_bytes));
}

fn valid() -> Vec<Vec<u8>> {
    let form = std::fs::read("../fixtures/cases/pdf-form-value-without-appearance.pdf");
    vec![
        form.unwrap(),
        file(ImageFormat::Jpeg),
        fixtures::encode::jpeg_with_orientation(&picture(), 6),
        file(ImageFormat::Png),
        file(ImageFormat::WebP),
        file(ImageFormat::Tiff),
        file(ImageFormat::Bmp),
        gif(&picture()),
        HEIC.to_vec(),
        text_pdf().bytes(),
        REDUCED_ONLY.to_vec(),
        Pdf::pages((40, 40), "", &[""; 5]).bytes(),
        Pdf::scan(&picture(), "288 0 0 192 0 0", "", "").bytes(),
    ]
}

fn replaced(mut file: Vec<u8>, changes: &[(Index, u8)]) -> Vec<u8> {
    for (at, byte) in changes {
        let at = at.index(file.len());
        file[at] = *byte;
    }
    file
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn arbitrary_bytes(bytes in vec(any::<u8>(), 0..512), kind in any::<Index>()) {
        let files = valid();
        let head = &kind.get(&files)[..16];
        check_within_limits(&bytes);
        check_within_limits(&[head, &bytes].concat());
    }

    #[test]
    fn changed_bytes(kind in any::<Index>(), changes in vec(any::<(Index, u8)>(), 1..8)) {
        check_within_limits(&replaced(kind.get(&valid()).clone(), &changes));
    }

    #[test]
    fn cut_and_spliced(kinds in any::<[Index; 2]>(), cuts in any::<[Index; 2]>()) {
        let files = valid();
        let [first, second] = kinds.map(|kind| kind.get(&files));
        let [first, second] = [&first[..cuts[0].index(first.len())], &second[cuts[1].index(second.len())..]];
        check_within_limits(first);
        check_within_limits(&[first, second].concat());
    }
}
