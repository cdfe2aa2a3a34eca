//! What is seen in one upload: facts with their place, and no judgement.
//!
//! No rule, no range, no clock and no timings are here. An examination is a
//! function of the bytes, the declared kind and the examiner's version, so it
//! can be stored under these three and never be computed twice. Places are
//! pixels of the upright page (stored orientation applied), origin top left;
//! pages count from 1.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::hidden::hidden_debug;
use crate::kind::Kind;
use crate::reason::Reason;

/// A point in pixels of the upright page.
pub type Point = [f64; 2];

/// Corners in order around the shape, usually four, starting at what reads as top left.
pub type Polygon = Vec<Point>;

/// Everything seen in one upload.
#[derive(Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Examination {
    /// Name and version of what looked: crate version and models.
    pub examiner: String,
    /// The kind that was declared; it decides what is looked for.
    pub kind: Kind,
    /// SHA-256 of the bytes, lower-case hexadecimal.
    pub sha256: String,
    /// Length of the file.
    pub bytes: u64,
    /// What the content is; absent when it is none of the accepted types.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_type: Option<MediaType>,
    /// Pages in the file; `pages` lists those that were examined.
    pub page_count: u32,
    /// The pages that were examined.
    pub pages: Vec<Page>,
    /// What was read, best first.
    pub fields: Vec<Field>,
    /// Machine readable zones, best first.
    pub zones: Vec<Zone>,
    /// Faces and measures, for the kind `portrait`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub portrait: Option<Portrait>,
    /// Exact and perceptual fingerprints; absent when nothing could be opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprints: Option<Fingerprints>,
    /// Text that the file itself carries (PDF), page by page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<TextLayer>,
    /// What the camera wrote beside the picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exif: Option<Exif>,
    /// What kept something from being seen, and what is remarkable about the file.
    pub reasons: Vec<Reason>,
    /// Pictures that show what was seen; their bytes travel beside this.
    pub evidence: Vec<Evidence>,
}

/// Content types that are opened.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[allow(missing_docs, reason = "the names are the types' own")]
pub enum MediaType {
    #[serde(rename = "image/jpeg")]
    Jpeg,
    #[serde(rename = "image/png")]
    Png,
    #[serde(rename = "image/webp")]
    Webp,
    #[serde(rename = "image/gif")]
    Gif,
    #[serde(rename = "image/bmp")]
    Bmp,
    #[serde(rename = "image/tiff")]
    Tiff,
    #[serde(rename = "image/heic")]
    Heic,
    #[serde(rename = "application/pdf")]
    Pdf,
}

impl MediaType {
    /// Every accepted type.
    pub const ALL: [Self; 8] = [
        Self::Jpeg,
        Self::Png,
        Self::Webp,
        Self::Gif,
        Self::Bmp,
        Self::Tiff,
        Self::Heic,
        Self::Pdf,
    ];

    /// The IANA name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Gif => "image/gif",
            Self::Bmp => "image/bmp",
            Self::Tiff => "image/tiff",
            Self::Heic => "image/heic",
            Self::Pdf => "application/pdf",
        }
    }
}

/// One upright page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Page {
    /// From 1.
    pub number: u32,
    /// Pixels, upright.
    pub width: u32,
    /// Pixels, upright.
    pub height: u32,
    /// Dots per inch of a rendered PDF page or of a scan embedded in one, or
    /// as an image file declares it; null when nothing is declared.
    pub dpi: Option<f64>,
    /// Clockwise degrees by which the stored pixels were turned to stand upright: 0, 90, 180, 270.
    pub rotation: u16,
    /// Whether the stored pixels were mirrored (EXIF orientations 2, 4, 5 and 7).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub mirrored: bool,
    /// How the pixels were come by.
    pub origin: PageOrigin,
}

/// How a page's pixels were come by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PageOrigin {
    /// Decoded from an image file.
    Image,
    /// A scan that fills a PDF page, taken as it is embedded.
    EmbeddedScan,
    /// A PDF page drawn at the stated resolution.
    Rendered,
}

/// A value that was read, with where, by what means and how surely.
#[derive(Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Field {
    /// What it is.
    pub name: FieldName,
    /// The value in its plain form: fillers as spaces, dates `YY-MM-DD` or `YYYY-MM-DD`.
    pub value: String,
    /// The characters exactly as read.
    pub raw: String,
    /// Where it comes from.
    pub source: Source,
    /// Page it stands on.
    pub page: u32,
    /// Its outline on that page.
    pub polygon: Polygon,
    /// 0..1: the least certain of its characters.
    pub confidence: f64,
    /// Further readings that were possible, best first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<String>,
    /// Characters altered by repair.
    pub changed: u32,
    /// For a two-digit year: the years that it can mean, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub possible_years: Vec<i16>,
    /// Whether the value may decide a rule.
    pub sure: bool,
    /// What the sureness rests on; absent when not sure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<Basis>,
    /// The picture that shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
}

