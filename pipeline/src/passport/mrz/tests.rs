//! Specimens of Doc 9303 and the traps that real documents set.

use proptest::prelude::*;

use super::dates::ZoneDate;
use super::names::Names;
use super::*;
use crate::examination::CheckDigit::{self, Absent, Valid, Wrong};
use crate::examination::{FieldName, ZoneFormat};

const TD3: &str =
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10";
const TD1: &str = "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<";
const TD2: &str = "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6";
const MRV_A: &str =
    "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL8988901C4XXX4009078F96121096ZE184226B<<<<<<";
const MRV_B: &str = "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nL8988901C4XXX4009078F9612109<<<<<<<<";

/// Digits of document number, birth, expiry, personal number, composite.
fn digits(text: &str) -> [CheckDigit; 5] {
    let digits = Mrz::parse(text).unwrap().check_digits();
    [
        digits.document_number,
        digits.date_of_birth,
        digits.date_of_expiry,
        digits.personal_number,
        digits.composite,
    ]
}

#[track_caller]
fn check_line_2(line: &str, expected: [CheckDigit; 5]) {
    let first = format!("{:<<44}", "P<UTOERIKSSON<<ANNA");
    assert_eq!(digits(&format!("{first}\n{line}")), expected, "{line}");
}

#[test]
fn the_specimens_of_all_formats_are_valid() {
    let cases = [
        (TD3, ZoneFormat::Td3, Valid, Valid),
        (TD1, ZoneFormat::Td1, Absent, Valid),
        (TD2, ZoneFormat::Td2, Absent, Valid),
        (MRV_A, ZoneFormat::MrvA, Absent, Absent),
        (MRV_B, ZoneFormat::MrvB, Absent, Absent),
    ];
    for (text, format, personal, composite) in cases {
        let mrz = Mrz::parse(text).unwrap();
        assert_eq!(mrz.format(), format);
        assert_eq!(digits(text), [Valid, Valid, Valid, personal, composite], "{format:?}");
        assert_eq!(mrz.to_string(), text);
        assert_eq!(
            (mrz.names().primary, mrz.names().secondary),
            ("ERIKSSON".into(), "ANNA MARIA".into())
        );
        assert_eq!(mrz.issuing_state(), "UTO");
        assert_eq!(mrz.sex(), "F");
    }
}

#[test]
fn fields_are_at_their_places() {
    let mrz = Mrz::parse(TD1).unwrap();
    assert_eq!(mrz.raw(FieldName::DocumentNumber), "D23145890");
    assert_eq!(mrz.raw(FieldName::DateOfBirth), "740812");
    assert_eq!(mrz.raw(FieldName::DateOfExpiry), "120415");
    assert_eq!(mrz.nationality(), "UTO");
    let mrz = Mrz::parse(TD3).unwrap();
    assert_eq!(mrz.raw(FieldName::PersonalNumber), "ZE184226B<<<<<");
    let visa = Mrz::parse(MRV_A).unwrap();
    assert_eq!(visa.raw(FieldName::PersonalNumber), "6ZE184226B<<<<<<");
}

#[test]
fn an_empty_personal_number_may_have_a_filler_or_zero_for_its_digit() {
    check_line_2(
        "C01X00T478D<<6408125F2702283<<<<<<<<<<<<<<<4",
        [Valid, Valid, Valid, Absent, Valid],
    );
    check_line_2("0123456784GBR5011025M0810050<<<<<<<<<<<<<<00", [Valid; 5]);
}

#[test]
fn fillers_inside_fields_count() {
    check_line_2("PE09159861AUS8406077F1903278<40600996K<<<<04", [Valid; 5]);
    check_line_2("E000077303USA6502056F3010149500101920<091824", [Valid; 5]);
    check_line_2("ERE82721<9CAN8412070M2405252<<<<<<<<<<<<<<08", [Valid; 5]);
    check_line_2("A3536444<7ISL1212123<3103108121212<1239<<<68", [Valid; 5]);
}

#[test]
fn a_line_may_have_no_filler_at_all() {
    check_line_2(
        "L898902C36UTO7408122F1204159ZE184226B1234560",
        [Valid, Valid, Valid, Wrong, Wrong],
    );
}

#[test]
fn the_composite_covers_neither_nationality_nor_sex() {
    check_line_2("L898902C36XXX7408122<1204159ZE184226B<<<<<10", [Valid; 5]);
    check_line_2(
        "L898902C63UTO7408122F1204159ZE184226B<<<<<10",
        [Wrong, Valid, Valid, Valid, Wrong],
    );
}

#[test]
fn unknown_parts_of_a_birth_are_fillers_with_weight_zero() {
    let line = "L898902C36UTO<<<<<<0F1204159ZE184226B<<<<<1";
    for last in '0'..='9' {
        let text = format!("{:<<44}\n{line}{last}", "P<UTO");
        assert_eq!(digits(&text)[1], Valid);
        assert!(Mrz::parse(&text).unwrap().date_of_birth() == ZoneDate::Unprinted);
    }
}

