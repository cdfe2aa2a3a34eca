//! Document numbers with their continuation, and optional data.

use super::check_digit::{check_digit, verify};
use super::parsed_zone::Mrz;
use crate::examination::{CheckDigit, ZoneFormat};

impl Mrz {
    /// Returns the document number with its fillers. On cards (TD1, TD2) a filler in
    /// the place of the check digit means that the number continues at the start
    /// of the optional data, followed by its check digit (parts 5 and 6, note j).
    #[must_use]
    pub fn document_number(&self) -> String {
        let start = self.text_at(self.layout().number.field);
        match self.continuation() {
            Some((rest, _)) => format!("{start}{rest}"),
            None => start.to_owned(),
        }
    }

    /// Returns the rest of a long number and its check digit.
    pub(crate) fn continuation(&self) -> Option<(&str, &str)> {
        let layout = self.layout();
        let card = matches!(self.format(), ZoneFormat::Td1 | ZoneFormat::Td2);
        let full = !self.text_at(layout.number.field).ends_with('<');
        if !card || !full || self.text_at(layout.number.digit) != "<" {
            return None;
        }
        let optional = self.text_at(*layout.optional.first()?);
        let end = optional.find('<').unwrap_or(optional.len());
        let (rest, digit) = optional.get(..end)?.split_at_checked(end.checked_sub(1)?)?;
        let checkable = !rest.is_empty() && digit.bytes().all(|byte| byte.is_ascii_digit());
        checkable.then_some((rest, digit))
    }

    /// Returns the optional data, part by part, without the continuation of a long number.
    pub(crate) fn optional_data(&self) -> Vec<&str> {
        let mut parts: Vec<&str> =
            self.layout().optional.iter().map(|place| self.text_at(*place)).collect();
        if let (Some((rest, digit)), Some(first)) = (self.continuation(), parts.first_mut()) {
            *first = first.get(rest.len() + digit.len()..).unwrap_or("");
        }
        parts
    }

    pub(super) fn number_check(&self) -> CheckDigit {
        let number = self.layout().number;
        match self.continuation() {
            Some((_, digit)) => verify(&self.document_number(), digit),
            None => verify(self.text_at(number.field), self.text_at(number.digit)),
        }
    }

    pub(super) fn personal_check(&self) -> CheckDigit {
        let layout = self.layout();
        match (layout.optional_digit, layout.optional.first()) {
            (Some(digit), Some(field)) => verify(self.text_at(*field), self.text_at(digit)),
            _ => CheckDigit::Absent,
        }
    }

    pub(super) fn composite_check(&self) -> CheckDigit {
        let layout = self.layout();
        let Some(digit) = layout.composite_digit else {
            return CheckDigit::Absent;
        };
        let covered: String = layout.composite.iter().map(|place| self.text_at(*place)).collect();
        let expected = b'0' + check_digit(&covered);
        // never absent: the formats with a composite digit always print it
        if self.text_at(digit).as_bytes() == [expected] {
            CheckDigit::Valid
        } else {
            CheckDigit::Wrong
        }
    }
}
