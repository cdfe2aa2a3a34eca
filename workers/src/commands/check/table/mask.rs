//! What was read, without giving persons away.

use pipeline::examination::FieldName;
use pipeline::verdict::{DocumentVerdict, VerdictField};

/// Fields that are shown masked, in order; unmasked all are shown.
const SHOWN: [FieldName; 4] =
    [FieldName::DocumentNumber, FieldName::Surname, FieldName::GivenNames, FieldName::DateOfExpiry];

/// The best reading of each field in one line; empty when nothing was read.
pub(super) fn fields(document: &DocumentVerdict, unmask: bool) -> String {
    let names: &[FieldName] = if unmask { &FieldName::ALL } else { &SHOWN };
    let best = names.iter().filter_map(|name| document.fields.iter().find(|f| f.name == *name));
    best.map(|field| one(field, unmask)).collect::<Vec<_>>().join(", ")
}

fn one(field: &VerdictField, unmask: bool) -> String {
    let name = field.name.name().replace('_', " ");
    // names have no check digit, so that they are never sure is no news
    let sure = if field.sure || !has_digit(field.name) { "" } else { " (unsure)" };
    let value = if unmask { field.value.clone() } else { masked(field.name, &field.value) };
    format!("{name} {value}{sure}")
}

fn has_digit(name: FieldName) -> bool {
    matches!(
        name,
        FieldName::DocumentNumber
            | FieldName::DateOfBirth
            | FieldName::DateOfExpiry
            | FieldName::PersonalNumber
    )
}

/// The last two characters of a number and the first of a name are enough to
/// tell two documents apart on one's own desk.
fn masked(name: FieldName, value: &str) -> String {
    let length = value.chars().count();
    match name {
        FieldName::DateOfExpiry => value.to_owned(),
        FieldName::DocumentNumber if length > 5 => {
            format!("…{}", value.chars().skip(length - 2).collect::<String>())
        }
        FieldName::Surname | FieldName::GivenNames if length > 1 => {
            format!("{}…", value.chars().take(1).collect::<String>())
        }
        _ => "…".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_tells_nobody() {
        for (name, value, shown) in [
            (FieldName::DocumentNumber, "L898902C3", "…C3"),
            (FieldName::DocumentNumber, "1234", "…"),
            (FieldName::Surname, "ÉRIKSSON", "É…"),
            (FieldName::GivenNames, "A", "…"),
            (FieldName::PersonalNumber, "ZE184226B", "…"),
            (FieldName::DateOfBirth, "1974-08-12", "…"),
            (FieldName::DateOfExpiry, "2012-04-15", "2012-04-15"),
        ] {
            assert_eq!(masked(name, value), shown);
        }
    }
}
