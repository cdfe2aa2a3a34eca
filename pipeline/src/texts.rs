//! Words for people: reasons, names and the report's own, one file a language.
//!
//! `texts/en.ftl` is Project Fluent. A reason code is a message with two
//! attributes, `.applicant` and `.staff`; the names of statuses, checks,
//! kinds, fields and sources are messages too. Nothing here panics on what a
//! verdict holds: a sentence whose parameters are missing falls back to its
//! code, and every value is made visible and cut (see [`visible`]).

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

/// Who reads a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// The person who applied: what to do.
    Applicant,
    /// Who reviews: what was seen, with its numbers.
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
    /// The texts in English.
    #[must_use]
    pub fn english() -> &'static Self {
        static ENGLISH: LazyLock<Texts> =
            LazyLock::new(|| Texts::parse("en", include_str!("../texts/en.ftl")));
        &ENGLISH
    }

    /// The texts of a language by its BCP 47 tag, where there are any.
    #[must_use]
    pub fn in_language(tag: &str) -> Option<&'static Self> {
        let wanted: LanguageIdentifier = tag.parse().ok()?;
        let english = Self::english();
        (wanted.language == english.language.language).then_some(english)
    }

    /// Messages that Fluent cannot read are left out; a test reads every file in full.
    fn parse(tag: &str, text: &str) -> Self {
        let language: LanguageIdentifier = tag.parse().expect("our own tags are well formed");
        let resource =
            FluentResource::try_new(text.to_owned()).unwrap_or_else(|(readable, _)| readable);
        let mut bundle = FluentBundle::new_concurrent(vec![language.clone()]);
        // isolation marks would be control characters in every sentence; the
        // report isolates values by markup
        bundle.set_use_isolating(false);
        bundle.add_resource_overriding(resource);
        bundle
            .add_function("MEBIBYTES", arguments::mebibytes)
            .expect("a new bundle has no function of that name");
        Self { language, bundle }
    }

    /// The BCP 47 tag, for `lang`.
    #[must_use]
    pub fn tag(&self) -> String {
        self.language.to_string()
    }

    /// What a reason says to somebody; its code where a sentence cannot be made.
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

    /// A text without parameters; its id where there is none.
    #[must_use]
    pub fn text(&self, id: &str) -> String {
        self.with(id, &[])
    }

    /// A text with parameters; its id where it cannot be made.
    #[must_use]
    pub fn with(&self, id: &str, values: &[(&str, FluentValue<'_>)]) -> String {
        let values = values.iter().map(|(name, value)| (*name, value.clone())).collect();
        self.format(id, None, &values).unwrap_or_else(|| id.to_owned())
    }

    /// The word for a name in verdicts: `name("kind", "police_clearance")`;
    /// the name itself, made visible, where there is no word.
    #[must_use]
    pub fn name(&self, family: &str, name: &str) -> String {
        self.known_name(family, name).unwrap_or_else(|| visible(name, VALUE_LIMIT))
    }

    fn known_name(&self, family: &str, name: &str) -> Option<String> {
        let id = arguments::id(family, name);
        self.format(&id, None, &FluentArgs::new())
    }

    /// The title of a check: `passport.validity`, `set.KIND`, `form.FIELD`.
    #[must_use]
    pub fn check(&self, id: &str) -> String {
        let title = match id.split_once('.') {
            Some(("set", kind)) => {
                self.with("check-set", &[("kind", self.name("kind", kind).into())])
            }
            Some(("form", field)) => {
                self.with("check-form", &[("field", self.name("field", field).into())])
            }
            Some(("portrait", measure)) => {
                self.known_name("check", id).unwrap_or_else(|| self.name("measure", measure))
            }
            _ => self.name("check", id),
        };
        capital(&title)
    }

    /// A day in words: `1 January 2026`.
    #[must_use]
    pub fn date(&self, date: Date) -> String {
        let month = self.text(&format!("month-{}", date.month()));
        let values =
            [("day", date.day().to_string()), ("month", month), ("year", date.year().to_string())];
        self.with("date", &values.map(|(name, value)| (name, value.into())))
    }

    /// An instant in words, to the second, in UTC.
    #[must_use]
    pub fn instant(&self, instant: Timestamp) -> String {
        let utc = instant.to_zoned(jiff::tz::TimeZone::UTC);
        let time = utc.strftime("%H:%M:%S").to_string();
        self.with("instant", &[("date", self.date(utc.date()).into()), ("time", time.into())])
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

/// With its first letter as a capital, as a heading or a cell begins.
#[must_use]
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests;
