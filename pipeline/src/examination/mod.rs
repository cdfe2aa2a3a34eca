//! The examination of one upload: facts with their position, and no judgement.
//!
//! It contains no rule, no range, no clock and no timings. An examination is a
//! function of the bytes, the declared kind and the examiner's version, so it
//! can be stored under these three and never be computed twice. Positions are
//! pixels of the upright page (stored orientation applied), origin top left;
//! pages count from 1.

mod evidence;
mod field;
mod fingerprints;
mod geometry;
mod media_type;
mod metadata;
mod page;
mod portrait;
mod rounding;
mod seen;
mod zone;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::hidden::hidden_debug;
use crate::kind::Kind;
use crate::reason::Reason;

pub use evidence::{Evidence, EvidenceKind, EvidencePicture};
pub use field::{Basis, Field, FieldName, Source};
pub use fingerprints::{Fingerprints, PageFingerprint};
pub use geometry::{Point, Polygon};
pub use media_type::MediaType;
pub use metadata::{Exif, TextLayer};
pub use page::{Page, PageOrigin};
pub use portrait::{Face, Measure, Portrait, SuggestedCrop};
pub use rounding::round;
pub(crate) use seen::Seen;
use seen::explains_no_page;
pub use zone::{CheckDigit, CheckDigits, Zone, ZoneFormat};

/// The facts of one upload.
#[derive(Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Examination {
    /// Name and version of the examiner: crate version and models.
    pub examiner: String,
    /// The declared kind, which decides how the file is examined.
    pub kind: Kind,
    /// SHA-256 of the bytes, lower-case hexadecimal.
    pub sha256: String,
    /// Length of the file in bytes.
    pub bytes: u64,
    /// Type of the content; absent when it is not an accepted type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_type: Option<MediaType>,
    /// Number of pages in the file; `pages` lists the examined ones.
    pub page_count: u32,
    /// The examined pages.
    pub pages: Vec<Page>,
    /// The fields that were read, the best first.
    pub fields: Vec<Field>,
    /// Machine readable zones, the best first.
    pub zones: Vec<Zone>,
    /// Faces and measures, for the kind `portrait`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub portrait: Option<Portrait>,
    /// Exact and perceptual fingerprints; absent when no page could be opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprints: Option<Fingerprints>,
    /// Text that the file itself contains (PDF), page by page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<TextLayer>,
    /// Metadata that the camera stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exif: Option<Exif>,
    /// Reasons why something could not be examined, and remarks about the file.
    pub reasons: Vec<Reason>,
    /// Pictures that show the facts; their bytes are stored separately.
    pub evidence: Vec<Evidence>,
}

impl Examination {
    /// Returns whether it has a page, or says why it has none. Every new examination
    /// does; a stored one of an earlier version, or a child's answer, may not.
    #[must_use]
    pub fn is_explained(&self) -> bool {
        !self.pages.is_empty() || self.reasons.iter().any(explains_no_page)
    }
}

hidden_debug!(Examination);
