//! Checks of the individual identification number (IIN): its structure, and the
//! date of birth and the sex that it encodes.
//!
//! Weight 11 is 0 modulo 11, so the check digit misses an error in one of its
//! eleven digits: the comparison with passport and form is more important.

use jiff::civil::Date;

use super::check_builder::{is_zone_damaged, not_run};
use super::context::CheckContext;
use super::form_comparison::is_whole_date;
use super::visual_zone::field_pictures;
use crate::application::{Document, Sex};
use crate::examination::{Examination, Field, FieldName, Source};
use crate::kind::Kind;
use crate::reason::{Code, Reason};
use crate::status::Status;
use crate::verdict::{Agreement, Check, Comparison};

/// The facts that a number of valid structure encodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Iin {
    /// From the first seven digits.
    pub(crate) birth: Date,
    /// From the seventh digit: odd is male.
    pub(crate) sex: Sex,
}

impl Iin {
    /// Parses the twelve digits YYMMDD G NNNN C.
    ///
    /// # Errors
    /// The reason for the first error found.
    pub(crate) fn parse(text: &str) -> Result<Self, Reason> {
        let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(10)).collect();
        if text.chars().count() != 12 || digits.len() != 12 || digits.iter().all(|d| *d == 0) {
            return Err(Reason::new(Code::IinFormat));
        }
        // the fifth digit is the tens of the day in a person's number, and 4, 5
        // or 6 in that of a company
        if (4..=6).contains(&digits[4]) {
            return Err(Reason::new(Code::IinIsBin));
        }
        let century = match digits[6] {
            1 | 2 => 1800,
            3 | 4 => 1900,
            5 | 6 => 2000,
            other => return Err(Reason::new(Code::IinCenturyInvalid).with("digit", other)),
        };
        let pair = |at: usize| i16::try_from(digits[at] * 10 + digits[at + 1]).unwrap_or_default();
        let [year, month, day] = [century + pair(0), pair(2), pair(4)];
        let birth = i8::try_from(month).ok().zip(i8::try_from(day).ok());
        let birth = birth.and_then(|(month, day)| Date::new(year, month, day).ok());
        let birth = birth.ok_or_else(|| Reason::new(Code::IinDateImpossible))?;
        match check_digit(&digits) {
            None => Err(Reason::new(Code::IinUnusable)),
            Some(digit) if digit != digits[11] => Err(Reason::new(Code::IinChecksum)),
            Some(_) => Ok(Self { birth, sex: if digits[6] % 2 == 1 { Sex::M } else { Sex::F } }),
        }
    }
}

/// Computes the check digit by Decree No. 565 of 2003: two passes modulo 11;
/// numbers for which both result in 10 are not used.
fn check_digit(digits: &[u32]) -> Option<u32> {
    const SECOND: [u32; 11] = [3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2];
    let sum = |weights: &mut dyn Iterator<Item = u32>| -> u32 {
        digits.iter().zip(weights).map(|(digit, weight)| digit * weight).sum::<u32>() % 11
    };
    let first = sum(&mut (1..=11));
    let result = if first == 10 { sum(&mut SECOND.into_iter()) } else { first };
    (result < 10).then_some(result)
}

/// Checks the number of the form, and compares what it encodes.
pub(super) fn check_iin(context: &CheckContext<'_>) -> (Vec<Check>, Vec<Comparison>) {
    let structure = with_rule(context, Check::new("iin.structure", Status::Pass, false));
    let unread = || {
        ["iin.birth_date", "iin.sex"]
            .map(|id| with_rule(context, not_run(id, false, "iin.structure")))
    };
    let Some(text) = &context.case.application.applicant.iin else {
        let missing = structure.with_reason(Reason::new(Code::IinMissing));
        return ([vec![missing], unread().into()].concat(), Vec::new());
    };
    let structure = Check { required: true, ..structure }
        .with_expected("12 digits: date of birth, sex, right check digit", text);
    match Iin::parse(text) {
        Ok(iin) => {
            let (birth, compared_birth) = check_birth(context, iin);
            let (sex, compared_sex) = check_sex(context, iin);
            let compared = compared_birth.into_iter().chain(compared_sex);
            (vec![structure, birth, sex], compared.collect())
        }
        Err(reason) => {
            ([vec![structure.with_reason(reason)], unread().into()].concat(), Vec::new())
        }
    }
}

fn with_rule(context: &CheckContext<'_>, check: Check) -> Check {
    let rule = &context.programme.rules.iin;
    check.with_rule(context, "iin", rule, &rule.source)
}

/// Compares the date of birth with the passport's, where its check digit makes it
/// reliable, else with the form's.
fn check_birth(context: &CheckContext<'_>, iin: Iin) -> (Check, Option<Comparison>) {
    let form = context.case.application.applicant.birth_date;
    // a date of which parts are unknown says less than the form's
    let read = passport_field(context, FieldName::DateOfBirth, true);
    let other = match read.filter(|(_, _, field)| is_whole_date(field)) {
        Some((document, examination, field)) => {
            // the zone has two digits of the year: compare the digits that both have
            let tail = iin.birth.strftime("%y-%m-%d").to_string();
            let same = field.value == tail && field.possible_years.contains(&iin.birth.year());
            Some(Other {
                value: field.value.clone(),
                same,
                read: Some((document, examination, field)),
            })
        }
        None => {
            form.map(|date| Other { value: date.to_string(), same: date == iin.birth, read: None })
        }
    };
    let name = FieldName::DateOfBirth;
    compare(context, "iin.birth_date", name, &iin.birth.to_string(), Code::IinBirthMismatch, other)
}

