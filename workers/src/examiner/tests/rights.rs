//! What a child may do: each layer of the sandbox alone, and the rights of its user.

use pipeline::open::LimitsFile;
use pipeline::verdict::Sandbox;

use super::real_children::{LIMITS, check_contained, new, zygote};
use super::*;
use crate::examiner::protocol::Layers;

/// Version of the running kernel: an older landlock knows no network or no signals.
fn kernel() -> (u32, u32) {
    let release = rustix::system::uname().release().to_string_lossy().into_owned();
    let mut numbers = release.split(['.', '-']).map(|number| number.parse().unwrap());
    (numbers.next().unwrap(), numbers.next().unwrap())
}

#[test]
fn each_layer_of_the_sandbox_holds_alone() {
    let with = |landlock, seccomp| {
        let mut examiner = new();
        examiner.layers = Layers { landlock, seccomp };
        examiner
    };
    let (landlock, seccomp) = (with(true, false), with(false, true));
    let mut by_landlock = vec![Probe::File];
    by_landlock.extend((kernel() >= (6, 7)).then_some(Probe::Connect));
    by_landlock.extend((kernel() >= (6, 12)).then_some(Probe::Signal));
    for probe in by_landlock {
        assert!(landlock.contains(probe).unwrap(), "landlock: {}", probe.description());
    }
    for probe in Probe::QUICK.into_iter().filter(|probe| !probe.is_limit()) {
        assert!(seccomp.contains(probe).unwrap(), "seccomp: {}", probe.description());
    }
}

#[test]
fn only_advice_that_allocators_give_is_allowed() {
    check_contained(Probe::Advise);
}

#[test]
fn a_child_has_no_capability_and_is_not_root() {
    let limits = ChildLimits { seconds: 2, ..LIMITS };
    for sandbox in [Sandbox::On, Sandbox::Off] {
        let examiner = Examiner::new(limits, LimitsFile::default()).with_sandbox(sandbox);
        let _ = examiner.name().unwrap();
        let zygote = zygote(&examiner).pid().unwrap();
        let status = std::thread::scope(|scope| {
            let probed = scope.spawn(|| examiner.contains(Probe::Time).unwrap());
            let child = wait_for_computing_child(zygote).as_raw_nonzero();
            let status = std::fs::read_to_string(format!("/proc/{child}/status")).unwrap();
            assert!(probed.join().unwrap());
            status
        });
        let line = |name: &str| -> Vec<&str> {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
            line.split_whitespace().collect()
        };
        for set in ["CapInh:", "CapPrm:", "CapEff:", "CapAmb:"] {
            assert_eq!(line(set), ["0000000000000000"], "{set}");
        }
        assert!(line("Uid:").iter().all(|user| *user != "0"), "{:?}", line("Uid:"));
        assert!(line("Gid:").iter().all(|group| *group != "0"), "{:?}", line("Gid:"));
        assert!(!line("Groups:").contains(&"0"));
        assert_eq!(line("NoNewPrivs:"), ["1"]);
    }
}
