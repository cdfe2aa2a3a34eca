//! The fields that were read from a document, masked.

use pipeline::examination::FieldName;
use pipeline::verdict::{DocumentVerdict, VerdictField};

/// Fields of the masked table, in this order; the unmasked table shows all fields.
const MASKED_FIELDS: [FieldName; 4] =
    [FieldName::DocumentNumber, FieldName::Surname, FieldName::GivenNames, FieldName::DateOfExpiry];

/// Returns the best reading of each field in one line; empty when nothing was read.
pub(super) fn fields_line(document: &DocumentVerdict, unmask: bool) -> String {
    let names: &[FieldName] = if unmask { &FieldName::ALL } else { &MASKED_FIELDS };
    let best = names.iter().filter_map(|name| document.fields.iter().find(|f| f.name == *name));
    best.map(|field| field_text(field, unmask)).collect::<Vec<_>>().join(", ")
}

fn field_text(field: &VerdictField, unmask: bool) -> String {
    let name = field.name.name().replace('_', " ");
    // names have no check digit and are never sure, so this is not shown for them
    let sure = if field.sure || !has_check_digit(field.name) { "" } else { " (unsure)" };
    let value = if unmask { field.value.clone() } else { masked(field.name, &field.value) };
    format!("{name} {value}{sure}")
}

fn has_check_digit(name: FieldName) -> bool {
    matches!(
        name,
        FieldName::DocumentNumber
            | FieldName::DateOfBirth
            | FieldName::DateOfExpiry
            | FieldName::PersonalNumber
    )
}

/// Masks a value: the last two characters of a number and the first character of a
/// name are enough for a reviewer to distinguish two documents.
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
    fn masked_values_identify_no_person() {
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
