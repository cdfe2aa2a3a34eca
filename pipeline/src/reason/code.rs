//! The reason codes: one table.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::fixable_by::FixableBy;
use crate::status::Status;

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident $text:literal $status:ident $by:ident $retry:literal;)+) => {
        /// Reason codes. The comment states when each is used, and its parameters.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        pub enum Code {
            $($(#[doc = $doc])+ #[serde(rename = $text)] $name,)+
        }

        impl Code {
            /// Every code.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// Returns the code as published.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }

            /// Returns the status of a check that has this reason.
            #[must_use]
            pub fn status(self) -> Status {
                match self { $(Self::$name => Status::$status),+ }
            }

            /// Returns who can fix it.
            #[must_use]
            pub fn fixable_by(self) -> FixableBy {
                match self { $(Self::$name => FixableBy::$by),+ }
            }

            /// Returns whether the same bytes may have another outcome when tried again.
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
    /// The content is not of an accepted type. `detected`, `accepted`.
    FileTypeUnsupported "FILE_TYPE_UNSUPPORTED" Fail Applicant false;
    /// The content is not of the type that name or declaration state. `declared`, `detected`.
    FileTypeMismatch "FILE_TYPE_MISMATCH" Warn Portal false;
    /// The content is damaged; no page can be decoded.
    FileCorrupt "FILE_CORRUPT" Fail Applicant false;
    /// The file ends before its content does.
    FileTruncated "FILE_TRUNCATED" Fail Applicant false;
    /// The file can only be opened with a password.
    FileEncrypted "FILE_ENCRYPTED" Fail Applicant false;
    /// More pages than the kind may have. `pages`, `limit`.
    FileTooManyPages "FILE_TOO_MANY_PAGES" Fail Applicant false;
    /// The number of pages is allowed, but only the first ones were examined. `pages`, `examined`.
    FilePagesNotExamined "FILE_PAGES_NOT_EXAMINED" Warn Reviewer false;
    /// The file has several pictures, such as an animation; only one was examined. `pictures`.
    FilePicturesNotExamined "FILE_PICTURES_NOT_EXAMINED" Warn Reviewer false;
    /// The picture itself cannot be shown (raw data of a camera's sensor); a preview of it was examined.
    FilePreviewExamined "FILE_PREVIEW_EXAMINED" Warn Reviewer false;
    /// More pixels than the limit, by the header or after unpacking. `width`, `height`, `limit`.
    FilePixelBomb "FILE_PIXEL_BOMB" Fail Applicant false;
    /// Unpacks to more bytes than the limit. `limit`.
    FileUnpackBomb "FILE_UNPACK_BOMB" Fail Applicant false;
    /// Scripts, launch actions or attached files inside (PDF). `found`.
    FileActiveContent "FILE_ACTIVE_CONTENT" Warn Reviewer false;
    /// A form that only Adobe's programs show (XFA): the pages hold a notice instead.
    FileFormNotDrawn "FILE_FORM_NOT_DRAWN" Unsure Applicant false;
    /// Letters of fonts that the file lacks are missing from pictures of pages. `pages`.
    FileLettersNotDrawn "FILE_LETTERS_NOT_DRAWN" Warn Applicant false;
    /// One page could not be decoded while others could. `page`.
    FilePageUnreadable "FILE_PAGE_UNREADABLE" Warn Applicant false;
    /// The letters of some pages have no known meaning, so their text is missing or wrong (PDF). `pages`.
    FileTextUnreadable "FILE_TEXT_UNREADABLE" Warn Reviewer false;
    /// The examining process twice used more processor time than its limit. `seconds`.
    FileExhaustsTime "FILE_EXHAUSTS_TIME" Unsure Operator false;
    /// The examining process twice needed more memory than its limit. `mebibytes`.
    FileExhaustsMemory "FILE_EXHAUSTS_MEMORY" Unsure Operator false;
    /// The examining process twice crashed on this file or answered nonsense.
    FileBreaksReader "FILE_BREAKS_READER" Unsure Operator false;
    /// No file exists at the location that the application states.
    FileNotFound "FILE_NOT_FOUND" Error Portal true;
    /// The bytes are not those that the portal announced.
    FileHashMismatch "FILE_HASH_MISMATCH" Error Portal true;
    /// The file could not be examined in any attempt; a reviewer checks it instead. `failure`.
    MachineCheckUnavailable "MACHINE_CHECK_UNAVAILABLE" Error Operator true;
    /// The portal's word for the kind is not known. `declared`.
    DocKindUnknown "DOC_KIND_UNKNOWN" Warn Portal false;
    /// The kind was guessed from the file name. `kind`.
    DocKindGuessed "DOC_KIND_GUESSED" Warn Reviewer false;
    /// The content is of another kind than declared. `declared`, `detected`.
    DocTypeWrong "DOC_TYPE_WRONG" Warn Applicant false;
    /// The content of this kind is not read by machine: a person reads it. `kind`.
    DocNotRead "DOC_NOT_READ" NotRun Reviewer false;
    /// Pages that were opened but not read: nothing that is checked is on them. `pages`.
    DocPagesNotRead "DOC_PAGES_NOT_READ" NotRun Reviewer false;
    /// No machine readable zone was found.
    MrzNotFound "MRZ_NOT_FOUND" Unsure Applicant false;
    /// A zone was found, but its characters, or the first letter that states the kind of
    /// document, cannot be read.
    MrzUnreadable "MRZ_UNREADABLE" Unsure Applicant false;
    /// Something covers a part of the zone.
    MrzCovered "MRZ_COVERED" Unsure Applicant false;
    /// A part of the zone is beyond the edge of the picture or of the paper.
    MrzCut "MRZ_CUT" Unsure Applicant false;
    /// Lines of a length that no format has. `lengths`.
    MrzLength "MRZ_LENGTH" Unsure Reviewer false;
    /// The check digit of the document number is wrong.
    MrzCheckNumber "MRZ_CHECK_NUMBER" Unsure Reviewer false;
    /// The check digit of the date of birth is wrong.
    MrzCheckBirth "MRZ_CHECK_BIRTH" Unsure Reviewer false;
    /// The check digit of the date of expiry is wrong.
    MrzCheckExpiry "MRZ_CHECK_EXPIRY" Unsure Reviewer false;
    /// The check digit of the personal number is wrong.
    MrzCheckPersonal "MRZ_CHECK_PERSONAL" Unsure Reviewer false;
    /// The composite check digit is wrong.
    MrzCheckComposite "MRZ_CHECK_COMPOSITE" Unsure Reviewer false;
    /// A date that does not exist in the calendar. `field`.
    MrzDateImpossible "MRZ_DATE_IMPOSSIBLE" Unsure Reviewer false;
    /// Dates that cannot belong to one person's document, such as a birth after the expiry.
    MrzDatesImplausible "MRZ_DATES_IMPLAUSIBLE" Unsure Reviewer false;
    /// Characters were changed to satisfy a check digit. `changed`.
    MrzRepaired "MRZ_REPAIRED" Unsure Reviewer false;
    /// A name fills its field to the last character and may be truncated.
    MrzNameTruncated "MRZ_NAME_TRUNCATED" Pass Nobody false;
    /// A state code that Doc 9303 does not list. `state`.
    MrzCountryUnknown "MRZ_COUNTRY_UNKNOWN" Warn Reviewer false;
    /// The file has several different zones; the best one was used. `zones`.
    MrzSeveral "MRZ_SEVERAL" Warn Reviewer false;
    /// A document that is not a travel passport. `document_type`.
    PassportTypeWrong "PASSPORT_TYPE_WRONG" Warn Applicant false;
    /// Expired on or before the day of application. `expiry`, `on`.
    ExpExpired "EXP_EXPIRED" Fail Applicant false;
    /// Valid for fewer days than required. `days`, `more_than`, `expiry`, `on`, `first_accepted`.
    ExpNotEnoughDays "EXP_NOT_ENOUGH_DAYS" Fail Applicant false;
    /// Valid for exactly the number of days that must be exceeded. `days`, `expiry`, `on`, `first_accepted`.
    ExpBoundary180 "EXP_BOUNDARY_180" Fail Applicant false;
    /// Valid for enough days, but few more than required. `days`, `more_than`.
    ExpClose "EXP_CLOSE" Pass Nobody false;
    /// The date of expiry could not be read reliably.
    ExpDateUnreadable "EXP_DATE_UNREADABLE" Unsure Reviewer false;
    /// The machine readable zone and the visual zone have different dates of expiry.
    ExpSourcesDisagree "EXP_SOURCES_DISAGREE" Unsure Reviewer false;
    /// The two-digit year matches no year near the application, or one too far ahead. `years_ahead`.
    ExpFarAhead "EXP_FAR_AHEAD" Unsure Reviewer false;
    /// The passport was valid at application and has expired since. `expiry`, `on`.
    ExpExpiredWhileWaiting "EXP_EXPIRED_WHILE_WAITING" Warn Applicant false;
    /// Not valid long enough for a later stage, which counts from its own day. `days`, `more_than`, `expiry`, `on`, `stage`, `last_day`.
    ExpTooShortForNextStage "EXP_TOO_SHORT_FOR_NEXT_STAGE" Warn Applicant false;
    /// Expired before the day of application, in a stage that has no rule on the validity. `expiry`, `on`.
    ExpExpiredNoRule "EXP_EXPIRED_NO_RULE" Warn Applicant false;
    /// The portal stated no instant of acceptance; the time of receipt was used. `date`.
    ExpReferenceDateAssumed "EXP_REFERENCE_DATE_ASSUMED" Warn Portal false;
    /// The day of application is after the day of judging. `date`, `on`.
    ExpReferenceDateAhead "EXP_REFERENCE_DATE_AHEAD" Warn Portal false;
    /// The zone states that no date of expiry is printed.
    ExpNoExpiryPrinted "EXP_NO_EXPIRY_PRINTED" Unsure Reviewer false;
    /// The form has no individual identification number.
    IinMissing "IIN_MISSING" Warn Applicant false;
    /// The number does not have twelve digits, or all are zero.
    IinFormat "IIN_FORMAT" Fail Applicant false;
    /// The check digit of the number is wrong.
    IinChecksum "IIN_CHECKSUM" Fail Applicant false;
    /// Both passes of the check digit result in 10: such numbers are never issued.
    IinUnusable "IIN_UNUSABLE" Fail Applicant false;
    /// The first six digits of the number are not a calendar date.
    IinDateImpossible "IIN_DATE_IMPOSSIBLE" Fail Applicant false;
    /// The seventh digit of the number is not one of 1 to 6. `digit`.
    IinCenturyInvalid "IIN_CENTURY_INVALID" Unsure Applicant false;
    /// The number has the structure of a business identification number.
    IinIsBin "IIN_IS_BIN" Fail Applicant false;
    /// The date of birth in the number is not that of passport or form. `source`.
    IinBirthMismatch "IIN_BIRTH_MISMATCH" Warn Applicant false;
    /// The sex in the number is not that of passport or form. `source`.
    IinSexMismatch "IIN_SEX_MISMATCH" Warn Applicant false;
    /// Form and passport have different dates of birth.
    XchkBirth "XCHK_BIRTH" Warn Reviewer false;
    /// Form and passport have different sexes.
    XchkSex "XCHK_SEX" Warn Reviewer false;
    /// Form and passport have different surnames.
    XchkSurname "XCHK_SURNAME" Warn Reviewer false;
    /// Form and passport have different given names.
    XchkGiven "XCHK_GIVEN" Warn Reviewer false;
    /// The passport's nationality is not one of the citizenships in the form.
    XchkNationality "XCHK_NATIONALITY" Warn Reviewer false;
    /// The machine readable zone and the visual zone have different values. `field`.
    XchkVisual "XCHK_VISUAL" Warn Reviewer false;
    /// Values of the machine readable zone that were not found in the print. `fields`.
    VisualNotFound "VISUAL_NOT_FOUND" Pass Nobody false;
    /// The values could not be compared. `field`.
    XchkNotPossible "XCHK_NOT_POSSIBLE" Unsure Reviewer false;
    /// The names are the same under a named rule. `field`, `rule`.
    NameEquivalent "NAME_EQUIVALENT" Pass Nobody false;
    /// All names are there, in another order or in other fields. `field`.
    NameOrder "NAME_ORDER" Pass Nobody false;
    /// Only one side has a patronymic. `field`.
    NamePatronymicOnlyOneSide "NAME_PATRONYMIC_ONLY_ONE_SIDE" Pass Nobody false;
    /// The names are not the same, but near: a person has to compare them. `field`, `rule`.
    NameClose "NAME_CLOSE" Warn Reviewer false;
    /// One word of the name has letters of two scripts that look alike. `field`.
    NameScriptMixed "NAME_SCRIPT_MIXED" Warn Applicant false;
    /// The names could not be compared. `field`, `why`.
    NameNotComparable "NAME_NOT_COMPARABLE" NotRun Reviewer false;
    /// Another of the form's names is not the same as the passport's. `field`, `rule`.
    NameOtherUnlike "NAME_OTHER_UNLIKE" Pass Nobody false;
    /// Another of the form's names was not compared. `field`, `why`.
    NameOtherNotCompared "NAME_OTHER_NOT_COMPARED" Pass Nobody false;
    /// The form has no value to compare. `field`.
    FormValueMissing "FORM_VALUE_MISSING" NotRun Portal false;
    /// The source has no such value, or it was not read. `field`, `source`.
    DocValueMissing "DOC_VALUE_MISSING" NotRun Reviewer false;
    /// The aspect ratio is not that of a 35x45 print. `ratio`, `low`, `high`.
    PhotoRatio "PHOTO_RATIO" Fail Applicant false;
    /// The aspect ratio is near that of a 35x45 print. `ratio`, `low`, `high`.
    PhotoRatioNear "PHOTO_RATIO_NEAR" Warn Applicant false;
    /// Fewer pixels than required. `width`, `height`, `min_width`, `min_height`.
    PhotoTooSmall "PHOTO_TOO_SMALL" Fail Applicant false;
    /// The picture is grey, or grey saved as colour. `colour`.
    PhotoGreyscale "PHOTO_GREYSCALE" Fail Applicant false;
    /// No face was found.
    PhotoNoFace "PHOTO_NO_FACE" Unsure Reviewer false;
    /// More than one face. `faces`.
    PhotoManyFaces "PHOTO_MANY_FACES" Warn Applicant false;
    /// Head larger than allowed: move the camera back. `mm`, `low`, `high`.
    PhotoHeadLarge "PHOTO_HEAD_LARGE" Warn Applicant false;
    /// Head smaller than allowed: move the camera closer. `mm`, `low`, `high`.
    PhotoHeadSmall "PHOTO_HEAD_SMALL" Warn Applicant false;
    /// The eye line is outside the range. `mm`, `low`, `high`.
    PhotoEyeLine "PHOTO_EYE_LINE" Warn Applicant false;
    /// A face was found, but a measure could not be taken. `measure`.
    PhotoNotMeasured "PHOTO_NOT_MEASURED" Unsure Reviewer false;
    /// The two face detectors do not agree. `faces`.
    PhotoFacesDisagree "PHOTO_FACES_DISAGREE" Unsure Reviewer false;
    /// The portrait is rotated to its side or upside down. `degrees`.
    PhotoSideways "PHOTO_SIDEWAYS" Warn Applicant false;
    /// The face is not centred. `value`, `low`, `high`.
    PhotoOffCentre "PHOTO_OFF_CENTRE" Warn Applicant false;
    /// The head is tilted. `value`, `low`, `high`.
    PhotoTilt "PHOTO_TILT" Warn Applicant false;
    /// The face is turned to the side, up or down. `measure`, `value`, `low`, `high`.
    PhotoTurned "PHOTO_TURNED" Warn Applicant false;
    /// Eyes seem closed. `value`, `low`.
    PhotoEyesClosed "PHOTO_EYES_CLOSED" Warn Applicant false;
    /// The mouth seems open. `value`, `low`.
    PhotoMouthOpen "PHOTO_MOUTH_OPEN" Warn Applicant false;
    /// The lenses are dark or reflect. `value`, `high`.
    PhotoGlassesTinted "PHOTO_GLASSES_TINTED" Warn Applicant false;
    /// A light reflects on the lenses. `value`, `high`.
    PhotoGlassesGlare "PHOTO_GLASSES_GLARE" Warn Applicant false;
    /// Red pupils from a flash. `value`, `high`.
    PhotoRedEyes "PHOTO_RED_EYES" Warn Applicant false;
    /// The background is not plain or not light. `measure`, `value`.
    PhotoBackground "PHOTO_BACKGROUND" Warn Applicant false;
    /// The lighting of the face is uneven, too strong or too weak. `measure`, `value`.
    PhotoLight "PHOTO_LIGHT" Warn Applicant false;
    /// The colours of the skin are not those in daylight. `value`, `high`.
    PhotoColourCast "PHOTO_COLOUR_CAST" Warn Applicant false;
    /// The picture is out of focus or blurred by motion. `value`, `low`.
    PhotoBlurred "PHOTO_BLURRED" Warn Applicant false;
    /// The picture was enlarged from a smaller one. `value`, `high`.
    PhotoUpscaled "PHOTO_UPSCALED" Warn Applicant false;
    /// Too few pixels in the face. `value`, `low`.
    PhotoFaceFewPixels "PHOTO_FACE_FEW_PIXELS" Warn Applicant false;
    /// The picture was saved with such low quality that detail is lost. `value`, `low`.
    PhotoCompressed "PHOTO_COMPRESSED" Warn Applicant false;
    /// The head is cut off by, or touches, the upper edge. `value`, `low`.
    PhotoHeadCut "PHOTO_HEAD_CUT" Warn Applicant false;
    /// The picture has a border. `value`, `high`.
    PhotoBorder "PHOTO_BORDER" Warn Applicant false;
    /// The background has marks: print, a stamp, an object. `value`, `high`.
    PhotoMarks "PHOTO_MARKS" Warn Applicant false;
    /// The date that the camera stored is older than allowed. `taken`, `months`.
    PhotoOldExif "PHOTO_OLD_EXIF" Warn Applicant false;
    /// Cropping alone would correct the geometry, as the second picture shows. `mm`.
    PhotoCropFits "PHOTO_CROP_FITS" Pass Applicant false;
    /// A required document is missing. `kind`.
    SetMissing "SET_MISSING" Fail Applicant false;
    /// An optional document is missing. `kind`.
    SetMissingRecommended "SET_MISSING_RECOMMENDED" Pass Nobody false;
    /// A document that the stage does not require or allow. `kind`.
    SetUnexpected "SET_UNEXPECTED" Warn Reviewer false;
    /// Several documents of a kind of which one is expected. `kind`, `count`.
    SetSeveral "SET_SEVERAL" Warn Reviewer false;
    /// No document of a required kind, and some whose kind is not known. `kind`, `count`.
    SetKindUnknown "SET_KIND_UNKNOWN" Unsure Reviewer false;
    /// A document was submitted but could not be opened. `kind`.
    SetUnreadable "SET_UNREADABLE" Unsure Applicant false;
    /// The programme in force on that day is marked as to be confirmed. `programme`.
    SysProgrammeToConfirm "SYS_PROGRAMME_TO_CONFIRM" Pass Operator false;
    /// A reader of printed text is not installed where the document was examined. `reader`.
    SysReaderMissing "SYS_READER_MISSING" Warn Operator true;
    /// The time limit ends after the last day of the table of holidays. `last`.
    SysHolidaysEnd "SYS_HOLIDAYS_END" Warn Operator false;
    /// No programme is in force on the day; the nearest one was used. `date`.
    SysProgrammeUnknown "SYS_PROGRAMME_UNKNOWN" Warn Operator false;
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
