//! What nobody has looked at is never a pass, and each verdict names it.

use std::collections::BTreeMap;

use fixtures::random::Random;
use jiff::Timestamp;
use serde_json::json;

use super::{codes, examined, field, find_check, parse_application, valid_passport};
use crate::application::Application;
use crate::examination::{Examination, Field, FieldName, Page, Source};
use crate::examine::unreadable;
use crate::judge::{Case, ExaminationOutcome, judge, judge_single_document};
use crate::kind::Kind;
use crate::programme::Programme;
use crate::reason::{Code, Reason};
use crate::status::Status;
use crate::verdict::{Advice, Body};

/// What is known of a paper's file.
#[derive(Clone, Copy, Debug, PartialEq)]
enum File {
    Opened,
    Locked,
    Missing,
    Pending,
}

const FILES: [File; 4] = [File::Opened, File::Locked, File::Missing, File::Pending];

fn application(stage: &str, kinds: &[Kind]) -> Application {
    let documents: Vec<_> = (kinds.iter().enumerate())
        .map(|(i, kind)| json!({"document_id": format!("D-{i}"), "kind": kind, "file": "f"}))
        .collect();
    let application = json!({
        "application_id": "A", "stage": stage, "accepted_at": "2026-01-01T06:00:00Z",
        "applicant": {
            "names": [{"script": "latin", "surname": "ERIKSSON", "given_names": "ANNA MARIA"}],
            "birth_date": "1974-08-12", "sex": "F", "citizenships": ["UTO"]
        },
        "documents": documents
    });
    parse_application(&application.to_string())
}

/// Returns a portrait with every measure within its range.
fn valid_portrait() -> Examination {
    let measure = |value: f64| json!({"value": value, "unit": "", "confidence": 0.9});
    let mut measures = json!({
        "aspect_ratio": measure(0.778), "width_px": measure(700.0), "height_px": measure(900.0),
        "colour": measure(0.31), "head_height_skull_mm": measure(34.0), "eye_line_mm": measure(27.3)
    });
    for (name, range) in &Programme::built_in().last().unwrap().rules.portrait_measures {
        let value = range.low.unwrap_or(range.high.unwrap_or(0.0));
        measures[name] = measure(value);
    }
    let mut portrait = examined(Kind::Portrait);
    let face = json!({"box": [100.0, 150.0, 280.0, 330.0], "confidence": 0.93});
    portrait.portrait =
        serde_json::from_value(json!({"faces": [face], "measures": measures})).unwrap();
    portrait
}

/// Returns a valid passport with every field of the form, whose print was read too.
fn printed_passport() -> Examination {
    let mut passport = valid_passport("2031-01-01");
    let surname = Field { source: Source::Visual, ..field(FieldName::Surname, "ERIKSSON", &[]) };
    let given_names = field(FieldName::GivenNames, "ANNA MARIA", &[]);
    let expiry = passport.fields.iter().find(|field| field.name == FieldName::DateOfExpiry);
    let printed = Field { source: Source::Visual, ..expiry.unwrap().clone() };
    let others = [given_names, field(FieldName::Nationality, "UTO", &[]), surname];
    passport.fields.extend(others.into_iter().chain([printed]));
    passport
}

