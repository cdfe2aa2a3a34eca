//! The individual identification number: its structure, and what it says of birth and sex.
//!
//! Weight 11 is 0 modulo 11, so one wrong digit in eleven slips past the check
//! digit: the comparison with passport and form is what counts.

use jiff::civil::Date;

use super::Judging;
use super::checks::{bare, not_run};
use crate::application::Sex;
use crate::examination::FieldName;
use crate::kind::Kind;
use crate::reason::{Code, Reason};
use crate::status::Status;
use crate::verdict::Check;

/// What a number of good structure says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Iin {
    /// From the first seven digits.
    pub(crate) birth: Date,
    /// From the seventh: odd is male.
    pub(crate) sex: Sex,
}

impl Iin {
    /// Reads the twelve digits YYMMDD G NNNN C.
    ///
    /// # Errors
    /// The code of the first thing that is wrong.
    pub(crate) fn parse(text: &str) -> Result<Self, Reason> {
        let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(10)).collect();
        if text.chars().count() != 12 || digits.len() != 12 || digits.iter().all(|d| *d == 0) {
            return Err(bare(Code::IinFormat));
        }
        // the fifth digit counts tens of days in a person's number, and 4, 5
        // or 6 in that of a company
        if (4..=6).contains(&digits[4]) {
            return Err(bare(Code::IinIsBin));
        }
        let century = match digits[6] {
            1 | 2 => 1800,
            3 | 4 => 1900,
            5 | 6 => 2000,
            other => return Err(bare(Code::IinCenturyInvalid).with("digit", other)),
        };
        let pair = |at: usize| i16::try_from(digits[at] * 10 + digits[at + 1]).unwrap_or_default();
        let [year, month, day] = [century + pair(0), pair(2), pair(4)];
        let birth = i8::try_from(month).ok().zip(i8::try_from(day).ok());
        let birth = birth.and_then(|(month, day)| Date::new(year, month, day).ok());
        let birth = birth.ok_or_else(|| bare(Code::IinDateImpossible))?;
        match check_digit(&digits) {
            None => Err(bare(Code::IinUnusable)),
            Some(digit) if digit != digits[11] => Err(bare(Code::IinChecksum)),
            Some(_) => Ok(Self { birth, sex: if digits[6] % 2 == 1 { Sex::M } else { Sex::F } }),
        }
    }
}

/// Decree No. 565 of 2003: two passes modulo 11; numbers for which both give 10 are not used.
fn check_digit(digits: &[u32]) -> Option<u32> {
    const SECOND: [u32; 11] = [3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2];
    let sum = |weights: &mut dyn Iterator<Item = u32>| -> u32 {
        digits.iter().zip(weights).map(|(digit, weight)| digit * weight).sum::<u32>() % 11
    };
    let first = sum(&mut (1..=11));
    let result = if first == 10 { sum(&mut SECOND.into_iter()) } else { first };
    (result < 10).then_some(result)
}

pub(super) fn judge(judging: &Judging<'_>) -> Vec<Check> {
    let rule = &judging.programme.rules.iin;
    let structure =
        Check::new("iin.structure", Status::Pass, false).by(judging, "iin", rule, &rule.source);
    let Some(text) = &judging.case.application.applicant.iin else {
        return vec![structure.because(bare(Code::IinMissing))];
    };
    let structure = Check { required: true, ..structure };
    match Iin::parse(text) {
        Ok(iin) => vec![structure, birth(judging, iin), sex(judging, iin)],
        Err(reason) => vec![
            structure.because(reason),
            not_run("iin.birth_date", false, "iin.structure"),
            not_run("iin.sex", false, "iin.structure"),
        ],
    }
}

/// The passport's dates of birth, where its own check digit lets one rely on them, else the form's.
fn birth(judging: &Judging<'_>, iin: Iin) -> Check {
    let check = Check::new("iin.birth_date", Status::Pass, false).after(&["iin.structure"]);
    let read = passport_field(judging, FieldName::DateOfBirth, true);
    let (source, same) = if let Some((value, years)) = read {
        // the zone has two digits of the year: compare what both have
        let tail = iin.birth.strftime("%y-%m-%d").to_string();
        ("passport", value == tail && years.contains(&iin.birth.year()))
    } else if let Some(date) = judging.case.application.applicant.birth_date {
        ("form", date == iin.birth)
    } else {
        return Check { status: Status::NotRun, ..check };
    };
    let reason = bare(Code::IinBirthMismatch).with("source", source);
    if same { check } else { check.because(reason) }
}

fn sex(judging: &Judging<'_>, iin: Iin) -> Check {
    let check = Check::new("iin.sex", Status::Pass, false).after(&["iin.structure"]);
    let letter = |sex: Sex| match sex {
        Sex::M => "M",
        Sex::F => "F",
        Sex::X => "X",
    };
    let read = passport_field(judging, FieldName::Sex, false).map(|(value, _)| value);
    let form = judging.case.application.applicant.sex.map(|sex| letter(sex).to_owned());
    let source = if read.is_some() { "passport" } else { "form" };
    match read.or(form).as_deref() {
        None => Check { status: Status::NotRun, ..check },
        Some("M" | "F") if read_as(judging, letter(iin.sex)) => check,
        Some("M" | "F") => check.because(bare(Code::IinSexMismatch).with("source", source)),
        // X and an unstated sex have no counterpart in the number
        Some(_) => Check { status: Status::NotApplicable, ..check },
    }
}

fn read_as(judging: &Judging<'_>, letter: &str) -> bool {
    let read = passport_field(judging, FieldName::Sex, false).map(|(value, _)| value);
    let form = judging.case.application.applicant.sex;
    read.map_or_else(
        || form.is_some_and(|sex| matches!((sex, letter), (Sex::M, "M") | (Sex::F, "F"))),
        |value| value == letter,
    )
}

fn passport_field(
    judging: &Judging<'_>,
    name: FieldName,
    sure: bool,
) -> Option<(String, Vec<i16>)> {
    let mut passports = judging.examined().filter(|(document, _)| document.kind == Kind::Passport);
    passports.find_map(|(_, seen)| {
        let field = seen.fields.iter().find(|f| f.name == name && (f.sure || !sure))?;
        Some((field.value.clone(), field.possible_years.clone()))
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[track_caller]
    fn wrong(text: &str, code: Code) {
        assert_eq!(Iin::parse(text).unwrap_err().code, code, "{text}");
    }

    #[test]
    fn numbers_of_good_structure() {
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
    fn what_is_wrong_is_named() {
        wrong("", Code::IinFormat);
        wrong("90051730000", Code::IinFormat);
        wrong("90051730000x", Code::IinFormat);
        wrong("9005173000090", Code::IinFormat);
        wrong("000000000000", Code::IinFormat);
        wrong("900517300008", Code::IinChecksum);
        wrong("900541300009", Code::IinIsBin);
        wrong("900517000009", Code::IinCenturyInvalid);
        wrong("900517700009", Code::IinCenturyInvalid);
        wrong("010229500109", Code::IinDateImpossible);
        for last in 0..10 {
            wrong(&format!("90051730260{last}"), Code::IinUnusable);
        }
    }

    #[test]
    fn the_check_digit_is_blind_to_the_eleventh_digit() {
        // weight 11 is 0 modulo 11: why the comparison with the passport matters
        assert!(Iin::parse("900517300009").is_ok() && Iin::parse("900517300019").is_ok());
    }
}
