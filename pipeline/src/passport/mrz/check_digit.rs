//! Check digits: weights 7, 3, 1 over whole fixed fields, modulo 10 (part 3, 4.9).

use crate::examination::CheckDigit;

/// Computes the check digit of `text`: digits count as themselves, `A` to `Z` as 10 to
/// 35, the filler as 0. Nothing is stripped: the position decides the weight.
#[must_use]
pub fn check_digit(text: &str) -> u8 {
    let weighted = text.bytes().zip([7u32, 3, 1].into_iter().cycle());
    let sum: u32 = weighted.map(|(byte, weight)| value(byte) * weight).sum();
    (sum % 10) as u8
}

fn value(byte: u8) -> u32 {
    match byte {
        b'0'..=b'9' => u32::from(byte - b'0'),
        b'A'..=b'Z' => u32::from(byte - b'A') + 10,
        _ => 0,
    }
}

/// Verifies the printed check digit of a field. A filler is absent if the field is
/// empty too, else wrong.
#[must_use]
pub fn verify(field: &str, printed: &str) -> CheckDigit {
    let empty = field.bytes().all(|byte| byte == b'<');
    match printed.bytes().next() {
        Some(b'<') if empty => CheckDigit::Absent,
        Some(digit @ b'0'..=b'9') if digit - b'0' == check_digit(field) => CheckDigit::Valid,
        _ => CheckDigit::Wrong,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_the_standard_are_valid() {
        // part 3, appendix A
        for (text, digit) in [("520727", 3), ("AB2134<<<", 5), ("D23145890734", 9), ("<<<<<<", 0)] {
            assert_eq!(check_digit(text), digit, "{text}");
        }
    }

    #[test]
    fn the_position_counts_so_nothing_may_be_stripped() {
        assert_ne!(check_digit("<17332717P<<<<"), check_digit("17332717P"));
    }

    #[test]
    fn a_filler_is_absent_only_for_an_empty_field() {
        let cases = [
            ("<<<<<<", "<", CheckDigit::Absent),
            ("<<<<<<", "0", CheckDigit::Valid),
            ("<<<<<<", "1", CheckDigit::Wrong),
            ("740812", "<", CheckDigit::Wrong),
            ("740812", "2", CheckDigit::Valid),
            ("740812", "Z", CheckDigit::Wrong),
            ("740812", "", CheckDigit::Wrong),
        ];
        for (field, printed, expected) in cases {
            assert_eq!(verify(field, printed), expected, "{field} {printed}");
        }
    }
}
