//! Converts JSON parameters to arguments of sentences.

use fluent_bundle::{FluentArgs, FluentValue};
use jiff::civil::Date;
use serde_json::Value;

use super::{Texts, VALUE_LIMIT, visible};

/// Returns the families of names to which a parameter may belong, in order of preference.
fn families(name: &str) -> &'static [&'static str] {
    match name {
        "kind" | "declared" | "detected" => &["kind"],
        "field" | "fields" => &["field"],
        "source" => &["source"],
        "measure" => &["measure"],
        "why" => &["name-why"],
        "stage" => &["stage"],
        _ => &[],
    }
}

/// Converts a parameter: names and dates to words, lists to text with commas, other
/// texts to visible text.
pub(super) fn value(texts: &Texts, name: &str, value: &Value) -> FluentValue<'static> {
    match value {
        Value::Number(n) => n.as_f64().map_or_else(|| n.to_string().into(), number),
        other => text(texts, name, other).into(),
    }
}

fn text(texts: &Texts, name: &str, value: &Value) -> String {
    match value {
        Value::String(text) => word(texts, name, text),
        Value::Bool(yes) => texts.text(if *yes { "yes" } else { "no" }),
        Value::Array(all) => {
            let shown: Vec<String> =
                all.iter().take(20).map(|one| element(texts, name, one)).collect();
            visible(&shown.join(", "), 2 * VALUE_LIMIT)
        }
        other => visible(&other.to_string(), VALUE_LIMIT),
    }
}

/// Shows a list inside a list as JSON.
fn element(texts: &Texts, name: &str, value: &Value) -> String {
    match value {
        Value::Array(_) => visible(&value.to_string(), VALUE_LIMIT),
        plain => text(texts, name, plain),
    }
}

fn word(texts: &Texts, name: &str, text: &str) -> String {
    if name == "rule" {
        return texts.name_rule(text);
    }
    let known = families(name).iter().find_map(|family| texts.known_name(family, text));
    let day = || text.parse::<Date>().ok().filter(|_| text.len() == 10);
    known.or_else(|| day().map(|day| texts.date(day))).unwrap_or_else(|| visible(text, VALUE_LIMIT))
}

/// Converts a number. Plural rules support fifteen digits and panic on some larger
/// numbers, so larger numbers become text.
#[must_use]
pub fn number(value: f64) -> FluentValue<'static> {
    if value.abs() < 1e15 { value.into() } else { format!("{value:e}").into() }
}

/// Implements `MEBIBYTES($bytes)`: mebibytes with significant digits only.
pub(super) fn mebibytes<'a>(
    values: &[FluentValue<'a>],
    _named: &FluentArgs<'_>,
) -> FluentValue<'a> {
    match values {
        [FluentValue::Number(bytes)] => mebibytes_text(bytes.value).into(),
        _ => FluentValue::Error,
    }
}

pub(super) fn mebibytes_text(bytes: f64) -> String {
    let mebibytes = bytes / f64::from(1 << 20);
    let digits = match mebibytes {
        m if m >= 10.0 => 1,
        m if m >= 0.1 => 2,
        _ => 4,
    };
    let text = format!("{mebibytes:.digits$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// Returns the id of a message: lower case, with hyphens for characters that ids cannot have.
pub(super) fn id(family: &str, name: &str) -> String {
    let name = name
        .chars()
        .take(64)
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' });
    let name: String = name.collect();
    if family.is_empty() { name } else { format!("{family}-{name}") }
}
