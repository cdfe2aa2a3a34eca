//! Misread pages, one by one.

use std::fmt::Write as _;

use super::score::Score;

/// Returns one entry for each misread page: each differing line as printed and
/// as read, with marks under the characters that differ.
#[must_use]
pub fn list_misread_pages(scores: &[Score]) -> String {
    let mut text = String::new();
    for score in scores.iter().filter(|score| score.is_faulty()) {
        write_page(&mut text, score);
    }
    text
}

fn write_page(text: &mut String, score: &Score) {
    let Score { truth, .. } = score;
    let mut remarks = Vec::new();
    if score.refused {
        remarks.push("does not open".to_owned());
    } else if score.read.is_empty() {
        remarks.push("no zone found".to_owned());
    }
    if !score.expiry {
        remarks.push(format!("expiry {}, read {:?}", truth.expiry, score.expiry_read));
    }
    if score.wrong {
        remarks.push("SURE BUT WRONG".to_owned());
    }
    if score.sure && !score.valid {
        remarks.push("SURE THOUGH A PRINTED CHECK DIGIT IS WRONG".to_owned());
    }
    // writing to a string does not fail
    let _ = writeln!(text, "\n{} {}: {}", truth.file, truth.format, remarks.join("; "));
    for (i, printed) in truth.lines.iter().enumerate() {
        let Some(read) = score.read.get(i).filter(|read| *read != printed) else { continue };
        let _ = writeln!(
            text,
            "  printed {printed}\n  read    {read}\n          {}",
            mark_differences(printed, read)
        );
    }
}

/// Returns `^` under every character that differs, or is missing on one side.
#[must_use]
pub fn mark_differences(printed: &str, read: &str) -> String {
    let (printed, read): (Vec<char>, Vec<char>) =
        (printed.chars().collect(), read.chars().collect());
    let differs = |i| if printed.get(i) == read.get(i) { ' ' } else { '^' };
    let marks: String = (0..printed.len().max(read.len())).map(differs).collect();
    marks.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_under_the_differing_characters() {
        for (printed, read, expected) in
            [("ABC", "ABC", ""), ("ABC", "AXC", " ^"), ("AB", "ABCD", "  ^^"), ("ABC", "", "^^^")]
        {
            assert_eq!(mark_differences(printed, read), expected);
        }
    }
}
