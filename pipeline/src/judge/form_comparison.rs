//! Checks of the form against the machine readable zone: each field has a check, and
//! one without a value on either side says so.

use jiff::civil::Date;

use super::check_builder::{is_zone_damaged, not_run};
use super::context::CheckContext;
use super::form_names::{ComparedName, OtherName, compare_names, zone_names};
use super::names::Class;
use super::visual_zone::field_pictures;
use crate::application::{Applicant, Document, Sex};
use crate::examination::{Examination, Field, FieldName, Source};
use crate::reason::{Code, Reason};
use crate::status::Status;
use crate::verdict::{Agreement, Check, Comparison};

/// The compared fields and the code for each difference.
const FIELDS: [(FieldName, Code); 5] = [
    (FieldName::Surname, Code::XchkSurname),
    (FieldName::GivenNames, Code::XchkGiven),
    (FieldName::DateOfBirth, Code::XchkBirth),
    (FieldName::Sex, Code::XchkSex),
    (FieldName::Nationality, Code::XchkNationality),
];

/// What was compared, and what follows.
struct Compared {
    result: Agreement,
    method: Option<String>,
    form: String,
    zone: String,
    differs: [Vec<usize>; 2],
    reasons: Vec<Reason>,
}

/// Returns the checks of a document whose zone was not read because of `precondition`.
pub(super) fn unread_checks(
    context: &CheckContext<'_>,
    document: &Document,
    precondition: &str,
) -> Vec<Check> {
    let unread = FIELDS.map(|(name, _)| {
        with_rule(context, not_run(&id(name), false, precondition)).for_document(document)
    });
    unread.into()
}

/// Compares the form with the zone of a passport, of which no part is missing.
pub(super) fn compare_sources(
    context: &CheckContext<'_>,
    document: &Document,
    examination: &Examination,
) -> (Vec<Check>, Vec<Comparison>) {
    if examination.zones.is_empty() || is_zone_damaged(examination) {
        let before = if examination.pages.is_empty() { "file.opens" } else { "passport.zone" };
        return (unread_checks(context, document, before), Vec::new());
    }
    let applicant = &context.case.application.applicant;
    let mut names = match compare_names(&applicant.names, &zone_names(examination)) {
        Err(why) => [Err(why), Err(why)],
        Ok(fields) => fields.map(Ok),
    }
    .into_iter();
    let (mut checks, mut comparisons) = (Vec::new(), Vec::new());
    for (name, code) in FIELDS {
        let zone = |field: &&Field| field.name == name && field.source == Source::Mrz;
        let field = examination.fields.iter().find(zone);
        let compared = match name {
            FieldName::Surname | FieldName::GivenNames => match names.next() {
                Some(Ok(Some(compared))) => compared_name(name, code, &compared),
                Some(Err(why)) => Err(not_comparable(name, why)),
                _ => Ok(None),
            },
            _ => compare_value(applicant, name, code, field),
        };
        let check = Check::new(&id(name), Status::Pass, false).for_document(document);
        let mut check = with_rule(context, check);
        if let Some(field) = field {
            check = Check { evidence: Vec::new(), ..check.with_field(document, field) };
        }
        let pictures = field_pictures(examination, name);
        let pictures: Vec<&str> = pictures.iter().map(String::as_str).collect();
        check = check.with_evidence(document, &pictures);
        match compared {
            Ok(Some(compared)) => {
                checks.push(with_reasons(check, &compared));
                comparisons.push(comparison(name, document, compared));
            }
            Ok(None) => checks.push(Check { status: Status::NotApplicable, ..check }),
            Err(reason) => checks.push(check.with_reason(reason)),
        }
    }
    (checks, comparisons)
}

fn id(name: FieldName) -> String {
    format!("form.{}", name.name())
}

fn with_rule(context: &CheckContext<'_>, check: Check) -> Check {
    let rule = &context.programme.rules.form_comparison;
    check.with_rule(context, "form_comparison", rule, &rule.source)
}

fn with_reasons(check: Check, compared: &Compared) -> Check {
    let worst = compared.reasons.iter().map(|reason| reason.code.status()).max();
    Check { status: worst.unwrap_or(Status::Pass), reasons: compared.reasons.clone(), ..check }
        .with_expected(&compared.form, &compared.zone)
}

fn comparison(name: FieldName, document: &Document, compared: Compared) -> Comparison {
    let [left_differs, right_differs] = compared.differs;
    Comparison {
        field: name,
        left: Source::Form,
        right: Source::Mrz,
        result: compared.result,
        method: compared.method,
        check: Some(id(name)),
        document_id: Some(document.document_id.clone()),
        left_value: Some(compared.form),
        right_value: Some(compared.zone),
        left_differs,
        right_differs,
    }
}

fn not_comparable(name: FieldName, why: &str) -> Reason {
    Reason::new(Code::NameNotComparable).with("field", name.name()).with("why", why)
}

