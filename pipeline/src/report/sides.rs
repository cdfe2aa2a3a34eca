//! Both sides of a check that compares two sources, with the letters that differ.

use super::mask;
use super::view::{Part, Value, View};
use crate::examination::{FieldName, Source};
use crate::reason::Code;
use crate::texts::{VALUE_LIMIT, capital, visible};
use crate::verdict::{Check, Comparison};

/// Most letters that are listed as different.
const LISTED: usize = 40;

impl View<'_> {
    /// Shows what a check expected or found, masked if the check is about a personal field.
    pub(super) fn shown(&self, check: &Check, text: &str) -> Value {
        if check.id == "iin.structure" {
            let is_number = check.actual.as_deref() == Some(text);
            let hidden = is_number && !self.unmask;
            return if hidden { self.masked(mask::mask_whole(text)) } else { self.plain(text) };
        }
        match field_of(check) {
            Some(name) => self.date_or_value(name, text),
            None => self.plain(text),
        }
    }

    /// Returns the values of both sources of a comparison, and the letters that differ.
    pub(super) fn sides(&self, check: &Check) -> Vec<(String, Value)> {
        let Some(comparison) = self.comparison(check) else { return Vec::new() };
        let value = |value: &Option<String>, marks: &[usize]| {
            value.as_ref().map(|text| self.marked(comparison.field, text, marks))
        };
        let left = value(&comparison.left_value, &comparison.left_differs);
        let right = value(&comparison.right_value, &comparison.right_differs);
        let name = |source| capital(&self.source(source));
        // the number encodes what the other source should have
        let is_left = comparison.left != Source::Iin;
        let title = |source, is_expected: bool| {
            if is_expected {
                capital(&self.with("report-expected-side", &[("source", &self.source(source))]))
            } else {
                name(source)
            }
        };
        let mut sides = Vec::new();
        sides.extend(left.map(|value| (title(comparison.left, is_left), value)));
        sides.extend(right.map(|value| (title(comparison.right, !is_left), value)));
        sides.extend(self.printed(check, comparison));
        if is_name(comparison.field) {
            sides.extend(self.rule_and_letters(comparison));
        }
        sides
    }

    fn comparison(&self, check: &Check) -> Option<&Comparison> {
        let field = field_of(check)?;
        let is_own = |c: &&Comparison| {
            c.check.as_ref() == Some(&check.id)
                && c.field == field
                && (check.document_id.is_none() || c.document_id == check.document_id)
        };
        self.body.comparisons.iter().find(is_own)
    }

    /// Returns what is printed above the zone, for a check of form and zone.
    fn printed(&self, check: &Check, comparison: &Comparison) -> Option<(String, Value)> {
        if comparison.left == Source::Visual || comparison.right == Source::Visual {
            return None;
        }
        let mut documents = self.body.documents.iter();
        let document = documents.find(|d| Some(&d.document_id) == check.document_id.as_ref())?;
        let mut fields = document.fields.iter();
        let field = fields.find(|f| f.name == comparison.field && f.source == Source::Visual)?;
        let value = self.date_or_value(field.name, &field.value);
        Some((capital(&self.source(Source::Visual)), value))
    }

    /// Underlines letters of a value; a masked value has no letters to mark.
    fn marked(&self, name: FieldName, text: &str, marks: &[usize]) -> Value {
        let value = self.date_or_value(name, text);
        if !self.unmask || marks.is_empty() || text.chars().count() > VALUE_LIMIT {
            return value;
        }
        let mut parts: Vec<Part> = Vec::new();
        for (at, c) in text.chars().enumerate() {
            let is_marked = marks.contains(&at);
            match parts.last_mut() {
                Some(part) if part.is_marked == is_marked => part.text.push(c),
                _ => parts.push(Part { text: c.to_string(), is_marked }),
            }
        }
        for part in &mut parts {
            // spaces at the ends of a part belong to the text
            part.text = part
                .text
                .split(' ')
                .map(|word| visible(word, VALUE_LIMIT))
                .collect::<Vec<_>>()
                .join(" ");
        }
        Value { parts, ..value }
    }

    /// Returns the rule in words and, on an unmasked page, the letters in a list: an
    /// underline is not enough for everybody.
    fn rule_and_letters(&self, comparison: &Comparison) -> Vec<(String, Value)> {
        let plain = |text: String| Value { text, spoken: None, parts: Vec::new() };
        let rule = comparison
            .method
            .iter()
            .map(|rule| (self.text("report-rule-name"), plain(self.texts.name_rule(rule))));
        let mut facts: Vec<(String, Value)> = rule.collect();
        let (left, right) = (&comparison.left_differs, &comparison.right_differs);
        if left.is_empty() && right.is_empty() {
            return facts;
        }
        let text = if self.unmask {
            let side = |source, value: &Option<String>, marks: &[usize]| {
                let letters = self.letters(value.as_deref().unwrap_or_default(), marks);
                let values = [("source", self.source(source)), ("letters", letters)];
                let values: Vec<(&str, &str)> =
                    values.iter().map(|(name, value)| (*name, value.as_str())).collect();
                self.with("report-differs-side", &values)
            };
            let sides = [
                side(comparison.left, &comparison.left_value, left),
                side(comparison.right, &comparison.right_value, right),
            ];
            capital(&sides.join("; "))
        } else {
            self.text("report-differs-masked")
        };
        facts.push((self.text("report-differs"), plain(text)));
        facts
    }

    fn letters(&self, text: &str, marks: &[usize]) -> String {
        let letters = text.chars().enumerate().filter(|(at, _)| marks.contains(at));
        let list: Vec<String> =
            letters.take(LISTED).map(|(_, c)| visible(&c.to_string(), 8)).collect();
        if list.is_empty() { self.text("report-differs-none") } else { list.join(" ") }
    }
}

fn is_name(name: FieldName) -> bool {
    matches!(name, FieldName::Surname | FieldName::GivenNames)
}

/// Returns the field that a check compares.
fn field_of(check: &Check) -> Option<FieldName> {
    let named = |name: &str| FieldName::ALL.into_iter().find(|field| field.name() == name);
    match check.id.split_once('.')? {
        ("iin", "birth_date") => Some(FieldName::DateOfBirth),
        ("form" | "iin", field) => named(field),
        ("passport", "visual") => {
            let is_expiry =
                |reason: &&crate::reason::Reason| reason.code == Code::ExpSourcesDisagree;
            let mut other = check.reasons.iter().filter(|reason| reason.code == Code::XchkVisual);
            match (check.reasons.iter().find(is_expiry), other.next()) {
                (None, Some(reason)) => named(reason.params.get("field")?.as_str()?),
                _ => Some(FieldName::DateOfExpiry),
            }
        }
        _ => None,
    }
}