/// What a sure value rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Basis {
    /// Zone and visual zone agree.
    #[serde(rename = "zone+visual")]
    ZoneAndVisual,
    /// The zone alone: its check digits hold; the visual zone was not read.
    #[serde(rename = "zone")]
    Zone,
}

/// Names of fields, as in ICAO Doc 9303.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names are the standard's own")]
pub enum FieldName {
    DocumentType,
    IssuingState,
    DocumentNumber,
    Surname,
    GivenNames,
    Nationality,
    DateOfBirth,
    Sex,
    DateOfExpiry,
    PersonalNumber,
    DateOfIssue,
}

impl FieldName {
    /// Every field, in the order in which reports list them.
    pub const ALL: [Self; 11] = [
        Self::DocumentType,
        Self::IssuingState,
        Self::DocumentNumber,
        Self::Surname,
        Self::GivenNames,
        Self::Nationality,
        Self::DateOfBirth,
        Self::Sex,
        Self::DateOfExpiry,
        Self::PersonalNumber,
        Self::DateOfIssue,
    ];

    /// The name as serialised.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::DocumentType => "document_type",
            Self::IssuingState => "issuing_state",
            Self::DocumentNumber => "document_number",
            Self::Surname => "surname",
            Self::GivenNames => "given_names",
            Self::Nationality => "nationality",
            Self::DateOfBirth => "date_of_birth",
            Self::Sex => "sex",
            Self::DateOfExpiry => "date_of_expiry",
            Self::PersonalNumber => "personal_number",
            Self::DateOfIssue => "date_of_issue",
        }
    }
}

/// Where a value comes from.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "each name says what it is")]
pub enum Source {
    Mrz,
    Visual,
    Form,
    Translation,
    Petition,
    PoliceClearance,
    Exif,
    Iin,
}

/// A machine readable zone (ICAO Doc 9303 parts 4 to 7).
#[derive(Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Zone {
    /// Which of the five layouts.
    pub format: ZoneFormat,
    /// The lines as read, after repair where `changed` is above 0.
    pub lines: Vec<String>,
    /// What each check digit says.
    pub check_digits: CheckDigits,
    /// Characters altered by repair.
    pub changed: u32,
    /// Page it stands on.
    pub page: u32,
    /// Its outline on that page, first corner where the first line begins.
    pub polygon: Polygon,
    /// Clockwise degrees by which the page must be turned for the zone to read from left to right.
    pub rotation: f64,
    /// 0..1: the least certain of its characters.
    pub confidence: f64,
}

/// The five layouts of Doc 9303.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub enum ZoneFormat {
    /// Three lines of 30 (part 5).
    #[serde(rename = "TD1")]
    Td1,
    /// Two lines of 36 (part 6).
    #[serde(rename = "TD2")]
    Td2,
    /// Two lines of 44 (part 4): passports.
    #[serde(rename = "TD3")]
    Td3,
    /// Two lines of 44 (part 7): visas.
    #[serde(rename = "MRV-A")]
    MrvA,
    /// Two lines of 36 (part 7): visas.
    #[serde(rename = "MRV-B")]
    MrvB,
}

/// One check digit's outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CheckDigit {
    /// It holds.
    Valid,
    /// It does not hold.
    Wrong,
    /// A filler stands where the digit would (allowed for empty optional
    /// data), or the format has none.
    Absent,
}

/// Check digits of a zone (Doc 9303 part 3, 4.9).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs, reason = "each is the check digit of the field it names")]
pub struct CheckDigits {
    pub document_number: CheckDigit,
    pub date_of_birth: CheckDigit,
    pub date_of_expiry: CheckDigit,
    pub personal_number: CheckDigit,
    pub composite: CheckDigit,
}

impl CheckDigits {
    /// In the order of the zone: number, birth, expiry, personal number, composite.
    #[must_use]
    pub fn all(&self) -> [CheckDigit; 5] {
        [
            self.document_number,
            self.date_of_birth,
            self.date_of_expiry,
            self.personal_number,
            self.composite,
        ]
    }
}