/// Compares the sex with the passport's, else with the form's. X and an unstated sex
/// have no counterpart in the number.
fn check_sex(context: &CheckContext<'_>, iin: Iin) -> (Check, Option<Comparison>) {
    let letter = iin.sex.letter();
    let form = context.case.application.applicant.sex;
    let other = match passport_field(context, FieldName::Sex, false) {
        Some((document, examination, field)) => Some(Other {
            value: field.value.clone(),
            same: field.value == letter,
            read: Some((document, examination, field)),
        }),
        None => form.map(|sex| Other {
            value: sex.letter().to_owned(),
            same: sex.letter() == letter,
            read: None,
        }),
    };
    let has_counterpart = other.as_ref().is_none_or(|one| matches!(one.value.as_str(), "M" | "F"));
    let (check, comparison) =
        compare(context, "iin.sex", FieldName::Sex, letter, Code::IinSexMismatch, other);
    if has_counterpart {
        (check, comparison)
    } else {
        (Check { status: Status::NotApplicable, reasons: Vec::new(), ..check }, None)
    }
}

/// The value that the number is compared with, and where the passport has it.
struct Other<'a> {
    value: String,
    same: bool,
    read: Option<(&'a Document, &'a Examination, &'a Field)>,
}

fn compare(
    context: &CheckContext<'_>,
    id: &str,
    name: FieldName,
    encoded: &str,
    mismatch: Code,
    other: Option<Other<'_>>,
) -> (Check, Option<Comparison>) {
    let check = with_rule(context, Check::new(id, Status::Pass, false));
    let mut check = check.depending_on(&["iin.structure"]);
    let Some(other) = other else {
        let missing = Reason::new(Code::DocValueMissing).with("field", name.name());
        return (check.with_reason(missing.with("source", "passport")), None);
    };
    let (right, source) =
        if other.read.is_some() { (Source::Mrz, "passport") } else { (Source::Form, "form") };
    check = check.with_expected(&other.value, encoded);
    if let Some((document, examination, field)) = other.read {
        let pictures = field_pictures(examination, name);
        let pictures: Vec<&str> = pictures.iter().map(String::as_str).collect();
        check = Check { evidence: Vec::new(), ..check.with_field(document, field) }
            .with_evidence(document, &pictures);
    }
    if !other.same {
        check = check.with_reason(Reason::new(mismatch).with("source", source));
    }
    let comparison = Comparison {
        field: name,
        left: Source::Iin,
        right,
        result: if other.same { Agreement::Equal } else { Agreement::Different },
        method: other.same.then(|| "exact".to_owned()),
        check: Some(id.to_owned()),
        document_id: other.read.map(|(document, ..)| document.document_id.clone()),
        left_value: Some(encoded.to_owned()),
        right_value: Some(other.value),
        left_differs: Vec::new(),
        right_differs: Vec::new(),
    };
    (check, Some(comparison))
}

fn passport_field<'a>(
    context: &CheckContext<'a>,
    name: FieldName,
    sure: bool,
) -> Option<(&'a Document, &'a Examination, &'a Field)> {
    let mut passports = context.examined().filter(|(document, _)| document.kind == Kind::Passport);
    passports.find_map(|(document, examination)| {
        let may_count = |f: &Field| f.sure || !sure && !is_zone_damaged(examination);
        let field = examination.fields.iter().find(|f| f.name == name && may_count(f))?;
        Some((document, examination, field))
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[track_caller]
    fn check_error(text: &str, code: Code) {
        assert_eq!(Iin::parse(text).unwrap_err().code, code, "{text}");
    }

    #[test]
    fn numbers_of_valid_structure_are_parsed() {
        for (text, birth, sex) in [
            ("061211600012", date(2006, 12, 11), Sex::F), // second pass
            ("791028302728", date(1979, 10, 28), Sex::M), // first pass
            ("900517300009", date(1990, 5, 17), Sex::M),
            ("900517301801", date(1990, 5, 17), Sex::M), // second pass
            ("900517400005", date(1990, 5, 17), Sex::F),
            ("000229500008", date(2000, 2, 29), Sex::M),
        ] {
            assert_eq!(Iin::parse(text).ok(), Some(Iin { birth, sex }), "{text}");
        }
    }

    #[test]
    fn each_error_has_its_code() {
        check_error("", Code::IinFormat);
        check_error("90051730000", Code::IinFormat);
        check_error("90051730000x", Code::IinFormat);
        check_error("9005173000090", Code::IinFormat);
        check_error("000000000000", Code::IinFormat);
        check_error("900517300008", Code::IinChecksum);
        check_error("900541300009", Code::IinIsBin);
        check_error("900517000009", Code::IinCenturyInvalid);
        check_error("900517700009", Code::IinCenturyInvalid);
        check_error("010229500109", Code::IinDateImpossible);
        for last in 0..10 {
            check_error(&format!("90051730260{last}"), Code::IinUnusable);
        }
    }

    #[test]
    fn the_check_digit_does_not_depend_on_the_eleventh_digit() {
        // weight 11 is 0 modulo 11: why the comparison with the passport matters
        assert!(Iin::parse("900517300009").is_ok() && Iin::parse("900517300019").is_ok());
    }
}
