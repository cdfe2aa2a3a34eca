//! Small files of every type, made here so that a test can break them.

use std::collections::BTreeSet;
use std::io::{Cursor, Write};

use fixtures::tiff::{TiffPicture, tiff};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};

/// 48 by 32: red left top quarter, green right top, blue below.
pub(super) fn picture() -> RgbImage {
    RgbImage::from_fn(48, 32, |x, y| match (x < 24, y < 16) {
        (true, true) => Rgb([255, 0, 0]),
        (false, true) => Rgb([0, 255, 0]),
        _ => Rgb([0, 0, 255]),
    })
}

/// The picture as a file of an image type. A TIFF has three samples of 8 bits.
pub(super) fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    if format == ImageFormat::Tiff {
        let rgb = picture.to_rgb8();
        return tiff(&[TiffPicture::new(rgb.dimensions(), 3, rgb.into_raw())]);
    }
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

pub(super) fn file(format: ImageFormat) -> Vec<u8> {
    encoded(&picture().into(), format)
}

/// The picture as the only frame of a GIF, in its own at most 256 colours.
pub(super) fn gif(picture: &RgbImage) -> Vec<u8> {
    let colours: BTreeSet<[u8; 3]> = picture.pixels().map(|pixel| pixel.0).collect();
    let index = |pixel: &Rgb<u8>| colours.iter().position(|colour| *colour == pixel.0).unwrap();
    let palette: Vec<u8> = colours.iter().flatten().copied().collect();
    let pixels: Vec<u8> = picture.pixels().map(|pixel| index(pixel) as u8).collect();
    let (width, height) = (picture.width() as u16, picture.height() as u16);
    gif_of(
        (width, height),
        &[gif::Frame::from_palette_pixels(width, height, pixels, palette, None)],
    )
}

/// A GIF of frames on a screen of this size.
pub(super) fn gif_of((width, height): (u16, u16), frames: &[gif::Frame<'_>]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = gif::Encoder::new(&mut file, width, height, &[]).unwrap();
    frames.iter().for_each(|frame| encoder.write_frame(frame).unwrap());
    drop(encoder);
    file
}

/// 48 by 32 upright, stored 32 by 48 with the container's quarter turn and an
/// EXIF orientation of 6 with the same meaning.
pub(super) const HEIC: &[u8] = include_bytes!("../../../assets/turned.heic");

/// The three quarters of [`picture`], wherever the format put them.
#[track_caller]
pub(super) fn check_upright(rgb: &RgbImage) {
    let (width, height) = rgb.dimensions();
    let at = |x: f64, y: f64| rgb[((f64::from(width) * x) as u32, (f64::from(height) * y) as u32)];
    assert!(width > height, "{width}x{height}");
    let near = |found: Rgb<u8>, wanted: [u8; 3]| {
        found.0.iter().zip(wanted).all(|(a, b)| a.abs_diff(b) < 40)
    };
    for (x, y, colour) in
        [(0.25, 0.25, [255, 0, 0]), (0.75, 0.25, [0, 255, 0]), (0.5, 0.75, [0, 0, 255])]
    {
        assert!(near(at(x, y), colour), "{:?} at {x} {y}", at(x, y));
    }
}

/// A PDF of numbered objects, the first one its catalogue.
pub(super) struct Pdf {
    objects: Vec<Vec<u8>>,
    trailer: String,
}

impl Pdf {
    /// One page of `size` points for each content, with `resources`.
    pub(super) fn pages(size: (u32, u32), resources: &str, contents: &[&str]) -> Self {
        let mut pdf = Self { objects: Vec::new(), trailer: String::new() };
        let kids: Vec<String> = (0..contents.len()).map(|i| format!("{} 0 R", 3 + 2 * i)).collect();
        pdf.add("<</Type/Catalog/Pages 2 0 R>>");
        pdf.add(&format!("<</Type/Pages/Count {}/Kids[{}]>>", kids.len(), kids.join(" ")));
        for (i, content) in contents.iter().enumerate() {
            let (width, height) = size;
            pdf.add(&format!(
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 {width} {height}]/Contents {} 0 R/Resources<<{resources}>>>>",
                4 + 2 * i
            ));
            pdf.add_stream("", content.as_bytes());
        }
        pdf
    }

    /// A page of 288 by 192 points that shows the picture at 12 dots per inch,
    /// stored and placed on it as requested.
    pub(super) fn scan(stored: &RgbImage, matrix: &str, before: &str, after: &str) -> Self {
        let content = format!("{before} q {matrix} cm /Scan Do Q {after}");
        let resources =
            "/XObject<</Scan 5 0 R>>/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>";
        let mut pdf = Self::pages((288, 192), resources, &[&content]);
        let (width, height) = stored.dimensions();
        pdf.add_stream(
            &format!(
                "/Type/XObject/Subtype/Image/Width {width}/Height {height}/BitsPerComponent 8/ColorSpace/DeviceRGB/Filter/FlateDecode"
            ),
            &deflated(stored.as_raw()),
        );
        pdf
    }

    pub(super) fn add(&mut self, object: &str) -> usize {
        self.objects.push(object.as_bytes().to_vec());
        self.objects.len()
    }

    pub(super) fn add_stream(&mut self, entries: &str, data: &[u8]) -> usize {
        let head = format!("<</Length {}{entries}>>\nstream\n", data.len());
        self.objects.push([head.as_bytes(), data, b"\nendstream"].concat());
        self.objects.len()
    }

    /// Puts text in place of other text in an object, counted from 1.
    pub(super) fn replace(mut self, object: usize, from: &str, to: &str) -> Self {
        let text = String::from_utf8(self.objects[object - 1].clone()).unwrap();
        assert!(text.contains(from), "{from} is not in {text}");
        self.objects[object - 1] = text.replace(from, to).into_bytes();
        self
    }

    pub(super) fn trailer(mut self, entries: &str) -> Self {
        self.trailer = entries.to_owned();
        self
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut file = b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n".to_vec();
        let mut offsets = Vec::new();
        for (i, object) in self.objects.iter().enumerate() {
            offsets.push(file.len());
            writeln!(file, "{} 0 obj", i + 1).unwrap();
            file.extend(object);
            file.extend(b"\nendobj\n");
        }
        let xref = file.len();
        let size = offsets.len() + 1;
        write!(file, "xref\n0 {size}\n0000000000 65535 f \n").unwrap();
        for offset in offsets {
            writeln!(file, "{offset:010} 00000 n ").unwrap();
        }
        let trailer = &self.trailer;
        write!(file, "trailer\n<</Size {size}/Root 1 0 R{trailer}>>\nstartxref\n{xref}\n%%EOF\n")
            .unwrap();
        file
    }
}

pub(super) fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    zlib.write_all(bytes).unwrap();
    zlib.finish().unwrap()
}

/// A page of text.
pub(super) fn text_pdf() -> Pdf {
    Pdf::pages(
        (288, 192),
        "/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>>>",
        &["BT /F 12 Tf 20 150 Td (Police clearance) Tj 0 -20 Td [(no) -400 (record)] TJ ET"],
    )
}