fn compared_name(
    name: FieldName,
    code: Code,
    compared: &ComparedName,
) -> Result<Option<Compared>, Reason> {
    let result = &compared.result;
    let reason = |code| Reason::new(code).with("field", name.name());
    let mut reasons = Vec::new();
    let agreement = match result.class {
        Class::Equal => Agreement::Equal,
        Class::Equivalent => {
            reasons.push(reason(Code::NameEquivalent).with("rule", result.rule.clone()));
            Agreement::Equivalent
        }
        Class::Close => {
            reasons.push(reason(Code::NameClose).with("rule", result.rule.clone()));
            Agreement::Close
        }
        Class::Different => {
            reasons.push(Reason::new(code));
            Agreement::Different
        }
        Class::NotComparable => return Err(not_comparable(name, &result.rule)),
    };
    if result.script_mixed {
        reasons.push(reason(Code::NameScriptMixed));
    }
    if result.class <= Class::Equivalent {
        let steps: [(bool, Code); 2] = [
            (compared.by_whole || result.rule.contains("+order"), Code::NameOrder),
            (result.rule.contains("+patronymic"), Code::NamePatronymicOnlyOneSide),
        ];
        reasons.extend(steps.iter().filter(|(taken, _)| *taken).map(|(_, code)| reason(*code)));
    }
    reasons.extend(compared.others.iter().map(|other| match other {
        OtherName::Unlike(rule) => reason(Code::NameOtherUnlike).with("rule", rule.clone()),
        OtherName::NotCompared(why) => reason(Code::NameOtherNotCompared).with("why", why.clone()),
    }));
    reasons.dedup();
    Ok(Some(Compared {
        result: agreement,
        method: Some(result.rule.clone()),
        form: compared.form.clone(),
        zone: compared.zone.clone(),
        differs: [result.left_differs.clone(), result.right_differs.clone()],
        reasons,
    }))
}

/// Compares a value that is no name; `None` where it has no counterpart in the zone.
fn compare_value(
    applicant: &Applicant,
    name: FieldName,
    code: Code,
    field: Option<&Field>,
) -> Result<Option<Compared>, Reason> {
    let Some(form) = form_value(applicant, name) else {
        return Err(Reason::new(Code::FormValueMissing).with("field", name.name()));
    };
    let Some(field) = field else {
        let missing = Reason::new(Code::DocValueMissing).with("field", name.name());
        return Err(missing.with("source", "mrz"));
    };
    let result = match name {
        FieldName::DateOfBirth if !field.sure => Agreement::Unreadable,
        FieldName::DateOfBirth => {
            applicant.birth_date.map_or(Agreement::Different, |date| same_day(field, date))
        }
        FieldName::Sex => match (applicant.sex, field.value.as_str()) {
            (Some(Sex::M), "M") | (Some(Sex::F), "F") | (Some(Sex::X), "X") => Agreement::Equal,
            // the zone has a filler for X and for an unspecified sex
            (Some(Sex::X), _) | (_, "" | "X") => return Ok(None),
            _ => Agreement::Different,
        },
        _ => equal_if(applicant.citizenships.iter().any(|one| is_state(one, &field.value))),
    };
    let reasons = match result {
        Agreement::Unreadable => {
            vec![Reason::new(Code::XchkNotPossible).with("field", name.name())]
        }
        Agreement::Different => vec![Reason::new(code)],
        _ => Vec::new(),
    };
    Ok(Some(Compared {
        result,
        method: (result == Agreement::Equal).then(|| "exact".to_owned()),
        form,
        zone: field.value.clone(),
        differs: [Vec::new(), Vec::new()],
        reasons,
    }))
}

/// Compares a date of birth in a zone with a day. Parts of the date may be unknown, which
/// are spaces, or absent at the end: what is known may contradict the day and proves no more.
fn same_day(field: &Field, day: Date) -> Agreement {
    let tail = day.strftime("%y-%m-%d").to_string();
    let years = &field.possible_years;
    let mut pairs = field.value.chars().zip(tail.chars());
    let agrees = pairs.all(|(zone, day)| zone == day || zone == ' ');
    if !agrees || !(years.is_empty() || years.contains(&day.year())) {
        return Agreement::Different;
    }
    if is_whole_date(field) { Agreement::Equal } else { Agreement::Unreadable }
}

/// Whether every part of a date in a zone is known.
pub(super) fn is_whole_date(field: &Field) -> bool {
    field.value.len() == "yy-mm-dd".len() && !field.value.contains(' ')
}

/// Whether a code of the form is that of a zone, where Germany is `D`.
fn is_state(form: &str, zone: &str) -> bool {
    let whole = |code: &str| if code == "D" { "DEU".to_owned() } else { code.to_ascii_uppercase() };
    whole(form.trim()) == whole(zone)
}

fn equal_if(same: bool) -> Agreement {
    if same { Agreement::Equal } else { Agreement::Different }
}

fn form_value(applicant: &Applicant, name: FieldName) -> Option<String> {
    match name {
        FieldName::DateOfBirth => applicant.birth_date.map(|date| date.to_string()),
        FieldName::Sex => applicant.sex.map(|sex| sex.letter().to_owned()),
        FieldName::Nationality if !applicant.citizenships.is_empty() => {
            Some(applicant.citizenships.join(", "))
        }
        _ => None,
    }
}
