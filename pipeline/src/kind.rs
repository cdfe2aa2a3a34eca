//! The kinds of documents that an application may contain.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The kind of a document; each kind has its own examination and rules.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names are those of the documents")]
pub enum Kind {
    Passport,
    PassportTranslation,
    Portrait,
    PoliceClearance,
    Petition,
    Questionnaire,
    Cv,
    Portfolio,
    MotivationLetter,
    Diploma,
    ProfessionalCertificate,
    Other,
}

impl Kind {
    /// Every kind, in the order in which reports list them.
    pub const ALL: [Self; 12] = [
        Self::Passport,
        Self::PassportTranslation,
        Self::Portrait,
        Self::PoliceClearance,
        Self::Petition,
        Self::Questionnaire,
        Self::Cv,
        Self::Portfolio,
        Self::MotivationLetter,
        Self::Diploma,
        Self::ProfessionalCertificate,
        Self::Other,
    ];

    /// Returns the name used in messages, files and routing keys.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Passport => "passport",
            Self::PassportTranslation => "passport_translation",
            Self::Portrait => "portrait",
            Self::PoliceClearance => "police_clearance",
            Self::Petition => "petition",
            Self::Questionnaire => "questionnaire",
            Self::Cv => "cv",
            Self::Portfolio => "portfolio",
            Self::MotivationLetter => "motivation_letter",
            Self::Diploma => "diploma",
            Self::ProfessionalCertificate => "professional_certificate",
            Self::Other => "other",
        }
    }

    /// Returns whether the content of this kind is read by machine; of the others only
    /// the file is examined.
    #[must_use]
    pub fn is_read(self) -> bool {
        matches!(self, Self::Passport | Self::Portrait)
    }

    /// Returns whether an applicant may have several documents of this kind.
    #[must_use]
    pub fn may_be_several(self) -> bool {
        matches!(self, Self::Diploma | Self::ProfessionalCertificate)
    }

    /// Returns the kind with that name, `None` for an unknown name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
