//! The one place that writes to stdout and stderr.
//!
//! A reader of stdout that goes away (`tekseru … | head`) ends the output and
//! not the work: what was asked for is still written to its files.

use std::io::{self, ErrorKind, IsTerminal, Write};
use std::time::Duration;

use anstream::AutoStream;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::cli::exit::Failure;

/// Columns where stdout is no terminal.
const COLUMNS: usize = 100;
/// Narrower than this nothing can be laid out.
const LEAST_COLUMNS: usize = 40;

/// Stdout, stderr and a progress bar between them.
pub(crate) struct Terminal {
    stdout: AutoStream<io::Stdout>,
    stderr: AutoStream<io::Stderr>,
    progress: ProgressBar,
    reader_gone: bool,
}

impl Terminal {
    /// Colours follow `NO_COLOR`, `CLICOLOR_FORCE` and whether a terminal is there.
    pub(crate) fn new() -> Self {
        Self {
            stdout: AutoStream::auto(io::stdout()),
            stderr: AutoStream::auto(io::stderr()),
            progress: ProgressBar::hidden(),
            reader_gone: false,
        }
    }

    /// Columns of stdout.
    pub(crate) fn columns(&self) -> usize {
        let size = terminal_size::terminal_size_of(io::stdout());
        size.map_or(COLUMNS, |(width, _)| usize::from(width.0).max(LEAST_COLUMNS))
    }

    /// Writes a text and a line feed to stdout.
    ///
    /// # Errors
    /// When stdout cannot be written, unless its reader has gone.
    pub(crate) fn say(&mut self, text: &str) -> Result<(), Failure> {
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
            written => {
                written.map_err(|error| Failure::Ours(format!("cannot write to stdout: {error}")))
            }
        }
    }

    /// Writes a line to stderr. There is nowhere to tell it if that fails.
    pub(crate) fn warn(&mut self, text: &str) {
        let Self { stderr, progress, .. } = self;
        let _ = progress.suspend(|| writeln!(stderr, "tekseru: {text}"));
    }

    /// Shows a bar on stderr, if that is a terminal and there is something to wait for.
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

    /// One more document is done.
    pub(crate) fn advance(&self) {
        self.progress.inc(1);
    }

    /// Takes the bar away.
    pub(crate) fn end_progress(&mut self) {
        self.progress.finish_and_clear();
        self.progress = ProgressBar::hidden();
    }
}
