//! Masks for personal data on pages and in tables.
//!
//! All masks have the same length, so a mask shows at most the first letter of
//! a name or a document number.

use std::collections::BTreeSet;

use crate::application::Applicant;
use crate::examination::FieldName;
use crate::verdict::{Verdict, VerdictField};

const DOTS: &str = "•••••";

/// Masks a name or a document number: its first letter and dots.
#[must_use]
pub fn mask(value: &str) -> String {
    match value.chars().next() {
        None => String::new(),
        Some(first) if first.is_alphanumeric() => format!("{first}{DOTS}"),
        Some(_) => DOTS.to_owned(),
    }
}

/// Masks a date of birth or a personal number completely, since its first digit is
/// already informative.
#[must_use]
pub fn mask_whole(value: &str) -> String {
    if value.is_empty() { String::new() } else { DOTS.to_owned() }
}

/// Masks the value of a field if it is personal.
#[must_use]
pub fn mask_field(name: FieldName, value: &str) -> String {
    match name {
        FieldName::DateOfBirth | FieldName::PersonalNumber => mask_whole(value),
        name if is_personal(name) => mask(value),
        _ => value.to_owned(),
    }
}

/// Returns whether a field identifies a person. The date of expiry does not, and a
/// reviewer needs it.
#[must_use]
pub fn is_personal(name: FieldName) -> bool {
    matches!(
        name,
        FieldName::Surname
            | FieldName::GivenNames
            | FieldName::DocumentNumber
            | FieldName::PersonalNumber
            | FieldName::DateOfBirth
    )
}

/// The personal values of one application, for removal from texts that must not
/// have them: parameters, ids, texts of the portal.
#[derive(Default)]
pub struct Scrub {
    /// Lower case, longest first.
    values: Vec<Vec<char>>,
}

/// Most characters of a text that is searched; the rest is cut. No sentence is longer.
const SEARCHED: usize = 2000;

impl Scrub {
    /// Collects the personal values of the verdict and of the form.
    #[must_use]
    pub fn new(verdict: &Verdict, applicant: Option<&Applicant>) -> Self {
        let mut values = BTreeSet::new();
        let documents = verdict.body.documents.iter();
        for field in documents.flat_map(|document| &document.fields) {
            if is_personal(field.name) {
                add_field(&mut values, field);
            }
        }
        if let Some(applicant) = applicant {
            add_applicant(&mut values, applicant);
        }
        let mut values: Vec<Vec<char>> = values.into_iter().map(|v| lower(&v)).collect();
        values.retain(|value| value.len() > 1);
        values.sort_by_key(|value| std::cmp::Reverse(value.len()));
        Self { values }
    }

    /// Replaces by dots every personal value that is a word of its own.
    #[must_use]
    pub fn text(&self, text: &str) -> String {
        let letters: Vec<char> = text.chars().take(SEARCHED).collect();
        let folded: Vec<char> = letters.iter().map(|c| fold(*c)).collect();
        let mut out = String::new();
        let mut at = 0;
        while at < letters.len() {
            if let Some(length) = self.match_at(&folded, at) {
                out.push_str(DOTS);
                at += length;
            } else {
                out.push(letters[at]);
                at += 1;
            }
        }
        out
    }

    fn match_at(&self, text: &[char], at: usize) -> Option<usize> {
        let inside = |i: usize| text.get(i).is_some_and(|c| c.is_alphanumeric());
        if at > 0 && inside(at - 1) {
            return None;
        }
        let here = |value: &&Vec<char>| text[at..].starts_with(value) && !inside(at + value.len());
        self.values.iter().find(here).map(Vec::len)
    }
}

fn add_field(values: &mut BTreeSet<String>, field: &VerdictField) {
    let readings = field.alternatives.iter().chain([&field.value, &field.raw]);
    for reading in readings {
        if field.name == FieldName::DateOfBirth {
            add_date(values, reading);
        } else {
            add(values, reading);
        }
    }
}

fn add_applicant(values: &mut BTreeSet<String>, applicant: &Applicant) {
    for name in &applicant.names {
        add(values, &name.surname);
        add(values, &name.given_names);
        name.patronymic.iter().for_each(|name| add(values, name));
    }
    applicant.iin.iter().for_each(|iin| add(values, iin));
    if let Some(date) = applicant.birth_date {
        add_date(values, &date.to_string());
    }
}

/// Adds the value, and each of its words that is not too short.
fn add(values: &mut BTreeSet<String>, value: &str) {
    let trimmed = value.trim_matches(|c: char| !c.is_alphanumeric());
    values.insert(trimmed.to_owned());
    let words = value.split(|c: char| !c.is_alphanumeric());
    values.extend(words.filter(|word| word.chars().count() > 2).map(str::to_owned));
}

/// Adds a date as it is written here, and without separators and century as in zones
/// and personal numbers.
fn add_date(values: &mut BTreeSet<String>, value: &str) {
    values.insert(value.to_owned());
    let digits: String = value.chars().filter(char::is_ascii_digit).collect();
    if digits.len() == 8 {
        values.insert(digits[2..].to_owned());
        values.extend(value.get(2..).map(str::to_owned));
    }
    values.insert(digits);
}

fn lower(text: &str) -> Vec<char> {
    text.chars().take(SEARCHED).map(fold).collect()
}

/// Folds one letter to one letter, so that positions stay the same.
fn fold(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scrub(values: &[&str], birth: &str) -> Scrub {
        let mut all = BTreeSet::new();
        values.iter().for_each(|value| add(&mut all, value));
        add_date(&mut all, birth);
        let mut values: Vec<Vec<char>> = all.iter().map(|value| lower(value)).collect();
        values.retain(|value| value.len() > 1);
        values.sort_by_key(|value| std::cmp::Reverse(value.len()));
        Scrub { values }
    }

    #[test]
    fn a_mask_shows_the_first_letter_and_not_the_length() {
        assert_eq!(mask("ERIKSSON"), "E•••••");
        assert_eq!(mask("LI"), "L•••••");
        assert_eq!(mask("<script>"), "•••••");
        assert_eq!(mask("\u{202e}a"), "•••••");
        assert_eq!(mask(""), "");
        assert_eq!(mask_field(FieldName::DateOfBirth, "1974-08-12"), "•••••");
        assert_eq!(mask_field(FieldName::DateOfExpiry, "2031-08-12"), "2031-08-12");
    }

    #[test]
    fn personal_values_are_removed_from_any_text() {
        let scrub = scrub(&["ERIKSSON", "ANNA MARIA", "L898902C3", "740812400123"], "1974-08-12");
        for (text, shown) in [
            ("passport of Eriksson, Anna", "passport of •••••, •••••"),
            ("D-ERIKSSON-anna maria", "D-•••••-•••••"),
            ("l898902c3", "•••••"),
            ("740812400123", "•••••"),
            ("born 1974-08-12 or 740812", "born ••••• or •••••"),
            ("Erikssons", "Erikssons"),
            ("180 days", "180 days"),
        ] {
            assert_eq!(scrub.text(text), shown);
        }
    }

    #[test]
    fn an_empty_value_masks_nothing() {
        assert_eq!(scrub(&["", "A"], "").text("A test"), "A test");
    }
}
