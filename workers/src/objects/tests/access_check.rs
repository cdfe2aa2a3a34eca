//! Access checks of stores that are fine and of stores that are not.

use ::tests::services::s3::{Fault, S3Server, User};

use super::super::{AccessCheck, CheckResult, Objects, S3};
use super::store::{BUCKETS, OWNER, Store, WORKER, config, portal, server};

async fn checked(server: &S3Server, user: &User) -> Vec<AccessCheck> {
    let folder = tempfile::tempdir().unwrap();
    let config = config(&server.endpoint(), user, folder.path().to_owned());
    Objects::S3(S3::open(config).unwrap()).check_access(&[portal()]).await
}

/// Returns the checks that did not pass, as "warning NAME" or "failed NAME".
fn problems(checked: &[AccessCheck]) -> Vec<String> {
    let mut problems = Vec::new();
    for AccessCheck { name, result } in checked {
        let (kind, problem, fix) = match result {
            CheckResult::Passed => continue,
            CheckResult::Warning { problem, fix } => ("warning", problem, fix),
            CheckResult::Failed { problem, fix } => ("failed", problem, fix),
        };
        assert!(!problem.is_empty() && !fix.is_empty(), "{name}");
        problems.push(format!("{kind} {name}"));
    }
    problems
}

#[tokio::test]
async fn the_rights_of_a_worker_are_enough() {
    let server = server();
    let checked = checked(&server, &WORKER).await;
    assert_eq!(problems(&checked), [""; 0]);
    assert_eq!(checked.len(), 13);
    let left =
        std::fs::read_dir(server.file("evidence", "tekseru-check")).map_or(0, Iterator::count);
    assert_eq!(left, 0, "nothing is left behind");
}

#[tokio::test]
async fn more_rights_than_a_worker_needs_cause_a_warning() {
    let server = server();
    assert_eq!(
        problems(&checked(&server, &OWNER).await),
        ["warning uploads in uploads-portal cannot be changed"]
    );
    let left = std::fs::read_dir(server.file("uploads-portal", "tekseru-check"))
        .map_or(0, Iterator::count);
    assert_eq!(left, 0, "nothing is left behind");
    let folder = Store::folder();
    assert_eq!(
        problems(&folder.objects.check_access(&[portal()]).await),
        ["warning uploads in uploads-portal cannot be changed"]
    );
}

#[tokio::test]
async fn missing_rights_are_named() {
    let users = [
        User { id: "blind", reads: &["verdicts-portal", "evidence"], ..WORKER },
        User { id: "mute", writes: &[], ..WORKER },
        User { id: "deaf", reads: &["uploads-portal", "verdicts-portal"], ..WORKER },
    ];
    let server = S3Server::start(&users, &BUCKETS);
    let expected = [
        &["failed uploads in uploads-portal can be read"][..],
        &[
            "failed results in verdicts-portal can be written",
            "failed results in evidence can be written",
        ],
        &[
            "failed results in evidence can be read",
            "failed results in evidence can be listed",
            "failed results in evidence can be deleted",
        ],
    ];
    for (user, expected) in users.iter().zip(expected) {
        assert_eq!(problems(&checked(&server, user).await), expected, "{}", user.id);
    }
}

#[tokio::test]
async fn after_a_store_does_not_answer_nothing_else_is_checked() {
    let mut server = server();
    for user in [User { id: "nobody", ..OWNER }, User { secret: "wrong", ..OWNER }] {
        assert_eq!(problems(&checked(&server, &user).await), ["failed credentials are accepted"]);
    }
    let faults = server.faults().clone();
    faults.always("DeleteObject", "evidence/", Fault::Answer(403, "AccessDenied"));
    assert_eq!(
        problems(&checked(&server, &WORKER).await),
        ["failed results in evidence can be deleted"]
    );
    faults.always("GetObject", "", Fault::Answer(503, "SlowDown"));
    assert_eq!(problems(&checked(&server, &WORKER).await), ["failed store answers"]);
    server.stop();
    assert_eq!(problems(&checked(&server, &WORKER).await), ["failed store answers"]);
}