#[test]
fn long_numbers_continue_in_the_optional_data_of_cards() {
    let card = |line: &str| {
        Mrz::parse(&format!("{line}\n7408122F1204159UTO<<<<<<<<<<<6\n{:<<30}", "A")).unwrap()
    };
    for (line, number) in [
        ("I<UTOD23145890<7349<<<<<<<<<<<", "D23145890734"),
        ("IDBEL000001115<7027<<<<<<<<<<<", "000001115702"),
        ("IDROUSS1234567<891<<<<<<<<<<<<", "SS123456789"),
    ] {
        assert_eq!(card(line).raw(FieldName::DocumentNumber), number);
        assert!(card(line).raw(FieldName::PersonalNumber).bytes().all(|b| b == b'<'));
    }
    assert_eq!(card("I<UTOD23145890<7349<<<<<<<<<<<").check_digits().document_number, Valid);
    assert_eq!(card("IDBEL000001115<7027<<<<<<<<<<<").check_digits().document_number, Valid);
    // a filler with nothing after it is a missing digit, not a long number
    assert_eq!(card("I<UTOD23145890<<<<<<<<<<<<<<<<").check_digits().document_number, Wrong);
}

#[test]
fn passports_have_no_long_numbers() {
    check_line_2(
        "L898902C3<UTO7408122F1204159734<<<<<<<<<<<10",
        [Wrong, Valid, Valid, Wrong, Wrong],
    );
}

#[test]
fn a_russian_internal_passport_is_not_a_travel_passport_and_has_no_expiry() {
    let text = "PNRUSIM8REK<<EVGENIQ<ALEKSANDROVI3<<<<<<<<<<\n\
                1234567897RUS8610164M<<<<<<<4121022770040<50";
    let mrz = Mrz::parse(text).unwrap();
    assert!(!mrz.is_travel_passport());
    assert!(mrz.date_of_expiry() == ZoneDate::Unprinted);
    assert_eq!(mrz.check_digits().date_of_expiry, Absent);
    assert_eq!(mrz.check_digits().date_of_birth, Valid);
    assert_eq!(mrz.names().primary, "IM8REK");
}

#[test]
fn the_second_letter_of_a_passport_code_is_arbitrary() {
    for (code, travel) in
        [("P<UTO", true), ("PDKAZ", true), ("POD<<", true), ("PNUTO", true), ("PNRUS", false)]
    {
        let mrz = Mrz::parse(&format!("{code:<<44}\n{}", &TD3[45..])).unwrap();
        assert_eq!(mrz.is_travel_passport(), travel, "{code}");
    }
    assert!(!Mrz::parse(TD1).unwrap().is_travel_passport());
    assert!(!Mrz::parse(MRV_A).unwrap().is_travel_passport());
}

#[test]
fn lines_are_neither_cut_nor_padded() {
    for text in [
        &TD3[..88],
        &TD3.replace("<<<<<10", "<<<<<<10"),
        &TD3.to_lowercase(),
        &TD3.replace('<', " "),
        &TD3[..44],
        &format!("{TD3}\n"),
        "",
        "\n",
    ] {
        assert!(Mrz::parse(text).is_none(), "{text}");
    }
}

#[test]
fn debug_output_has_no_personal_data() {
    let mrz = Mrz::parse(TD3).unwrap();
    let shown = format!("{mrz:?} {:?} {:?} {:?}", mrz.lines(), mrz.names(), mrz.date_of_birth());
    assert!(!shown.contains("ERIKSSON") && !shown.contains("74"), "{shown}");
}

fn zone_text() -> impl Strategy<Value = String> {
    let shapes = prop_oneof![Just((3usize, 30usize)), Just((2, 36)), Just((2, 44))];
    shapes.prop_flat_map(|(lines, length)| {
        prop::collection::vec(
            prop::string::string_regex(&format!("[A-Z0-9<]{{{length}}}")).unwrap(),
            lines,
        )
        .prop_map(|lines| lines.join("\n"))
    })
}

proptest! {
    #[test]
    fn nothing_that_is_typed_breaks_the_parser(text in ".{0,100}") {
        let _ = Mrz::parse(&text);
        let _ = (Names::parse(&text), ZoneDate::parse(&text), check_digit::check_digit(&text));
    }

    #[test]
    fn what_is_printed_parses_back(text in zone_text()) {
        let mrz = Mrz::parse(&text).unwrap();
        prop_assert_eq!(mrz.to_string(), text);
        prop_assert!(Mrz::parse(&mrz.to_string()) == Some(mrz.clone()));
        let _ = (mrz.check_digits(), mrz.names(), mrz.date_of_birth(), mrz.date_of_expiry());
        for name in FieldName::ALL {
            let _ = mrz.raw(name);
        }
    }

    #[test]
    fn one_wrong_character_of_the_expiry_is_always_caught(at in 21usize..28, digit in b'0'..=b'9') {
        let mut text = TD3.as_bytes().to_vec();
        prop_assume!(text[45 + at] != digit);
        text[45 + at] = digit;
        let mrz = Mrz::parse(std::str::from_utf8(&text).unwrap()).unwrap();
        prop_assert_eq!(mrz.check_digits().date_of_expiry, Wrong);
    }
}
