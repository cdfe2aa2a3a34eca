//! The input of a judgement.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::application::Application;
use crate::examination::Examination;
use crate::programme::Programme;
use crate::reason::Reason;

/// The outcome of examining one document's file.
pub enum ExaminationOutcome<'a> {
    /// The file was examined.
    Examined(&'a Examination),
    /// The file could not be fetched or examined, and why.
    Unavailable(Reason),
}

/// Everything that a judgement depends on.
pub struct Case<'a> {
    /// The submitted application.
    pub application: &'a Application,
    /// Outcomes by document id. A document without an entry is not examined yet.
    pub examinations: BTreeMap<&'a str, ExaminationOutcome<'a>>,
    /// Reasons for kinds that were guessed from file names, by document id.
    pub guessed_kinds: BTreeMap<&'a str, Reason>,
    /// Programmes to choose from.
    pub programmes: &'a [Programme],
    /// The time of receipt, used where the portal gave no instant of acceptance.
    pub received_at: Timestamp,
    /// The local day of judging.
    pub on: Date,
}

/// Why a case cannot be judged.
#[derive(Debug, thiserror::Error)]
pub enum JudgeError {
    /// The case has no programme.
    #[error("no programme was given")]
    NoProgramme,
    /// The programme does not have the application's stage.
    #[error("the application's stage is not in programme `{programme}`, which has {known}")]
    UnknownStage {
        /// Id of the chosen programme.
        programme: String,
        /// Names of its stages.
        known: String,
    },
}
