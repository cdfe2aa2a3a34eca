//! The one place that writes to stdout and stderr.
//!
//! When the reader of stdout closes it (`tekseru … | head`), output stops and
//! work continues: results are still written to their files.

use std::io::{self, ErrorKind, IsTerminal, Write};
use std::time::Duration;

use anstream::AutoStream;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::exit::Exit;
use super::failure::Failure;
use super::text::{escaped, escaped_json};

/// Width where stdout is not a terminal.
const DEFAULT_COLUMNS: usize = 100;
/// Narrower tables are not readable.
const MIN_COLUMNS: usize = 40;

/// Stdout, stderr and a progress bar that does not disturb either.
pub(crate) struct Terminal {
    stdout: AutoStream<io::Stdout>,
    stderr: AutoStream<io::Stderr>,
    progress: ProgressBar,
    reader_gone: bool,
}

impl Terminal {
    /// Colours depend on `NO_COLOR`, `CLICOLOR_FORCE` and on whether the stream is a terminal.
    pub(crate) fn new() -> Self {
        Self {
            stdout: AutoStream::auto(io::stdout()),
            stderr: AutoStream::auto(io::stderr()),
            progress: ProgressBar::hidden(),
            reader_gone: false,
        }
    }

    /// Returns the width of stdout.
    pub(crate) fn columns(&self) -> usize {
        let size = terminal_size::terminal_size_of(io::stdout());
        size.map_or(DEFAULT_COLUMNS, |(width, _)| usize::from(width.0).max(MIN_COLUMNS))
    }

    /// Writes a text and a line feed to stdout.
    ///
    /// # Errors
    /// When stdout cannot be written; a reader that closed it is not an error.
    pub(crate) fn print(&mut self, text: &str) -> Result<(), Failure> {
        if self.reader_gone {
            return Ok(());
        }
        let Self { stdout, progress, .. } = self;
        let written = progress.suspend(|| writeln!(stdout, "{text}").and_then(|()| stdout.flush()));
        match written {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.reader_gone = true;
                Ok(())
            }
            written => written
                .map_err(|error| Failure::Internal(format!("cannot write to stdout: {error}"))),
        }
    }

    /// Writes JSON and a line feed to stdout, so that no value in it controls the terminal.
    ///
    /// # Errors
    /// As [`Self::print`].
    pub(crate) fn print_json(&mut self, json: &str) -> Result<(), Failure> {
        self.print(&escaped_json(json))
    }

    /// Writes a warning to stderr. A failure to do so cannot be reported anywhere.
    pub(crate) fn warn(&mut self, text: &str) {
        let Self { stderr, progress, .. } = self;
        let _ = progress.suspend(|| writeln!(stderr, "tekseru: {text}"));
    }

    /// Writes a failure to stderr, a line each, and returns the status to end with.
    pub(crate) fn report(&mut self, failure: &Failure) -> Exit {
        for line in failure.to_string().lines() {
            self.warn(&escaped(line));
        }
        failure.exit()
    }

    /// Shows a progress bar on stderr, if stderr is a terminal and there is work.
    pub(crate) fn start_progress(&mut self, documents: usize) {
        if !io::stderr().is_terminal() || documents == 0 {
            return;
        }
        let style = ProgressStyle::with_template("{bar:30} {pos}/{len} documents, {elapsed} {msg}");
        self.progress = ProgressBar::with_draw_target(
            Some(documents as u64),
            ProgressDrawTarget::stderr_with_hz(8),
        );
        if let Ok(style) = style {
            self.progress.set_style(style);
        }
        self.progress.enable_steady_tick(Duration::from_millis(250));
    }

    /// Counts one more finished document.
    pub(crate) fn advance(&self) {
        self.progress.inc(1);
    }

    /// Removes the progress bar.
    pub(crate) fn end_progress(&mut self) {
        self.progress.finish_and_clear();
        self.progress = ProgressBar::hidden();
    }
}
