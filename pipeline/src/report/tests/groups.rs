//! Which checks become findings, in what order.

use serde_json::json;

use crate::reason::Code;
use crate::report::groups::group;
use crate::report::specimen;
use crate::status::Status;
use crate::verdict::{Body, Check};

fn check(id: &str, status: Status, required: bool, after: &[&str]) -> Check {
    let check = json!({
        "id": id, "status": status, "required": required, "depends_on": after,
        "fixable_by": "nobody", "retryable": false,
    });
    serde_json::from_value(check).unwrap()
}

fn check_with_reason(id: &str, document: Option<&str>, code: Code) -> Check {
    Check {
        document_id: document.map(str::to_owned),
        reasons: vec![crate::reason::Reason::new(code)],
        ..check(id, code.status(), true, &[])
    }
}

#[track_caller]
fn check_groups(checks: &[Check], groups: &[&str], quiet: &[&str]) {
    let body = Body { checks: checks.to_vec(), ..specimen::troubled().verdict.body };
    let (found, rest) = group(&body);
    let ids = |checks: &[&Check]| {
        checks.iter().map(|check| check.id.as_str()).collect::<Vec<_>>().join(" ")
    };
    let shown: Vec<String> = found
        .iter()
        .map(|group| {
            let all: Vec<&Check> = group.all().collect();
            format!("{} < {}", ids(&all), ids(&group.waiting)).trim_end_matches(" < ").to_owned()
        })
        .collect();
    assert_eq!(shown, groups);
    assert_eq!(ids(&rest), quiet.join(" "));
}

#[test]
fn the_gravest_comes_first_and_required_before_advisory() {
    use Status::{Error, Fail, NotApplicable, Pass, Unsure, Warn};
    check_groups(
        &[
            check("a", Warn, false, &[]),
            check("b", Warn, true, &[]),
            check("c", Fail, true, &[]),
            check("d", Pass, true, &[]),
            check("e", Unsure, true, &[]),
            check("f", Error, true, &[]),
            check("g", NotApplicable, true, &[]),
        ],
        &["f", "c", "e", "b", "a"],
        &["d", "g"],
    );
}

#[test]
fn a_check_that_was_not_run_is_shown_under_its_cause() {
    use Status::{NotRun, Pass, Unsure};
    check_groups(
        &[
            check("zone", Unsure, true, &[]),
            check("digits", NotRun, true, &["zone"]),
            check("validity", NotRun, true, &["digits"]),
            check("sex", NotRun, false, &["zone"]),
            check("birth", NotRun, false, &["form"]),
            check("form", Pass, true, &[]),
        ],
        &["zone < digits validity sex", "birth"],
        &["form"],
    );
}

#[test]
fn files_that_have_not_arrived_are_one_finding_and_a_circle_ends() {
    use Status::NotRun;
    check_groups(
        &[
            check("opens-1", NotRun, true, &["arrives"]),
            check("opens-2", NotRun, true, &["arrives"]),
            check("x", NotRun, true, &["y"]),
            check("y", NotRun, true, &["x"]),
        ],
        &["opens-1 < opens-2", "x", "y"],
        &[],
    );
}

#[test]
fn missing_documents_are_one_finding_and_an_unopened_one_is_shown_under_its_file() {
    check_groups(
        &[
            check_with_reason("set.petition", None, Code::SetMissing),
            check_with_reason("set.portrait", None, Code::SetMissing),
            check_with_reason("set.questionnaire", None, Code::SetUnreadable),
            check_with_reason("set.cv", None, Code::SetUnreadable),
            check_with_reason("file.opens", Some("D-4"), Code::FileEncrypted),
        ],
        &["set.petition set.portrait", "file.opens < set.questionnaire", "set.cv"],
        &[],
    );
}
