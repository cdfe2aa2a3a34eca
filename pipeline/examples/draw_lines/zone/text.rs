//! The text of a line: valid grammar, uniform characters, runs of fillers.

use crate::random::Random;

pub(crate) const ALPHABET: &[u8; 37] = b"<0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const STATES: [&str; 30] = [
    "D<<", "GBR", "RUS", "KAZ", "USA", "FRA", "CHN", "IND", "TUR", "UKR", "UZB", "KGZ", "DEU",
    "ITA", "ESP", "POL", "NLD", "AUT", "CHE", "SWE", "NOR", "ISR", "JPN", "KOR", "BRA", "ARE",
    "AZE", "GEO", "BLR", "UTO",
];

/// Returns a random line of 30, 36 or 44 characters.
pub(crate) fn random_line(random: &mut Random) -> Vec<u8> {
    let length = random.pick(&[44, 44, 44, 44, 44, 36, 30, 30]);
    match random.below(10) {
        0..=2 => names(random, length),
        3..=5 => data(random, length),
        6 | 7 => (0..length).map(|_| random.pick(ALPHABET)).collect(),
        8 => digits(random, length),
        _ => runs(random, length),
    }
}

fn letter(random: &mut Random) -> u8 {
    // letters frequent in names, then all uniformly, so that rare letters are trained too
    if random.chance(0.5) { random.pick(b"AEIORNSTLKMUVDGHPBYZ") } else { random.pick(LETTERS) }
}

fn digit(random: &mut Random) -> u8 {
    b'0' + random.below(10) as u8
}

fn state(random: &mut Random) -> Vec<u8> {
    if random.chance(0.6) {
        random.pick(&STATES).into()
    } else {
        (0..3).map(|_| random.pick(LETTERS)).collect()
    }
}

fn filled(mut line: Vec<u8>, length: usize) -> Vec<u8> {
    line.resize(length, b'<');
    line
}

fn names(random: &mut Random, length: usize) -> Vec<u8> {
    let mut line = if length == 30 && random.chance(0.7) {
        Vec::new()
    } else {
        let second = if random.chance(0.6) { b'<' } else { random.pick(LETTERS) };
        let mut start = vec![random.pick(b"PPPPPVIAC"), second];
        start.extend(state(random));
        start
    };
    for part in 0..2 + random.below(3) {
        if part > 0 {
            line.extend(if part == 1 { &b"<<"[..] } else { b"<" });
        }
        line.extend((0..2 + random.below(10)).map(|_| letter(random)));
    }
    filled(line, length)
}

/// Returns the second line of passports, or one of the first two of cards.
fn data(random: &mut Random, length: usize) -> Vec<u8> {
    let date = |random: &mut Random| -> Vec<u8> {
        let parts = [random.below(100), 1 + random.below(12), 1 + random.below(31)];
        let mut text: Vec<u8> = parts.iter().flat_map(|p| format!("{p:02}").into_bytes()).collect();
        text.push(digit(random));
        text
    };
    let optional = |random: &mut Random, longest: usize| -> Vec<u8> {
        match random.below(4) {
            0 => Vec::new(),
            1 => (0..random.below(longest)).map(|_| digit(random)).collect(),
            _ => {
                let n = random.below(longest);
                (0..n).map(|_| if random.chance(0.08) { b'<' } else { mixed(random) }).collect()
            }
        }
    };
    let number = |random: &mut Random| -> Vec<u8> {
        let n = if random.chance(0.8) { 9 } else { 6 + random.below(3) };
        let leading = random.below(4);
        let one = |i: usize, random: &mut Random| match i {
            i if i < leading => random.pick(LETTERS),
            _ if random.chance(0.12) => random.pick(LETTERS),
            _ => digit(random),
        };
        let mut text = filled((0..n).map(|i| one(i, random)).collect(), 9);
        text.push(digit(random));
        text
    };
    let sex = random.pick(b"MMFF<X");
    let mut line = Vec::new();
    if length == 30 {
        if random.chance(0.5) {
            line.extend([random.pick(b"ICA"), random.pick(b"<D<PR")]);
            line.extend(state(random));
            line.extend(number(random));
            line.extend(optional(random, 16));
            return filled(line, 30);
        }
        line.extend(date(random));
        line.push(sex);
        line.extend(date(random));
        line.extend(state(random));
        line.extend(optional(random, 11));
        line = filled(line, 29);
        line.push(digit(random));
        return line;
    }
    line.extend(number(random));
    line.extend(state(random));
    line.extend(date(random));
    line.push(sex);
    line.extend(date(random));
    line.extend(optional(random, length - 29));
    line = filled(line, length - 2);
    line.push(if random.chance(0.5) { b'<' } else { digit(random) });
    line.push(if random.chance(0.9) { digit(random) } else { mixed(random) });
    line
}

fn mixed(random: &mut Random) -> u8 {
    if random.chance(0.5) { digit(random) } else { random.pick(LETTERS) }
}

fn digits(random: &mut Random, length: usize) -> Vec<u8> {
    (0..length).map(|_| if random.chance(0.9) { digit(random) } else { mixed(random) }).collect()
}

/// Returns runs of one character, of every length, mostly of fillers.
fn runs(random: &mut Random, length: usize) -> Vec<u8> {
    let mut line = Vec::new();
    while line.len() < length {
        let byte = if random.chance(0.5) { b'<' } else { random.pick(ALPHABET) };
        let run = if random.chance(0.4) { 1 } else { 1 + random.below(24) };
        line.extend(std::iter::repeat_n(byte, run));
    }
    line.truncate(length);
    line
}

/// Words such as stand elsewhere on a page, upper or lower case.
pub(crate) fn words(random: &mut Random) -> String {
    let lower = random.chance(0.4);
    let mut text = String::new();
    while text.len() < 40 {
        let n = 2 + random.below(9);
        let numbers = random.chance(0.25);
        for _ in 0..n {
            let byte = if numbers { digit(random) } else { letter(random) };
            text.push(char::from(if lower { byte.to_ascii_lowercase() } else { byte }));
        }
        text.push(random.pick(&[' ', ' ', ' ', '/', '.', '-', ':']));
    }
    text
}
