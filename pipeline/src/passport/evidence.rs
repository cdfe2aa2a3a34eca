//! Evidence pictures of a zone, upright: unmasked, and with names, numbers and date
//! of birth masked.

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, Rgb, RgbImage};

use super::mrz::format::Place;
use super::read::ReadZone;
use super::visual::VisualZone;
use crate::digest::sha256;
use crate::examination::{Evidence, EvidenceKind, EvidencePicture, FieldName, Point, Polygon};
use crate::open::Picture;

/// Id of the unmasked picture of the zone.
pub(crate) const ZONE: &str = "zone-1";
/// Id of the picture with names, numbers and date of birth masked.
pub(crate) const MASKED: &str = "zone-1-masked";

/// Longest side of a crop in pixels; larger crops are scaled down.
const MAX_SIDE: f64 = 1600.0;
/// Size limit of a picture in bytes.
const MAX_BYTES: usize = 512 * 1024;
/// Margin around the zone, in cap heights.
const MARGIN: f64 = 1.0;

/// Returns both pictures of the zone, or none if they cannot be encoded.
pub(crate) fn zone_pictures(zone: &ReadZone, picture: &Picture) -> Vec<EvidencePicture> {
    let Some(frame) = CropFrame::around_zone(zone) else { return Vec::new() };
    let plain = frame.crop(&picture.rgb);
    let mut masked = plain.clone();
    for place in personal_places(zone) {
        for cell in place.from..place.to {
            let outline = zone.outline(Place { from: cell, to: cell + 1, ..place });
            fill_black(&mut masked, &outline.iter().map(|p| frame.to_crop(*p)).collect::<Vec<_>>());
        }
    }
    let page = picture.page.number;
    [(ZONE, plain, Some(MASKED)), (MASKED, masked, None)]
        .into_iter()
        .filter_map(|(id, rgb, masked)| {
            let kind = if masked.is_some() { EvidenceKind::Crop } else { EvidenceKind::Overlay };
            encode(id, kind, rgb, masked, &frame, page)
        })
        .collect()
}

/// Returns the id of the picture of a field of the visual zone.
pub(crate) fn visual_id(name: FieldName) -> String {
    format!("visual-{}", name.name())
}

/// Returns the id of the picture of a field of the machine readable zone.
fn zone_field_id(name: FieldName) -> String {
    format!("zone-{}", name.name())
}

/// Returns a picture of every line of the visual zone that was compared with the
/// zone, and for an expiry also of the zone's characters. Personal ones have a masked copy.
pub(crate) fn visual_pictures(
    visual: &VisualZone,
    zone: &ReadZone,
    picture: &Picture,
) -> Vec<EvidencePicture> {
    let Some(angle) = zone.lines.first().map(|line| line.strip.angle()) else { return Vec::new() };
    let mut pictures = Vec::new();
    for field in &visual.fields {
        let name = field.name;
        let public = matches!(name, FieldName::DateOfExpiry | FieldName::DateOfIssue);
        pictures.extend(line_pictures(&visual_id(name), &field.polygon, angle, public, picture));
        if name == FieldName::DateOfExpiry {
            let own = zone.outline(zone.mrz.layout().expiry.field);
            pictures.extend(line_pictures(&zone_field_id(name), &own, angle, public, picture));
        }
    }
    pictures
}

/// Returns the picture of one line with a margin, and its masked copy unless it is
/// `public`.
fn line_pictures(
    id: &str,
    outline: &[Point],
    angle: f64,
    public: bool,
    picture: &Picture,
) -> Vec<EvidencePicture> {
    const LINE_MARGIN: f64 = 0.2;
    let side = |a: usize, b: usize| match (outline.get(a), outline.get(b)) {
        (Some(a), Some(b)) => (b[0] - a[0]).hypot(b[1] - a[1]),
        _ => 0.0,
    };
    let Some(frame) = CropFrame::around_outline(outline, angle, LINE_MARGIN * side(1, 2)) else {
        return Vec::new();
    };
    let plain = frame.crop(&picture.rgb);
    let black = RgbImage::new(plain.width(), plain.height());
    let masked_id = (!public).then(|| format!("{id}-masked"));
    let page = picture.page.number;
    let mut pictures = Vec::new();
    pictures.extend(encode(id, EvidenceKind::Crop, plain, masked_id.as_deref(), &frame, page));
    if let Some(id) = masked_id {
        pictures.extend(encode(&id, EvidenceKind::Overlay, black, None, &frame, page));
    }
    pictures
}

/// Returns the places of names, date of birth, document number and optional data;
/// long numbers continue in the latter.
fn personal_places(zone: &ReadZone) -> Vec<Place> {
    let layout = zone.mrz.layout();
    let mut places = vec![layout.names, layout.number.field, layout.birth.field];
    places.extend(layout.optional);
    places
}

