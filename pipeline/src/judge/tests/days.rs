//! How findings change with the day of judging.

use std::collections::BTreeSet;

use jiff::civil::{Date, date};

use super::{application_with, judge_on, parse_application, valid_passport};
use crate::application::Application;
use crate::kind::Kind;
use crate::verdict::Body;

/// Who judges ahead of time relies on it: if the findings of a later day are those of today,
/// so are those of each day between.
#[test]
fn no_finding_comes_back_once_a_day_has_changed_it() {
    let petition = r#"{"application_id": "A", "stage": "ministry-petition",
        "accepted_at": "2026-06-01T06:00:00Z",
        "documents": [{"document_id": "D", "kind": "passport", "file": "f"}]}"#;
    let later_stage = parse_application(petition);
    let own_stage = application_with("passport", "2026-06-01T06:00:00Z");
    let every_kind = Kind::ALL.map(|kind| {
        let id = if kind == Kind::Passport { "D" } else { kind.name() };
        serde_json::json!({"document_id": id, "kind": kind.name(), "file": "f"})
    });
    let complete = parse_application(
        &serde_json::json!({"application_id": "A", "stage": "residence-permit",
            "accepted_at": "2026-06-01T06:00:00Z", "documents": every_kind})
        .to_string(),
    );
    let mut changes = 0;
    for application in [&own_stage, &later_stage, &complete] {
        for expiry in ["2026-05-01", "2026-06-01", "2026-11-28", "2026-12-20", "2031-01-01"] {
            changes += check(application, expiry);
        }
    }
    assert!(changes > 15, "only {changes} changes were seen");
}

/// Judges for each of 1,000 days, and returns how often findings changed.
fn check(application: &Application, expiry: &str) -> usize {
    let passport = valid_passport(expiry);
    let findings = |on: Date| {
        let body = judge_on(application, &[("D", &passport)], &on.to_string());
        findings(&body)
    };
    let days = date(2026, 4, 1).series(jiff::Span::new().days(1)).take(1000);
    let mut seen: Vec<Vec<String>> = Vec::new();
    for on in days {
        let found = findings(on);
        if seen.last() != Some(&found) {
            assert!(!seen.contains(&found), "{expiry}: findings come back on {on}");
            seen.push(found);
        }
    }
    seen.len() - 1
}

/// Status and codes of every check.
fn findings(body: &Body) -> Vec<String> {
    let finding = |check: &crate::verdict::Check| {
        let codes: BTreeSet<_> = check.reasons.iter().map(|reason| reason.code.name()).collect();
        format!("{} {:?} {codes:?}", check.id, check.status)
    };
    body.checks.iter().map(finding).collect()
}
