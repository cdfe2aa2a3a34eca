//! What `check` says of stores that are well and of stores that are not.

use ::tests::services::s3::{Fault, S3Server, User};

use super::super::{Checked, Finding, Objects, S3};
use super::store::{OWNER, Store, WORKER, config, server};

async fn checked(server: &S3Server, user: &User) -> Vec<Checked> {
    let folder = tempfile::tempdir().unwrap();
    let config = config(&server.endpoint(), user, folder.path().to_owned());
    Objects::S3(S3::open(config).unwrap()).check().await
}

/// What is not good, as "warn what" or "bad what".
fn complaints(checked: &[Checked]) -> Vec<String> {
    let mut complaints = Vec::new();
    for Checked { what, finding } in checked {
        let (kind, met, mend) = match finding {
            Finding::Good => continue,
            Finding::Warn { met, mend } => ("warn", met, mend),
            Finding::Bad { met, mend } => ("bad", met, mend),
        };
        assert!(!met.is_empty() && !mend.is_empty(), "{what}");
        complaints.push(format!("{kind} {what}"));
    }
    complaints
}

#[tokio::test]
async fn a_worker_s_rights_are_enough() {
    let server = server();
    let checked = checked(&server, &WORKER).await;
    assert_eq!(complaints(&checked), [""; 0]);
    assert_eq!(checked.len(), 8);
    let left =
        std::fs::read_dir(server.file("results", "tekseru-check")).map_or(0, Iterator::count);
    assert_eq!(left, 0, "nothing is left behind");
}

#[tokio::test]
async fn more_rights_than_a_worker_needs_are_warned_of() {
    let server = server();
    assert_eq!(
        complaints(&checked(&server, &OWNER).await),
        ["warn uploads in uploads cannot be changed"]
    );
    let left =
        std::fs::read_dir(server.file("uploads", "tekseru-check")).map_or(0, Iterator::count);
    assert_eq!(left, 0, "nothing is left behind");
    let folder = Store::folder();
    assert_eq!(
        complaints(&folder.objects.check().await),
        ["warn uploads in uploads cannot be changed"]
    );
}

#[tokio::test]
async fn rights_that_are_missing_are_named() {
    let users = [
        User { id: "blind", reads: &["results"], ..WORKER },
        User { id: "mute", writes: &[], ..WORKER },
        User { id: "deaf", reads: &["uploads"], ..WORKER },
    ];
    let server = S3Server::start(&users, &["uploads", "results"]);
    let expected = [
        &["bad uploads in uploads can be read"][..],
        &["bad results can be written"],
        &["bad results can be read", "bad results can be listed", "bad results can be deleted"],
    ];
    for (user, expected) in users.iter().zip(expected) {
        assert_eq!(complaints(&checked(&server, user).await), expected, "{}", user.id);
    }
}

#[tokio::test]
async fn what_keeps_a_store_from_answering_is_told_alone() {
    let mut server = server();
    for user in [User { id: "nobody", ..OWNER }, User { secret: "wrong", ..OWNER }] {
        assert_eq!(complaints(&checked(&server, &user).await), ["bad credentials are accepted"]);
    }
    let faults = server.faults().clone();
    faults.always("DeleteObject", "results/", Fault::Answer(403, "AccessDenied"));
    assert_eq!(complaints(&checked(&server, &WORKER).await), ["bad results can be deleted"]);
    faults.always("GetObject", "", Fault::Answer(503, "SlowDown"));
    assert_eq!(complaints(&checked(&server, &WORKER).await), ["bad store answers"]);
    server.stop();
    assert_eq!(complaints(&checked(&server, &WORKER).await), ["bad store answers"]);
}
