//! The name of the examiner: everything that can change what is found in a file.
//!
//! An examination is stored under the hash of its file, its kind and this name. What is
//! built in is one hash, made by `build.rs`; what the machine has is read at the
//! first use. Features of the processor are not in it: results do not depend on them.

use std::sync::LazyLock;

use crate::engines::tesseract;
use crate::{open, passport};

/// Digits of each hash in the name.
const DIGITS: usize = 12;

/// Returns the examiner's name: version of this crate, hash of its code, and versions of
/// the libraries and language data on this machine. `none` stands for a missing one.
///
/// The first call loads tesseract, unless [`crate::warm()`] did. Call it in the process
/// that examines: its environment decides which language data is used.
#[must_use]
pub fn name() -> &'static str {
    static NAME: LazyLock<String> = LazyLock::new(|| {
        let code = &env!("TEKSERU_EXAMINER_HASH")[..DIGITS];
        let tesseract = tesseract::version().unwrap_or_else(|_| "none".to_owned());
        let languages = tesseract::language_data(&passport::LANGUAGES);
        let languages = languages.map_or_else(|_| "none".to_owned(), |d| d[..DIGITS].to_owned());
        format!(
            "tekseru-pipeline/{} code@{code} tesseract/{tesseract} languages@{languages} {} {} {}",
            env!("CARGO_PKG_VERSION"),
            open::jpeg_version(),
            open::heic_versions(),
            open::tiff_version(),
        )
    });
    &NAME
}

