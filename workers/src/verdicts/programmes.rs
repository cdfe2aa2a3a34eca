//! The programmes (dated rule sets) to judge by: the built-in ones, or those of given files.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::civil::Date;
use pipeline::application::MAX_DOCUMENTS;
use pipeline::judge::{ExpiryYears, local_day};
use pipeline::programme::Programme;

use crate::cli::Failure;
use crate::cli::files::{FileContent, read_file};

/// Largest programme file, in bytes; far above any real one.
const MAX_FILE: u64 = 1 << 20;

/// One or more programmes.
pub(crate) struct Programmes(Cow<'static, [Programme]>);

impl Programmes {
    /// Loads the programmes of the files, or the built-in ones when there are no files.
    ///
    /// # Errors
    /// Every fault of every file, with file, line and key.
    pub(crate) fn load(files: &[PathBuf]) -> Result<Self, Failure> {
        if files.is_empty() {
            return Ok(Self(Cow::Borrowed(Programme::built_in())));
        }
        let mut programmes = Vec::new();
        let mut faults = Vec::new();
        for file in files {
            match read(file) {
                Ok(programme) => programmes.push(programme),
                Err(fault) => faults.push(fault),
            }
        }
        if faults.is_empty() {
            Ok(Self(Cow::Owned(programmes)))
        } else {
            Err(Failure::Input(faults.join("\n")))
        }
    }

    /// Returns all programmes.
    pub(crate) fn all(&self) -> &[Programme] {
        &self.0
    }

    /// Returns the stages of the programme that holds at an instant.
    pub(crate) fn stages(&self, at: Timestamp) -> Vec<&str> {
        let chosen = Programme::choose(&self.0, self.day_of(at));
        let stages = chosen.map(|chosen| chosen.programme.stages.keys());
        stages.into_iter().flatten().map(String::as_str).collect()
    }

    /// Returns the most documents of one application, by the programme that holds at an instant.
    pub(crate) fn documents_at_most(&self, at: Timestamp) -> usize {
        let chosen = Programme::choose(&self.0, self.day_of(at));
        chosen.map_or(MAX_DOCUMENTS, |chosen| chosen.programme.documents_at_most)
    }

    /// Returns the civil day of an instant in the programme's time zone.
    pub(crate) fn day_of(&self, instant: Timestamp) -> Date {
        local_day(instant, self.0.first().map_or("UTC", |programme| &programme.timezone))
    }

    /// Returns the range of years that a two-digit year of expiry can mean, by the
    /// programme of that day.
    pub(crate) fn expiry_years(&self, on: Date) -> Option<ExpiryYears> {
        let chosen = Programme::choose(&self.0, on)?;
        Some(ExpiryYears::from_rule(&chosen.programme.rules.expiry_window))
    }
}

/// Reads and validates one programme file.
///
/// # Errors
/// Its faults, one a line, or why it could not be read.
pub(crate) fn read(file: &Path) -> Result<Programme, String> {
    let name = file.display().to_string();
    let bytes = match read_file(file, None, MAX_FILE) {
        Ok(FileContent::Bytes(bytes)) => bytes,
        Ok(FileContent::TooLarge { bytes }) => {
            return Err(format!("{name}: is too large for a programme file: {bytes} bytes"));
        }
        Err(error) => return Err(format!("{name}: {error}")),
    };
    let text = String::from_utf8(bytes).map_err(|_| format!("{name}: is not UTF-8 text"))?;
    Programme::parse(&name, &text).map_err(|faults| faults.to_string())
}
