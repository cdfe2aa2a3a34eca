use std::collections::BTreeSet;

use fluent_bundle::FluentResource;
use jiff::civil::date;
use serde_json::{Value, json};

use super::*;
use crate::examination::{FieldName, MediaType};
use crate::kind::Kind;
use crate::programme::{Programme, Step};
use crate::reason::Code;

const AUDIENCES: [Audience; 2] = [Audience::Applicant, Audience::Staff];
const FILES: [(&str, &str); 1] = [("en", include_str!("../../texts/en.ftl"))];

/// The parameters that the comment above a code promises: names in backquotes.
fn promised(code: Code) -> BTreeSet<String> {
    let source = include_str!("../reason/code.rs");
    let before = source.split(&format!("\"{}\"", code.name())).next().unwrap();
    let comment = before.rsplit(';').next().unwrap();
    comment.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The same reason with a value for every promised parameter.
fn filled(code: Code) -> Reason {
    let value = |name: &str| -> Value {
        match name {
            "expiry" | "on" | "first_accepted" | "date" => json!("2026-06-30"),
            "kind" | "declared" | "detected" => json!("passport"),
            "field" => json!("date_of_birth"),
            "source" => json!("form"),
            "rule" => json!("rus-icao-2013+order"),
            "why" => json!("form-has-no-name"),
            "accepted" | "found" => json!(["a", "b"]),
            _ => json!(3),
        }
    };
    promised(code).iter().fold(Reason::new(code), |reason, name| reason.with(name, value(name)))
}

#[test]
fn every_file_is_parsed_in_full() {
    for (language, text) in FILES {
        let faults = FluentResource::try_new(text.to_owned()).err().map(|(_, faults)| faults);
        assert!(faults.is_none(), "{language}: {faults:?}");
        let mut ids: Vec<&str> =
            text.lines().filter_map(|line| line.split_once(" =")).map(|(id, _)| id).collect();
        ids.retain(|id| id.starts_with(|c: char| c.is_ascii_alphabetic()));
        let unique: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(unique.len(), ids.len(), "{language}: an id is used twice");
    }
}

#[test]
fn every_code_has_two_sentences_with_the_parameters_of_its_comment() {
    for code in Code::ALL {
        for audience in AUDIENCES {
            let sentence = Texts::english().reason(&filled(*code), audience);
            assert_ne!(
                sentence,
                code.name(),
                "{audience:?}: no text, or it names a parameter that the comment in reason/code.rs does not"
            );
            assert!(sentence.ends_with('.'), "{code}: {sentence}");
            assert!(!sentence.contains(['{', '}', '`']), "{code}: {sentence}");
        }
    }
}

#[test]
fn sentences_never_decide() {
    for (language, text) in FILES {
        for word in ["approve", "refus", "reject", "deny", "denied", "decline"] {
            assert!(!text.to_lowercase().contains(word), "{language}: {word}");
        }
    }
}

#[test]
fn a_missing_parameter_falls_back_to_the_code() {
    let bare = Reason::new(Code::ExpBoundary180);
    assert_eq!(Texts::english().reason(&bare, Audience::Staff), "EXP_BOUNDARY_180");
    assert_eq!(Texts::english().text("no-such-text"), "no-such-text");
    assert_eq!(Texts::english().text("report-title"), "report-title");
}

#[test]
fn a_sentence_has_numbers_dates_and_kinds_in_words() {
    let reason = Reason::new(Code::ExpBoundary180)
        .with("days", 180)
        .with("expiry", "2026-06-30")
        .with("on", "2026-01-01")
        .with("first_accepted", "2026-07-01");
    assert_eq!(
        Texts::english().reason(&reason, Audience::Staff),
        "Valid until 30 June 2026: exactly 180 days after the day of application, 1 January 2026. \
         The rule requires more than 180 days. One day is missing: the first accepted date would be \
         1 July 2026."
    );
    let reason = Reason::new(Code::SetMissing).with("kind", "passport_translation");
    assert_eq!(
        Texts::english().reason(&reason, Audience::Applicant),
        "A document is missing. Please upload: translation of the passport."
    );
    let reason = Reason::new(Code::FileTooLarge).with("bytes", 21_500_000).with("limit", 20 << 20);
    assert_eq!(
        Texts::english().reason(&reason, Audience::Staff),
        "The file has 20.5 MiB; at most 20 MiB are examined."
    );
}

#[test]
fn hostile_parameters_are_cut_and_never_panic() {
    let texts = Texts::english();
    let huge = "x".repeat(10_000);
    for value in [
        json!(1e300),
        json!(-1e300),
        json!(-3),
        json!(0.1),
        json!(u64::MAX),
        json!(null),
        json!({"a": [1]}),
        json!([[[1]]]),
        json!(true),
        json!(huge),
        json!("{ $days }"),
        json!("\u{202e}\u{0}<script>"),
    ] {
        for code in Code::ALL {
            let mut reason = filled(*code);
            reason.params.values_mut().for_each(|held| *held = value.clone());
            for audience in AUDIENCES {
                let sentence = texts.reason(&reason, audience);
                assert!(sentence.chars().count() < 1500, "{code}");
                assert!(!sentence.contains(['\u{202e}', '\u{0}']), "{code}");
            }
        }
    }
}

#[test]
fn every_name_in_a_verdict_has_a_word() {
    let texts = Texts::english();
    let known = |family: &str, name: &str| {
        assert!(texts.known_name(family, name).is_some(), "no text for {family} {name}");
    };
    Kind::ALL.iter().for_each(|kind| known("kind", kind.name()));
    MediaType::ALL.iter().for_each(|media_type| known("media", media_type.name()));
    FieldName::ALL.iter().for_each(|field| known("field", field.name()));
    for status in ["not_applicable", "pass", "warn", "not_run", "unsure", "fail", "error"] {
        known("status", status);
        known("outcome", status);
    }
    for source in [
        "mrz",
        "visual",
        "form",
        "translation",
        "petition",
        "police_clearance",
        "exif",
        "iin",
        "passport",
    ] {
        known("source", source);
    }
    Step::ALL.iter().for_each(|step| known("step", step.name()));
    let stages = Programme::built_in().iter().flat_map(|programme| programme.stages.keys());
    stages.for_each(|stage| known("stage", stage));
    ["none", "look", "ask_applicant", "wait_retry"].iter().for_each(|a| known("advice", a));
    ["applicant", "reviewer", "operator", "portal", "nobody"]
        .iter()
        .for_each(|f| known("fixable", f));
    ["equal", "equivalent", "close", "different", "unreadable", "not_comparable"]
        .iter()
        .for_each(|a| known("agreement", a));
    crate::judge::names::rule_ids().iter().for_each(|rule| known("name-rule", rule));
    crate::judge::names::REASONS_NOT_COMPARED.iter().for_each(|why| known("name-why", why));
}

#[test]
fn a_note_says_what_is_not_known() {
    let note = |id, parameters| Texts::english().note(id, &parameters);
    assert_eq!(
        note("places", json!({"places": ["Astana", "Almaty"]})),
        "Pilot in: Astana, Almaty."
    );
    assert_eq!(
        note("entry", json!({"days": 30})),
        "After a positive decision: enter Kazakhstan within 30 calendar days."
    );
    assert_eq!(
        note("reapplication", json!({"days": 90})),
        "After a negative decision: a new application is possible after 90 calendar days."
    );
    assert!(note("reapplication", json!({})).ends_with("How long it is, is not known."));
    assert_eq!(note("later", json!({})), "note-later");
}

#[test]
fn known_checks_have_titles_and_unknown_checks_their_id() {
    let title = |id| Texts::english().check(id);
    assert_eq!(title("passport.check_digits"), "Check digits");
    assert_eq!(title("set.police_clearance"), "Set of documents: police clearance");
    assert_eq!(title("petition.content"), "Content: petition of the ministry");
    assert_eq!(title("form.given_names"), "Given names: form and passport");
    assert_eq!(title("later.check"), "Later.check");
}

#[test]
fn dates_are_in_words() {
    assert_eq!(Texts::english().date(date(2026, 1, 1)), "1 January 2026");
    let instant = "2026-01-01T18:59:59.5Z".parse().unwrap();
    assert_eq!(Texts::english().instant(instant), "1 January 2026, 18:59:59 UTC");
}
