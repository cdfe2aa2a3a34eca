//! Judges drawn documents: of other kinds, passports of every code, and passports of
//! which a part is hidden.

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use fixtures::degrade::Degradation;
use fixtures::passport::damage::{Hiding, draw_hidden};
use fixtures::passport::{other, varied::VariedPage};
use jiff::Timestamp;
use pipeline::application::Application;
use pipeline::examination::{Examination, FieldName};
use pipeline::examine::examine;
use pipeline::judge::{Case, ExaminationOutcome, judge};
use pipeline::kind::Kind;
use pipeline::open::Limits;
use pipeline::programme::Programme;
use pipeline::status::Status;

use super::BenchError;

/// What was drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Set {
    /// Documents that are no travel passports.
    Others,
    /// Passports.
    Passports,
    /// Passports of which a part is covered or cut off.
    Hidden,
}

/// What became of one drawn document.
#[derive(Clone, Debug)]
pub struct JudgedDocument {
    /// Its seed.
    pub seed: u64,
    /// The printed document code, or what is hidden.
    pub label: String,
    /// The lines as read.
    pub read: Vec<String>,
    /// Whether `passport.document` passes.
    pub document: bool,
    /// Whether `passport.validity` passes.
    pub validity: bool,
    /// Names of sure fields.
    pub sure: Vec<&'static str>,
    /// Whether a sure field has another value than the printed one.
    pub wrong: bool,
    /// Codes of the examination's reasons.
    pub codes: Vec<&'static str>,
}

/// Draws and judges the documents of the seeds `0..count`.
///
/// # Errors
/// When a font is missing.
pub fn judge_documents(
    set: Set,
    count: usize,
    threads: usize,
    progress: fn(usize, usize),
) -> Result<Vec<JudgedDocument>, BenchError> {
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..threads.clamp(1, count.max(1)) {
            scope.spawn(|| {
                loop {
                    let i = next.fetch_add(1, Ordering::Relaxed);
                    if i >= count {
                        break;
                    }
                    let judged = draw_and_judge(set, i as u64);
                    let Ok(mut done) = done.lock() else { break };
                    done.push(judged);
                    progress(done.len(), count);
                }
            });
        }
    });
    let done = done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    let mut judged = done.into_iter().collect::<Result<Vec<_>, _>>()?;
    judged.sort_by_key(|one| one.seed);
    Ok(judged)
}

/// Returns the file of a document, its page and what the table calls it.
///
/// # Errors
/// When a font is missing.
pub fn draw(set: Set, seed: u64) -> Result<(Vec<u8>, VariedPage, String), BenchError> {
    let code = |page: &VariedPage| page.specimen.lines()[0][..2].to_owned();
    match set {
        Set::Others | Set::Passports => {
            let page = if set == Set::Others {
                other::other_document(seed)
            } else {
                other::passport(seed)
            };
            let label = format!("{} {}", page.specimen.format.name(), code(&page));
            Ok((page.degradation.encode(&page.draw()?), page, label))
        }
        Set::Hidden => {
            let all = Hiding::all();
            let hiding = all[seed as usize % all.len()];
            let page = other::passport(seed);
            let picture = draw_hidden(&page, hiding, seed)?;
            let plain = Degradation::none(seed);
            let bytes = Degradation { jpeg_quality: page.degradation.jpeg_quality, ..plain };
            Ok((bytes.encode(&picture), page, format!("{} {hiding:?}", hiding.name())))
        }
    }
}

/// Writes the files of a set to a folder.
///
/// # Errors
/// When a font is missing or a file cannot be written.
pub fn keep(set: Set, count: usize, folder: &Path) -> Result<(), BenchError> {
    std::fs::create_dir_all(folder).map_err(|error| BenchError::file(folder, error))?;
    for seed in 0..count as u64 {
        let path = folder.join(format!("{set:?}-{seed:05}.jpg").to_lowercase());
        std::fs::write(&path, draw(set, seed)?.0)
            .map_err(|error| BenchError::file(&path, error))?;
    }
    Ok(())
}

fn draw_and_judge(set: Set, seed: u64) -> Result<JudgedDocument, BenchError> {
    let (bytes, page, label) = draw(set, seed)?;
    let examination =
        examine(&bytes, Kind::Passport, &Limits::for_kind(Kind::Passport)).examination;
    let passes = passing_checks(&examination);
    let has = |id: &str| passes.iter().any(|check| check == id);
    let zone = examination.zones.first();
    Ok(JudgedDocument {
        seed,
        label,
        read: zone.map(|zone| zone.lines.clone()).unwrap_or_default(),
        document: has("passport.document"),
        validity: has("passport.validity"),
        sure: examination.fields.iter().filter(|f| f.sure).map(|f| f.name.name()).collect(),
        wrong: has_wrong_sure_field(&examination, &page),
        codes: examination.reasons.iter().map(|reason| reason.code.name()).collect(),
    })
}

