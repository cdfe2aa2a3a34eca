//! `truth.tsv`: the content of each portrait of a folder. Columns are found by
//! name; an empty cell, or `-`, is unknown.

use std::collections::BTreeMap;
use std::path::Path;

use crate::accuracy::BenchError;

/// One picture.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Truth {
    /// Its file name.
    pub file: String,
    cells: BTreeMap<String, String>,
}

impl Truth {
    /// Reads the table of a folder.
    ///
    /// # Errors
    /// When it cannot be read, or lacks the columns file and n_faces.
    pub fn read(folder: &Path) -> Result<Vec<Self>, BenchError> {
        let path = folder.join("truth.tsv");
        let text =
            std::fs::read_to_string(&path).map_err(|error| BenchError::file(&path, error))?;
        let mut lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        let columns: Vec<&str> = lines.next().map_or("", |(_, line)| line).split('\t').collect();
        let fault = |line, fault| BenchError::Truth { path: path.clone(), line, fault };
        if !columns.contains(&"file") || !columns.contains(&"n_faces") {
            return Err(fault(1, "the columns file and n_faces are needed"));
        }
        lines
            .map(|(i, line)| {
                Self::row(&columns, line).ok_or_else(|| fault(i + 1, "no file's name"))
            })
            .collect()
    }

    fn row(columns: &[&str], line: &str) -> Option<Self> {
        let cells = columns.iter().zip(line.split('\t'));
        let known = cells.filter(|(_, cell)| !matches!(cell.trim(), "" | "-"));
        let cells: BTreeMap<String, String> =
            known.map(|(name, cell)| ((*name).to_owned(), cell.trim().to_owned())).collect();
        let file = cells.get("file")?.clone();
        let plain = !file.contains('/') && !file.starts_with("..");
        plain.then_some(Self { file, cells })
    }

    /// Returns a cell as a number.
    #[must_use]
    pub fn number(&self, column: &str) -> Option<f64> {
        self.cells.get(column)?.parse().ok()
    }

    /// Returns a cell as yes or no. `~` and `?` are unknown, any other text is yes.
    #[must_use]
    pub fn flag(&self, column: &str) -> Option<bool> {
        match self.cells.get(column)?.as_str() {
            "y" | "yes" | "1" | "true" => Some(true),
            "n" | "no" | "0" | "false" => Some(false),
            "~" | "?" => None,
            _ => Some(true),
        }
    }

    /// Returns the eye centres, the left one in the picture first.
    #[must_use]
    pub fn eyes(&self) -> Option<[[f64; 2]; 2]> {
        let at = |side: &str| {
            Some([
                self.number(&format!("eye_img_{side}_x"))?,
                self.number(&format!("eye_img_{side}_y"))?,
            ])
        };
        Some([at("left")?, at("right")?])
    }

    /// Returns whether officials accept such a picture.
    #[must_use]
    pub fn accepted(&self) -> bool {
        matches!(
            self.cells.get("class").map(String::as_str),
            Some("accepted" | "good" | "official" | "ok")
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_found_by_the_names_of_columns() {
        let columns = ["n_faces", "file", "eyes_open", "chin_y"];
        let row = Truth::row(&columns, "1\ta.jpg\t~\t12.5\tmore").unwrap();
        assert_eq!((row.number("n_faces"), row.number("chin_y")), (Some(1.0), Some(12.5)));
        assert_eq!((row.flag("eyes_open"), row.flag("glasses")), (None, None));
        assert!(Truth::row(&columns, "1\t../a.jpg").is_none());
    }
}
