use std::collections::BTreeMap;

use jiff::civil::date;
use pipeline::application::Application;
use pipeline::examination::{Examination, Field, FieldName, MediaType, Page, PageOrigin, Source};
use pipeline::examine::unreadable;
use pipeline::kind::Kind;
use pipeline::programme::Programme;
use pipeline::reason::{Code, Reason};
use pipeline::{Case, ExaminationOutcome};

use super::*;

const APPLICATION: &str = r#"{
    "application_id": "A-104", "stage": "residence-permit",
    "accepted_at": "2025-03-01T08:00:00Z",
    "documents": [
        {"document_id": "D-1", "kind": "passport", "file": "a\u202egpj.exe", "media_type": "image/png"},
        {"document_id": "D-2", "kind": "portrait", "object": {"bucket": "b", "key": "A-104/D-2"}},
        {"document_id": "D-3", "kind": "petition", "file": "petition.pdf"}]}"#;

fn field(name: FieldName, value: &str, sure: bool) -> Field {
    Field {
        name,
        value: value.to_owned(),
        raw: value.to_owned(),
        source: Source::Mrz,
        page: 1,
        polygon: Vec::new(),
        confidence: 0.9,
        alternatives: Vec::new(),
        changed: 0,
        possible_years: vec![1925, 2025],
        sure,
        basis: None,
        evidence: None,
    }
}

fn passport() -> Examination {
    let page = Page {
        number: 1,
        width: 1000,
        height: 700,
        dpi: None,
        rotation: 0,
        mirrored: false,
        origin: PageOrigin::Image,
    };
    Examination {
        media_type: Some(MediaType::Jpeg),
        page_count: 1,
        pages: vec![page],
        fields: vec![
            field(FieldName::Surname, "ERIKSSON\u{1b}[2J", true),
            field(FieldName::GivenNames, "ANNA MARIA", true),
            field(FieldName::DocumentNumber, "L898902C3", false),
            field(FieldName::DateOfExpiry, "25-06-30", true),
        ],
        reasons: Vec::new(),
        ..unreadable(b"passport", Kind::Passport, Reason::new(Code::FileCorrupt))
    }
}

fn verdict() -> Verdict {
    let application = Application::parse(APPLICATION.as_bytes()).unwrap();
    let passport = passport();
    let reason = Reason::new(Code::FileExhaustsTime).with("seconds", 60);
    let petition = unreadable(b"petition", Kind::Petition, reason);
    let case = Case {
        application: &application,
        examinations: BTreeMap::from([
            ("D-1", ExaminationOutcome::Examined(&passport)),
            ("D-2", ExaminationOutcome::Unavailable(Reason::new(Code::FileNotFound))),
            ("D-3", ExaminationOutcome::Examined(&petition)),
        ]),
        guessed_kinds: BTreeMap::new(),
        programmes: Programme::built_in(),
        received_at: "2025-03-01T08:00:00Z".parse().unwrap(),
        on: date(2025, 3, 2),
    };
    Verdict::new(pipeline::judge(&case).unwrap(), Default::default())
}

fn shown(columns: usize, unmask: bool) -> String {
    let application = Application::parse(APPLICATION.as_bytes()).unwrap();
    let applicant = Some(&application.applicant);
    let report = Path::new("A-104/verdict/report.html");
    let view = View { columns, unmask, applicant, report, save_command: None };
    let coloured = table(&verdict(), &view);
    assert!(coloured.contains("\u{1b}["), "colours are there");
    let plain = anstream::adapter::strip_str(&coloured).to_string();
    assert!(!plain.chars().any(|c| c.is_control() && c != '\n'), "control characters are not");
    plain
}

#[test]
fn the_table_reads_well() {
    insta::assert_snapshot!(shown(100, false));
}

#[test]
fn it_fits_narrow_terminals() {
    let narrow = shown(48, false);
    // ids and file names are kept in one piece
    let long = narrow.lines().filter(|line| width(line) > 48);
    let kept: Vec<&str> = long.filter(|line| !line.contains("D-")).collect();
    assert_eq!(kept, Vec::<&str>::new());
}

#[test]
fn names_and_numbers_are_shown_unmasked() {
    let secret = ["ERIKSSON", "ANNA", "L898902C3"];
    let masked = shown(100, false);
    assert!(!secret.iter().any(|word| masked.contains(word)));
    let open = shown(100, true);
    assert!(secret.iter().all(|word| open.contains(word)));
}
