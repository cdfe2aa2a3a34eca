//! Which vector instructions our own loops use. The choice changes their speed and
//! never a result; `docs/decisions/judging.md` says how.
//!
//! Unsafe code is allowed here for the call of a function compiled for AVX2, which is
//! made only where the processor has it.
#![allow(unsafe_code)]

use std::sync::LazyLock;

/// `off` makes a process use the instructions that every processor has, so that
/// tests can compare results.
pub const PATHS_VARIABLE: &str = "TEKSERU_VECTOR_PATHS";

/// The value of `GLIBC_TUNABLES` that switches off the paths of glibc's mathematical
/// functions; it is read when a process starts.
pub const GLIBC_PATHS_OFF: &str = "glibc.cpu.hwcaps=-AVX512F,-AVX2,-AVX,-FMA";

/// The environment of a process that uses no path, in our loops or in glibc.
pub const PATHS_OFF: [(&str, &str); 2] =
    [(PATHS_VARIABLE, "off"), ("GLIBC_TUNABLES", GLIBC_PATHS_OFF)];

/// Instructions that a loop may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum VectorPath {
    /// What every processor of the architecture has.
    Baseline,
    /// 256-bit registers of x86-64.
    #[cfg(target_arch = "x86_64")]
    Avx2(HasAvx2),
}

/// Proof that this processor has AVX2; only [`fastest`] makes one.
#[cfg(target_arch = "x86_64")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct HasAvx2(());

impl VectorPath {
    /// Runs a loop compiled for these instructions, as far as the compiler joins it and
    /// what it calls into one function.
    #[inline(always)]
    pub(crate) fn run<R>(self, work: impl FnOnce() -> R) -> R {
        match self {
            Self::Baseline => work(),
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the path is a proof that the processor has AVX2.
            Self::Avx2(_) => unsafe { run_with_avx2(work) },
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn run_with_avx2<R>(work: impl FnOnce() -> R) -> R {
    work()
}

/// Returns the path that this process uses.
pub(crate) fn path() -> VectorPath {
    static PATH: LazyLock<VectorPath> =
        LazyLock::new(|| if paths_are_off() { VectorPath::Baseline } else { fastest() });
    *PATH
}

/// Returns the fastest path of this processor.
pub(crate) fn fastest() -> VectorPath {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") {
        return VectorPath::Avx2(HasAvx2(()));
    }
    VectorPath::Baseline
}

/// Whether [`PATHS_VARIABLE`] switches the paths of this process off.
#[must_use]
pub fn paths_are_off() -> bool {
    static OFF: LazyLock<bool> =
        LazyLock::new(|| std::env::var_os(PATHS_VARIABLE).is_some_and(|value| value == "off"));
    *OFF
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};
    use std::process::{Child, Command, Stdio};

    use fixtures::degrade::Degradation;
    use fixtures::paper::{Paper, scanned, text_pdf};
    use fixtures::passport::Specimen;
    use fixtures::portrait::{self, Portrait};
    use fixtures::{encode, passport};

    use super::*;
    use crate::examine;
    use crate::kind::Kind;
    use crate::open::Limits;

    /// Folder whose files the child of the test below examines.
    const FOLDER: &str = "TEKSERU_TEST_FOLDER";

    const KINDS: [Kind; 6] = [
        Kind::Passport,
        Kind::Passport,
        Kind::Portrait,
        Kind::Portrait,
        Kind::PoliceClearance,
        Kind::PoliceClearance,
    ];

    /// One file for each way into the pictures and networks. A child must not draw them:
    /// the mathematical functions of the drawing are switched too.
    fn files() -> [Vec<u8>; 6] {
        let holder = Specimen::eriksson();
        let page = passport::draw(&holder).unwrap();
        let photographed = Degradation::hand_held(3).encode(&page);
        let print =
            Portrait { width_px: 413, height_px: 531, tilt_degrees: 3.0, ..Portrait::default() };
        let print = portrait::draw(&print).0;
        [
            encode::jpeg(&page, 85),
            photographed,
            encode::jpeg(&print, 90),
            Degradation::light(5).encode(&print),
            text_pdf(Paper::PoliceClearance, &holder),
            scanned(Paper::PoliceClearance, &holder, 0).unwrap(),
        ]
    }

    fn start(folder: &Path, environment: &[(&str, &str)]) -> Child {
        Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "engines::vector::tests::as_child", "--ignored", "--nocapture"])
            .env_remove(PATHS_VARIABLE)
            .env_remove("GLIBC_TUNABLES")
            .env(FOLDER, folder)
            .envs(environment.iter().copied())
            .stdout(Stdio::null())
            .spawn()
            .unwrap()
    }

    #[test]
    fn examinations_are_the_same_without_vector_paths() {
        let folder = tempfile::tempdir().unwrap();
        for (i, bytes) in files().iter().enumerate() {
            fs::write(folder.path().join(i.to_string()), bytes).unwrap();
        }
        let children = [start(folder.path(), &[]), start(folder.path(), &PATHS_OFF)];
        assert!(children.into_iter().all(|mut child| child.wait().unwrap().success()));
        let fastest = format!("{:?}", fastest());
        for (i, kind) in KINDS.into_iter().enumerate() {
            let read = |path: &str| fs::read_to_string(folder.path().join(format!("{i}.{path}")));
            // each child names its files by the path that it used
            let (with, without) = (read(&fastest).unwrap(), read("Baseline").unwrap());
            assert!(with == without, "file {i}:\n{with}\n{without}");
            let seen = match kind {
                Kind::Passport => with.contains(r#""name":"document_number""#),
                Kind::Portrait => with.contains(r#""right_eye""#),
                _ => with.contains(r#""media_type":"application/pdf""#),
            };
            assert!(seen, "file {i}:\n{with}");
        }
    }

    #[test]
    #[ignore = "the child of the test above"]
    fn as_child() {
        let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else { return };
        for (i, kind) in KINDS.into_iter().enumerate() {
            let bytes = fs::read(folder.join(i.to_string())).unwrap();
            let examined = examine(&bytes, kind, &Limits::for_kind(kind));
            let json = serde_json::to_string(&examined.examination).unwrap();
            fs::write(folder.join(format!("{i}.{:?}", path())), json).unwrap();
        }
    }
}
