//! The control group of this process: how much memory it may use.

use std::fs;
use std::num::NonZero;
use std::path::{Path, PathBuf};

/// Returns the lowest limit on memory of this process's control group and those above, in
/// MiB. Nothing where no limit is set.
pub(crate) fn memory_limit_mib() -> Option<NonZero<u64>> {
    let groups = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    let bytes = limit(&groups, Path::new("/sys/fs/cgroup"))?;
    NonZero::new((bytes >> 20).max(1))
}

/// A limit that the kernel prints for "none": the first version rounds 2^63 down to a page.
const UNLIMITED: u64 = 1 << 60;

fn limit(groups: &str, mount: &Path) -> Option<u64> {
    let files = groups.lines().flat_map(|line| files(line, mount));
    let limits = files.filter_map(|file| fs::read_to_string(file).ok()?.trim().parse().ok());
    limits.filter(|limit| *limit < UNLIMITED).min()
}

/// Returns the files that may hold a limit: in a container, the group's own is often at the
/// root of the mount, whatever path the kernel names.
fn files(line: &str, mount: &Path) -> Vec<PathBuf> {
    let mut parts = line.splitn(3, ':').skip(1);
    let (Some(controllers), Some(group)) = (parts.next(), parts.next()) else {
        return Vec::new();
    };
    let (mount, file) = match controllers {
        "" => (mount.to_owned(), "memory.max"),
        _ if controllers.split(',').any(|one| one == "memory") => {
            (mount.join("memory"), "memory.limit_in_bytes")
        }
        _ => return Vec::new(),
    };
    let group = Path::new(group.trim_start_matches('/'));
    group.ancestors().map(|above| mount.join(above).join(file)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(groups: &str, written: &[(&str, &str)], expected: Option<u64>) {
        let mount = tempfile::tempdir().unwrap();
        for (file, limit) in written {
            let file = mount.path().join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, limit).unwrap();
        }
        assert_eq!(limit(groups, mount.path()), expected);
    }

    #[test]
    fn the_lowest_limit_on_the_way_up_counts() {
        let two = "0::/pods/one\n";
        check(two, &[("pods/one/memory.max", "max\n"), ("pods/memory.max", "1000\n")], Some(1000));
        check(two, &[("pods/one/memory.max", "10\n"), ("pods/memory.max", "1000\n")], Some(10));
        check(two, &[("memory.max", "7\n")], Some(7));
        check(two, &[("pods/two/memory.max", "7\n")], None);
        let one = "9:name=systemd:/\n4:cpu,memory:/a\n0::/\n";
        let none = "9223372036854771712\n";
        check(one, &[("memory/a/memory.limit_in_bytes", none)], None);
        let set = [("memory/a/memory.limit_in_bytes", none), ("memory/memory.limit_in_bytes", "5")];
        check(one, &set, Some(5));
        check("nonsense", &[], None);
    }
}
