//! The places of the parts of a zone, for the five formats.

use crate::examination::{FieldName, ZoneFormat};

/// Characters `from..to` of a line, counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the type's comment names all three")]
pub struct Place {
    pub line: usize,
    pub from: usize,
    pub to: usize,
}

/// A field and the check digit that protects it.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs, reason = "the type's comment names both")]
pub struct CheckedField {
    pub field: Place,
    pub digit: Place,
}

/// The places of one format.
#[derive(Debug)]
#[allow(missing_docs, reason = "each is the place of the part that it names")]
pub struct Layout {
    pub lines: usize,
    pub length: usize,
    pub code: Place,
    pub issuer: Place,
    pub names: Place,
    pub number: CheckedField,
    pub nationality: Place,
    pub birth: CheckedField,
    pub sex: Place,
    pub expiry: CheckedField,
    /// Optional data, first part first.
    pub optional: &'static [Place],
    /// The check digit of the optional data, in TD3 only.
    pub optional_digit: Option<Place>,
    /// The parts that the composite digit covers; visas have none.
    pub composite: &'static [Place],
    pub composite_digit: Option<Place>,
}

const fn place(line: usize, from: usize, to: usize) -> Place {
    Place { line, from, to }
}

const fn checked_field(line: usize, from: usize, to: usize) -> CheckedField {
    CheckedField { field: place(line, from, to), digit: place(line, to, to + 1) }
}

/// Two lines of `length`: part 4, part 6 and part 7 agree up to the optional data.
const fn two_lines(
    length: usize,
    optional: &'static [Place],
    optional_digit: Option<Place>,
    composite: &'static [Place],
) -> Layout {
    let has_composite = !composite.is_empty();
    Layout {
        lines: 2,
        length,
        code: place(0, 0, 2),
        issuer: place(0, 2, 5),
        names: place(0, 5, length),
        number: checked_field(1, 0, 9),
        nationality: place(1, 10, 13),
        birth: checked_field(1, 13, 19),
        sex: place(1, 20, 21),
        expiry: checked_field(1, 21, 27),
        optional,
        optional_digit,
        composite,
        composite_digit: if has_composite { Some(place(1, length - 1, length)) } else { None },
    }
}

/// Part 4, 4.2.2 and 4.2.4.
static TD3: Layout = two_lines(
    44,
    &[place(1, 28, 42)],
    Some(place(1, 42, 43)),
    &[place(1, 0, 10), place(1, 13, 20), place(1, 21, 43)],
);
/// Part 6, 4.2.2 and 4.2.4.
static TD2: Layout = two_lines(
    36,
    &[place(1, 28, 35)],
    None,
    &[place(1, 0, 10), place(1, 13, 20), place(1, 21, 35)],
);
/// Part 7: optional data runs to the last character.
static MRV_A: Layout = two_lines(44, &[place(1, 28, 44)], None, &[]);
/// Part 7.
static MRV_B: Layout = two_lines(36, &[place(1, 28, 36)], None, &[]);
/// Part 5, 4.2.2 and 4.2.4.
static TD1: Layout = Layout {
    lines: 3,
    length: 30,
    code: place(0, 0, 2),
    issuer: place(0, 2, 5),
    names: place(2, 0, 30),
    number: checked_field(0, 5, 14),
    nationality: place(1, 15, 18),
    birth: checked_field(1, 0, 6),
    sex: place(1, 7, 8),
    expiry: checked_field(1, 8, 14),
    optional: &[place(0, 15, 30), place(1, 18, 29)],
    optional_digit: None,
    composite: &[place(0, 5, 30), place(1, 0, 7), place(1, 8, 15), place(1, 18, 29)],
    composite_digit: Some(place(1, 29, 30)),
};

impl ZoneFormat {
    /// Every format.
    pub const ALL: [Self; 5] = [Self::Td1, Self::Td2, Self::Td3, Self::MrvA, Self::MrvB];

    /// Returns the places of its parts.
    #[must_use]
    pub fn layout(self) -> &'static Layout {
        match self {
            Self::Td1 => &TD1,
            Self::Td2 => &TD2,
            Self::Td3 => &TD3,
            Self::MrvA => &MRV_A,
            Self::MrvB => &MRV_B,
        }
    }

    /// Returns the format with this number and length of lines, if there is one.
    #[must_use]
    pub fn from_shape(lines: usize, length: usize, visa: bool) -> Option<Self> {
        match (lines, length, visa) {
            (3, 30, _) => Some(Self::Td1),
            (2, 36, false) => Some(Self::Td2),
            (2, 44, false) => Some(Self::Td3),
            (2, 44, true) => Some(Self::MrvA),
            (2, 36, true) => Some(Self::MrvB),
            _ => None,
        }
    }
}

/// The characters that are allowed at a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names list the characters")]
pub enum Alphabet {
    Letters,
    LettersAndFiller,
    Digits,
    DigitsAndFiller,
    Sex,
    All,
}

impl Alphabet {
    /// Whether the character is allowed.
    #[must_use]
    pub fn allows(self, byte: u8) -> bool {
        let filler = byte == b'<';
        match self {
            Self::Letters => byte.is_ascii_uppercase(),
            Self::LettersAndFiller => byte.is_ascii_uppercase() || filler,
            Self::Digits => byte.is_ascii_digit(),
            Self::DigitsAndFiller => byte.is_ascii_digit() || filler,
            Self::Sex => matches!(byte, b'M' | b'F' | b'X' | b'<'),
            Self::All => byte.is_ascii_uppercase() || byte.is_ascii_digit() || filler,
        }
    }
}

impl Layout {
    /// Returns the characters that are allowed at a position. Names are letters; for
    /// Russia's internal passports, which spell them with digits, the reader makes an
    /// exception.
    #[must_use]
    pub fn alphabet(&self, line: usize, position: usize) -> Alphabet {
        let within =
            |place: Place| place.line == line && (place.from..place.to).contains(&position);
        if within(self.code) && position == 0 {
            return Alphabet::Letters;
        }
        if [self.code, self.issuer, self.nationality, self.names].into_iter().any(within) {
            return Alphabet::LettersAndFiller;
        }
        if within(self.sex) {
            return Alphabet::Sex;
        }
        let dates = [self.birth.field, self.birth.digit, self.expiry.field, self.expiry.digit];
        let digits = [Some(self.number.digit), self.optional_digit, self.composite_digit];
        if dates.into_iter().chain(digits.into_iter().flatten()).any(within) {
            return Alphabet::DigitsAndFiller;
        }
        Alphabet::All
    }

    /// Returns the places of a field, in reading order.
    #[must_use]
    pub fn places(&self, name: FieldName) -> Vec<Place> {
        match name {
            FieldName::DocumentType => vec![self.code],
            FieldName::IssuingState => vec![self.issuer],
            FieldName::DocumentNumber => vec![self.number.field],
            FieldName::Surname | FieldName::GivenNames => vec![self.names],
            FieldName::Nationality => vec![self.nationality],
            FieldName::DateOfBirth => vec![self.birth.field],
            FieldName::Sex => vec![self.sex],
            FieldName::DateOfExpiry => vec![self.expiry.field],
            FieldName::PersonalNumber => self.optional.to_vec(),
            FieldName::DateOfIssue => Vec::new(),
        }
    }
}