#[cfg(test)]
#[path = "../build/examiner_hash.rs"]
#[allow(dead_code, reason = "the tests below use a part of it")]
mod examiner_hash;

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use super::examiner_hash::{Inputs, MODULES_WITHOUT_EFFECT, SOURCES, without_tests};
    use super::*;

    /// Tests run in the folder of their package; `env!` would name the checkout that compiled them.
    fn package() -> PathBuf {
        std::env::current_dir().unwrap()
    }

    #[test]
    fn the_name_lists_code_and_libraries() {
        let words: Vec<&str> = name().split(' ').collect();
        let starts = [
            "tekseru-pipeline/0.",
            "code@",
            "tesseract/5.",
            "languages@",
            "libjpeg-turbo/2.",
            "libheif/1.",
            "libde265/",
            "libtiff/4.",
        ];
        assert_eq!(words.len(), starts.len(), "{words:?}");
        for (word, start) in words.iter().zip(starts) {
            assert!(word.strip_prefix(start).is_some_and(|rest| !rest.is_empty()), "{word}");
        }
        assert!(name().len() < 160 && name().is_ascii() && !name().contains("none"), "{}", name());
    }

    #[test]
    fn the_hash_is_that_of_this_checkout() {
        let package = &package();
        let hash = Inputs::new(package, package.parent().unwrap()).hash().unwrap();
        assert_eq!(hash, env!("TEKSERU_EXAMINER_HASH"));
    }

    /// A package in a workspace, in a folder that goes when this is dropped.
    struct Tree(tempfile::TempDir);

    impl Tree {
        fn new() -> Self {
            let tree = Self(tempfile::tempdir().unwrap());
            for (file, content) in [
                ("Cargo.toml", "[workspace.dependencies]\npng = \"1\"\ntoml = \"1\"\n"),
                (
                    "Cargo.lock",
                    "[[package]]\nname = \"png\"\nversion = \"1.0.0\"\nchecksum = \"aa\"\n\
                     dependencies = [\n \"flate\",\n]\n\n\
                     [[package]]\nname = \"flate\"\nversion = \"2.0.0\"\nchecksum = \"bb\"\n\n\
                     [[package]]\nname = \"toml\"\nversion = \"1.0.0\"\nchecksum = \"cc\"\n",
                ),
                (
                    "pipeline/Cargo.toml",
                    "[dependencies]\npng.workspace = true\ntoml.workspace = true\n\n\
                     [dev-dependencies]\nproptest.workspace = true\n",
                ),
                ("pipeline/src/examine.rs", "fn examine() {}\n"),
                ("pipeline/src/open/mod.rs", "mod png;\n\n#[cfg(test)]\nmod tests;\n"),
                ("pipeline/src/open/png.rs", "fn open() {}\n"),
                ("pipeline/src/open/jpeg.c", "int open() {}\n"),
                ("pipeline/src/open/tests.rs", "fn test() {}\n"),
                ("pipeline/src/judge/mod.rs", "fn judge() {}\n"),
                ("pipeline/texts/en.ftl", "text = Text\n"),
                ("pipeline/models/zone.onnx", "weights"),
                ("pipeline/models/README.md", "origin"),
                ("pipeline/fonts/letters.ttf", "outlines"),
            ] {
                tree.write(file, content);
            }
            tree
        }

        fn write(&self, file: &str, content: &str) {
            let file = self.0.path().join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, content).unwrap();
        }

        fn replace(&self, file: &str, from: &str, to: &str) {
            let text = fs::read_to_string(self.0.path().join(file)).unwrap();
            assert!(text.contains(from), "{file}: {from}");
            self.write(file, &text.replace(from, to));
        }

        fn hash(&self) -> Result<String, String> {
            Inputs::new(&self.0.path().join("pipeline"), self.0.path()).hash()
        }
    }

    /// Changes a tree and returns whether its hash changed.
    fn changes(change: impl FnOnce(&Tree)) -> bool {
        let tree = Tree::new();
        let before = tree.hash().unwrap();
        change(&tree);
        tree.hash().unwrap() != before
    }

    #[test]
    fn code_and_models_of_an_examination_change_the_hash() {
        for (file, from, to) in [
            ("pipeline/src/examine.rs", "examine()", "examine(kind: Kind)"),
            ("pipeline/src/open/png.rs", "{}", "{ 1 }"),
            ("pipeline/src/open/jpeg.c", "{}", "{ 1 }"),
            ("pipeline/models/zone.onnx", "weights", "others"),
            ("pipeline/fonts/letters.ttf", "outlines", "others"),
            ("Cargo.lock", "aa", "dd"),
            ("Cargo.lock", "bb", "dd"),
            ("Cargo.toml", "png = \"1\"", "png = { version = \"1\", features = [\"fast\"] }"),
        ] {
            assert!(changes(|tree| tree.replace(file, from, to)), "{file}");
        }
        let added = |tree: &Tree| tree.write("pipeline/src/paper/mod.rs", "fn read() {}\n");
        assert!(changes(added));
        let moved = |tree: &Tree| {
            tree.write("pipeline/src/open/tiff.rs", "fn open() {}\n");
            fs::remove_file(tree.0.path().join("pipeline/src/open/png.rs")).unwrap();
        };
        assert!(changes(moved));
    }

    #[test]
    fn other_code_leaves_the_hash() {
        for (file, from, to) in [
            ("pipeline/src/judge/mod.rs", "{}", "{ 1 }"),
            ("pipeline/texts/en.ftl", "Text", "Other"),
            ("pipeline/models/README.md", "origin", "source"),
            ("pipeline/src/open/tests.rs", "{}", "{ 1 }"),
            ("pipeline/src/open/png.rs", "\n", "\r\n"),
            ("Cargo.lock", "cc", "dd"),
            ("Cargo.toml", "toml = \"1\"", "toml = \"2\""),
            ("pipeline/Cargo.toml", "proptest", "insta"),
        ] {
            let change = |tree: &Tree| tree.replace(file, from, to);
            assert!(!changes(change), "{file}");
        }
        let added = |tree: &Tree| tree.write("pipeline/src/report/mod.rs", "fn html() {}\n");
        assert!(!changes(added));
        // another place of the checkout
        assert_eq!(Tree::new().hash(), Tree::new().hash());
    }

    #[test]
    fn a_missing_lock_file_is_named() {
        let tree = Tree::new();
        fs::remove_file(tree.0.path().join("Cargo.lock")).unwrap();
        let problem = tree.hash().unwrap_err();
        assert!(problem.contains("Cargo.lock"), "{problem}");
    }

    #[test]
    fn a_declaration_that_would_not_count_is_refused() {
        for (file, from, to) in [
            (
                "pipeline/Cargo.toml",
                "png.workspace = true",
                "png = { workspace = true, features = [\"x\"] }",
            ),
            ("Cargo.toml", "png = \"1\"", "png = { version = \"1\", features = [\n  \"x\",\n] }"),
        ] {
            let tree = Tree::new();
            tree.replace(file, from, to);
            assert!(tree.hash().unwrap_err().contains("png"), "{file}");
        }
    }

    #[test]
    fn items_of_tests_do_not_count() {
        let kept = "use a;\nfn f() {}\n";
        for tests in [
            "#[cfg(test)]\nmod tests;\n",
            "#[cfg(test)]\nmod tests {\n    fn f() {\n    }\n}\n",
            "#[cfg(test)]\n#[path = \"x.rs\"]\nmod tests;\n",
            "#[cfg(test)]\nconst ALL: [u8; 1] = [\n    1,\n];\n",
            "#[cfg(test)]\nconst ONE: u8 = 1;\n",
        ] {
            assert_eq!(without_tests(&format!("use a;\n{tests}fn f() {{}}\n")), kept, "{tests}");
        }
    }

    /// What an examination imports is in the hash, or named as without effect.
    #[test]
    fn every_import_of_an_examination_is_accounted_for() {
        let package = &package();
        let sources = Inputs::new(package, package.parent().unwrap()).sources().unwrap();
        assert!(sources.len() > 100, "only {} sources", sources.len());
        for (name, file) in sources {
            let text = without_tests(&fs::read_to_string(file).unwrap());
            let code: String = text.lines().filter(|line| !line.trim().starts_with("//")).collect();
            let imports = code.split("crate::").skip(1).flat_map(|import| {
                // one path, or a list of them in braces
                let (list, count) = match import.strip_prefix('{') {
                    Some(rest) => (rest.split('}').next().unwrap(), usize::MAX),
                    None => (import, 1),
                };
                list.split(',').take(count).map(str::trim)
            });
            for import in imports {
                let end = import.find(|c: char| !c.is_alphanumeric() && c != '_');
                let module = &import[..end.unwrap_or(import.len())];
                let is_hashed =
                    SOURCES.iter().any(|source| source.trim_end_matches(".rs") == module);
                assert!(
                    is_hashed || MODULES_WITHOUT_EFFECT.contains(&module),
                    "{name} imports {module}"
                );
            }
        }
    }
}
