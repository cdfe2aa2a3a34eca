//! Positions and check digits in the five layouts, from Doc 9303 parts 4 to 7.

/// A range of columns on a line, both from 0, the last column excluded.
pub type Place = (usize, usize, usize);

/// The positions of the fields of one format.
pub struct Layout {
    /// Number of lines, and of characters a line.
    pub shape: (usize, usize),
    /// Document number without its digit.
    pub number: Place,
    /// Date of birth without its digit.
    pub birth: Place,
    /// Date of expiry without its digit.
    pub expiry: Place,
    /// Optional data.
    pub optional: Place,
    /// Whether the optional data has its own check digit.
    pub optional_digit: bool,
    /// The ranges that the composite digit covers; empty if there is none.
    composite: &'static [Place],
}

const TD1: Layout = Layout {
    shape: (3, 30),
    number: (0, 5, 14),
    birth: (1, 0, 6),
    expiry: (1, 8, 14),
    optional: (0, 15, 30),
    optional_digit: false,
    composite: &[(0, 5, 30), (1, 0, 7), (1, 8, 15), (1, 18, 29)],
};
const TD2: Layout = Layout {
    shape: (2, 36),
    number: (1, 0, 9),
    birth: (1, 13, 19),
    expiry: (1, 21, 27),
    optional: (1, 28, 35),
    optional_digit: false,
    composite: &[(1, 0, 10), (1, 13, 20), (1, 21, 35)],
};
const TD3: Layout = Layout {
    shape: (2, 44),
    number: (1, 0, 9),
    birth: (1, 13, 19),
    expiry: (1, 21, 27),
    optional: (1, 28, 42),
    optional_digit: true,
    composite: &[(1, 0, 10), (1, 13, 20), (1, 21, 43)],
};
const MRV_A: Layout =
    Layout { optional: (1, 28, 44), optional_digit: false, composite: &[], ..TD3 };
const MRV_B: Layout = Layout { optional: (1, 28, 36), composite: &[], ..TD2 };

/// Returns the layout of a format by its name in capitals.
#[must_use]
pub fn layout(format: &str) -> Option<&'static Layout> {
    Some(match format {
        "TD1" => &TD1,
        "TD2" => &TD2,
        "TD3" => &TD3,
        "MRV-A" => &MRV_A,
        "MRV-B" => &MRV_B,
        _ => return None,
    })
}

impl Layout {
    /// Checks every printed check digit. Returns `None` if the lines have another shape.
    #[must_use]
    pub fn has_valid_digits(&self, lines: &[String]) -> Option<bool> {
        let fits = lines.len() == self.shape.0
            && lines.iter().all(|line| line.len() == self.shape.1 && line.is_ascii());
        fits.then(|| {
            let dates =
                [self.birth, self.expiry].iter().all(|place| has_valid_digit(lines, *place));
            dates
                && self.has_valid_number(lines)
                && self.has_valid_optional_data(lines)
                && self.has_valid_composite(lines)
        })
    }

    /// A number of more than nine characters continues in the optional data and is
    /// followed there by its digit, with `<` at the digit's usual position (parts 5 and 6).
    fn has_valid_number(&self, lines: &[String]) -> bool {
        let (line, from, to) = self.number;
        let digit = lines[line].as_bytes()[to];
        let rest = text_at(lines, self.optional).split('<').next().unwrap_or_default();
        if digit == b'<' && !rest.is_empty() && matches!(self.shape, (3, 30) | (2, 36)) {
            let (rest, digit) = rest.split_at(rest.len() - 1);
            let whole = format!("{}{rest}", &lines[line][from..to]);
            return digit.as_bytes() == [check_digit(&whole)];
        }
        has_valid_digit(lines, self.number)
    }

    fn has_valid_optional_data(&self, lines: &[String]) -> bool {
        !self.optional_digit || has_valid_digit(lines, self.optional)
    }

    fn has_valid_composite(&self, lines: &[String]) -> bool {
        if self.composite.is_empty() {
            return true;
        }
        let covered: String = self.composite.iter().map(|place| text_at(lines, *place)).collect();
        lines[1].as_bytes().last() == Some(&check_digit(&covered))
    }
}

fn text_at(lines: &[String], (line, from, to): Place) -> &str {
    &lines[line][from..to]
}

/// Checks the digit after a field; after a field of fillers `<` stands for 0.
fn has_valid_digit(lines: &[String], place: Place) -> bool {
    let (field, printed) = (text_at(lines, place), lines[place.0].as_bytes()[place.2]);
    let empty = field.bytes().all(|byte| byte == b'<');
    printed == check_digit(field) || (printed == b'<' && empty)
}

/// Part 3, 4.9: weights 7, 3, 1; `A` is 10, `<` is 0.
#[must_use]
pub fn check_digit(field: &str) -> u8 {
    let value = |byte: u8| match byte {
        b'0'..=b'9' => u32::from(byte - b'0'),
        b'A'..=b'Z' => u32::from(byte - b'A') + 10,
        _ => 0,
    };
    let sum: u32 =
        field.bytes().zip([7, 3, 1].into_iter().cycle()).map(|(b, w)| value(b) * w).sum();
    b'0' + (sum % 10) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(format: &str, lines: &[&str], holds: bool) {
        let lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
        assert_eq!(layout(format).unwrap().has_valid_digits(&lines), Some(holds), "{lines:?}");
    }

    #[test]
    fn the_specimens_of_doc_9303_hold() {
        let name = "ERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<";
        let td3 = format!("P<UTO{name}");
        check("TD3", &[&td3, "L898902C36UTO7408122F1204159ZE184226B<<<<<10"], true);
        check("TD3", &[&td3, "L898902C36UTO7408122F1204159ZE184226B<<<<<11"], false);
        check("TD3", &[&td3, "L898902C36UTO7408122F1204149ZE184226B<<<<<10"], false);
        let td2 = format!("I<UTO{}", &name[..31]);
        check("TD2", &[&td2, "D231458907UTO7408122F1204159<<<<<<<6"], true);
        let (second, third) = ("7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<");
        check("TD1", &["I<UTOD231458907<<<<<<<<<<<<<<<", second, third], true);
        check("TD1", &["I<UTOD23145890<7349<<<<<<<<<<<", second, third], true);
        check("TD1", &["I<UTOD23145890<7348<<<<<<<<<<<", second, third], false);
        let visa = format!("V<UTO{name}");
        check("MRV-A", &[&visa, "L8988901C4XXX4009078F96121096ZE184226B<<<<<<"], true);
        check("MRV-A", &[&visa, "L8988901C4XXX4009078F96121086ZE184226B<<<<<<"], false);
    }

    #[test]
    fn the_drawer_and_this_agree_and_unprinted_expiries_hold() {
        use fixtures::passport::{Format, Specimen};
        for format in Format::ALL {
            let name = format.name().to_uppercase();
            for seed in 0..200 {
                let lines = Specimen::random_of_format(format, seed).lines();
                assert_eq!(
                    layout(&name).unwrap().has_valid_digits(&lines),
                    Some(true),
                    "{lines:?}"
                );
            }
        }
        let first = "PNRUSIM8REK<<EVGENIQ<ALEKSANDROVI3<<<<<<<<<<";
        let second = "1234567897RUS8610164M<<<<<<<4121022770040<8";
        let covered = [&second[..10], &second[13..20], &second[21..]].concat();
        check("TD3", &[first, &format!("{second}{}", char::from(check_digit(&covered)))], true);
        assert_eq!(layout("TD3").unwrap().has_valid_digits(&[String::new()]), None);
    }
}
