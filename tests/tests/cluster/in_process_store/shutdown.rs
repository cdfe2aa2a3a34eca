//! Workers that are told to stop while the store does not answer.

use tests::cluster::{Cluster, LIMIT};
use tests::services::s3::Fault;
use tests::services::wait_for;

use crate::samples::tiny;

#[test]
fn sigterm_lets_work_in_hand_finish_and_a_second_stops_at_once() {
    let cluster = Cluster::start();
    let faults = cluster.faults();
    faults.always("GetObject", "uploads/", Fault::Hang);
    let getting = |seen: &[tests::services::s3::ReceivedRequest]| {
        seen.iter().filter(|one| one.operation == "GetObject").count()
    };

    // within the limit: what is in hand is finished, nothing more is taken
    let mut worker = cluster.worker("w1");
    cluster.submit(&tiny(&cluster, "DRAIN-1"));
    wait_for("the first fetch", LIMIT, || (getting(&faults.requests()) == 1).then_some(()));
    worker.signal("TERM");
    worker.await_log("Draining");
    assert!(matches!(worker.get("/readyz"), Some((503, _))), "a draining worker is not ready");
    cluster.submit(&tiny(&cluster, "DRAIN-2"));
    faults.clear();
    assert_eq!(worker.await_end().code(), Some(0));
    assert_eq!(cluster.verdict("DRAIN-1").unwrap()["body"]["complete"], true);
    assert!(cluster.verdict("DRAIN-2").is_none());

    // past the limit, and by a second signal: it goes back and another does it
    faults.always("GetObject", "uploads/DRAIN-2", Fault::Hang);
    for drain in ["1", "600"] {
        let before = getting(&faults.requests());
        let mut worker = cluster.worker_with("w2", &["--drain", drain], &[]);
        wait_for("a fetch", LIMIT, || (getting(&faults.requests()) > before).then_some(()));
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
