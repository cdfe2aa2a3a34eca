//! Like Jepsen's tests of queues: whichever process is killed, every confirmed
//! message leads to a verdict or a dead letter.

use std::collections::BTreeMap;
use std::fs;
use std::thread;

use tests::cluster::{Cluster, LIMIT};
use tests::services::wait_for;

use crate::assertions::assert_as_checked;
use crate::samples::{small, tiny_with_own_portrait};

/// Each worker waits after examining its document until the other has done so.
#[test]
fn two_workers_finish_the_documents_of_one_application_at_once() {
    let cluster = Cluster::start();
    for i in 0..4 {
        let meet = cluster.scratch(&format!("meet-{i}"));
        fs::create_dir(&meet).unwrap();
        let at = format!("document_examined:{}", meet.display());
        let environment = [("TEKSERU_WAIT_AT", at.as_str())];
        let lanes = ["--lane", "application,passport"];
        let _one = cluster.worker_with("w1", &lanes, &environment);
        let _two = cluster.worker_with("w2", &["--lane", "portrait"], &environment);
        let id = format!("AT-ONCE-{i}");
        let folder = small(&cluster, &id);
        cluster.submit(&folder);
        wait_for("both workers", LIMIT, || {
            (fs::read_dir(&meet).unwrap().count() == 2).then_some(())
        });
        fs::write(meet.join("go"), "").unwrap();
        assert_as_checked(&cluster.await_complete(&id), &folder);
        cluster.await_empty();
    }
    // each revision follows the one before it, and the newest one is attached
    let broken = cluster.sql(
        "SELECT count(*) FROM revisions r WHERE revision > 1 AND NOT EXISTS (
           SELECT 1 FROM revisions p WHERE p.application_id = r.application_id
             AND p.scope = r.scope AND p.revision = r.revision - 1
             AND r.verdict::json->'envelope'->>'previous_digest' = p.digest)",
    );
    assert_eq!(broken, "0");
    for i in 0..4 {
        let id = format!("AT-ONCE-{i}");
        let newest = cluster.sql(&format!(
            "SELECT digest FROM revisions WHERE application_id = 'portal/{id}' AND scope = ''
             ORDER BY revision DESC LIMIT 1"
        ));
        assert_eq!(cluster.verdict(&id).unwrap()["digest"], newest);
    }
}

#[test]
fn no_confirmed_message_is_lost() {
    const APPLICATIONS: u8 = 16;
    let cluster = Cluster::start_alone();
    let mut workers = [cluster.worker("w0"), cluster.worker("w1")];
    let _maintenance = [cluster.maintenance("k0"), cluster.maintenance("k1")];
    let mut folders = BTreeMap::new();
    for i in 0..APPLICATIONS {
        let id = format!("COUNTED-{i}");
        folders.insert(id.clone(), tiny_with_own_portrait(&cluster, &id, i));
    }
    thread::scope(|scope| {
        scope.spawn(|| {
            for folder in folders.values() {
                cluster.submit(folder);
                // a second time, like a portal that received no answer
                cluster.submit(folder);
            }
        });
        for round in 0..4 {
            let done = |count: usize| {
                folders.keys().filter(|id| cluster.verdict(id).is_some()).count() >= count
            };
            wait_for("some verdicts", LIMIT, || done(round * 3 + 1).then_some(()));
            match round {
                0 | 2 => {
                    workers[round / 2].kill();
                    workers[round / 2] = cluster.worker(&format!("w{}", round + 2));
                }
                1 => drop(cluster.broker.ctl(&["close_all_connections", "a test"])),
                _ => {
                    cluster.postgres.kill();
                    cluster.postgres.start();
                }
            }
        }
    });
    for (id, folder) in &folders {
        assert_as_checked(&cluster.await_none_pending(id), folder);
    }
    cluster.assert_all_told(folders.keys());
}
