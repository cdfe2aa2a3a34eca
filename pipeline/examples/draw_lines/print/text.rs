//! The text of a line of print: values and labels as passports have them.

use crate::random::Random;

const CAPITALS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const MARKED: &str = "ÄÖÜÅØÆÑÞÐẞƏŁÀÁÂÃĂĄÇĆČĎÈÉÊËĘĚĞÌÍÎÏİŃŇÒÓÔÕŐŘŚŞŠȘŤȚÙÚÛŮŰÝŹŻŽ";
const CYRILLIC: &str = "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯІЇЄҚҒӘӨҰҮҢҺ";
const GREEK: &str = "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ";
const SYLLABLES: [&str; 40] = [
    "AN", "NA", "MA", "RI", "IV", "OV", "SKI", "EN", "SON", "ER", "LE", "MU", "HAM", "ALI", "KHAN",
    "ZHA", "WEI", "LI", "GU", "LYA", "DOS", "TAN", "BEK", "AI", "KIM", "PARK", "SH", "CHEN", "DE",
    "LA", "VAN", "DER", "PE", "TRO", "JO", "SE", "OL", "GA", "TI", "MUR",
];
const MONTHS: [&[&str]; 12] = [
    &["JAN", "JANV", "ENE", "GEN", "JANUARY", "ЯНВ", "ҚАҢ", "SIJ", "OCA", "Jan", "January"],
    &["FEB", "FEV", "FÉV", "FEBR", "FEBRUARY", "ФЕВ", "АҚП", "VEL", "ŞUB", "Feb"],
    &["MAR", "MARS", "MÄR", "MARCH", "МАР", "НАУ", "OŽU", "MRT", "Mar", "March"],
    &["APR", "AVR", "ABR", "APRIL", "АПР", "СӘУ", "TRA", "NIS", "Apr"],
    &["MAY", "MAI", "MAYO", "MAG", "MEI", "МАЙ", "МАМ", "SVI", "May"],
    &["JUN", "JUIN", "GIU", "JUNE", "ИЮН", "МАУ", "LIP", "HAZ", "Jun", "June"],
    &["JUL", "JUIL", "LUG", "JULY", "ИЮЛ", "ШІЛ", "SRP", "TEM", "Jul", "July"],
    &["AUG", "AOUT", "AOÛT", "AGO", "AUGUST", "АВГ", "ТАМ", "KOL", "AĞU", "Aug"],
    &["SEP", "SEPT", "SET", "SEPTEMBER", "СЕН", "ҚЫР", "RUJ", "EYL", "Sep"],
    &["OCT", "OKT", "OTT", "OUT", "OCTOBER", "ОКТ", "ҚАЗ", "LIS", "EKİ", "Oct"],
    &["NOV", "NOVEMBER", "НОЯ", "ҚАР", "STU", "KAS", "Nov", "November"],
    &["DEC", "DÉC", "DIC", "DES", "DEZ", "DECEMBER", "ДЕК", "ЖЕЛ", "ARA", "Dec", "Dez"],
];
const WORDS: [&str; 44] = [
    "PASSPORT",
    "PASSEPORT",
    "UTOPIA",
    "UTOPIAN",
    "ZENITH",
    "BRITISH CITIZEN",
    "DEUTSCH",
    "UNITED STATES OF AMERICA",
    "RUSSIAN FEDERATION",
    "KAZAKHSTAN",
    "MINISTRY OF INTERNAL AFFAIRS",
    "Date of birth",
    "Date de naissance",
    "Date of issue",
    "Date of expiry",
    "Date d'expiration",
    "Surname/Nom",
    "Given names/Prénoms",
    "Nationality",
    "Nationalité",
    "Sex/Sexe",
    "Authority",
    "Place of birth/Lieu de naissance",
    "Passport No./N° de passeport",
    "Type/Type",
    "M/M",
    "F/F",
    "M",
    "F",
    "X",
    "Q/F",
    "K/M",
    "P",
    "PA",
    "UTO",
    "D",
    "GBR",
    "USA",
    "RUS",
    "KAZ",
    "FRA",
    "CHN",
    "Holder's signature",
    "CANADIAN/CANADIENNE",
];

/// Returns a random text of a line.
pub(crate) fn random_text(random: &mut Random) -> String {
    match random.below(12) {
        0..=3 => date(random),
        4..=6 => name(random),
        7 | 8 => number(random),
        9 => random.pick(&WORDS).to_owned(),
        10 => mixed(random),
        _ => national(random),
    }
}

/// Returns a short text of another line.
pub(crate) fn neighbour(random: &mut Random) -> String {
    if random.chance(0.7) { random.pick(&WORDS).to_owned() } else { random_text(random) }
}

