//! Letters that run from right to left, into the order in which they are read.

/// Whether most letters run from right to left.
pub(super) fn runs_right_to_left<'t>(texts: impl Iterator<Item = &'t str>) -> bool {
    let (mut right, mut left) = (0, 0);
    for letter in texts.flat_map(str::chars) {
        right += u32::from(is_right_to_left(letter));
        left += u32::from(is_left_to_right(letter));
    }
    right > left
}

/// Returns a line in reading order; `visual` is in the order of places, from the left.
pub(super) fn in_reading_order(visual: &str, page_is_right_to_left: bool) -> String {
    if !page_is_right_to_left && !visual.chars().any(is_right_to_left) {
        return visual.to_owned();
    }
    let letters: Vec<char> = visual.chars().collect();
    let mut read = String::with_capacity(visual.len());
    if !page_is_right_to_left {
        let mut rest = letters.as_slice();
        while !rest.is_empty() {
            let (run, after) = split(rest, |c| !is_right_to_left(c));
            read.extend(run);
            let (run, after) = split(after, |c| !breaks_right_to_left(c));
            let (run, spaces) = without_trailing_spaces(run);
            read.extend(run.iter().rev().chain(spaces));
            rest = after;
        }
    } else {
        let mut rest = letters;
        rest.reverse();
        let mut rest = rest.as_slice();
        while !rest.is_empty() {
            let (run, after) = split(rest, |c| !breaks_right_to_left(c));
            read.extend(run);
            let (run, after) = split(after, |c| !is_right_to_left(c));
            let (run, spaces) = without_trailing_spaces(run);
            read.extend(run.iter().rev().chain(spaces));
            rest = after;
        }
    }
    read
}

/// Splits where `belongs` ends.
fn split(letters: &[char], belongs: impl Fn(char) -> bool) -> (&[char], &[char]) {
    let end = letters.iter().position(|letter| !belongs(*letter)).unwrap_or(letters.len());
    letters.split_at(end)
}

fn without_trailing_spaces(run: &[char]) -> (&[char], &[char]) {
    let end = run.iter().rposition(|letter| *letter != ' ').map_or(0, |last| last + 1);
    run.split_at(end)
}

fn breaks_right_to_left(letter: char) -> bool {
    letter.is_numeric() || is_left_to_right(letter)
}

/// Hebrew, Arabic, Syriac, Thaana and others up to U+08FF, and their presentation forms.
pub(super) fn is_right_to_left(letter: char) -> bool {
    let is_block = matches!(
        u32::from(letter),
        0x590..=0x8ff | 0xfb1d..=0xfdff | 0xfe70..=0xfefe | 0x1_0800..=0x1_0fff | 0x1_e800..=0x1_efff
    );
    is_block && !letter.is_numeric()
}

fn is_left_to_right(letter: char) -> bool {
    letter.is_alphabetic() && !is_right_to_left(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_in_the_order_of_reading() {
        for (visual, is_right_to_left, read) in [
            ("one two", false, "one two"),
            ("one two", true, "one two"),
            ("םולש", true, "שלום"),
            ("םלוע םולש", true, "שלום עולם"),
            ("name םלוע םולש", false, "name שלום עולם"),
            ("םלוע 2026 םולש", true, "שלום 2026 עולם"),
            ("a םולש", true, "שלום a"),
            ("4711 ةداهش", true, "شهادة 4711"),
        ] {
            assert_eq!(in_reading_order(visual, is_right_to_left), read);
        }
    }
}
