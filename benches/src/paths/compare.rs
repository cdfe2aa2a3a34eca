//! Compares two JSON values, leaf by leaf.

use serde_json::Value;

/// A place where two values differ.
#[derive(Debug, PartialEq)]
pub struct Difference {
    /// JSON pointer with `*` for numbers of lists, so that the same field counts as one.
    pub pointer: String,
    /// The difference of two numbers.
    pub by: Option<f64>,
}

/// Returns every place where two values differ. A list of another length is one place.
#[must_use]
pub fn differences(one: &Value, other: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    compare(one, other, "", &mut found);
    found
}

fn compare(one: &Value, other: &Value, pointer: &str, found: &mut Vec<Difference>) {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            let both = one.keys().chain(other.keys().filter(|key| !one.contains_key(*key)));
            for key in both {
                let [a, b] = [one, other].map(|map| map.get(key).unwrap_or(&Value::Null));
                compare(a, b, &format!("{pointer}/{key}"), found);
            }
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            let place = format!("{pointer}/*");
            one.iter().zip(other).for_each(|(a, b)| compare(a, b, &place, found));
        }
        _ if one == other => {}
        _ => {
            let by = one.as_f64().zip(other.as_f64()).map(|(a, b)| (a - b).abs());
            found.push(Difference { pointer: pointer.to_owned(), by });
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_place_is_named() {
        let one = json!({"a": [1, {"b": 2.5}], "c": "x", "d": [1]});
        let other = json!({"a": [1, {"b": 2.0}], "c": "y", "d": [1, 2], "e": null});
        let named: Vec<(String, Option<f64>)> =
            differences(&one, &other).into_iter().map(|d| (d.pointer, d.by)).collect();
        let expected =
            [("/a/*/b", Some(0.5)), ("/c", None), ("/d", None)].map(|(p, by)| (p.to_owned(), by));
        assert_eq!(named, expected);
        assert_eq!(differences(&one, &one), []);
    }
}
