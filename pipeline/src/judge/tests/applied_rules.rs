//! Every rule of a built-in programme is applied: it is named by a check of a full
//! case, by the time limit or by a note.

use std::collections::BTreeSet;

use toml::de::{DeTable, DeValue};

use super::portrait::measured_portrait;
use super::{examined, judge_on, parse_application, valid_passport};
use crate::examination::{Examination, Exif};
use crate::kind::Kind;
use crate::programme::{Programme, RANGED_MEASURES, Stage};
use crate::verdict::Body;

/// Returns the tables that hold a rule, by their path; those of other stages are left out.
fn tables(text: &str, stage: &str) -> BTreeSet<String> {
    fn walk(table: &DeTable<'_>, path: &str, found: &mut BTreeSet<String>) {
        if ["source", "for_stage"].iter().any(|key| table.contains_key(*key)) {
            found.insert(path.to_owned());
        }
        for (name, value) in table {
            if let DeValue::Table(inner) = value.get_ref() {
                walk(inner, &format!("{path}/{}", name.get_ref()), found);
            }
        }
    }
    let mut found = BTreeSet::new();
    walk(DeTable::parse(text).unwrap().get_ref(), "", &mut found);
    let other_stage = |path: &String| {
        let mut parts = path.split('/').skip(1);
        parts.next() == Some("stages") && parts.next() != Some(stage)
    };
    found.retain(|path| !other_stage(path));
    found
}

fn full_case(programme: &Programme, name: &str, stage: &Stage) -> Body {
    let on = programme.effective_from;
    let kinds: Vec<Kind> = stage.required.iter().chain(&stage.optional).copied().collect();
    let documents: Vec<String> = kinds
        .iter()
        .map(|kind| format!(r#"{{"document_id": "{kind}", "kind": "{kind}", "file": "f"}}"#))
        .collect();
    let application = parse_application(&format!(
        r#"{{"application_id": "A", "stage": "{name}", "accepted_at": "{on}T06:00:00Z",
            "applicant": {{"iin": "740812400004", "birth_date": "1974-08-12", "sex": "F",
                "names": [{{"script": "latin", "surname": "ERIKSSON", "given_names": "ANNA"}}]}},
            "documents": [{}]}}"#,
        documents.join(", ")
    ));
    let examinations: Vec<(&str, Examination)> =
        kinds.iter().map(|kind| (kind.name(), examination(*kind))).collect();
    let examinations: Vec<(&str, &Examination)> =
        examinations.iter().map(|(id, examination)| (*id, examination)).collect();
    judge_on(&application, &examinations, &on.to_string())
}

fn examination(kind: Kind) -> Examination {
    match kind {
        Kind::Passport => valid_passport("2033-01-01"),
        Kind::Portrait => {
            let others = ["aspect_ratio", "width_px", "height_px", "colour", "head_height_hair_mm"];
            let names = RANGED_MEASURES.iter().map(|(name, _)| *name).chain(others);
            let measures: Vec<_> = names.chain(["eye_line_mm"]).map(|it| (it, 1.0, None)).collect();
            let taken = Some("2025-01-01T10:00:00".to_owned());
            let exif = Some(Exif { orientation: 1, taken });
            Examination { exif, ..measured_portrait(&measures, 1) }
        }
        other => examined(other),
    }
}

/// Returns what the body applied, by the path of its table.
fn applied(body: &Body) -> BTreeSet<String> {
    let id = &body.programme.id;
    let rules = body.checks.iter().filter_map(|check| check.rule.as_ref());
    let rules = rules.chain(body.dates.clock.iter().map(|clock| &clock.rule));
    let rules = rules.map(|rule| {
        let table = rule.id.strip_prefix(&format!("{id}/")).unwrap().replace('.', "/");
        if table.starts_with("stages/") { format!("/{table}") } else { format!("/rules/{table}") }
    });
    rules.chain(body.programme.notes.iter().map(|note| format!("/notes/{}", note.id))).collect()
}

#[test]
fn every_table_of_the_file_is_applied_in_its_stage() {
    for ((name, text), programme) in Programme::FILES.iter().zip(Programme::built_in()) {
        for (stage_name, stage) in &programme.stages {
            let body = full_case(programme, stage_name, stage);
            assert_eq!(body.programme.id, programme.id);
            let mut expected = tables(text, stage_name);
            expected.retain(|path| !path.starts_with("/sources"));
            let applied = applied(&body);
            let unused: Vec<&String> = expected.difference(&applied).collect();
            assert!(unused.is_empty(), "{name}, {stage_name}: nothing applies {unused:?}");
            let unknown: Vec<&String> = applied.difference(&expected).collect();
            assert!(unknown.is_empty(), "{name}, {stage_name}: not in the file: {unknown:?}");
        }
    }
}

#[test]
fn tables_of_a_file_are_found() {
    let text = "[sources.a]\n[rules.b]\nsource = 'a'\n[rules.c.d]\nsource = 'a'\n\
                [stages.s]\nsource = 'a'\n[stages.s.e]\nfor_stage = 't'\n[stages.t]\nsource = 'a'\n";
    let found = tables(text, "s");
    let expected = ["/rules/b", "/rules/c/d", "/stages/s", "/stages/s/e"];
    assert_eq!(found.iter().map(String::as_str).collect::<Vec<_>>(), expected);
}
