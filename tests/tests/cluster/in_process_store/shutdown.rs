//! Workers that are stopped while the store does not answer.

use tests::cluster::{Cluster, LIMIT};
use tests::services::s3::Fault;
use tests::services::wait_for;

use crate::samples::tiny;

#[test]
fn sigterm_finishes_current_work_and_a_second_one_stops_at_once() {
    let cluster = Cluster::start();
    let faults = cluster.faults();
    faults.always("GetObject", "uploads-portal/", Fault::Hang);
    let count_gets = |requests: &[tests::services::s3::ReceivedRequest]| {
        requests.iter().filter(|one| one.operation == "GetObject").count()
    };

    // within the limit: current work is finished, no other delivery is accepted
    let mut worker = cluster.worker("w1");
    cluster.submit(&tiny(&cluster, "DRAIN-1"));
    wait_for("the first fetch", LIMIT, || (count_gets(&faults.requests()) == 1).then_some(()));
    worker.signal("TERM");
    worker.await_log("Draining");
    assert!(matches!(worker.get("/readyz"), Some((503, _))), "a draining worker is not ready");
    cluster.submit(&tiny(&cluster, "DRAIN-2"));
    faults.clear();
    assert_eq!(worker.await_end().code(), Some(0));
    assert_eq!(cluster.verdict("DRAIN-1").unwrap()["body"]["complete"], true);
    assert!(cluster.verdict("DRAIN-2").is_none());

    // past the limit, and after a second signal: the delivery returns to the queue for another worker
    faults.always("GetObject", "uploads-portal/DRAIN-2", Fault::Hang);
    for drain in ["1", "600"] {
        let before = count_gets(&faults.requests());
        let mut worker = cluster.worker_with("w2", &["--drain", drain], &[]);
        wait_for("a fetch", LIMIT, || (count_gets(&faults.requests()) > before).then_some(()));
        worker.signal("TERM");
        worker.await_log("Draining");
        if drain == "600" {
            worker.signal("TERM");
        }
        assert_eq!(worker.await_end().code(), Some(0), "--drain {drain}");
        assert!(cluster.verdict("DRAIN-2").is_none());
    }
    faults.clear();
    let _last = cluster.worker("w3");
    cluster.await_complete("DRAIN-2");
}
