//! The duration of each stage on one core: open, passport, portrait, fingerprint, examine, judge.

use std::collections::BTreeMap;
use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use image::RgbImage;
use pipeline::application::Application;
use pipeline::examination::Examination;
use pipeline::kind::Kind;
use pipeline::open::{Limits, Picture, open};
use pipeline::programme::Programme;
use pipeline::{Case, ExaminationOutcome};

fn jpeg(picture: &RgbImage) -> Vec<u8> {
    fixtures::encode::jpeg(picture, 90)
}

fn picture(bytes: &[u8], kind: Kind) -> Picture {
    open(bytes, &Limits::for_kind(kind)).expect("it opens").picture(1).expect("it decodes")
}

fn stages(c: &mut Criterion) {
    let passports =
        [("1300px", jpeg(&benches::passport())), ("11mp", jpeg(&benches::large_passport()))];
    let portraits =
        [("413px", jpeg(&benches::portrait(413))), ("12mp", jpeg(&benches::portrait(3056)))];
    for (name, bytes) in &passports {
        c.bench_function(&format!("open/passport-{name}"), |b| {
            b.iter(|| picture(black_box(bytes), Kind::Passport));
        });
        let page = picture(bytes, Kind::Passport);
        c.bench_function(&format!("passport/{name}"), |b| {
            b.iter(|| pipeline::passport::read(black_box(&page)));
        });
        c.bench_function(&format!("fingerprint/{name}"), |b| {
            b.iter(|| pipeline::fingerprint::fingerprint_page(black_box(&page)));
        });
        examine(c, &format!("passport-{name}"), bytes, Kind::Passport);
    }
    for (name, bytes) in &portraits {
        let page = picture(bytes, Kind::Portrait);
        c.bench_function(&format!("portrait/{name}"), |b| {
            b.iter(|| pipeline::portrait::measure(black_box(&page)));
        });
        examine(c, &format!("portrait-{name}"), bytes, Kind::Portrait);
    }
    judge(c, &passports[0].1, &portraits[0].1);
}

fn examine(c: &mut Criterion, name: &str, bytes: &[u8], kind: Kind) {
    let limits = Limits::for_kind(kind);
    c.bench_function(&format!("examine/{name}"), |b| {
        b.iter(|| pipeline::examine(black_box(bytes), kind, &limits));
    });
}

fn judge(c: &mut Criterion, passport: &[u8], portrait: &[u8]) {
    let application = Application::parse(
        br#"{"application_id": "A", "stage": "residence-permit", "accepted_at": "2026-01-01T06:00:00Z",
        "applicant": {"names": [{"script": "latin", "surname": "ERIKSSON", "given_names": "ANNA MARIA"}],
                      "birth_date": "1974-08-12", "sex": "F", "citizenships": ["UTO"]},
        "documents": [{"document_id": "D-1", "kind": "passport", "file": "a"},
                      {"document_id": "D-2", "kind": "portrait", "file": "b"}]}"#,
    )
    .expect("it is in the published form");
    let examined = |bytes, kind| -> Examination {
        pipeline::examine(bytes, kind, &Limits::for_kind(kind)).examination
    };
    let (passport, portrait) =
        (examined(passport, Kind::Passport), examined(portrait, Kind::Portrait));
    let case = || Case {
        application: &application,
        examinations: BTreeMap::from([
            ("D-1", ExaminationOutcome::Examined(&passport)),
            ("D-2", ExaminationOutcome::Examined(&portrait)),
        ]),
        guessed_kinds: BTreeMap::new(),
        programmes: Programme::built_in(),
        received_at: jiff::Timestamp::UNIX_EPOCH,
        on: jiff::civil::date(2026, 1, 5),
    };
    c.bench_function("judge", |b| b.iter(|| pipeline::judge(black_box(&case()))));
}

criterion_group! {
    name = all;
    config = Criterion::default().sample_size(20);
    targets = stages
}
criterion_main!(all);
