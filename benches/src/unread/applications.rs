//! Draws applications: a good passport and portrait, and papers by seed.

use std::collections::BTreeMap;

use fixtures::random::Random;
use pipeline::application::Application;
use pipeline::kind::Kind;
use pipeline::programme::Programme;
use serde_json::{Value, json};

use super::people::application;

/// An application with the files of its documents.
pub struct Drawn {
    /// The application: passport, portrait, then papers.
    pub application: Application,
    /// Number of the passport, and of the portrait.
    pub person: [usize; 2],
    /// The file of each paper; `None` while it has not arrived.
    pub papers: BTreeMap<String, Option<usize>>,
}

/// Draws the application of a seed: every paper that the stage requires, some that it
/// allows, some that it does not know.
#[must_use]
pub fn draw(seed: u64, programme: &Programme, forms: &[&Value], counts: [usize; 2]) -> Drawn {
    let mut random = Random::new(seed);
    let mut below = |count: usize| random.below(count as u64) as usize;
    let stages: Vec<&String> = programme.stages.keys().collect();
    let name = stages[below(stages.len())];
    let stage = &programme.stages[name];
    let person = [below(forms.len()), below(counts[0])];
    let mut kinds = vec![Kind::Passport, Kind::Portrait];
    for kind in Kind::ALL.into_iter().filter(|kind| !kind.is_read()) {
        let percent = match kind {
            kind if stage.required.contains(&kind) => 100,
            kind if stage.optional.contains(&kind) => 60,
            _ => 15,
        };
        if below(100) < percent {
            kinds.push(kind);
        }
    }
    if kinds.len() == 2 {
        kinds.push(Kind::Other);
    }
    let id = |i: usize| format!("D-{}", i + 1);
    let papers =
        (2..kinds.len()).map(|i| (id(i), (below(100) < 97).then(|| below(counts[1])))).collect();
    let documents: Vec<Value> = (kinds.iter().enumerate())
        .map(|(i, kind)| json!({"document_id": id(i), "kind": kind, "file": "f"}))
        .collect();
    let form = forms[person[0]];
    let application = application(&format!("A-{seed}"), name, form, &documents.into());
    Drawn { application, person, papers }
}
