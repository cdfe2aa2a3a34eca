//! Pictures of a zone, upright: as it is, and with names, numbers and birth painted over.

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, Rgb, RgbImage};
use sha2::{Digest, Sha256};

use super::mrz::format::Place;
use super::read::ReadZone;
use super::visual::Visual;
use crate::examination::{Evidence, EvidenceKind, EvidencePicture, FieldName, Point, Polygon};
use crate::open::Picture;

/// The zone as it is.
pub(crate) const PLAIN: &str = "zone-1";
/// The zone with names, numbers and birth painted over.
pub(crate) const MASKED: &str = "zone-1-masked";

/// Wider crops are scaled down to this many pixels.
const MOST_PIXELS: f64 = 1600.0;
/// No picture is longer than this.
const MOST_BYTES: usize = 512 * 1024;
/// Around the zone, in heights of its capitals.
const MARGIN: f64 = 1.0;

/// Both pictures of the zone, or none if they cannot be encoded.
pub(crate) fn pictures(zone: &ReadZone, picture: &Picture) -> Vec<EvidencePicture> {
    let Some(frame) = Frame::around(zone) else { return Vec::new() };
    let plain = frame.crop(&picture.rgb);
    let mut masked = plain.clone();
    for place in hidden(zone) {
        for cell in place.from..place.to {
            let outline = zone.outline(Place { from: cell, to: cell + 1, ..place });
            paint(&mut masked, &outline.iter().map(|p| frame.inward(*p)).collect::<Vec<_>>());
        }
    }
    let page = picture.page.number;
    [(PLAIN, plain, Some(MASKED)), (MASKED, masked, None)]
        .into_iter()
        .filter_map(|(id, rgb, masked)| {
            let kind = if masked.is_some() { EvidenceKind::Crop } else { EvidenceKind::Overlay };
            encoded(id, kind, rgb, masked, &frame, page)
        })
        .collect()
}

/// The id of the picture that shows a field of the visual zone.
pub(crate) fn visual_id(name: FieldName) -> String {
    format!("visual-{}", name.name())
}

/// The id of the zone's own characters of a field.
fn own_id(name: FieldName) -> String {
    format!("zone-{}", name.name())
}

/// Each line of the visual zone that was held against the zone, and beside an
/// expiry the zone's own characters. Of what is personal the copy is painted over.
pub(crate) fn of_visual(
    visual: &Visual,
    zone: &ReadZone,
    picture: &Picture,
) -> Vec<EvidencePicture> {
    let Some(angle) = zone.lines.first().map(|line| line.strip.angle()) else { return Vec::new() };
    let mut pictures = Vec::new();
    for found in &visual.found {
        let name = found.name;
        let open = matches!(name, FieldName::DateOfExpiry | FieldName::DateOfIssue);
        pictures.extend(line(&visual_id(name), &found.polygon, angle, open, picture));
        if name == FieldName::DateOfExpiry {
            let own = zone.outline(zone.mrz.layout().expiry.field);
            pictures.extend(line(&own_id(name), &own, angle, open, picture));
        }
    }
    pictures
}

/// One line with a little around it, and its masked copy unless it is `open`.
fn line(
    id: &str,
    outline: &[Point],
    angle: f64,
    open: bool,
    picture: &Picture,
) -> Vec<EvidencePicture> {
    const AROUND: f64 = 0.2;
    let side = |a: usize, b: usize| match (outline.get(a), outline.get(b)) {
        (Some(a), Some(b)) => (b[0] - a[0]).hypot(b[1] - a[1]),
        _ => 0.0,
    };
    let Some(frame) = Frame::of(outline, angle, AROUND * side(1, 2)) else { return Vec::new() };
    let plain = frame.crop(&picture.rgb);
    let black = RgbImage::new(plain.width(), plain.height());
    let masked_id = (!open).then(|| format!("{id}-masked"));
    let page = picture.page.number;
    let mut pictures = Vec::new();
    pictures.extend(encoded(id, EvidenceKind::Crop, plain, masked_id.as_deref(), &frame, page));
    if let Some(id) = masked_id {
        pictures.extend(encoded(&id, EvidenceKind::Overlay, black, None, &frame, page));
    }
    pictures
}

/// Names, date of birth, document number and optional data; long numbers run on into the latter.
fn hidden(zone: &ReadZone) -> Vec<Place> {
    let layout = zone.mrz.layout();
    let mut places = vec![layout.names, layout.number.field, layout.birth.field];
    places.extend(layout.optional);
    places
}

/// An upright rectangle of the page: corner, axes and size in page pixels, and
/// page pixels to one pixel of the crop.
struct Frame {
    corner: Point,
    right: Point,
    width: f64,
    height: f64,
    step: f64,
}

impl Frame {
    fn around(zone: &ReadZone) -> Option<Self> {
        let first = zone.lines.first()?;
        let outline: Polygon = zone.lines.iter().flat_map(|line| line.strip.outline()).collect();
        Self::of(&outline, first.strip.angle(), MARGIN * f64::from(first.strip.height))
    }

    /// Around an outline that is turned by an angle in degrees.
    fn of(outline: &[Point], angle: f64, margin: f64) -> Option<Self> {
        let (sin, cos) = angle.to_radians().sin_cos();
        let along = outline.iter().map(|p| p[0] * cos + p[1] * sin);
        let down = outline.iter().map(|p| p[1] * cos - p[0] * sin);
        let span = |values: &mut dyn Iterator<Item = f64>| {
            let (low, high) = values.fold((f64::MAX, f64::MIN), |(l, h), v| (l.min(v), h.max(v)));
            (low - margin, high - low + 2.0 * margin)
        };
        let (left, width) = span(&mut along.into_iter());
        let (top, height) = span(&mut down.into_iter());
        let corner = [left * cos - top * sin, left * sin + top * cos];
        let step = (width.max(height) / MOST_PIXELS).max(1.0);
        (width >= 1.0 && height >= 1.0).then_some(Self {
            corner,
            right: [cos, sin],
            width,
            height,
            step,
        })
    }