fn letter(random: &mut Random, marked: bool) -> char {
    if marked && random.chance(0.25) {
        any(random, MARKED)
    } else {
        char::from(random.pick(CAPITALS))
    }
}

fn any(random: &mut Random, from: &str) -> char {
    let count = from.chars().count();
    from.chars().nth(random.below(count)).unwrap_or('A')
}

fn digits(random: &mut Random, count: usize) -> String {
    (0..count).map(|_| char::from(b'0' + random.below(10) as u8)).collect()
}

fn date(random: &mut Random) -> String {
    let (day, month) = (1 + random.below(31), random.below(12));
    let year = 1930 + random.below(120);
    let day = if random.chance(0.93) { format!("{day:02}") } else { day.to_string() };
    let year = if random.chance(0.7) { year.to_string() } else { format!("{:02}", year % 100) };
    match random.unit() {
        x if x < 0.45 => {
            let mark = random.pick(&[".", ".", ".", "/", "-", " ", " ", ". ", " / "]);
            let end = if random.chance(0.1) { "." } else { "" };
            format!("{day}{mark}{:02}{mark}{year}{end}", month + 1)
        }
        x if x < 0.5 => format!(
            "{year}{mark}{:02}{mark}{day}",
            month + 1,
            mark = random.pick(&[".", "-", "/", " "])
        ),
        _ => {
            let words = MONTHS[month];
            let space = random.pick(&[" ", " ", " ", "  ", "", "/", "-", "."]);
            let first = random.pick(words);
            let slash = random.pick(&["/", " /", "/ ", " / "]);
            match random.chance(0.5) {
                true => format!("{day}{space}{first}{space}{year}"),
                false => format!("{day}{space}{first}{slash}{}{space}{year}", random.pick(words)),
            }
        }
    }
}

fn word(random: &mut Random, marked: bool) -> String {
    let mut word = String::new();
    if random.chance(0.5) {
        for _ in 0..1 + random.below(4) {
            word.push_str(random.pick(&SYLLABLES));
        }
    } else {
        word.extend((0..2 + random.below(9)).map(|_| letter(random, marked)));
    }
    word
}

fn name(random: &mut Random) -> String {
    let marked = random.chance(0.4);
    let mut text = word(random, marked);
    for _ in 0..random.pick(&[0, 0, 1, 1, 2]) {
        text.push_str(random.pick(&[" ", " ", " ", "-", "'", ", "]));
        text.push_str(&word(random, marked));
    }
    match random.unit() {
        x if x < 0.75 => text,
        x if x < 0.95 => capitalised(&text),
        _ => text.to_lowercase(),
    }
}

fn capitalised(text: &str) -> String {
    let mut starts = true;
    let mut out = String::new();
    for character in text.chars() {
        match starts {
            true => out.push(character),
            false => out.extend(character.to_lowercase()),
        }
        starts = !character.is_alphabetic();
    }
    out
}

fn number(random: &mut Random) -> String {
    let letters: String =
        (0..random.pick(&[0, 0, 1, 1, 2, 2, 3])).map(|_| letter(random, false)).collect();
    let many = 5 + random.below(6);
    let text = match random.below(6) {
        0 => (0..7 + random.below(4))
            .map(|_| {
                if random.chance(0.5) { letter(random, false) } else { digits(random, 1).remove(0) }
            })
            .collect(),
        1 => format!("{letters} {}", digits(random, many)),
        2 => format!("{}№{}", digits(random, 2), digits(random, 7)),
        3 => {
            format!("{}{}{letters}", digits(random, 2), letter(random, false))
                + &digits(random, many - 3)
        }
        _ => format!("{letters}{}", digits(random, many)),
    };
    // widely spaced, as stamped numbers are
    if random.chance(0.08) {
        text.chars().flat_map(|c| [c, ' ']).collect::<String>().trim().to_owned()
    } else {
        text
    }
}

fn mixed(random: &mut Random) -> String {
    let mut text = String::new();
    for _ in 0..3 + random.below(14) {
        let character = match random.below(10) {
            0..=3 => letter(random, true),
            4..=6 => digits(random, 1).remove(0),
            7 => letter(random, false).to_ascii_lowercase(),
            _ => any(random, " /.-',():<"),
        };
        text.push(character);
    }
    text.trim().to_owned()
}

fn national(random: &mut Random) -> String {
    let letters = if random.chance(0.8) { CYRILLIC } else { GREEK };
    let mut text: String = (0..3 + random.below(9)).map(|_| any(random, letters)).collect();
    if random.chance(0.5) {
        text.push('/');
        text.push_str(&word(random, false));
    }
    if random.chance(0.3) { capitalised(&text) } else { text }
}
