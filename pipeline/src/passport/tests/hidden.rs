//! Zones of other documents, and zones of which a part is covered or cut off: the smallest
//! file of each kind of fault that was found.

use super::*;

const FIRST: &str = "P<UTOLINDQVIST<<MAJA<<<<<<<<<<<<<<<<<<<<<<<<";
const SECOND: &str = "R1234567<5UTO8802141F3110201<<<<<<<<<<<<<<<8";

fn read_case(name: &str) -> PassportReading {
    let path = format!("../fixtures/cases/zone-{name}.png");
    read(&picture(image::open(path).unwrap().to_rgb8()))
}

fn zone_field(reading: &PassportReading, name: FieldName) -> Option<&str> {
    let mut fields = reading.fields.iter().filter(|field| field.source == Source::Mrz);
    fields.find(|field| field.name == name).map(|field| field.value.as_str())
}

/// Returns a line with `?` for the characters of a range.
fn hiding(line: &str, hidden: std::ops::Range<usize>) -> String {
    let mut line = line.to_owned();
    line.replace_range(hidden.clone(), &"?".repeat(hidden.len()));
    line
}

#[test]
fn a_first_letter_is_read_as_printed() {
    for (name, holder) in [("", "LINDQVIST<<MAJA"), ("-passes", "BERGSTROM<<NILS<OLOF")] {
        let reading = read_case(&format!("two-lines-44-kind-ip{name}"));
        assert!(reading.zones[0].lines[0].starts_with(&format!("IPUTO{holder}<<")), "{name}");
        assert_eq!(codes(&reading), ["PASSPORT_TYPE_WRONG"], "{name}");
        let document_type = &reading.reasons[0].params["document_type"];
        assert_eq!(document_type, "IP", "{name}");
    }
}

#[test]
fn what_is_covered_is_not_reported() {
    let reading = read_case("expiry-black");
    assert_eq!(codes(&reading), ["MRZ_COVERED"]);
    assert_eq!(reading.zones[0].lines, [FIRST.to_owned(), hiding(SECOND, 20..28)]);
    for hidden in [FieldName::DateOfExpiry, FieldName::Sex] {
        assert_eq!(zone_field(&reading, hidden), None, "{}", hidden.name());
    }
    assert_eq!(zone_field(&reading, FieldName::DocumentNumber), Some("R1234567"));

    let reading = read_case("number-black");
    assert_eq!(codes(&reading), ["MRZ_COVERED"]);
    assert_eq!(reading.zones[0].lines, [FIRST.to_owned(), hiding(SECOND, 0..9)]);
    assert_eq!(zone_field(&reading, FieldName::DocumentNumber), None);
    assert_eq!(zone_field(&reading, FieldName::Nationality), Some("UTO"));
    assert!(reading.fields.iter().all(|field| !field.sure));
}

#[test]
fn cut_lines_are_not_those_of_a_card() {
    // the second picture ends within the 36th character
    for (name, visible) in [("cut-right-04", 40), ("cut-right-08", 35)] {
        let reading = read_case(name);
        assert_eq!(codes(&reading), ["MRZ_CUT"], "{name}");
        assert_eq!(reading.zones[0].format, ZoneFormat::Td3, "{name}");
        let lines = [FIRST, SECOND].map(|line| hiding(line, visible..44));
        assert_eq!(reading.zones[0].lines, lines, "{name}");
        assert_eq!(zone_field(&reading, FieldName::Surname), Some("LINDQVIST"), "{name}");
        assert!(reading.fields.iter().all(|field| !field.sure), "{name}");
    }
}

/// The expiry has its own digit, the composite digit and the print; the birth is said to be
/// no date.
#[test]
fn a_birth_with_zeros_leaves_the_expiry_sure() {
    let reading = read_case("birth-month-day-00");
    assert_eq!(codes(&reading), ["MRZ_DATE_IMPOSSIBLE"]);
    let expiry = field(&reading, FieldName::DateOfExpiry);
    assert_eq!((expiry.sure, expiry.basis), (true, Some(Basis::ZoneAndVisual)));
}

/// Doc 9303-3, 4.8: the digit of an unknown birth is 0.
#[test]
fn an_unknown_birth_without_its_digit_is_reported() {
    let reading = read_case("birth-unknown-filler-digit");
    assert_eq!(codes(&reading), ["MRZ_CHECK_BIRTH"]);
    assert!(reading.fields.iter().all(|field| !field.sure));
}
