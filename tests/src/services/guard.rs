//! Stops servers and removes their folder when the test process has ended.
//!
//! Statics are never dropped, and a killed process runs no code. A shell
//! therefore reads from a pipe, which the kernel closes when the test process
//! ends for any reason.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

const WAIT_AND_STOP: &str = r#"
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

/// A folder with the process ids of servers that must not outlive the test process.
pub struct Guard {
    folder: PathBuf,
    shell: Child,
}

impl Guard {
    /// Creates a folder below the folder for temporary files.
    ///
    /// # Panics
    /// When the folder cannot be created or there is no shell.
    #[must_use]
    pub fn new(name: &str) -> Self {
        let folder = tempfile::Builder::new().prefix(name).tempdir().expect("a folder").keep();
        let shell = Command::new("/bin/sh")
            .args(["-c", WAIT_AND_STOP, "guard"])
            .arg(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("a shell");
        Self { folder, shell }
    }

    /// Returns the folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Registers a server.
    ///
    /// # Panics
    /// When the folder does not exist any more.
    pub fn watch(&self, name: &str, server: &Child) {
        fs::write(self.pid_file(name), server.id().to_string()).expect("the folder exists");
    }

    /// Removes a server that has ended.
    pub fn unwatch(&self, name: &str) {
        let _ = fs::remove_file(self.pid_file(name));
    }

    fn pid_file(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.pid"))
    }
}

/// Stops the servers and removes the folder, as the end of the process does.
impl Drop for Guard {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        let _ = self.shell.wait();
    }
}
