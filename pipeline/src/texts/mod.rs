//! Texts for people: reasons, names and the texts of the report. One file for
//! each language.
//!
//! `texts/en.ftl` is Project Fluent. A reason code is a message with two
//! attributes, `.applicant` and `.staff`; the names of statuses, checks,
//! kinds, fields and sources are messages too. No content of a verdict causes a
//! panic: a sentence without its parameters falls back to its code, and every
//! value is made visible and cut (see [`visible`]).

mod arguments;
mod visible;

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use jiff::Timestamp;
use jiff::civil::Date;
use unic_langid::LanguageIdentifier;

use crate::reason::Reason;

pub use arguments::number;
pub use visible::{VALUE_LIMIT, visible};

/// The reader of a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// The person who applied. The sentence says what to do.
    Applicant,
    /// The reviewer. The sentence says what was found, with numbers.
    Staff,
}

impl Audience {
    fn attribute(self) -> &'static str {
        match self {
            Self::Applicant => "applicant",
            Self::Staff => "staff",
        }
    }
}

/// The texts of one language.
pub struct Texts {
    language: LanguageIdentifier,
    bundle: FluentBundle<FluentResource>,
}

impl Texts {
    /// Returns the texts in English.
    #[must_use]
    pub fn english() -> &'static Self {
        static ENGLISH: LazyLock<Texts> =
            LazyLock::new(|| Texts::parse("en", include_str!("../../texts/en.ftl")));
        &ENGLISH
    }

    /// Returns the texts of a language by its BCP 47 tag, if there are any.
    #[must_use]
    pub fn in_language(tag: &str) -> Option<&'static Self> {
        let wanted: LanguageIdentifier = tag.parse().ok()?;
        let english = Self::english();
        (wanted.language == english.language.language).then_some(english)
    }

    /// Messages that Fluent cannot parse are left out; a test parses every file in full.
    fn parse(tag: &str, text: &str) -> Self {
        let language: LanguageIdentifier =
            tag.parse().expect("the tags of the built-in texts are valid");
        let resource =
            FluentResource::try_new(text.to_owned()).unwrap_or_else(|(readable, _)| readable);
        let mut bundle = FluentBundle::new_concurrent(vec![language.clone()]);
        // isolation marks are control characters; the report isolates values by
        // markup instead
        bundle.set_use_isolating(false);
        bundle.add_resource_overriding(resource);
        bundle
            .add_function("MEBIBYTES", arguments::mebibytes)
            .expect("a new bundle has no function of that name");
        Self { language, bundle }
    }

    /// Returns the BCP 47 tag, for the attribute `lang`.
    #[must_use]
    pub fn tag(&self) -> String {
        self.language.to_string()
    }

    /// Returns the sentence of a reason, or its code if the sentence cannot be made.
    #[must_use]
    pub fn reason(&self, reason: &Reason, audience: Audience) -> String {
        let id = arguments::id("", reason.code.name());
        let mut values = FluentArgs::new();
        for (name, value) in &reason.params {
            values.set(name.as_str(), arguments::value(self, name, value));
        }
        self.format(&id, Some(audience.attribute()), &values)
            .unwrap_or_else(|| reason.code.name().to_owned())
    }

    /// Returns the sentence of a note of a programme, or its id if the sentence cannot
    /// be made. Where a number is not known, another sentence says so.
    #[must_use]
    pub fn note(&self, id: &str, parameters: &serde_json::Value) -> String {
        let mut values = FluentArgs::new();
        for (name, value) in parameters.as_object().into_iter().flatten() {
            values.set(name.as_str(), arguments::value(self, name, value));
        }
        let text = arguments::id("note", id);
        let known = self.format(&text, None, &values);
        known.or_else(|| self.format(&format!("{text}-unknown"), None, &values)).unwrap_or(text)
    }

    /// Returns a text without parameters, or its id if there is no text.
    #[must_use]
    pub fn text(&self, id: &str) -> String {
        self.text_with(id, &[])
    }

    /// Returns a text with parameters, or its id if it cannot be made.
    #[must_use]
    pub fn text_with(&self, id: &str, values: &[(&str, FluentValue<'_>)]) -> String {
        let values = values.iter().map(|(name, value)| (*name, value.clone())).collect();
        self.format(id, None, &values).unwrap_or_else(|| id.to_owned())
    }

    /// Returns the word for a name in verdicts, such as `name("kind",
    /// "police_clearance")`, or the name itself if there is no word.
    #[must_use]
    pub fn name(&self, family: &str, name: &str) -> String {
        self.known_name(family, name).unwrap_or_else(|| visible(name, VALUE_LIMIT))
    }

    /// Returns the words for a rule for names and its steps.
    #[must_use]
    pub fn name_rule(&self, rule: &str) -> String {
        let steps: Vec<String> =
            rule.split('+').take(8).map(|step| self.name("name-rule", step)).collect();
        visible(&steps.join("; "), 2 * VALUE_LIMIT)
    }

    fn known_name(&self, family: &str, name: &str) -> Option<String> {
        let id = arguments::id(family, name);
        self.format(&id, None, &FluentArgs::new())
    }

    /// Returns the title of a check: `passport.validity`, `set.KIND`,
    /// `KIND.content`, `form.FIELD`.
    #[must_use]
    pub fn check(&self, id: &str) -> String {
        let title = match id.split_once('.') {
            Some(("set", kind)) => {
                self.text_with("check-set", &[("kind", self.name("kind", kind).into())])
            }
            Some((kind, "content")) => {
                self.text_with("check-content", &[("kind", self.name("kind", kind).into())])
            }
            Some(("form", field)) => {
                self.text_with("check-form", &[("field", self.name("field", field).into())])
            }
            Some(("portrait", measure)) => {
                self.known_name("check", id).unwrap_or_else(|| self.name("measure", measure))
            }
            _ => self.name("check", id),
        };
        capital(&title)
    }

    /// Returns a date in words: `1 January 2026`.
    #[must_use]
    pub fn date(&self, date: Date) -> String {
        let month = self.text(&format!("month-{}", date.month()));
        let values =
            [("day", date.day().to_string()), ("month", month), ("year", date.year().to_string())];
        self.text_with("date", &values.map(|(name, value)| (name, value.into())))
    }

    /// Returns an instant in words, to the second, in UTC.
    #[must_use]
    pub fn instant(&self, instant: Timestamp) -> String {
        let utc = instant.to_zoned(jiff::tz::TimeZone::UTC);
        let time = utc.strftime("%H:%M:%S").to_string();
        self.text_with("instant", &[("date", self.date(utc.date()).into()), ("time", time.into())])
    }

    fn format(&self, id: &str, attribute: Option<&str>, values: &FluentArgs<'_>) -> Option<String> {
        let message = self.bundle.get_message(id)?;
        let pattern = match attribute {
            None => message.value()?,
            Some(name) => message.get_attribute(name)?.value(),
        };
        let mut errors = Vec::new();
        let text = self.bundle.format_pattern(pattern, Some(values), &mut errors);
        errors.is_empty().then(|| text.into_owned())
    }
}

/// Makes the first letter a capital.
#[must_use]
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests;