/// What a portrait shows and measures.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Portrait {
    /// Clockwise degrees by which the page must be turned for the face to stand
    /// upright: 0, 90, 180, 270. Measures are those of the upright picture,
    /// places those of the page.
    #[serde(default)]
    pub rotation: u16,
    /// Main face first.
    pub faces: Vec<Face>,
    /// By standard name; see the portrait module for each one's meaning.
    pub measures: BTreeMap<String, Measure>,
    /// A part of the picture that would make a better print, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suggested_crop: Option<SuggestedCrop>,
}

/// A part of a picture as a 35x45 print.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SuggestedCrop {
    /// x, y, width, height in pixels of the page.
    #[serde(rename = "box")]
    pub bounds: [f64; 4],
    /// What would be measured on it.
    pub measures: BTreeMap<String, Measure>,
}

/// One face. `right_eye` is the person's right: left in the picture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs, reason = "points are named by what they mark, in pixels")]
pub struct Face {
    /// x, y, width, height in pixels.
    #[serde(rename = "box")]
    pub bounds: [f64; 4],
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub right_eye: Option<Point>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_eye: Option<Point>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nose: Option<Point>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mouth: Option<Point>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chin: Option<Point>,
    /// Top of the head with hair.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub crown_hair: Option<Point>,
    /// Top of the skull, estimated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub crown_skull: Option<Point>,
    /// Positive when the head leans to the picture's right (clockwise).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roll_deg: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub yaw_deg: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pitch_deg: Option<f64>,
    /// 0..1 as the detector gives it.
    pub confidence: f64,
}

/// A number with its unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Measure {
    /// The number, rounded to the digits that mean something.
    pub value: f64,
    /// `mm`, `px`, `deg`, `ratio`, `share` (0..1), `count`, `bit`, `lab` (CIELAB
    /// units), `level` (of 255).
    pub unit: String,
    /// Where the truth lies with the method's own spread, if it has one: low, high.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<[f64; 2]>,
    /// The quality component of ISO/IEC 29794-5, 0 to 100, for its measures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quality: Option<u8>,
    /// 0..1.
    pub confidence: f64,
}

/// Exact and perceptual fingerprints of a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Fingerprints {
    /// SHA-256 of the bytes.
    pub sha256: String,
    /// One entry an examined page.
    pub pages: Vec<PageFingerprint>,
}

/// Fingerprints of one page, all lower-case hexadecimal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PageFingerprint {
    /// From 1.
    pub page: u32,
    /// SHA-256 over width and height (u32, little endian) and the upright RGB8 pixels.
    pub pixel_sha256: String,
    /// PDQ, 256 bits.
    pub pdq: String,
    /// PDQ quality 0..100; below 50 the hash means little.
    pub pdq_quality: u8,
    /// Median DCT hash, 256 bits.
    pub phash: String,
}

/// Text that a PDF carries.
#[derive(Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TextLayer {
    /// NFC text of each examined page; control characters but line feeds are dropped.
    pub pages: Vec<String>,
    /// Whether text was cut at the limit.
    pub truncated: bool,
}

/// What the camera wrote.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Exif {
    /// TIFF tag 274, 1..8.
    pub orientation: u8,
    /// `DateTimeOriginal` or `DateTime` as `YYYY-MM-DDTHH:MM:SS`, local time of the camera.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken: Option<String>,
}

/// A picture that shows what a field or a measure says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Evidence {
    /// Unique within the examination: `zone-1`, `zone-1-masked`, `portrait`.
    pub id: String,
    /// What it is.
    pub kind: EvidenceKind,
    /// The page it was cut from.
    pub page: u32,
    /// The part of that page.
    pub polygon: Polygon,
    /// `image/png` or `image/jpeg`.
    pub media_type: String,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// SHA-256 of the picture's bytes.
    pub sha256: String,
    /// The id of the same picture with names and numbers painted over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub masked: Option<String>,
}

/// Kinds of evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EvidenceKind {
    /// A part of the page, as it is.
    Crop,
    /// A part of the page with marks drawn on it.
    Overlay,
}

/// The bytes of one [`Evidence`], at most 512 KiB.
#[derive(Clone, PartialEq)]
pub struct EvidencePicture {
    /// Which evidence it is.
    pub evidence: Evidence,
    /// PNG or JPEG.
    pub bytes: Vec<u8>,
}

hidden_debug!(Examination, Field, Zone, TextLayer, EvidencePicture);

/// Rounds to `digits` decimals: facts are stored without digits that mean nothing.
#[must_use]
pub fn round(value: f64, digits: i32) -> f64 {
    let scale = 10f64.powi(digits);
    // adding 0.0 turns -0.0 into 0.0, which would print differently
    (value * scale).round() / scale + 0.0
}
