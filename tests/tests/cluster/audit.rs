//! The audit and its anchors in the store.

use std::fs;
use std::process::Command;

use tests::cluster::Cluster;

/// A user with write access to the database can replace the whole chain: the new one is
/// intact, but its rows do not match the anchor.
#[test]
fn a_chain_that_was_replaced_is_found_by_its_anchor() {
    let cluster = Cluster::start();
    let (private, public) = (cluster.scratch("private.pem"), cluster.scratch("public.pem"));
    let openssl = |arguments: &[&str]| {
        assert!(Command::new("openssl").args(arguments).status().unwrap().success());
    };
    let (private, public) = (private.to_str().unwrap(), public.to_str().unwrap());
    openssl(&["genpkey", "-algorithm", "ed25519", "-out", private]);
    openssl(&["pkey", "-in", private, "-pubout", "-out", public]);
    cluster.succeed("operator", &["pause", "paper"]);
    cluster.succeed("operator", &["resume", "paper"]);

    let verify = ["audit", "verify", "--anchors", "--public-key", public];
    let without = cluster.run("operator", &verify);
    assert_eq!(without.status.code(), Some(1), "{}", tests::text(&without.stdout));
    cluster.succeed("maintenance", &["maintain", "--once", "--audit-key-file", private]);
    let anchored = cluster.succeed("operator", &verify);
    assert!(anchored.contains("intact    2 rows"), "{anchored}");
    assert!(anchored.contains("anchored  2 rows, audit/"), "{anchored}");
    let other = cluster.scratch("other.pem");
    let other = other.to_str().unwrap();
    openssl(&["genpkey", "-algorithm", "ed25519", "-out", private]);
    openssl(&["pkey", "-in", private, "-pubout", "-out", other]);
    let unsigned =
        cluster.run("operator", &["audit", "verify", "--anchors", "--public-key", other]);
    assert!(tests::text(&unsigned.stdout).contains("is signed by none of the keys"));

    let listed = cluster.succeed("operator", &["audit", "list"]);
    let user = fs::read_to_string("/proc/self/status").unwrap();
    let user = user.lines().find_map(|line| line.strip_prefix("Uid:\t")).unwrap();
    let user = format!("/{}@", user.split('\t').next().unwrap());
    assert!(listed.lines().all(|line| line.contains(&user)), "{listed}");
    assert!(listed.contains("lane.paused") && listed.lines().count() == 2, "{listed}");

    for statement in [
        "DROP TRIGGER audit_append_only ON audit",
        "DELETE FROM audit",
        "UPDATE audit_head SET number = 0, hash = ''",
    ] {
        drop(cluster.sql(statement));
    }
    cluster.succeed("operator", &["pause", "paper"]);
    cluster.succeed("operator", &["pause", "portrait"]);
    cluster.succeed("operator", &["audit", "verify"]);
    let found = cluster.run("operator", &verify);
    assert_eq!(found.status.code(), Some(1));
    let found = tests::text(&found.stdout);
    assert!(found.contains("row 2 has another hash now"), "{found}");
}
