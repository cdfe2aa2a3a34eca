//! A parsed zone: its lines, its parts and their check digits.

use std::fmt;

use super::check_digit::verify;
use super::dates::ZoneDate;
use super::format::{Layout, Place};
use super::names::Names;
use crate::examination::{CheckDigit, CheckDigits, FieldName, ZoneFormat};
use crate::hidden::hidden_debug;

/// One line: 30, 36 or 44 of `A-Z`, `0-9` and `<`, so slicing cannot panic.
#[derive(Clone, PartialEq, Eq)]
pub struct Line(String);

impl Line {
    /// Parses a line; `None` unless its length and every character are allowed.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let fits = matches!(text.len(), 30 | 36 | 44) && text.bytes().all(is_zone_byte);
        fits.then(|| Self(text.to_owned()))
    }

    /// Returns its characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_zone_byte(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'<'
}

/// A zone of one of the five formats.
#[derive(Clone, PartialEq, Eq)]
pub struct Mrz {
    format: ZoneFormat,
    lines: Vec<Line>,
}

hidden_debug!(Line, Mrz);

impl fmt::Display for Mrz {
    /// Formats the lines, separated by line feeds.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<&str> = self.lines.iter().map(Line::as_str).collect();
        f.write_str(&lines.join("\n"))
    }
}

impl Mrz {
    /// Parses lines that are separated by line feeds. The format follows from their
    /// number and length; a first letter `V` means a visa. Lines are never cut or
    /// padded: with a wrong length the result is `None`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let lines: Option<Vec<Line>> = text.split('\n').map(Line::parse).collect();
        let lines = lines?;
        let visa = lines.first()?.as_str().starts_with('V');
        let length = lines.first()?.as_str().len();
        let format = ZoneFormat::from_shape(lines.len(), length, visa)?;
        let even = lines.iter().all(|line| line.as_str().len() == length);
        even.then_some(Self { format, lines })
    }

    /// Returns the format.
    #[must_use]
    pub fn format(&self) -> ZoneFormat {
        self.format
    }

    /// Returns the lines, top first.
    #[must_use]
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// Returns the places of its parts.
    #[must_use]
    pub fn layout(&self) -> &'static Layout {
        self.format.layout()
    }

    /// Returns the characters at a place.
    #[must_use]
    pub fn text_at(&self, place: Place) -> &str {
        let line = self.lines.get(place.line).map_or("", Line::as_str);
        line.get(place.from..place.to).unwrap_or("")
    }

    /// Returns the first two characters of the first line: `P<`, `PD`, `I<`, `V<`.
    #[must_use]
    pub fn document_code(&self) -> &str {
        self.text_at(self.layout().code)
    }

    /// Returns the issuing state or organisation as printed, `D<<` included.
    #[must_use]
    pub fn issuing_state(&self) -> &str {
        self.text_at(self.layout().issuer)
    }

    /// Returns the nationality as printed.
    #[must_use]
    pub fn nationality(&self) -> &str {
        self.text_at(self.layout().nationality)
    }

    /// Returns the sex, `M`, `F` or `<`; some issuers print `X`.
    #[must_use]
    pub fn sex(&self) -> &str {
        self.text_at(self.layout().sex)
    }

    /// Returns primary and secondary identifier.
    #[must_use]
    pub fn names(&self) -> Names {
        Names::parse(self.text_at(self.layout().names))
    }

    /// Returns the date of birth.
    #[must_use]
    pub fn date_of_birth(&self) -> ZoneDate {
        ZoneDate::parse(self.text_at(self.layout().birth.field))
    }

    /// Returns the date of expiry.
    #[must_use]
    pub fn date_of_expiry(&self) -> ZoneDate {
        ZoneDate::parse(self.text_at(self.layout().expiry.field))
    }

    /// Whether it is a passport booklet for travel: TD3, first letter `P`, and not Russia's
    /// internal passport, whose zone has the same shape and the code `PN`.
    /// TD2 with `P` is an emergency travel document (part 8), therefore not one.
    #[must_use]
    pub fn is_travel_passport(&self) -> bool {
        let passport = self.format == ZoneFormat::Td3 && self.document_code().starts_with('P');
        passport && !self.is_internal_passport()
    }

    /// Whether it is Russia's internal passport.
    #[must_use]
    pub fn is_internal_passport(&self) -> bool {
        self.document_code() == "PN" && self.issuing_state() == "RUS"
    }

    /// Verifies every check digit.
    #[must_use]
    pub fn check_digits(&self) -> CheckDigits {
        let layout = self.layout();
        CheckDigits {
            document_number: self.number_check(),
            date_of_birth: match verify(
                self.text_at(layout.birth.field),
                self.text_at(layout.birth.digit),
            ) {
                // the digit of an unknown birth is 0 (part 3, 4.8)
                CheckDigit::Absent => CheckDigit::Wrong,
                digit => digit,
            },
            date_of_expiry: verify(
                self.text_at(layout.expiry.field),
                self.text_at(layout.expiry.digit),
            ),
            personal_number: self.personal_check(),
            composite: self.composite_check(),
        }
    }

    /// Returns the characters of a field exactly as printed: long numbers with their
    /// continuation, names as the whole field.
    #[must_use]
    pub fn raw(&self, name: FieldName) -> String {
        match name {
            FieldName::DocumentNumber => self.document_number(),
            FieldName::PersonalNumber => self.optional_data().join(""),
            _ => self.layout().places(name).iter().map(|place| self.text_at(*place)).collect(),
        }
    }
}
