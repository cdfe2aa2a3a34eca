//! What differs between two JSON values, and how much of it may be shown.

use serde::Serialize;
use serde_json::Value;

use crate::cli::text::escaped;

/// One place at which a stored value and a computed one differ.
#[derive(Clone, Serialize)]
pub(super) struct Difference {
    /// JSON pointer.
    pub(super) at: String,
    /// Absent where only the computed one has a value there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) stored: Option<Value>,
    /// Absent where only the stored one has a value there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) now: Option<Value>,
}

impl Difference {
    /// Returns the difference of two values.
    pub(super) fn between(at: &str, stored: &impl Serialize, now: &impl Serialize) -> Self {
        let (stored, now) = (serde_json::to_value(stored).ok(), serde_json::to_value(now).ok());
        Self { at: at.to_owned(), stored, now }
    }

    /// Returns the difference without values that may be personal.
    pub(super) fn masked(&self) -> Self {
        let mask = |value: &Option<Value>| {
            value.as_ref().map(|value| match value {
                Value::Object(_) | Value::Array(_) => Value::from(HIDDEN),
                _ if is_plain(&self.at) => value.clone(),
                _ => Value::from(HIDDEN),
            })
        };
        Self { at: self.at.clone(), stored: mask(&self.stored), now: mask(&self.now) }
    }

    /// Returns the difference as one line.
    pub(super) fn line(&self) -> String {
        let shown = |value: &Option<Value>| match value {
            None => "nothing".to_owned(),
            Some(Value::String(text)) if text == HIDDEN => HIDDEN.to_owned(),
            Some(value) => {
                let text = value.to_string();
                let short: String = text.chars().take(LONGEST).collect();
                if short.len() < text.len() { format!("{short}…") } else { short }
            }
        };
        let (stored, now) = (shown(&self.stored), shown(&self.now));
        escaped(&format!("{}  stored {stored}  now {now}", self.at))
    }
}

/// Stands for a value that may be personal.
const HIDDEN: &str = "(hidden)";
/// Most characters of a value in a line.
const LONGEST: usize = 200;

/// Members whose values are codes, counts, hashes and days of rules, never of a person.
const PLAIN: [&str; 32] = [
    "advice",
    "basis",
    "bytes",
    "code",
    "complete",
    "confidence",
    "covers",
    "days_left",
    "digest",
    "document_id",
    "due",
    "due_safe",
    "effective_from",
    "effective_to",
    "examiner",
    "field",
    "fixable_by",
    "height",
    "id",
    "judge",
    "kind",
    "media_type",
    "method",
    "on",
    "outcome",
    "page_count",
    "required",
    "result",
    "retryable",
    "sha256",
    "status",
    "width",
];

fn is_plain(pointer: &str) -> bool {
    let last = pointer.rsplit('/').find(|part| part.parse::<usize>().is_err());
    last.is_some_and(|name| PLAIN.contains(&name))
}

/// Returns every place at which two values differ, in order.
pub(super) fn differences(stored: &Value, now: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    compare(Some(stored), Some(now), String::new(), &mut found);
    found
}

fn compare(stored: Option<&Value>, now: Option<&Value>, at: String, found: &mut Vec<Difference>) {
    match (stored, now) {
        (Some(one), Some(other)) if one == other => {}
        (Some(Value::Object(one)), Some(Value::Object(other))) => {
            let mut names: Vec<&String> = one.keys().chain(other.keys()).collect();
            names.sort_unstable();
            names.dedup();
            for name in names {
                let escaped = name.replace('~', "~0").replace('/', "~1");
                compare(one.get(name), other.get(name), format!("{at}/{escaped}"), found);
            }
        }
        (Some(Value::Array(one)), Some(Value::Array(other))) => {
            for i in 0..one.len().max(other.len()) {
                compare(one.get(i), other.get(i), format!("{at}/{i}"), found);
            }
        }
        _ => found.push(Difference { at, stored: stored.cloned(), now: now.cloned() }),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_difference_has_its_place() {
        let stored = json!({"a": {"b": [1, 2, 3]}, "c": 1, "x/y": 1, "same": [1]});
        let now = json!({"a": {"b": [1, 5]}, "d": {"e": 1}, "x/y": 2, "same": [1]});
        let lines: Vec<String> = differences(&stored, &now).iter().map(Difference::line).collect();
        let expected = [
            "/a/b/1  stored 2  now 5",
            "/a/b/2  stored 3  now nothing",
            "/c  stored 1  now nothing",
            "/d  stored nothing  now {\"e\":1}",
            "/x~1y  stored 1  now 2",
        ];
        assert_eq!(lines, expected);
        assert!(differences(&stored, &stored).is_empty());
    }

    #[test]
    fn personal_values_are_hidden_and_codes_are_not() {
        let stored = json!({"status": "pass", "fields": [{"value": "ERIKSSON"}], "kind": ["cv"],
            "polygon": [[1, 2]], "rule": {"id": {"value": "ERIKSSON"}}});
        let now = json!({"status": "fail", "fields": [{"value": "ERIKSSON\u{1b}[2J"}], "kind": [],
            "polygon": [[1, 3]], "rule": {"id": 1}});
        let found = differences(&stored, &now);
        let masked: Vec<String> = found.iter().map(|d| d.masked().line()).collect();
        let expected = [
            "/fields/0/value  stored (hidden)  now (hidden)",
            "/kind/0  stored \"cv\"  now nothing",
            "/polygon/0/1  stored (hidden)  now (hidden)",
            "/rule/id  stored (hidden)  now 1",
            "/status  stored \"pass\"  now \"fail\"",
        ];
        assert_eq!(masked, expected);
        let shown: String = found.iter().map(Difference::line).collect();
        assert!(shown.contains("ERIKSSON") && !shown.contains('\u{1b}'), "{shown}");
    }
}