    fn outward(&self, x: f64, y: f64) -> Point {
        let ([cos, sin], [left, top]) = (self.right, self.corner);
        [left + x * cos - y * sin, top + x * sin + y * cos]
    }

    /// From the page to pixels of the crop.
    fn inward(&self, p: Point) -> Point {
        let ([cos, sin], [left, top]) = (self.right, self.corner);
        let (x, y) = (p[0] - left, p[1] - top);
        [(x * cos + y * sin) / self.step, (y * cos - x * sin) / self.step]
    }

    fn polygon(&self) -> Polygon {
        let (w, h) = (self.width, self.height);
        [(0.0, 0.0), (w, 0.0), (w, h), (0.0, h)].map(|(x, y)| rounded(self.outward(x, y))).to_vec()
    }

    fn crop(&self, page: &RgbImage) -> RgbImage {
        let size = |length: f64| (length / self.step).round().max(1.0) as u32;
        // several samples a pixel where the crop is smaller than the page
        let samples = self.step.ceil() as u32;
        RgbImage::from_fn(size(self.width), size(self.height), |x, y| {
            let mut sums = [0.0f64; 3];
            for (i, j) in (0..samples).flat_map(|j| (0..samples).map(move |i| (i, j))) {
                let part = |v: u32, k: u32| {
                    (f64::from(v) + (f64::from(k) + 0.5) / f64::from(samples)) * self.step
                };
                let [px, py] = self.outward(part(x, i), part(y, j));
                sums.iter_mut().zip(sample(page, px, py)).for_each(|(s, v)| *s += v);
            }
            Rgb(sums.map(|sum| (sum / f64::from(samples * samples)).round() as u8))
        })
    }
}

fn rounded(p: Point) -> Point {
    p.map(|v| crate::examination::round(v, 1))
}

/// Colour between pixels; white outside the page.
fn sample(page: &RgbImage, x: f64, y: f64) -> [f64; 3] {
    let (width, height) = (f64::from(page.width()), f64::from(page.height()));
    if x < -0.5 || y < -0.5 || x > width - 0.5 || y > height - 0.5 {
        return [255.0; 3];
    }
    let (x, y) = (x.clamp(0.0, width - 1.0), y.clamp(0.0, height - 1.0));
    let (x0, y0) = (x as u32, y as u32);
    let (x1, y1) = ((x0 + 1).min(page.width() - 1), (y0 + 1).min(page.height() - 1));
    let (fx, fy) = (x.fract(), y.fract());
    let corners = [(x0, y0), (x1, y0), (x0, y1), (x1, y1)].map(|(x, y)| page.get_pixel(x, y).0);
    let weights = [(1.0 - fx) * (1.0 - fy), fx * (1.0 - fy), (1.0 - fx) * fy, fx * fy];
    [0, 1, 2].map(|c| corners.iter().zip(weights).map(|(p, w)| f64::from(p[c]) * w).sum())
}

/// Fills a convex outline with black, and half a pixel around it.
fn paint(picture: &mut RgbImage, outline: &[Point]) {
    let bound = |axis: usize, most: u32| {
        let values = outline.iter().map(|p| p[axis]);
        let (low, high) = values.fold((f64::MAX, f64::MIN), |(l, h), v| (l.min(v), h.max(v)));
        let clamp = |v: f64| v.clamp(0.0, f64::from(most)) as u32;
        (clamp(low.floor()), clamp(high.ceil() + 1.0))
    };
    let ((left, right), (top, bottom)) = (bound(0, picture.width()), bound(1, picture.height()));
    for y in top..bottom {
        for x in left..right {
            if inside(outline, [f64::from(x), f64::from(y)]) {
                picture.put_pixel(x, y, Rgb([0, 0, 0]));
            }
        }
    }
}

/// Whichever way the outline runs: in a mirror it runs the other way.
fn inside(outline: &[Point], p: Point) -> bool {
    [1.0, -1.0].into_iter().any(|way| {
        outline.iter().zip(outline.iter().cycle().skip(1)).all(|(a, b)| {
            let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
            way * (dx * (p[1] - a[1]) - dy * (p[0] - a[0])) >= -0.5 * dx.hypot(dy)
        })
    })
}

fn encoded(
    id: &str,
    kind: EvidenceKind,
    mut rgb: RgbImage,
    masked: Option<&str>,
    frame: &Frame,
    page: u32,
) -> Option<EvidencePicture> {
    let mut bytes = jpeg(&rgb)?;
    while bytes.len() > MOST_BYTES {
        let (width, height) = ((rgb.width() / 2).max(1), (rgb.height() / 2).max(1));
        rgb = image::imageops::thumbnail(&rgb, width, height);
        bytes = jpeg(&rgb)?;
    }
    let evidence = Evidence {
        id: id.to_owned(),
        kind,
        page,
        polygon: frame.polygon(),
        media_type: "image/jpeg".to_owned(),
        width: rgb.width(),
        height: rgb.height(),
        sha256: Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect(),
        masked: masked.map(str::to_owned),
    };
    Some(EvidencePicture { evidence, bytes })
}

fn jpeg(rgb: &RgbImage) -> Option<Vec<u8>> {
    const QUALITY: u8 = 88;
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, QUALITY)
        .encode(rgb.as_raw(), rgb.width(), rgb.height(), ExtendedColorType::Rgb8)
        .ok()?;
    Some(bytes)
}
