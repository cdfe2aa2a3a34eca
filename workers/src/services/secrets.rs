//! Where secrets come from: a variable, a file, or a credential of systemd.
//!
//! A file is not inherited by other processes and is in no crash report of the
//! environment. Arguments may not contain secrets: every user of the machine sees them.

use std::ffi::OsStr;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use crate::runtime::secret::Secret;

/// Longest secret in bytes; addresses and keys are far shorter.
const LONGEST: u64 = 16 << 10;

/// A secret as the command line and the environment give it.
pub(super) struct SecretSource<'a> {
    /// Name of the variable.
    pub(super) name: &'static str,
    pub(super) value: Option<&'a Secret>,
    /// A file that contains it.
    pub(super) file: Option<&'a Path>,
}

impl SecretSource<'_> {
    /// Returns the secret, if there is one.
    ///
    /// # Errors
    /// When its file cannot be read, it is given twice, or it is in an argument.
    pub(super) fn find(&self) -> Result<Option<Secret>, String> {
        let folder = std::env::var_os("CREDENTIALS_DIRECTORY").map(PathBuf::from);
        self.find_among(std::env::args_os(), folder.as_deref())
    }

    fn find_among(
        &self,
        arguments: impl Iterator<Item = impl AsRef<OsStr>>,
        credentials: Option<&Path>,
    ) -> Result<Option<Secret>, String> {
        let name = self.name;
        if let Some(value) = self.value {
            if self.file.is_some() {
                return Err(format!("{name} and {name}_FILE are both set: which one counts?"));
            }
            check_arguments(name, value, arguments)?;
            return Ok(Some(value.clone()));
        }
        let credential = credentials.map(|folder| folder.join(self.credential()));
        let credential = credential.filter(|file| self.file.is_none() && file.exists());
        let file = self.file.map(Path::to_owned).or(credential);
        file.map(|file| read(&file).map_err(|why| format!("{name}: {}: {why}", file.display())))
            .transpose()
    }

    /// Returns the name of the credential: `amqp-url` for `TEKSERU_AMQP_URL`.
    fn credential(&self) -> String {
        let name = self.name.strip_prefix("TEKSERU_").unwrap_or(self.name);
        name.to_ascii_lowercase().replace('_', "-")
    }
}

fn check_arguments(
    name: &str,
    secret: &Secret,
    mut arguments: impl Iterator<Item = impl AsRef<OsStr>>,
) -> Result<(), String> {
    let secret = secret.reveal();
    // an address without a password is no secret
    let is_secret = match secret.split_once("://") {
        Some((_, rest)) => rest.rsplit_once('@').is_some_and(|(user, _)| user.contains(':')),
        None => !secret.starts_with("sqlite:"),
    };
    let is_argument =
        |argument: &OsStr| argument.to_string_lossy().strip_suffix(secret).is_some_and(is_option);
    if is_secret && arguments.any(|argument| is_argument(argument.as_ref())) {
        return Err(format!(
            "{name}: every user of this machine can see arguments: set the variable, or \
             {name}_FILE to a file that contains it"
        ));
    }
    Ok(())
}

/// Whether the text before a value makes it the value of an option: `--name=`, or nothing.
fn is_option(before: &str) -> bool {
    before.is_empty() || before.ends_with('=')
}

fn read(file: &Path) -> Result<Secret, String> {
    let mut text = String::new();
    let opened = File::open(file).map_err(|error| error.to_string())?;
    opened.take(LONGEST + 1).read_to_string(&mut text).map_err(|error| error.to_string())?;
    if text.len() as u64 > LONGEST {
        return Err(format!("has more than {LONGEST} bytes"));
    }
    // editors end a file with a line break
    let text = text.strip_suffix('\n').unwrap_or(&text);
    let text = text.strip_suffix('\r').unwrap_or(text);
    if text.is_empty() {
        return Err("is empty".to_owned());
    }
    if text.contains(['\n', '\0']) {
        return Err("has more than one line".to_owned());
    }
    Ok(Secret::new(text))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn find(
        value: Option<&str>,
        file: Option<&Path>,
        arguments: &[&str],
        credentials: Option<&Path>,
    ) -> Result<Option<String>, String> {
        let value = value.map(Secret::new);
        let source = SecretSource { name: "TEKSERU_AMQP_URL", value: value.as_ref(), file };
        let found = source.find_among(arguments.iter(), credentials);
        found.map(|secret| secret.map(|secret| secret.reveal().to_owned()))
    }

    #[test]
    fn a_secret_comes_from_a_variable_a_file_or_a_credential() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("url");
        fs::write(&file, "amqp://file\n").unwrap();
        fs::write(folder.path().join("amqp-url"), "amqp://credential\r\n").unwrap();
        let (file, folder) = (Some(file.as_path()), Some(folder.path()));
        let found = |text: &str| Ok(Some(text.to_owned()));
        assert_eq!(find(None, None, &[], None), Ok(None));
        assert_eq!(find(None, None, &[], folder), found("amqp://credential"));
        assert_eq!(find(None, file, &[], folder), found("amqp://file"));
        assert_eq!(find(Some("amqp://variable"), None, &[], folder), found("amqp://variable"));
        assert!(find(Some("amqp://variable"), file, &[], None).unwrap_err().contains("both"));
    }

    #[test]
    fn a_file_that_is_no_secret_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("url");
        assert!(find(None, Some(&file), &[], None).unwrap_err().contains("No such file"));
        for (text, why) in [("\n", "empty"), ("a\nb\n", "one line"), (&"a".repeat(20_000), "bytes")]
        {
            fs::write(&file, text).unwrap();
            let problem = find(None, Some(&file), &[], None).unwrap_err();
            assert!(problem.contains(why) && !problem.contains("aaa"), "{problem}");
        }
    }

    #[test]
    fn arguments_contain_no_password() {
        let secret = "amqp://user:hunter2@host";
        for arguments in [&["work", "--amqp-url", secret][..], &[&format!("--amqp-url={secret}")]] {
            let problem = find(Some(secret), None, arguments, None).unwrap_err();
            assert!(problem.contains("TEKSERU_AMQP_URL_FILE") && !problem.contains("hunter2"));
        }
        // from the environment, or without a password
        assert!(find(Some(secret), None, &["work"], None).is_ok());
        for plain in ["amqp://host", "sqlite:state/registry.db", "postgres://user@host/name"] {
            assert!(find(Some(plain), None, &["--url", plain], None).is_ok(), "{plain}");
        }
    }
}
