//! Why a check ended as it did: a code that never changes its meaning, and parameters.
//!
//! Codes are added, never reused and never deleted. Each has two sentences in
//! every language under `texts/`, one for the applicant and one for staff; a
//! test holds code, texts and parameters together.

use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::status::Status;

/// A code with the numbers and names that fill its sentence.
#[derive(Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Reason {
    /// What it is.
    pub code: Code,
    /// Parameters of the sentence: numbers, dates, kinds. May hold personal data.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub params: BTreeMap<String, Value>,
}

impl Reason {
    /// A reason without parameters.
    #[must_use]
    pub fn new(code: Code) -> Self {
        Self { code, params: BTreeMap::new() }
    }

    /// The same with one more parameter.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.params.insert(name.to_owned(), value.into());
        self
    }
}

impl fmt::Debug for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Reason({})", self.code)
    }
}

/// Who can put it right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "each name says who")]
pub enum FixableBy {
    Applicant,
    Reviewer,
    Operator,
    Portal,
    Nobody,
}

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident $text:literal $status:ident $by:ident $retry:literal;)+) => {
        /// Reason codes. The comment says when each is given.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        pub enum Code {
            $($(#[doc = $doc])+ #[serde(rename = $text)] $name,)+
        }

        impl Code {
            /// Every code.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The code as published.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }

            /// The status that a check takes on when this is its reason.
            #[must_use]
            pub fn status(self) -> Status {
                match self { $(Self::$name => Status::$status),+ }
            }

            /// Who can put it right.
            #[must_use]
            pub fn fixable_by(self) -> FixableBy {
                match self { $(Self::$name => FixableBy::$by),+ }
            }

            /// Whether the same bytes may come out differently when tried again.
            #[must_use]
            pub fn retryable(self) -> bool {
                match self { $(Self::$name => $retry),+ }
            }
        }
    };
}

