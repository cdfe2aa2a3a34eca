//! Files that break their readers, and other files that come beside them.

use std::collections::BTreeSet;

use tests::cluster::{Cluster, LIMIT, Process, SHORT_RETRIES};
use tests::services::{signal, wait_for};

use crate::assertions::{assert_as_checked, codes_of};
use crate::kills::blamed_files;
use crate::samples::{slow, tiny, with_paper};

/// Waits until so many children compute that were not seen before.
pub(crate) fn new_children(worker: &Process, seen: &mut BTreeSet<u32>, count: usize) -> Vec<u32> {
    wait_for("children that compute", LIMIT, || {
        let mut children = worker.computing_grandchildren();
        children.retain(|child| !seen.contains(child));
        (children.len() == count).then(|| {
            seen.extend(&children);
            children
        })
    })
}

/// The children of two files crash, and the second attempt at one of them lasts for as long
/// as its neighbours take.
#[test]
fn a_second_attempt_keeps_no_neighbour_waiting() {
    let cluster = Cluster::start();
    let two = ["--lane-slots", "paper=2", "--jobs", "2"];
    let mut worker = cluster.worker_with("w1", &two, &SHORT_RETRIES);
    let ids = ["HOSTILE-1", "HOSTILE-2"];
    for (id, number) in ids.into_iter().zip(1..) {
        cluster.submit(&slow(&cluster, id, number));
    }
    let mut seen = BTreeSet::new();
    for first in new_children(&worker, &mut seen, 2) {
        signal(first, "ABRT");
    }
    let second = new_children(&worker, &mut seen, 1)[0];
    signal(second, "STOP");
    for folder in [with_paper(&cluster, "NEIGHBOUR-1"), tiny(&cluster, "NEIGHBOUR-2")] {
        cluster.submit(&folder);
        let id = folder.file_name().unwrap().to_str().unwrap();
        assert_as_checked(&cluster.await_complete(id), &folder);
    }
    assert!(worker.grandchildren().contains(&second), "it ended before its neighbours");
    assert_eq!(blamed_files(&cluster), "0", "the end of one attempt is not an answer");
    seen.extend(worker.grandchildren());
    signal(second, "ABRT");
    signal(second, "CONT");
    for other in new_children(&worker, &mut seen, 1) {
        signal(other, "ABRT");
    }
    for id in ids {
        let verdict = cluster.await_none_pending(id);
        assert!(
            codes_of(&verdict, "portfolio").contains(&"FILE_BREAKS_READER".to_owned()),
            "{verdict}"
        );
    }
    cluster.await_empty();
    assert_eq!(blamed_files(&cluster), "2");
    assert_eq!(cluster.messages("dead"), 0);
    let (_, metrics) = worker.get("/metrics").unwrap();
    for code in ["EXAMINER_UNANSWERED", "EXAMINER_OCCUPIED"] {
        assert!(metrics.contains(&format!("code=\"{code}\"")), "{metrics}");
    }
}
