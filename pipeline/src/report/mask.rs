//! Personal data kept off a page or a table unless somebody asks for it.
//!
//! A mask has always the same length, so it tells nothing about what it hides
//! but the first letter of a name or a document number.

use std::collections::BTreeSet;

use crate::application::Applicant;
use crate::examination::FieldName;
use crate::verdict::{Verdict, VerdictField};

const DOTS: &str = "•••••";

/// A name or a document number: its first letter and dots.
#[must_use]
pub fn mask(value: &str) -> String {
    match value.chars().next() {
        None => String::new(),
        Some(first) if first.is_alphanumeric() => format!("{first}{DOTS}"),
        Some(_) => DOTS.to_owned(),
    }
}

/// A birth date or a personal number, of which the first digit would already tell something.
#[must_use]
pub fn mask_whole(value: &str) -> String {
    if value.is_empty() { String::new() } else { DOTS.to_owned() }
}

/// The value of a field as it is shown to somebody who need not know it.
#[must_use]
pub fn mask_field(name: FieldName, value: &str) -> String {
    match name {
        FieldName::DateOfBirth | FieldName::PersonalNumber => mask_whole(value),
        name if is_personal(name) => mask(value),
        _ => value.to_owned(),
    }
}

/// Whether a field tells who somebody is. The date of expiry does not, and a reviewer needs it.
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

/// The personal values of one application, to be taken out of texts in which
/// they have no business: parameters, ids, a portal's own words.
#[derive(Default)]
pub struct Scrub {
    /// Lower case, longest first.
    values: Vec<Vec<char>>,
}

/// Text beyond this is not searched but cut: no sentence shows as much.
const SEARCHED: usize = 2000;

impl Scrub {
    /// Everything personal that the verdict read and the applicant typed.
    #[must_use]
    pub fn of(verdict: &Verdict, applicant: Option<&Applicant>) -> Self {
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

    /// The text with dots where a personal value stands as a word of its own.
    #[must_use]
    pub fn text(&self, text: &str) -> String {
        let letters: Vec<char> = text.chars().take(SEARCHED).collect();
        let folded: Vec<char> = letters.iter().map(|c| fold(*c)).collect();
        let mut out = String::new();
        let mut at = 0;
        while at < letters.len() {
            if let Some(length) = self.found(&folded, at) {
                out.push_str(DOTS);
                at += length;
            } else {
                out.push(letters[at]);
                at += 1;
            }
        }
        out
    }

    fn found(&self, text: &[char], at: usize) -> Option<usize> {
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

/// The value, and each of its words that is long enough to be told from others.
fn add(values: &mut BTreeSet<String>, value: &str) {
    let trimmed = value.trim_matches(|c: char| !c.is_alphanumeric());
    values.insert(trimmed.to_owned());
    let words = value.split(|c: char| !c.is_alphanumeric());
    values.extend(words.filter(|word| word.chars().count() > 2).map(str::to_owned));
}

/// A date as it is written here, and without separators and century as zones and numbers hold it.
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

/// One letter for one letter, so that places stay the same.
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
    fn a_mask_tells_a_first_letter_and_no_length() {
        assert_eq!(mask("ERIKSSON"), "E•••••");
        assert_eq!(mask("LI"), "L•••••");
        assert_eq!(mask("<script>"), "•••••");
        assert_eq!(mask("\u{202e}a"), "•••••");
        assert_eq!(mask(""), "");
        assert_eq!(mask_field(FieldName::DateOfBirth, "1974-08-12"), "•••••");
        assert_eq!(mask_field(FieldName::DateOfExpiry, "2031-08-12"), "2031-08-12");
    }

    #[test]
    fn personal_values_are_taken_out_of_any_text() {
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
    fn an_empty_value_hides_nothing() {
        assert_eq!(scrub(&["", "A"], "").text("A test"), "A test");
    }
}
