//! Ends servers and removes their folder when the test process is gone.
//!
//! Statics are never dropped and a killed process runs no code, so a shell
//! waits at the end of a pipe that closes with the process, however it ends.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

const WAIT_AND_END: &str = r#"
trap '' HUP INT QUIT TERM
cat > /dev/null
for pid in "$1"/*.pid; do
    [ -e "$pid" ] || continue
    kill -9 "$(cat "$pid")"
    for i in 1 2 3 4 5 6 7 8 9 10; do
        kill -0 "$(cat "$pid")" || break
        sleep 0.1
    done
done
rm -rf "$1"
"#;

/// A folder, and the servers whose process ids are noted in it.
pub struct Guard {
    folder: PathBuf,
    shell: Child,
}

impl Guard {
    /// Makes a folder of its own under the folder for temporary files.
    ///
    /// # Panics
    /// When there is no such folder or no shell.
    #[must_use]
    pub fn new(name: &str) -> Self {
        let folder = tempfile::Builder::new().prefix(name).tempdir().expect("a folder").keep();
        let shell = Command::new("/bin/sh")
            .args(["-c", WAIT_AND_END, "guard"])
            .arg(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("a shell");
        Self { folder, shell }
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Takes a server into its care.
    ///
    /// # Panics
    /// When the folder is gone.
    pub fn watch(&self, name: &str, server: &Child) {
        fs::write(self.pid_file(name), server.id().to_string()).expect("the folder is there");
    }

    /// Lets go of a server that has ended.
    pub fn forget(&self, name: &str) {
        let _ = fs::remove_file(self.pid_file(name));
    }

    fn pid_file(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.pid"))
    }
}

/// Ends what it watches and removes the folder, as the end of the process would.
impl Drop for Guard {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        let _ = self.shell.wait();
    }
}