/// An upright rectangle of the page: corner, axes and size in page pixels, and
/// page pixels to one pixel of the crop.
struct CropFrame {
    corner: Point,
    right: Point,
    width: f64,
    height: f64,
    step: f64,
}

impl CropFrame {
    fn around_zone(zone: &ReadZone) -> Option<Self> {
        let first = zone.lines.first()?;
        let outline: Polygon = zone.lines.iter().flat_map(|line| line.strip.outline()).collect();
        Self::around_outline(&outline, first.strip.angle(), MARGIN * f64::from(first.strip.height))
    }

    /// Returns the frame around an outline that is rotated by an angle in degrees.
    fn around_outline(outline: &[Point], angle: f64, margin: f64) -> Option<Self> {
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
        let step = (width.max(height) / MAX_SIDE).max(1.0);
        (width >= 1.0 && height >= 1.0).then_some(Self {
            corner,
            right: [cos, sin],
            width,
            height,
            step,
        })
    }

    /// Converts unscaled coordinates of the crop to a point of the page.
    fn to_page(&self, x: f64, y: f64) -> Point {
        let ([cos, sin], [left, top]) = (self.right, self.corner);
        [left + x * cos - y * sin, top + x * sin + y * cos]
    }

    /// Converts a point of the page to pixels of the crop.
    fn to_crop(&self, p: Point) -> Point {
        let ([cos, sin], [left, top]) = (self.right, self.corner);
        let (x, y) = (p[0] - left, p[1] - top);
        [(x * cos + y * sin) / self.step, (y * cos - x * sin) / self.step]
    }

    fn polygon(&self) -> Polygon {
        let (w, h) = (self.width, self.height);
        [(0.0, 0.0), (w, 0.0), (w, h), (0.0, h)].map(|(x, y)| rounded(self.to_page(x, y))).to_vec()
    }

    fn crop(&self, page: &RgbImage) -> RgbImage {
        let size = |length: f64| (length / self.step).round().max(1.0) as u32;
        // several samples per pixel where the crop is smaller than the page
        let samples = self.step.ceil() as u32;
        RgbImage::from_fn(size(self.width), size(self.height), |x, y| {
            let mut sums = [0.0f64; 3];
            for (i, j) in (0..samples).flat_map(|j| (0..samples).map(move |i| (i, j))) {
                let part = |v: u32, k: u32| {
                    (f64::from(v) + (f64::from(k) + 0.5) / f64::from(samples)) * self.step
                };
                let [px, py] = self.to_page(part(x, i), part(y, j));
                sums.iter_mut().zip(sample(page, px, py)).for_each(|(s, v)| *s += v);
            }
            Rgb(sums.map(|sum| (sum / f64::from(samples * samples)).round() as u8))
        })
    }
}

fn rounded(p: Point) -> Point {
    p.map(|v| crate::examination::round(v, 1))
}

/// Returns the colour between pixels; white outside the page.
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
fn fill_black(picture: &mut RgbImage, outline: &[Point]) {
    let bound = |axis: usize, most: u32| {
        let values = outline.iter().map(|p| p[axis]);
        let (low, high) = values.fold((f64::MAX, f64::MIN), |(l, h), v| (l.min(v), h.max(v)));
        let clamp = |v: f64| v.clamp(0.0, f64::from(most)) as u32;
        (clamp(low.floor()), clamp(high.ceil() + 1.0))
    };
    let ((left, right), (top, bottom)) = (bound(0, picture.width()), bound(1, picture.height()));
    for y in top..bottom {
        for x in left..right {
            if is_inside(outline, [f64::from(x), f64::from(y)]) {
                picture.put_pixel(x, y, Rgb([0, 0, 0]));
            }
        }
    }
}

/// Whether a point is inside an outline of either direction: in a mirror image the
/// direction is reversed.
fn is_inside(outline: &[Point], p: Point) -> bool {
    [1.0, -1.0].into_iter().any(|way| {
        outline.iter().zip(outline.iter().cycle().skip(1)).all(|(a, b)| {
            let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
            way * (dx * (p[1] - a[1]) - dy * (p[0] - a[0])) >= -0.5 * dx.hypot(dy)
        })
    })
}

fn encode(
    id: &str,
    kind: EvidenceKind,
    mut rgb: RgbImage,
    masked: Option<&str>,
    frame: &CropFrame,
    page: u32,
) -> Option<EvidencePicture> {
    let mut bytes = jpeg(&rgb)?;
    while bytes.len() > MAX_BYTES {
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
        sha256: sha256(&bytes),
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