/// Returns the ids of the passing checks of an application with this document alone.
fn passing_checks(examination: &Examination) -> Vec<String> {
    const APPLICATION: &str = r#"{"application_id": "A", "stage": "residence-permit",
        "accepted_at": "2026-01-02T06:00:00Z",
        "documents": [{"document_id": "D", "kind": "passport", "file": "f"}]}"#;
    let Ok(application) = Application::parse(APPLICATION.as_bytes()) else { return Vec::new() };
    let case = Case {
        application: &application,
        examinations: [("D", ExaminationOutcome::Examined(examination))].into(),
        guessed_kinds: std::collections::BTreeMap::new(),
        programmes: Programme::built_in(),
        received_at: Timestamp::UNIX_EPOCH,
        on: jiff::civil::date(2026, 1, 5),
    };
    let body = judge(&case).map(|body| body.checks).unwrap_or_default();
    body.into_iter().filter(|check| check.status == Status::Pass).map(|check| check.id).collect()
}

fn has_wrong_sure_field(examination: &Examination, page: &VariedPage) -> bool {
    let specimen = &page.specimen;
    let day = |day: String| day[2..].to_owned();
    examination.fields.iter().filter(|field| field.sure).any(|field| match field.name {
        FieldName::DateOfExpiry => !field.value.ends_with(&day(specimen.expiry.to_string())),
        FieldName::DateOfBirth => !field.value.ends_with(&day(specimen.birth.to_string())),
        FieldName::DocumentNumber if specimen.zone_override.is_empty() => {
            field.value.replace(' ', "") != specimen.number
        }
        _ => false,
    })
}

/// Whether the reasons say that a part is hidden or that the zone is not legible.
#[must_use]
pub fn is_explained(one: &JudgedDocument) -> bool {
    one.codes.iter().any(|code| matches!(*code, "MRZ_COVERED" | "MRZ_CUT"))
}

/// Returns a table: for each group of labels how many documents pass what.
#[must_use]
pub fn table(set: Set, judged: &[JudgedDocument]) -> String {
    use std::fmt::Write as _;
    const CONSEQUENCES: [&str; 3] =
        ["PASSPORT_TYPE_WRONG", "EXP_NO_EXPIRY_PRINTED", "MRZ_COUNTRY_UNKNOWN"];
    let group = |one: &JudgedDocument| one.label.split(' ').next().unwrap_or("").to_owned();
    let mut names: Vec<String> = judged.iter().map(group).collect();
    names.sort();
    names.dedup();
    let mut text = format!(
        "{:16}{:>7}{:>10}{:>10}{:>7}{:>12}{:>12}{:>12}{:>14}{:>12}\n",
        format!("{set:?}"),
        "count",
        "document",
        "validity",
        "sure",
        "sure, wrong",
        "covered/cut",
        "type wrong",
        "consequences",
        "unread"
    );
    for name in names.iter().map(Some).chain([None]) {
        let some: Vec<&JudgedDocument> =
            judged.iter().filter(|one| name.is_none_or(|name| group(one) == *name)).collect();
        let count = |of: &dyn Fn(&JudgedDocument) -> bool| some.iter().filter(|v| of(v)).count();
        let has =
            |one: &JudgedDocument, codes: &[&str]| one.codes.iter().any(|c| codes.contains(c));
        // writing to a string does not fail
        let _ = writeln!(
            text,
            "{:16}{:>7}{:>10}{:>10}{:>7}{:>12}{:>12}{:>12}{:>14}{:>12}",
            name.map_or("all", String::as_str),
            some.len(),
            count(&|one| one.document),
            count(&|one| one.validity),
            count(&|one| one.sure.contains(&"date_of_expiry")),
            count(&|one| one.wrong),
            count(&is_explained),
            count(&|one| has(one, &["PASSPORT_TYPE_WRONG"])),
            count(&|one| has(one, &CONSEQUENCES)),
            count(&|one| has(one, &["MRZ_NOT_FOUND", "MRZ_UNREADABLE"])),
        );
    }
    text
}

/// Lists the documents that break a bar or read otherwise than expected.
#[must_use]
pub fn list(set: Set, judged: &[JudgedDocument]) -> String {
    let odd = |one: &&JudgedDocument| match set {
        Set::Others => one.document || one.validity,
        Set::Passports => !one.document || !one.validity,
        Set::Hidden => !is_explained(one) || one.document || one.validity || one.wrong,
    };
    let line = |one: &JudgedDocument| {
        format!("{} {} {:?}\n  {}\n", one.seed, one.label, one.codes, one.read.join("\n  "))
    };
    judged.iter().filter(odd).map(line).collect()
}

/// Whether no document passes, or is sure, that must not.
#[must_use]
pub fn is_right(set: Set, judged: &[JudgedDocument]) -> bool {
    set == Set::Passports && !judged.iter().any(|one| one.wrong)
        || set != Set::Passports
            && !judged.iter().any(|one| one.document || one.validity)
            && !judged.iter().any(|one| one.wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn judged(set: Set, count: usize) -> Vec<JudgedDocument> {
        let judged = judge_documents(set, count, 2, |_, _| {}).unwrap();
        assert!(is_right(set, &judged), "{}", list(set, &judged));
        judged
    }

    #[test]
    fn no_document_of_another_kind_passes_as_a_passport() {
        judged(Set::Others, 24);
    }

    #[test]
    fn most_passports_pass() {
        let judged = judged(Set::Passports, 12);
        assert!(judged.iter().filter(|one| one.document && one.validity).count() >= 9);
    }

    #[test]
    fn passports_of_which_a_part_is_hidden_pass_nothing() {
        let judged = judged(Set::Hidden, 12);
        assert!(judged.iter().filter(|one| is_explained(one)).count() >= 9);
    }
}
