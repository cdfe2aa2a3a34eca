//! Counts how many applications with unread papers pass: none may.
//!
//! `cargo run --release -p benches --bin unread`
//!
//! Each file is examined once for each kind under which it is sent. A third of the
//! applications is for a stage that requires passport and portrait only. Exit
//! status: 0; 1 if an application passes, or something unread is not named.

use std::collections::BTreeMap;
use std::process::ExitCode;

use benches::unread::{Drawn, People, Tally, draw, examined, good_people, judged, sheets};
use clap::Parser;
use pipeline::ExaminationOutcome;
use pipeline::examination::Examination;
use pipeline::kind::Kind;
use pipeline::programme::Programme;
use pipeline::status::Status;
use serde_json::json;

/// Judges applications whose papers nobody has read.
#[derive(Parser)]
struct Arguments {
    /// Number of applications.
    #[arg(long, default_value_t = 1000)]
    applications: u64,
    /// Number of passports and of portraits.
    #[arg(long, default_value_t = 20)]
    people: u64,
}

#[expect(clippy::print_stdout, reason = "the program prints its counts")]
fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let programmes = [programme()];
    let people = good_people(arguments.people);
    let sheets = sheets();
    let forms: Vec<_> = people.passports.iter().map(|(_, form)| form).collect();
    let counts = [people.portraits.len(), sheets.len()];
    println!("passports that pass alone: {} of {}", forms.len(), people.drawn[0]);
    println!("portraits that pass alone: {} of {}", counts[0], people.drawn[1]);
    println!("files sent as papers: {}", counts[1]);

    let mut known: BTreeMap<(usize, Kind), Examination> = BTreeMap::new();
    let mut tally = Tally::default();
    for seed in 0..arguments.applications {
        let drawn = draw(seed, &programmes[0], &forms, counts);
        for document in drawn.application.documents.iter().skip(2) {
            if let Some(sheet) = drawn.papers[&document.document_id] {
                let examine = || examined(&sheets[sheet].bytes, document.kind);
                known.entry((sheet, document.kind)).or_insert_with(examine);
            }
        }
        let outcomes = outcomes(&drawn, &people, &known);
        tally.add(&judged(&drawn.application, outcomes, &programmes));
    }
    let all = tally.applications();
    println!("applications: {all}, files examined: {}", known.len());
    for (status, count) in &tally.outcomes {
        println!("  outcome {}: {count}", status.name());
    }
    let passed = tally.outcomes.get(&Status::Pass).copied().unwrap_or(0);
    println!("  outcome pass: {passed} (bar: 0)");
    println!("passports that pass: {} (bar: {all})", tally.passed[0]);
    println!("portraits that pass: {} (bar: {all})", tally.passed[1]);
    println!("papers: {}, of these pass: {} (bar: 0)", tally.papers, tally.papers_passed);
    println!("  not named as unread: {} (bar: 0)", tally.unnamed);
    println!("  without a check of their content: {} (bar: 0)", tally.unchecked);
    let alone = count_alone(&people, &programmes);
    println!("the same passports and portraits without papers: {alone} of {} pass", forms.len());
    if tally.holds() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The programme of 2026 with a third stage, which requires passport and portrait only.
fn programme() -> Programme {
    let built_in = Programme::built_in();
    let mut programme = built_in[built_in.len() - 1].clone();
    let mut stage = programme.stages["residence-permit"].clone();
    stage.required = vec![Kind::Passport, Kind::Portrait];
    stage.optional = vec![Kind::Cv, Kind::Diploma, Kind::Petition];
    programme.stages.insert("small".to_owned(), stage);
    programme
}

fn outcomes<'a>(
    drawn: &'a Drawn,
    people: &'a People,
    known: &'a BTreeMap<(usize, Kind), Examination>,
) -> BTreeMap<&'a str, ExaminationOutcome<'a>> {
    let [passport, portrait] = drawn.person;
    let documents = drawn.application.documents.iter();
    documents
        .filter_map(|document| {
            let examination = match document.kind {
                Kind::Passport => &people.passports[passport].0,
                Kind::Portrait => &people.portraits[portrait],
                kind => &known[&(drawn.papers[&document.document_id]?, kind)],
            };
            Some((document.document_id.as_str(), ExaminationOutcome::Examined(examination)))
        })
        .collect()
}

/// Counts the applications of passport and portrait alone that pass: papers are then
/// the only cause of the other outcomes.
fn count_alone(people: &People, programmes: &[Programme]) -> usize {
    let documents = json!([
        {"document_id": "D-1", "kind": "passport", "file": "f"},
        {"document_id": "D-2", "kind": "portrait", "file": "f"}
    ]);
    let passes = |(passport, form): &&(Examination, serde_json::Value)| {
        let application = benches::unread::application("A", "small", form, &documents);
        let outcomes = BTreeMap::from([
            ("D-1", ExaminationOutcome::Examined(passport)),
            ("D-2", ExaminationOutcome::Examined(&people.portraits[0])),
        ]);
        judged(&application, outcomes, programmes).outcome == Status::Pass
    };
    people.passports.iter().filter(passes).count()
}