codes! {
    /// The file has no bytes.
    FileEmpty "FILE_EMPTY" Fail Applicant false;
    /// More bytes than the kind may have. `bytes`, `limit`.
    FileTooLarge "FILE_TOO_LARGE" Fail Applicant false;
    /// The content is none of the accepted types. `detected`, `accepted`.
    FileTypeUnsupported "FILE_TYPE_UNSUPPORTED" Fail Applicant false;
    /// The content is not what name or declaration say. `declared`, `detected`.
    FileTypeMismatch "FILE_TYPE_MISMATCH" Warn Portal false;
    /// Broken inside; no page can be decoded.
    FileCorrupt "FILE_CORRUPT" Fail Applicant false;
    /// The file ends before its content does.
    FileTruncated "FILE_TRUNCATED" Fail Applicant false;
    /// Opening needs a password.
    FileEncrypted "FILE_ENCRYPTED" Fail Applicant false;
    /// More pages than the kind may have. `pages`, `limit`.
    FileTooManyPages "FILE_TOO_MANY_PAGES" Fail Applicant false;
    /// Allowed, but only the first pages were examined. `pages`, `examined`.
    FilePagesNotExamined "FILE_PAGES_NOT_EXAMINED" Warn Reviewer false;
    /// More pixels than the limit, by the header or after unpacking. `width`, `height`, `limit`.
    FilePixelBomb "FILE_PIXEL_BOMB" Fail Applicant false;
    /// Unpacks to more bytes than the limit. `limit`.
    FileUnpackBomb "FILE_UNPACK_BOMB" Fail Applicant false;
    /// Scripts, launch actions or attached files inside (PDF). `found`.
    FileActiveContent "FILE_ACTIVE_CONTENT" Warn Reviewer false;
    /// One page could not be decoded while others could. `page`.
    FilePageUnreadable "FILE_PAGE_UNREADABLE" Warn Applicant false;
    /// The examining process ran longer than its limit. `seconds`.
    FileExhaustsTime "FILE_EXHAUSTS_TIME" Unsure Operator true;
    /// The examining process wanted more memory than its limit. `mebibytes`.
    FileExhaustsMemory "FILE_EXHAUSTS_MEMORY" Unsure Operator true;
    /// The examining process ended abnormally on this file.
    FileBreaksReader "FILE_BREAKS_READER" Unsure Operator true;
    /// No file where the application says.
    FileNotFound "FILE_NOT_FOUND" Error Portal true;
    /// The bytes are not those that the portal announced.
    FileHashMismatch "FILE_HASH_MISMATCH" Error Portal true;
    /// We could not examine the file after every attempt; people check instead. `failure`.
    MachineCheckUnavailable "MACHINE_CHECK_UNAVAILABLE" Error Operator true;
    /// The portal's word for the kind is none of ours. `declared`.
    DocKindUnknown "DOC_KIND_UNKNOWN" Warn Portal false;
    /// The kind was guessed from the file name. `kind`.
    DocKindGuessed "DOC_KIND_GUESSED" Warn Reviewer false;
    /// Uploaded as one kind and reads as another. `declared`, `detected`.
    DocTypeWrong "DOC_TYPE_WRONG" Warn Applicant false;
    /// No machine readable zone was found.
    MrzNotFound "MRZ_NOT_FOUND" Unsure Applicant false;
    /// A zone is there, and its characters cannot be told.
    MrzUnreadable "MRZ_UNREADABLE" Unsure Applicant false;
    /// Lines of a length that no format has. `lengths`.
    MrzLength "MRZ_LENGTH" Unsure Reviewer false;
    /// Check digit of the document number does not hold.
    MrzCheckNumber "MRZ_CHECK_NUMBER" Unsure Reviewer false;
    /// Check digit of the date of birth does not hold.
    MrzCheckBirth "MRZ_CHECK_BIRTH" Unsure Reviewer false;
    /// Check digit of the date of expiry does not hold.
    MrzCheckExpiry "MRZ_CHECK_EXPIRY" Unsure Reviewer false;
    /// Check digit of the personal number does not hold.
    MrzCheckPersonal "MRZ_CHECK_PERSONAL" Unsure Reviewer false;
    /// Composite check digit does not hold.
    MrzCheckComposite "MRZ_CHECK_COMPOSITE" Unsure Reviewer false;
    /// A date that no calendar has. `field`.
    MrzDateImpossible "MRZ_DATE_IMPOSSIBLE" Unsure Reviewer false;
    /// Dates that cannot belong to one person's document, such as a birth after the expiry.
    MrzDatesImplausible "MRZ_DATES_IMPLAUSIBLE" Unsure Reviewer false;
    /// Characters were altered to satisfy a check digit. `changed`.
    MrzRepaired "MRZ_REPAIRED" Unsure Reviewer false;
    /// A name fills its place to the last character and may be cut.
    MrzNameTruncated "MRZ_NAME_TRUNCATED" Pass Nobody false;
    /// A state code that Doc 9303 does not list. `state`.
    MrzCountryUnknown "MRZ_COUNTRY_UNKNOWN" Warn Reviewer false;
    /// Several different zones in one file; the best was taken. `zones`.
    MrzSeveral "MRZ_SEVERAL" Warn Reviewer false;
    /// A document that is not a travel passport. `document_type`.
    PassportTypeWrong "PASSPORT_TYPE_WRONG" Warn Applicant false;
    /// Expired on or before the day of application. `expiry`, `on`.
    ExpExpired "EXP_EXPIRED" Fail Applicant false;
    /// Valid for fewer days than asked. `days`, `more_than`, `expiry`, `on`, `first_accepted`.
    ExpNotEnoughDays "EXP_NOT_ENOUGH_DAYS" Fail Applicant false;
    /// Valid for exactly the days that must be exceeded. `days`, `expiry`, `on`, `first_accepted`.
    ExpBoundary180 "EXP_BOUNDARY_180" Fail Applicant false;
    /// Enough days, with a few to spare. `days`, `more_than`.
    ExpClose "EXP_CLOSE" Pass Nobody false;
    /// The date of expiry could not be read surely.
    ExpDateUnreadable "EXP_DATE_UNREADABLE" Unsure Reviewer false;
    /// The zone and the print above it give different dates of expiry.
    ExpSourcesDisagree "EXP_SOURCES_DISAGREE" Unsure Reviewer false;
    /// The two-digit year fits no year near the application, or one too far ahead. `years_ahead`.
    ExpFarAhead "EXP_FAR_AHEAD" Unsure Reviewer false;
    /// Enough at application, expired since. `expiry`, `on`.
    ExpExpiredWhileWaiting "EXP_EXPIRED_WHILE_WAITING" Warn Applicant false;
    /// The portal gave no instant of acceptance; the time of receipt was taken. `date`.
    ExpReferenceDateAssumed "EXP_REFERENCE_DATE_ASSUMED" Warn Portal false;
    /// The zone says that no expiry is printed.
    ExpNoExpiryPrinted "EXP_NO_EXPIRY_PRINTED" Unsure Reviewer false;
    /// No individual identification number in the form.
    IinMissing "IIN_MISSING" Warn Applicant false;
    /// Not twelve digits, or all zero.
    IinFormat "IIN_FORMAT" Fail Applicant false;
    /// Its check digit does not hold.
    IinChecksum "IIN_CHECKSUM" Fail Applicant false;
    /// Both passes give 10: such numbers are never issued.
    IinUnusable "IIN_UNUSABLE" Fail Applicant false;
    /// Its first six digits are no calendar date.
    IinDateImpossible "IIN_DATE_IMPOSSIBLE" Fail Applicant false;
    /// Its seventh digit is none of 1 to 6. `digit`.
    IinCenturyInvalid "IIN_CENTURY_INVALID" Unsure Applicant false;
    /// Built like a business identification number.
    IinIsBin "IIN_IS_BIN" Fail Applicant false;
    /// Its date of birth is not that of passport or form. `source`.
    IinBirthMismatch "IIN_BIRTH_MISMATCH" Warn Applicant false;
    /// Its sex is not that of passport or form. `source`.
    IinSexMismatch "IIN_SEX_MISMATCH" Warn Applicant false;
    /// Form and passport give different dates of birth.
    XchkBirth "XCHK_BIRTH" Warn Reviewer false;
    /// Form and passport give different sexes.
    XchkSex "XCHK_SEX" Warn Reviewer false;
    /// Form and passport give different surnames.
    XchkSurname "XCHK_SURNAME" Warn Reviewer false;
    /// Form and passport give different given names.
    XchkGiven "XCHK_GIVEN" Warn Reviewer false;
    /// The passport's nationality is none of the citizenships in the form.
    XchkNationality "XCHK_NATIONALITY" Warn Reviewer false;
    /// The zone and the print above it give different values. `field`.
    XchkVisual "XCHK_VISUAL" Warn Reviewer false;
    /// Neither side could be compared. `field`.
    XchkNotPossible "XCHK_NOT_POSSIBLE" Unsure Reviewer false;
    /// Width to height is not that of a 35x45 print. `ratio`, `low`, `high`.
    PhotoRatio "PHOTO_RATIO" Fail Applicant false;
    /// Width to height is near that of a 35x45 print. `ratio`, `low`, `high`.
    PhotoRatioNear "PHOTO_RATIO_NEAR" Warn Applicant false;
    /// Fewer pixels than asked. `width`, `height`, `min_width`, `min_height`.
    PhotoTooSmall "PHOTO_TOO_SMALL" Fail Applicant false;
    /// Grey, or grey saved as colour. `colour`.
    PhotoGreyscale "PHOTO_GREYSCALE" Fail Applicant false;
    /// No face was found.
    PhotoNoFace "PHOTO_NO_FACE" Unsure Reviewer false;
    /// More than one face. `faces`.
    PhotoManyFaces "PHOTO_MANY_FACES" Warn Applicant false;
    /// Head larger than allowed: move the camera back. `mm`, `low`, `high`.
    PhotoHeadLarge "PHOTO_HEAD_LARGE" Warn Applicant false;
    /// Head smaller than allowed: move the camera closer. `mm`, `low`, `high`.
    PhotoHeadSmall "PHOTO_HEAD_SMALL" Warn Applicant false;
    /// Eye line outside the band. `mm`, `low`, `high`.
    PhotoEyeLine "PHOTO_EYE_LINE" Warn Applicant false;
    /// A face was found, and a measure could not be taken. `measure`.
    PhotoNotMeasured "PHOTO_NOT_MEASURED" Unsure Reviewer false;
    /// The two face detectors do not agree. `faces`.
    PhotoFacesDisagree "PHOTO_FACES_DISAGREE" Unsure Reviewer false;
    /// The portrait lies on its side or head. `degrees`.
    PhotoSideways "PHOTO_SIDEWAYS" Warn Applicant false;
    /// The face is not in the middle. `value`, `low`, `high`.
    PhotoOffCentre "PHOTO_OFF_CENTRE" Warn Applicant false;
    /// The head leans. `value`, `low`, `high`.
    PhotoTilt "PHOTO_TILT" Warn Applicant false;
    /// The face looks aside, up or down. `measure`, `value`, `low`, `high`.
    PhotoTurned "PHOTO_TURNED" Warn Applicant false;
    /// Eyes seem closed. `value`, `low`.
    PhotoEyesClosed "PHOTO_EYES_CLOSED" Warn Applicant false;
    /// The mouth seems open. `value`, `low`.
    PhotoMouthOpen "PHOTO_MOUTH_OPEN" Warn Applicant false;
    /// Dark or mirroring lenses. `value`, `high`.
    PhotoGlassesTinted "PHOTO_GLASSES_TINTED" Warn Applicant false;
    /// A lamp burns on the lenses. `value`, `high`.
    PhotoGlassesGlare "PHOTO_GLASSES_GLARE" Warn Applicant false;
    /// Red pupils from a flash. `value`, `high`.
    PhotoRedEyes "PHOTO_RED_EYES" Warn Applicant false;
    /// The background is not plain or not light. `measure`, `value`.
    PhotoBackground "PHOTO_BACKGROUND" Warn Applicant false;
    /// The face is lit unevenly, too much or too little. `measure`, `value`.
    PhotoLight "PHOTO_LIGHT" Warn Applicant false;
    /// Colours of the skin are not those of daylight. `value`, `high`.
    PhotoColourCast "PHOTO_COLOUR_CAST" Warn Applicant false;
    /// Out of focus or shaken. `value`, `low`.
    PhotoBlurred "PHOTO_BLURRED" Warn Applicant false;
    /// A small picture enlarged. `value`, `high`.
    PhotoUpscaled "PHOTO_UPSCALED" Warn Applicant false;
    /// Too few pixels in the face. `value`, `low`.
    PhotoFaceFewPixels "PHOTO_FACE_FEW_PIXELS" Warn Applicant false;
    /// Saved with so little quality that detail is lost. `value`, `low`.
    PhotoCompressed "PHOTO_COMPRESSED" Warn Applicant false;
    /// The head is cut off by, or touches, the upper edge. `value`, `low`.
    PhotoHeadCut "PHOTO_HEAD_CUT" Warn Applicant false;
    /// A frame around the picture. `value`, `high`.
    PhotoBorder "PHOTO_BORDER" Warn Applicant false;
    /// Something lies on the background: print, a stamp, an object. `value`, `high`.
    PhotoMarks "PHOTO_MARKS" Warn Applicant false;
    /// The camera's date is older than allowed. `taken`, `months`.
    PhotoOldExif "PHOTO_OLD_EXIF" Warn Applicant false;
    /// Cropping alone would put the geometry right, as the second picture shows. `mm`.
    PhotoCropFits "PHOTO_CROP_FITS" Pass Applicant false;
    /// A required document is not there. `kind`.
    SetMissing "SET_MISSING" Fail Applicant false;
    /// An optional document is not there. `kind`.
    SetMissingRecommended "SET_MISSING_RECOMMENDED" Pass Nobody false;
    /// A document that the stage does not ask for. `kind`.
    SetUnexpected "SET_UNEXPECTED" Warn Reviewer false;
    /// Several documents of a kind that is asked for once. `kind`, `count`.
    SetSeveral "SET_SEVERAL" Warn Reviewer false;
    /// A document is there and could not be opened. `kind`.
    SetUnreadable "SET_UNREADABLE" Unsure Applicant false;
    /// The rule set of that day is marked as to be confirmed. `programme`.
    SysProgrammeToConfirm "SYS_PROGRAMME_TO_CONFIRM" Pass Operator false;
    /// A reader of print is not installed where the document was examined. `reader`.
    SysReaderMissing "SYS_READER_MISSING" Warn Operator true;
    /// No rule set covers the day; the nearest was taken. `date`.
    SysProgrammeUnknown "SYS_PROGRAMME_UNKNOWN" Warn Operator false;
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
