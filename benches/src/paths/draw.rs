//! Draws an application: a passport and a portrait of its own, papers that all share.

use std::path::Path;

use fixtures::applications::sha256;
use fixtures::degrade::Degradation;
use fixtures::paper::{self, Paper};
use fixtures::passport::Specimen;
use fixtures::passport::varied::VariedPage;
use fixtures::{encode, iin, portrait, sets};
use serde_json::{Value, json};

use crate::accuracy::BenchError;

/// Draws the application of a seed into a folder.
///
/// # Errors
/// When a font is missing or a file cannot be written.
pub fn draw_application(folder: &Path, seed: u64) -> Result<(), BenchError> {
    let page = VariedPage::random(seed);
    let (print, _) = portrait::draw(&sets::random_portrait(seed));
    // one in two is scanned
    let print = if seed.is_multiple_of(2) {
        encode::jpeg(&print, 92)
    } else {
        Degradation::light(seed).encode(&print)
    };
    let holder = Specimen::eriksson();
    let text = |paper: Paper| paper::text_pdf(paper, &holder);
    let files = [
        ("passport", "passport.jpg", page.degradation.encode(&page.draw()?)),
        ("portrait", "portrait.jpg", print),
        ("passport_translation", "translation.pdf", text(Paper::PassportTranslation)),
        ("petition", "petition.pdf", text(Paper::Petition)),
        ("police_clearance", "clearance.pdf", paper::scanned(Paper::PoliceClearance, &holder, 0)?),
        ("questionnaire", "questionnaire.pdf", text(Paper::Questionnaire)),
    ];
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        std::fs::write(&path, bytes).map_err(|error| BenchError::file(&path, error))
    };
    std::fs::create_dir_all(folder).map_err(|error| BenchError::file(folder, error))?;
    for (_, name, bytes) in &files {
        write(name, bytes)?;
    }
    let documents: Vec<Value> = files
        .iter()
        .map(|(kind, file, bytes)| {
            json!({"document_id": kind, "kind": kind, "file": file, "sha256": sha256(bytes)})
        })
        .collect();
    let person = &page.specimen;
    let application = json!({
        "application_id": format!("PATHS-{seed}"),
        "stage": "residence-permit",
        "accepted_at": "2026-01-01T18:59:59Z",
        "applicant": {
            "birth_date": person.birth.to_string(),
            "citizenships": [person.nationality],
            "iin": iin::generate(person.birth, person.sex, 12),
            "names": [{
                "given_names": person.given_names,
                "script": "latin",
                "surname": person.surname,
            }],
            // a form has no filler for a sex that the passport leaves open
            "sex": Some(person.sex.to_string()).filter(|sex| sex != "<"),
        },
        "documents": documents,
    });
    write("application.json", application.to_string().as_bytes())
}