/// Judges a case in which each document's file is as listed.
fn judged(
    application: &Application,
    files: &[File],
    judge: impl Fn(&Case<'_>) -> Body,
    programmes: &[Programme],
) -> Body {
    let examine = |kind: Kind, file: File| match (kind, file) {
        (_, File::Locked) => unreadable(b"x", kind, Reason::new(Code::FileEncrypted)),
        (Kind::Passport, _) => printed_passport(),
        (Kind::Portrait, _) => valid_portrait(),
        _ => examined(kind),
    };
    let documents = || application.documents.iter().zip(files);
    let examinations: Vec<Examination> =
        documents().map(|(document, file)| examine(document.kind, *file)).collect();
    let outcomes = documents().zip(&examinations).filter_map(|((document, file), examination)| {
        let outcome = match file {
            File::Opened | File::Locked => ExaminationOutcome::Examined(examination),
            File::Missing => ExaminationOutcome::Unavailable(Reason::new(Code::FileNotFound)),
            File::Pending => return None,
        };
        Some((document.document_id.as_str(), outcome))
    });
    judge(&Case {
        application,
        examinations: outcomes.collect(),
        guessed_kinds: BTreeMap::new(),
        programmes,
        received_at: Timestamp::UNIX_EPOCH,
        on: "2026-01-01".parse().unwrap(),
    })
}

/// Returns the checks that warn or worse, with their codes.
fn open_checks(body: &Body) -> Vec<(&str, Vec<&str>)> {
    let open = body.checks.iter().filter(|check| check.status >= Status::Warn);
    open.map(|check| (check.id.as_str(), codes(check))).collect()
}

fn whole(application: &Application, files: &[File]) -> Body {
    judged(application, files, |case| judge(case).unwrap(), Programme::built_in())
}

/// A programme that requires passport and portrait, and allows some kinds beside.
fn small_programme(optional: &[Kind]) -> Programme {
    let mut programme = Programme::built_in().last().unwrap().clone();
    let mut stage = programme.stages["residence-permit"].clone();
    stage.required = vec![Kind::Passport, Kind::Portrait];
    stage.optional = optional.to_vec();
    programme.stages.insert("small".to_owned(), stage);
    programme
}

#[test]
fn papers_of_every_kind_are_named_and_never_pass() {
    let papers: Vec<Kind> = Kind::ALL.into_iter().filter(|kind| !kind.is_read()).collect();
    for stage in ["ministry-petition", "residence-permit"] {
        for paper in &papers {
            for file in FILES {
                let application = application(stage, &[Kind::Passport, Kind::Portrait, *paper]);
                let body = whole(&application, &[File::Opened, File::Opened, file]);
                let about = format!("{stage} {paper} {file:?}");
                let content = find_check(&body, &format!("{paper}.content"));
                assert_eq!(content.status, Status::NotRun, "{about}");
                assert_eq!(content.depends_on, ["file.opens"], "{about}");
                let reasons = if file == File::Opened { vec!["DOC_NOT_READ"] } else { Vec::new() };
                assert_eq!(codes(content), reasons, "{about}");
                assert!(body.documents[2].outcome > Status::Pass, "{about}");
                assert_eq!(body.kinds_not_read().into_iter().collect::<Vec<_>>(), [*paper]);
                assert_eq!(body.not_read[0].document_id, "D-2", "{about}");
            }
        }
    }
}

#[test]
fn a_complete_application_with_unread_papers_is_unsure_and_asks_a_reviewer() {
    for stage in ["ministry-petition", "residence-permit"] {
        let required = &Programme::built_in().last().unwrap().stages[stage].required;
        let body = whole(&application(stage, required), &vec![File::Opened; required.len()]);
        assert_eq!((body.outcome, body.advice), (Status::Unsure, Advice::Look), "{stage}");
        assert!(body.complete);
        for document in &body.documents {
            let outcome = if document.kind.is_read() { Status::Pass } else { Status::Unsure };
            assert_eq!(document.outcome, outcome, "{}: {:?}", document.kind, open_checks(&body));
        }
        assert_eq!(body.not_read.len(), required.len() - 2);
    }
}

/// Any mixture of files, by seed: no outcome is `pass`, and every unread kind is named.
#[test]
fn no_mixture_of_files_passes() {
    for seed in 0..300 {
        let mut random = Random::new(seed);
        let stage = random.pick(&["ministry-petition", "residence-permit"]);
        let mut kinds = vec![Kind::Passport, Kind::Portrait];
        kinds.extend(Kind::ALL.into_iter().filter(|kind| !kind.is_read() && random.chance(70)));
        let papers = kinds.iter().skip(2).map(|_| FILES[random.below(4) as usize]);
        let files: Vec<File> = [File::Opened; 2].into_iter().chain(papers).collect();
        let body = whole(&application(stage, &kinds), &files);
        assert!(body.outcome > Status::Pass, "{seed}");
        assert!(body.kinds_not_read().iter().eq(&kinds[2..]), "{seed}");
        for document in &body.documents {
            let passes = document.outcome == Status::Pass;
            assert_eq!(passes, document.kind.is_read(), "{seed}: {}", document.kind);
        }
    }
}

#[test]
fn an_optional_or_unexpected_paper_warns() {
    for optional in [&[][..], &[Kind::Cv]] {
        let programmes = [small_programme(optional)];
        let judge = |kinds: &[Kind], files: &[File]| {
            let application = application("small", kinds);
            judged(&application, files, |case| judge(case).unwrap(), &programmes)
        };
        let pair = [Kind::Passport, Kind::Portrait];
        let plain = judge(&pair, &[File::Opened; 2]);
        assert_eq!(plain.outcome, Status::Warn, "the form has no IIN");
        assert_eq!(plain.documents[0].outcome, Status::Pass);
        for file in FILES {
            let body = judge(
                &[Kind::Passport, Kind::Portrait, Kind::Cv],
                &[File::Opened, File::Opened, file],
            );
            assert_eq!(body.outcome, Status::Warn, "{file:?}");
            assert_eq!(body.documents[2].outcome, Status::Warn, "{file:?}");
        }
    }
}

#[test]
fn a_passport_or_portrait_that_is_not_there_is_named_too() {
    for file in [File::Locked, File::Missing, File::Pending] {
        let application = application("residence-permit", &[Kind::Passport, Kind::Portrait]);
        let body = whole(&application, &[file, file]);
        assert_eq!(find_check(&body, "passport.validity").status, Status::NotRun);
        assert_eq!(find_check(&body, "portrait.head_height").status, Status::NotRun);
        assert!(body.documents.iter().all(|document| document.outcome >= Status::Unsure));
        assert_eq!(body.not_read.len(), 2);
    }
    // pages on which nothing was found
    let application = application("residence-permit", &[Kind::Passport, Kind::Portrait]);
    let blank = [examined(Kind::Passport), examined(Kind::Portrait)];
    let body =
        super::judge_on(&application, &[("D-0", &blank[0]), ("D-1", &blank[1])], "2026-01-01");
    assert_eq!(body.not_read.len(), 2, "{:?}", body.documents);
}

#[test]
fn a_paper_judged_alone_does_not_pass() {
    for (kind, outcome) in [(Kind::Petition, Status::Unsure), (Kind::Other, Status::Warn)] {
        let application = application("residence-permit", &[kind]);
        let alone = |case: &Case<'_>| judge_single_document(case).unwrap();
        let body = judged(&application, &[File::Opened], alone, Programme::built_in());
        assert_eq!((body.outcome, body.advice), (outcome, Advice::Look));
        assert_eq!(body.documents[0].outcome, outcome);
        assert_eq!(body.not_read[0].kind, kind);
    }
}

/// A form that has not arrived yet is not a form without values.
#[test]
fn a_passport_judged_alone_passes_without_a_form() {
    let mut application = application("residence-permit", &[Kind::Passport]);
    application.applicant = Default::default();
    let alone = |case: &Case<'_>| judge_single_document(case).unwrap();
    let body = judged(&application, &[File::Opened], alone, Programme::built_in());
    assert_eq!((body.outcome, body.documents[0].outcome), (Status::Pass, Status::Pass));
    let whole = whole(&application, &[File::Opened]);
    assert_eq!(whole.documents[0].outcome, Status::Warn, "the form has no value");
}

#[test]
fn pages_on_which_nothing_was_read_are_named() {
    let with_pages = |mut examination: Examination| {
        let page = examination.pages[0].clone();
        examination.pages = (1..=3).map(|number| Page { number, ..page.clone() }).collect();
        examination.page_count = 3;
        examination
    };
    let (passport, portrait) = (with_pages(printed_passport()), with_pages(valid_portrait()));
    let application = application("residence-permit", &[Kind::Passport, Kind::Portrait]);
    let examinations = [("D-0", &passport), ("D-1", &portrait)];
    let body = super::judge_on(&application, &examinations, "2026-01-01");
    for (id, document) in [("passport.other_pages", 0), ("portrait.other_pages", 1)] {
        let check = find_check(&body, id);
        assert_eq!(check.status, Status::NotRun);
        assert_eq!(check.reasons[0].params["pages"], json!([2, 3]));
        assert_eq!(body.documents[document].outcome, Status::Warn);
    }
}

#[test]
fn print_and_measures_that_could_not_be_read_are_named() {
    let mut portrait = valid_portrait();
    let measures = &mut portrait.portrait.as_mut().unwrap().measures;
    measures.retain(|name, _| name != "border" && name != "jpeg_quality");
    let mut passport = printed_passport();
    passport.fields.retain(|field| field.source != Source::Visual);
    let application = application("residence-permit", &[Kind::Passport, Kind::Portrait]);
    let examinations = [("D-0", &passport), ("D-1", &portrait)];
    let body = super::judge_on(&application, &examinations, "2026-01-01");
    assert_eq!(codes(find_check(&body, "passport.visual")), ["DOC_VALUE_MISSING"]);
    // the file is no JPEG
    let reason = &find_check(&body, "portrait.measures").reasons[0];
    assert_eq!(reason.params["measure"], json!(["border"]));
    assert!(body.documents.iter().all(|document| document.outcome == Status::Warn));
}

/// An examination of an earlier version may have no page and no reason.
#[test]
fn a_file_without_a_page_never_opens() {
    let mut examination = examined(Kind::Passport);
    examination.pages.clear();
    let application = application("residence-permit", &[Kind::Passport]);
    let body = super::judge_on(&application, &[("D-0", &examination)], "2026-01-01");
    assert_eq!(codes(find_check(&body, "file.opens")), ["MACHINE_CHECK_UNAVAILABLE"]);
    examination.reasons.push(Reason::new(Code::FileActiveContent));
    let body = super::judge_on(&application, &[("D-0", &examination)], "2026-01-01");
    assert_eq!(find_check(&body, "file.opens").status, Status::Error);
}
